import ArgumentParser
import Console
import Engine
import Settings
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Cache: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stored answers, and requests that wait for the network. Needs no engine.",
        subcommands: [Stats.self, Purge.self, Deferred.self],
        defaultSubcommand: Stats.self
    )

    struct Stats: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What is stored, and what that saved in 24 hours.")
        @OptionGroup var options: CommonOptions
        @Flag(help: "The same as JSON, money in nano-dollars.") var json = false

        func run() throws {
            let report = try Surroundings().ledgerToRead(options)
            let document = CacheDocument(
                try report.ledger.cacheStats(),
                try report.cacheFigures(now: wallMilliseconds()),
                limit: report.config.cache.maxSize
            )
            print(json ? documentText(document) : document.text)
        }
    }

    struct Purge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete stored answers: of a tenant, a feature, or both; with neither, all."
        )
        @Option(help: "Only this tenant's.") var tenant: String?
        @Option(help: "Only this feature's.") var feature: String?
        @OptionGroup var options: CommonOptions
        @Option(help: ArgumentHelp("The engine's control socket.", valueName: "path")) var socket: String?

        func run() async throws {
            // An engine has answers on their way to its file: it must forget these too. A file that is named may be another.
            if socket != nil || options.db == nil, let client = try? control(options, socket: socket),
                await client.isAlive()
            {
                let reply = try await client.perform(.purgeCache(tenant: tenant, feature: feature))
                guard reply.ok else { throw Failure(reply.message) }
                return print(reply.message)
            }
            if let socket { throw Failure("no engine answers on \(socket)") }
            let ledger = try Surroundings().ledgerToRead(options).ledger
            print(Engine.purged(try ledger.purgeCache(tenant: tenant, feature: feature)))
        }
    }

    struct Deferred: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Requests that were accepted while no provider could be reached, oldest first."
        )
        @OptionGroup var options: CommonOptions
        @Flag(help: "Those too that have their answer, or came to nothing.") var all = false
        @Flag(help: "The same as JSON.") var json = false

        private struct Document: Encodable {
            let id: String
            let tenant: String
            let feature: String
            let accepted: String
            let expires: String
            let state: String
            let attempts: Int
            /// When its answer was fetched for the first time.
            let fetched: String?
        }

        func run() throws {
            let ledger = try Surroundings().ledgerToRead(options).ledger
            let states: [DeferredRequest.State] = all ? [.waiting, .done, .failed, .cancelled] : [.waiting]
            let requests = try states.flatMap { try ledger.deferred($0, limit: 1_000) }.map {
                Document(
                    id: $0.id,
                    tenant: $0.tenant,
                    feature: $0.feature,
                    accepted: timeText($0.at),
                    expires: timeText($0.expires),
                    state: $0.state.rawValue,
                    attempts: $0.attempts,
                    fetched: $0.fetched.map(timeText)
                )
            }
            if json { return print(documentText(requests)) }
            if requests.isEmpty { print("no request waits") }
            for request in requests {
                let who = "\(request.tenant)/\(request.feature)"
                let fetched = request.fetched.map { "  fetched \($0)" } ?? ""
                print(
                    shown("\(padded(request.id, 26))\(padded(request.state, 11))\(request.accepted)  \(who)\(fetched)")
                )
            }
        }
    }
}

/// What `nines cache stats` prints.
private struct CacheDocument: Encodable {
    struct Part: Encodable {
        let tenant: String
        let feature: String
        let entries: Int
        let bytes: Int
    }
    let entries: Int
    let bytes: Int
    let limit: Int64
    let parts: [Part]
    /// Of 24 hours.
    let hits: Int
    let stale: Int
    let joined: Int
    let misses: Int
    let hitRate: Double?
    let savedNano: Int64
    let savedMs: Double
    let providerSavedNano: Int64

    init(_ stats: [CacheStats], _ figures: CacheFigures, limit: Int64) {
        parts = stats.map { Part(tenant: $0.tenant, feature: $0.feature, entries: $0.entries, bytes: $0.bytes) }
        entries = stats.reduce(0) { $0 + $1.entries }
        bytes = stats.reduce(0) { $0 + $1.bytes }
        self.limit = limit
        (hits, stale, joined, misses) = (figures.hits, figures.stale, figures.joined, figures.misses)
        hitRate = figures.hitRate
        (savedNano, savedMs) = (figures.savedCost, figures.savedTime)
        providerSavedNano = figures.providerSavedCost
    }

    var text: String {
        var lines = parts.map {
            shown(
                "\(padded($0.tenant, 20))\(padded($0.feature, 20))\(padded("\($0.entries)", 10))\(size(Int64($0.bytes)))"
            )
        }
        if !lines.isEmpty {
            lines.insert("\(padded("TENANT", 20))\(padded("FEATURE", 20))\(padded("ANSWERS", 10))SIZE", at: 0)
        }
        lines.append("\(entries) stored answer\(entries == 1 ? "" : "s"), \(size(Int64(bytes))) of \(size(limit))")
        let rate = hitRate.map { "\(($0 * 1_000).rounded() / 10) %" } ?? "none asked"
        lines.append(
            "last 24 h: \(rate) from the cache: \(hits) hit\(hits == 1 ? "" : "s"), \(joined) joined, \(stale) stale; \(misses) miss\(misses == 1 ? "" : "es")"
        )
        let seconds = (savedMs / 100).rounded() / 10
        lines.append(
            "saved: \(money(savedNano)) and \(seconds) s; by the providers' own caches \(money(providerSavedNano))"
        )
        return lines.joined(separator: "\n")
    }

    private func size(_ bytes: Int64) -> String {
        bytes < 1_000_000
            ? "\((Double(bytes) / 100).rounded() / 10) KB" : "\((Double(bytes) / 100_000).rounded() / 10) MB"
    }

    private func money(_ nano: Int64) -> String {
        let dollars = (Double(nano) / 100_000).rounded() / 10_000
        return "$\(dollars)"
    }
}
