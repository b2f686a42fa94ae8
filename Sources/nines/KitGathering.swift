import Drills
import Engine
import Kit
import Routing
import SLO
import Settings
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Collects what the papers say from config and ledger; an engine may run meanwhile or not.
struct KitGathering {
    let config: NinesConfig
    private let report: LedgerReport
    private let tenant: String?
    private let now = wallMilliseconds()

    private var ledger: Ledger { report.ledger }
    private var objectives: Objectives { ledger.objectives }
    private var filter: SeriesFilter { SeriesFilter(tenant: tenant) }

    /// - Throws: where config or ledger can't be read, or neither knows the tenant.
    init(_ options: CommonOptions, tenant: String?) throws {
        report = try Surroundings().ledgerToRead(options)
        config = report.config
        self.tenant = tenant
        guard let tenant, !config.tenants.contains(where: { $0.id == tenant }) else { return }
        let seen = try ledger.slices(by: .tenant, now: now, window: Self.rollupsKept, traffic: nil).map(\.name)
        guard !seen.contains(tenant) else { return }
        let known = Set(config.tenants.map(\.id) + seen).filter { !$0.isEmpty }.sorted()
        let offer = known.isEmpty ? "no tenant is known yet" : "known: \(known.joined(separator: ", "))"
        throw Failure("neither config nor ledger knows the tenant '\(tenant)'; \(offer)")
    }

    private static let rollupsKept: Duration = .seconds(400 * 86_400)

    func input() throws -> KitInput {
        var input = KitInput(now: now, version: ninesVersion, objectives: objectives)
        input.tenant = tenant.map { id in config.tenants.first { $0.id == id }?.name ?? id }
        input.blanks = KitBlanks(config.kit)
        try addFigures(to: &input)
        try addTime(to: &input)
        input.policy = config.budgetPolicy
        input.alerts = try report.alertBook().rules
        input.isDemo = try ledger.lastRun()?.isDemo ?? false
        input.groups = config.path == nil ? nil : try groups()
        input.features = try features(since: input.ledgerBegins)
        if config.cache.policy.isEnabled {
            let policy = config.cache.policy
            input.cache = KitCache(
                fresh: policy.ttl,
                staleIfError: policy.staleIfError,
                staleWhileRevalidate: policy.staleWhileRevalidate
            )
        }
        input.drills = KitDrills(try ledger.closedDrills(), team: config.drill.team)
        let library = DrillLibrary(config.drill)
        for problem in library.problems { printError(problem) }
        input.script = KitScript(library.script, settings: config.drill, objectives: objectives)
        input.config = shownConfig
        input.configNotes = Self.notes
        input.starter = starterConfig
        input.worker = .shipped
        return input
    }

    // MARK: Figures

    private func addFigures(to input: inout KitInput) throws {
        let headline = try ledger.headline(now: now, of: filter)
        let counts = headline.window.counts
        input.headline = headline
        input.excluded = counts.excluded
        // What fell into maintenance is lost or cut, too, but spends no budget.
        let lost = min(counts.lost, headline.budget.bad)
        let cut = min(counts.cut, headline.budget.bad - lost)
        input.failuresByCause = ["no route answered": lost, "broke off": cut].filter { $0.value > 0 }
        let slices = try ledger.slices(by: .feature, now: now, window: objectives.window, of: filter)
        for slice in slices where slice.counts.bad > 0 {
            input.failuresByFeature[slice.name.isEmpty ? "no feature named" : slice.name] = slice.counts.bad
        }
    }

    private func addTime(to input: inout KitInput) throws {
        let day: Int64 = 86_400_000
        let points = Int(Self.rollupsKept / .milliseconds(day))
        let days = try ledger.trend(now: now, step: .milliseconds(day), points: points, of: filter)
        let first = (now / day - Int64(points) + 1) * day
        let all = days.enumerated().map { KitDay(start: first + Int64($0.offset) * day, indicators: $0.element) }
        let length = max(1, Int((objectives.window / .milliseconds(day)).rounded(.up)))
        input.days = all.suffix(length)
        if let start = all.first(where: { $0.indicators != nil })?.start {
            let bookmark = Ledger.Bookmark(since: start)
            input.ledgerBegins = try ledger.requests(after: bookmark, limit: 1, tenant: tenant).0.first?.at ?? start
        }
        let begins = now - Int64(objectives.window / .milliseconds(1))
        input.gaps = try ledger.gaps(from: begins, to: now).map { TimeSpan(from: $0.since, to: $0.until) }
        input.maintenance = try ledger.maintenance(endingAfter: begins)
            .map { ($0, TimeSpan(from: $0.from, to: min($0.to, $0.cancelled ?? $0.to))) }
            .filter { $0.1.to > $0.1.from }
            .map { KitMaintenance(span: $0.1, reason: $0.0.reason, declared: $0.0.declared) }
        input.retention = KitRetention(requests: config.retention.requests, days: config.retention.rollups)
    }

    private func features(since begins: Int64?) throws -> [KitFeature] {
        let slices = try ledger.slices(by: .feature, now: now, window: objectives.window, of: filter)
        let sheets = FeatureSheets(config: config, prices: RouteTable(config, imported: try ledger.importedPrices()))
        let measured = begins.map { min(objectives.window, .milliseconds(now - $0)) } ?? objectives.window
        let named = config.features.map(\.name).filter { $0 != "default" }
        let others = slices.map(\.name).filter { !named.contains($0) }
        return try (named + others).map { name in
            let groups = try ledger.slices(
                by: .group,
                now: now,
                window: objectives.window,
                of: SeriesFilter(tenant: tenant, feature: name)
            )
            return sheets.feature(
                name,
                counts: slices.first { $0.name == name }?.counts ?? EventCounts(),
                group: groups.max { $0.counts.requests < $1.counts.requests }?.name,
                over: measured,
                now: now
            )
        }
    }

    private func groups() throws -> [KitGroup] {
        let slices = try ledger.slices(by: .group, now: now, window: objectives.window, of: filter)
        let words = Set(config.groups.flatMap(\.deployments).flatMap(\.vendorWords))
        return config.groups.map { group in
            let tried = [group] + group.fallbacks.compactMap { name in config.groups.first { $0.name == name } }
            let name = group.name.lowercased()
            return KitGroup(
                name: group.name,
                providers: Set(tried.flatMap(\.deployments).map(\.vendor)),
                requests: slices.first { $0.name == group.name }?.counts.requests ?? 0,
                namesModel: words.contains { name.contains($0) }
            )
        }
    }

    // MARK: The config as a paper shows it

    /// Without any secret that stands in the file itself.
    private var shownConfig: String? {
        guard let path = config.path, let text = try? String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
        else { return nil }
        // A shorter one would be found in other words; the papers hide the values of such keys once more.
        let secrets = config.secrets.filter { $0.count >= 6 }.sorted { $0.count > $1.count }
        return secrets.reduce(text) { $0.replacing($1, with: "[removed]") }
    }

    /// What each key means, by the path that block style gives it.
    private static let notes: [String: String] = {
        let keys = KeyReference.all.filter { $0.standing == .read && !$0.meaning.isEmpty }
        let notes = keys.map { key in
            ((key.place.isEmpty ? "" : key.place.replacing("[]", with: "") + ".") + key.key, key.meaning)
        }
        return Dictionary(notes) { first, _ in first }
    }()
}

/// The team's own texts by name, from the folder of `nines.kit.templates`.
func ownTemplates(_ kit: NinesConfig.Kit) throws -> [String: String] {
    guard let folder = kit.templates else { return [:] }
    do {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".mustache") }
        return try Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, try String(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"), encoding: .utf8))
            }
        )
    } catch {
        throw Failure(
            "can't read the templates in \(folder) (nines.kit.templates); 'nines kit --templates \(folder)' writes a set to start from"
        )
    }
}

extension Ledger {
    /// Drills that were closed out; one whose row can't be read as such was not.
    func closedDrills() throws -> [DrillRecord] {
        struct File: Decodable {
            let outcome: DrillOutcome?
            let findings: [Finding]?
        }
        return try drills(limit: 1_000).compactMap { row in
            guard let file = try? JSONDecoder().decode(File.self, from: Data(row.body.utf8)), let outcome = file.outcome
            else { return nil }
            return DrillRecord(title: row.title, outcome: outcome, findings: file.findings ?? [])
        }
    }
}

extension Deployment {
    /// By the prefix `openai` go all endpoints of that form, whoever runs them.
    fileprivate var vendor: String { provider == "openai" ? apiBase : provider }

    /// Words of a group's name that tell who serves it: the provider, the model, and its family (`gpt` of `gpt-5.4-mini`).
    fileprivate var vendorWords: [String] {
        let name = model.split(separator: "/").last.map { $0.lowercased() } ?? model.lowercased()
        return [provider.lowercased(), name, String(name.prefix { $0.isLetter })].filter { $0.count > 1 }
    }
}

extension NinesConfig {
    /// Every key and every address that lets its holder in.
    fileprivate var secrets: [String] {
        let deployments = groups.flatMap(\.deployments)
        let credentials =
            deployments.map(\.credential) + tenants.map(\.key) + [masterKey] + drill.admin.values.map(\.key)
        let sinks = pagers.flatMap { pager -> [Secret?] in
            switch pager.sink {
            case .pagerDuty(let key, let url): [key.secret, url]
            case .slack(let url): [url]
            case .ntfy(let url, let token): [url, token?.secret]
            case .webhook(let url, let secret): [url, secret?.secret]
            case .terminal: []
            }
        }
        let copies = exports.map { export -> Secret in
            switch export.service {
            case .langfuse(_, let key, _), .helicone(let key): key.secret
            }
        }
        let secrets = credentials.map { $0?.secret } + sinks + copies
        // A header that the file adds may well be a key.
        return secrets.compactMap { $0?.reveal() } + deployments.flatMap(\.extraHeaders).map(\.value)
    }
}

extension KitBlanks {
    fileprivate init(_ kit: NinesConfig.Kit) {
        self.init()
        (company, service, owner, escalation) = (kit.company, kit.service, kit.owner, kit.escalation)
        (contact, effective, review) = (kit.contact, kit.effective, kit.review)
        (claimWithin, maintenanceNotice) = (kit.claimWithin, kit.maintenanceNotice)
        credits = kit.credits.map { Credit(below: $0.below, credit: $0.credit) }
    }
}
