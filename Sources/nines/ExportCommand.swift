import ArgumentParser
import Engine
import Exports
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "The ledger, a row a request with every tag, as CSV or JSON; or the objectives as OpenSLO. Needs no engine."
    )
    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, json, openslo }

    @OptionGroup var options: CommonOptions
    @Option(help: ArgumentHelp("From when on: 30d, or 2027-01-31T22:00Z.", valueName: "time")) var since = "30d"
    @Option(help: "csv, json or openslo.") var format = Format.csv
    @Option(help: ArgumentHelp("Only of this tenant.", valueName: "id")) var tenant: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("Where to, instead of standard output.", valueName: "file"))
    var output: String?

    func validate() throws {
        guard start(now: 0) == nil else { return }
        throw ValidationError("--since '\(since)' is neither a duration such as 30d nor a time such as 2027-01-31")
    }

    private func start(now: Int64) -> Int64? {
        if let length = parsedLength(since) { return now - Int64(length / .milliseconds(1)) }
        return since.hasPrefix("+") ? nil : parsedTime(since, from: now)
    }

    func run() throws {
        let report = try Surroundings().ledgerToRead(options)
        let sheet = try Sheet(path: output)
        do {
            switch format {
            case .csv: try csv(report.ledger, sheet)
            case .json: try json(report.ledger, sheet)
            case .openslo: try sheet.write(openSLO(report.ledger.objectives, service: "nines", queries: .ledger))
            }
            try sheet.close()
        } catch is Sheet.ReaderLeft {
            // 'nines export | head' has what it wanted.
        }
    }

    private func csv(_ ledger: Ledger, _ sheet: Sheet) throws {
        try sheet.write(RequestTable.format.csvHeader)
        try eachPage(ledger) { rows in
            try sheet.write(rows.map { RequestTable.format.csvLine(RequestTable.cells($0)) }.joined())
        }
    }

    /// One array, an object a line.
    private func json(_ ledger: Ledger, _ sheet: Sheet) throws {
        try sheet.write("[")
        var separator = "\n"
        try eachPage(ledger) { rows in
            let lines = rows.map { RequestTable.format.json(RequestTable.cells($0)) }
            try sheet.write(separator + lines.joined(separator: ",\n"))
            separator = ",\n"
        }
        try sheet.write("\n]\n")
    }

    private static let pageSize = 1_000

    private func eachPage(_ ledger: Ledger, _ body: ([RequestRecord]) throws -> Void) throws {
        var bookmark = Ledger.Bookmark(since: start(now: wallMilliseconds()) ?? 0)
        var count = Self.pageSize
        // A page that is not full is the last: an engine that goes on writing must not keep this from ending.
        while count == Self.pageSize {
            let (rows, next) = try ledger.requests(after: bookmark, limit: Self.pageSize, tenant: tenant)
            if !rows.isEmpty { try body(rows) }
            (bookmark, count) = (next, rows.count)
        }
    }
}

extension IndicatorQueries {
    fileprivate static let ledger = IndicatorQueries(
        valid: ObjectiveQueries.valid,
        good: ObjectiveQueries.good,
        timed: ObjectiveQueries.timed,
        fast: ObjectiveQueries.fast,
        meanCost: ObjectiveQueries.meanCost
    )
}

/// Requests as rows of a table, by the names that `nines explain --json` has.
private enum RequestTable {
    static let format = TableFormat(columns: columns.map(\.0))

    static func cells(_ record: RequestRecord) -> [TableCell] { columns.map { $0.1(record) } }

    private static let columns: [(String, @Sendable (RequestRecord) -> TableCell)] = [
        ("id", { .text($0.id) }),
        ("time", { .text(preciseTime($0.at)) }),
        ("tenant", { .text($0.tenant) }),
        ("feature", { .text($0.feature) }),
        ("model_group", { .text($0.group) }),
        ("provider", { text($0.provider) }),
        ("deployment", { text($0.deployment) }),
        ("traffic", { .text($0.traffic.rawValue) }),
        ("mode", { .text($0.mode.rawValue) }),
        ("format", { .text($0.format.rawValue) }),
        ("stream", { .bool($0.stream) }),
        ("attempts", { .integer(Int64($0.attempts)) }),
        ("failed_over", { .bool($0.failedOver) }),
        ("outcome", { .text($0.outcome.rawValue) }),
        ("status", { .integer(Int64($0.status)) }),
        ("valid", { .bool($0.valid) }),
        ("good", { .bool($0.good) }),
        ("first_token_ms", { milliseconds($0.firstTokenMicros) }),
        ("total_ms", { milliseconds($0.totalMicros) }),
        ("latency_ms", { milliseconds($0.latencyMicros) }),
        ("tokens_in", { count($0.tokensIn) }),
        ("tokens_out", { count($0.tokensOut) }),
        ("tokens_cache_read", { count($0.tokensCacheRead) }),
        ("tokens_cache_write", { count($0.tokensCacheWrite) }),
        ("cost_usd", { money($0.cost) }),
        ("cost_is_estimated", { .bool($0.costIsEstimated) }),
        ("cache", { .text($0.cache.rawValue) }),
        ("avoided_usd", { money($0.avoidedCost) }),
        ("avoided_ms", { milliseconds($0.avoidedMicros) }),
        ("degraded", { .text($0.degraded.joined(separator: ",")) }),
        ("drill", { text($0.drill) }),
        ("maintenance", { text($0.maintenance) }),
        ("tags", { .text($0.tags.joined(separator: ",")) }),
        ("error", { text($0.error) }),
    ]

    private static func text(_ text: String?) -> TableCell { text.map { .text($0) } ?? .unknown }
    private static func count(_ count: Int?) -> TableCell { count.map { .integer(Int64($0)) } ?? .unknown }
    private static func money(_ nano: Int64?) -> TableCell { nano.map { .money($0) } ?? .unknown }
    private static func milliseconds(_ micros: Int64?) -> TableCell {
        micros.map { .number(Double($0) / 1_000) } ?? .unknown
    }
}

/// A file or standard output, written piece by piece.
private final class Sheet {
    /// Nobody reads any more.
    struct ReaderLeft: Error {}

    private let descriptor: Int32
    private let name: String

    /// - Throws: where the file can't be made.
    init(path: String?) throws {
        name = path ?? "standard output"
        guard let path else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("can't write \(path): \(String(cString: strerror(errno)))") }
    }

    func write(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in systemWrite(descriptor, bytes.baseAddress, bytes.count) }
            if count >= 0 { rest = rest.dropFirst(count) }
            if count < 0, errno == EPIPE { throw ReaderLeft() }
            guard count >= 0 || errno == EINTR else { throw failure }
        }
    }

    func close() throws {
        guard descriptor != STDOUT_FILENO else { return }
        // A full disk may say so only now.
        guard systemClose(descriptor) == 0 else { throw failure }
    }

    private var failure: Failure { Failure("can't write \(name): \(String(cString: strerror(errno)))") }
}

// Inside a type with methods of these names, the system's would not be found.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }
private func systemClose(_ file: Int32) -> Int32 { close(file) }
