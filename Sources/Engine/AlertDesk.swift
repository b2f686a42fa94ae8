package import Console
package import Exports
import Guardrails
import Logging
import Routing
package import SLO
import Settings
import Storage
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The engine's alerts: the book, and when to look at it again.
final class AlertDesk: Sendable {
    /// Rules that look at traffic are judged so often; an event that a rule is about is not waited for.
    static let interval: Duration = .seconds(60)
    /// The row of the ledger that keeps the book over a restart.
    static let stateKey = "book"

    let book: Mutex<AlertBook>
    /// Whoever changes the book: one at a time, storing included.
    private let turn = Mutex(())
    private let isDue = Mutex(true)

    init(_ config: NinesConfig, state: String?) {
        book = Mutex(AlertBook(config, state: state))
    }

    /// Changes the book once what the change asks for is stored: what could not be stored is found again next time.
    func change(
        _ body: (inout AlertBook) throws -> [AlertEffect],
        keep: (AlertBook.State, [AlertEffect]) throws -> Void
    )
        throws
    {
        try turn.withLock { _ in
            var changed = book.withLock { $0 }
            let effects = try body(&changed)
            try keep(changed.state, effects)
            book.withLock { [changed] in $0 = changed }
        }
    }

    /// Something happened that a rule is about.
    func kick() { isDue.withLock { $0 = true } }

    /// Whether somebody kicked since the last time.
    func takeKick() -> Bool {
        isDue.withLock { isDue in
            defer { isDue = false }
            return isDue
        }
    }
}

extension Engine {
    /// Judges the alerts every minute, and within a second of an event that a rule is about; until cancelled.
    package func watchAlerts() async {
        var sinceLast = AlertDesk.interval
        while !Task.isCancelled {
            if alerts.takeKick() || sinceLast >= AlertDesk.interval {
                judgeAlerts()
                sinceLast = .zero
            }
            try? await Task.sleep(for: .seconds(1))
            sinceLast += .seconds(1)
            deliveries.ring()
        }
    }

    /// One evaluation of every rule: what it asks for is stored with the book, told on the screen, and left to the pagers.
    package func judgeAlerts() {
        let now = wallMilliseconds()
        do {
            let inputs = try alertInputs(now: now)
            let moment = Moment(wall: now, uptime: uptime)
            try alerts.change({ $0.evaluate(inputs, now: moment).effects }, keep: keep)
        } catch {
            logger.error("alerts can't be judged: \(error)")
        }
    }

    private func keep(_ state: AlertBook.State, _ effects: [AlertEffect]) throws(LedgerError) {
        let text = (try? JSONEncoder().encode(state)).map { String(decoding: $0, as: UTF8.self) }
        try ledger.saveAlert(
            key: AlertDesk.stateKey,
            state: text,
            events: effects.map(AlertEvent.init),
            outbox: effects.flatMap(outboxItems)
        )
        for effect in effects {
            telemetry.add(EngineSnapshot.Event(at: effect.at, weight: effect.weight, text: effect.headline))
            logger.notice("alert \(effect.headline)")
        }
        guard !effects.isEmpty else { return }
        deliveries.wake()
        hub.kick()
    }

    /// One item for each pager that takes this severity.
    private func outboxItems(_ effect: AlertEffect) -> [Storage.OutboxItem] {
        let payload = String(decoding: AlertNotice(effect).payload, as: UTF8.self)
        return config.pagers.filter { $0.takes(effect.severity) }
            .map {
                Storage.OutboxItem(sink: $0.name, kind: "alert", dedup: effect.dedupKey, body: payload, at: effect.at)
            }
    }

    private func alertInputs(now: Int64) throws(LedgerError) -> AlertInputs {
        let windows = alerts.book.withLock(\.windows)
        let indicators = try ledger.indicators(now: now, windows: windows)
        var inputs = AlertInputs(
            objectives: config.objectives,
            windows: zip(windows, indicators).map { AlertInputs.Window($0, $1) }
        )
        if let drift = config.alerts.drift {
            inputs.features = try ledger.drift(now: now, recent: AlertRule.Drift.recent, baseline: drift.baseline)
                .map { AlertInputs.Feature($0.name, recent: $0.recent, before: $0.baseline) }
        }
        inputs.failovers = routes(now: now).filter { $0.serving != $0.primary }
            .map { AlertInputs.Failover(group: $0.group, primary: $0.primary, serving: $0.serving) }
        inputs.money = guards.standings(at: now).map {
            AlertInputs.Money("\($0.cap.owner)", spent: $0.spent, amount: $0.cap.amount)
        }
        inputs.refusedKeys = refusedKeys
        inputs.drill = desk.openID
        return inputs
    }

    /// Keys that a provider refuses now, by name.
    private var refusedKeys: [AlertInputs.RefusedKey] {
        let breakers = router.withLock { $0.breakers }
        var seen: Set<String> = []
        return config.groups.flatMap(\.deployments).compactMap { deployment in
            guard case .credential(let name)? = breakers.openBreaker(of: deployment)?.key, seen.insert(name).inserted
            else { return nil }
            return AlertInputs.RefusedKey(name, provider: deployment.provider)
        }
    }

    // MARK: What a person does

    func acknowledge(_ id: String, by person: String?) -> CommandReply {
        let now = wallMilliseconds()
        let person = person.flatMap { $0.isEmpty ? nil : String($0.prefix(60)) } ?? "operator"
        return changed("acknowledged: \(id)") { book in
            [try book.acknowledge(id, by: person, at: now)].compactMap(\.self)
        }
    }

    /// Keeps an alert from paging; 0 seconds end that.
    func mute(_ id: String, seconds: Int) -> CommandReply {
        let now = wallMilliseconds()
        return changed(seconds == 0 ? "\(id) may page again" : "\(id) is muted") { book in
            if seconds == 0 {
                try book.unmute(id)
            } else {
                try book.mute(id, for: .seconds(max(0, seconds)), at: now)
            }
            return []
        }
    }

    private func changed(_ message: String, _ body: (inout AlertBook) throws -> [AlertEffect]) -> CommandReply {
        do {
            try alerts.change(body, keep: keep)
            hub.kick()
            return CommandReply(ok: true, message: message)
        } catch let refusal as AlertRefusal {
            return CommandReply(ok: false, message: refusal.text)
        } catch {
            return CommandReply(ok: false, message: "not done, since it can't be kept: \(error)")
        }
    }
}

extension AlertBook {
    /// What a console shows: the loudest first, then in the order of the rules; a rule of many subjects has one calm row
    /// while none has trouble.
    ///
    /// `now` is UTC milliseconds.
    package func rows(now: Int64) -> [EngineSnapshot.AlertRow] {
        let rows = alerts
        let named = Set(rows.map(\.rule.name))
        let calm = rules.filter { !named.contains($0.name) }.map { rule in
            EngineSnapshot.AlertRow(
                id: rule.name,
                title: rule.title,
                severity: .init(rule.severity),
                state: .ok,
                since: 0,
                text: "Nothing is wrong."
            )
        }
        let all = rows.map { EngineSnapshot.AlertRow($0, now: now) } + calm
        return all.enumerated().sorted { ($0.element.loudness, $0.offset) < ($1.element.loudness, $1.offset) }
            .map(\.element)
    }
}

extension AlertSettings {
    init(_ config: NinesConfig.Alerts) {
        self.init()
        latency.over = config.latency.window
        latency.severity = config.latency.severity.map(Severity.init)
        latency.target = config.latency.threshold
        success.over = config.success.window
        success.severity = config.success.severity.map(Severity.init)
        success.target = config.success.threshold
        cost.over = config.cost.window
        cost.severity = config.cost.severity.map(Severity.init)
        cost.target = config.cost.threshold
        burnRate = config.burnRate
        budgetShares = config.budget
        drift = config.drift.map { Severity($0.severity) }
        driftFactor = config.drift?.ratio ?? driftFactor
        failover = config.failover.map(Severity.init)
        keyRefused = config.keyRevoked.map(Severity.init)
        clearFor = config.clearAfter
    }
}

extension Severity {
    init(_ severity: NinesConfig.Alerts.Severity) {
        self =
            switch severity {
            case .page: .page
            case .ticket: .ticket
            }
    }
}

extension NinesConfig.Pager {
    func takes(_ severity: Severity) -> Bool { sink != .terminal && (leastSeverity == .ticket || severity == .page) }
}

extension AlertEffect {
    fileprivate var weight: EngineSnapshot.Event.Weight {
        switch kind {
        case .fire: severity == .page ? .critical : .warning
        case .update: .info
        case .resolve: .good
        }
    }

    fileprivate var word: String {
        switch kind {
        case .fire: "fired"
        case .update(.acknowledged): "acknowledged"
        case .update(.noData): "no_data"
        case .resolve: "resolved"
        }
    }
}

extension AlertEvent {
    fileprivate init(_ effect: AlertEffect) {
        let body = (try? JSONEncoder().encode(effect)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        self.init(
            at: effect.at,
            key: effect.alert,
            kind: effect.word,
            severity: effect.severity.rawValue,
            text: effect.headline,
            body: body
        )
    }
}

extension AlertNotice {
    /// The effect as pagers are told it.
    package init(_ effect: AlertEffect, isTest: Bool = false) {
        let state: State =
            switch effect.kind {
            case .fire, .update(.noData): .triggered
            case .update(.acknowledged): .acknowledged
            case .resolve: .resolved
            }
        self.init(
            id: "\(effect.dedupKey)/\(effect.word)/\(effect.at)",
            dedupKey: effect.dedupKey,
            rule: effect.rule,
            severity: effect.severity == .page ? .page : .ticket,
            state: state,
            title: effect.text,
            startedAt: effect.firedAt,
            at: effect.at
        )
        text = effect.headline
        (unit, value, threshold) = Self.figures(effect.reading)
        samples = effect.reading.samples
        windowSeconds = effect.windows.first.map(Int.init)
        hasNoData = effect.kind == .update(.noData)
        drill = effect.drill
        self.isTest = isTest
    }

    private static func figures(_ reading: AlertReading) -> (Unit, Double?, Double?) {
        switch reading.unit {
        case .share: (.ratio, reading.value, reading.threshold)
        case .seconds: (.seconds, reading.value, reading.threshold)
        case .nanoDollars: (.usd, reading.value.map { $0 / 1e9 }, reading.threshold / 1e9)
        case .factor: (.factor, reading.value, reading.threshold)
        case .none: (.count, nil, nil)
        }
    }
}

extension AlertRule {
    /// A few words for a column.
    fileprivate var title: String {
        switch check {
        case .burnRate(let long, _, _): "burn rate \(Self.span(long))"
        case .budgetSpent(let share, _): "budget \(Int((share * 100).rounded())) % spent"
        case .moneySpent(let share): "money \(Int((share * 100).rounded())) % spent"
        case .drift(.tokens, _): "token drift"
        case .drift(.cost, _): "cost drift"
        case .success, .latency, .cost, .failover, .keyRefused: what
        }
    }

    /// `1 h`, `3 d`.
    private static func span(_ window: Duration) -> String {
        let hours = window.components.seconds / 3_600
        return hours >= 48 ? "\(hours / 24) d" : "\(hours) h"
    }
}

extension EngineSnapshot.AlertRow {
    fileprivate init(_ row: AlertBook.Row, now: Int64) {
        let (rule, alert) = (row.rule, row.alert)
        let texts = alert.reading.texts
        self.init(
            id: alert.id,
            title: alert.subject.isEmpty ? rule.title : "\(rule.title): \(alert.subject)",
            severity: .init(alert.episode?.severity ?? rule.severity),
            state: State(alert.state),
            since: alert.since,
            value: texts?.value ?? "",
            threshold: texts?.threshold ?? "",
            samples: alert.reading.samples,
            window: Int(rule.windows.first?.components.seconds ?? 0),
            text: alert.text(rule),
            mutedUntil: alert.mute.map { now + $0.microseconds / 1_000 },
            clearing: alert.clearing(rule)
        )
    }

    fileprivate var loudness: Int {
        switch state {
        case .firing: severity == .page ? 0 : 1
        case .acknowledged: 2
        case .muted: 3
        case .ok, .noData, .tooFew: 4
        }
    }
}

extension EngineSnapshot.AlertRow.Severity {
    fileprivate init(_ severity: Severity) { self = severity == .page ? .page : .ticket }
}

extension EngineSnapshot.AlertRow.State {
    fileprivate init(_ state: Alert.State) {
        self =
            switch state {
            case .noData: .noData
            case .tooFewSamples: .tooFew
            case .ok, .resolved: .ok
            case .firing: .firing
            case .acknowledged: .acknowledged
            case .muted: .muted
            }
    }
}
