import Engine
import Foundation
import NIOCore
import NIOPosix
import Routing
import Settings
import Simulator
import Storage
import Testing

/// The README's fault table: every failure on real sockets, and what the client and the ledger had of it.
///
/// The primary speaks OpenAI's format, the secondary Anthropic's. `AnthropicClientTests` shows that a client of Anthropic's
/// format sees the same.
struct FaultTableTests {
    /// One line of the table.
    private struct Row: Sendable {
        enum Trouble: Sendable {
            case fault(ProviderFault, times: Int = .max)
            /// In place of the primary's own; `SILENT` is a port that says nothing, `PLAIN` one that closes at once.
            case address(String)
        }
        let name: String
        let trouble: Trouble
        /// Its class in the ledger, which sets the primary's limits.
        var kind = ""
        /// Only streams can have it.
        var isOfStreams = false
        var isAfterContent = false
        var secondary: ProviderFault?
        var adjust: @Sendable (inout NinesConfig) -> Void = { _ in }
    }

    private static let rescued = FailoverTests.faults.map { fault, kind, _ in
        Row(name: "\(fault)", trouble: .fault(fault), kind: kind)
    }

    private static let rescuedStreams = FailoverTests.streamFaults.map { fault, kind, _ in
        Row(name: fault.inWords, trouble: .fault(fault), kind: kind, isOfStreams: true)
    }

    private static let unreached: [Row] = [
        Row(name: "the name has no address (DNS)", trouble: .address("http://primary.invalid/v1")),
        Row(name: "the TLS handshake fails", trouble: .address("https://127.0.0.1:PLAIN/v1")),
        Row(name: "a black hole: no connection comes about", trouble: .address("https://127.0.0.1:SILENT/v1")),
    ]

    private static let passing: [Row] = [
        Row(name: "server error (500), once", trouble: .fault(.serverError(status: 500), times: 1)),
        Row(
            name: "rate limited (429), back within 0.25 s",
            trouble: .fault(.rateLimited(retryAfter: 0), times: 1)
        ),
        Row(name: "slow, within `timeout`", trouble: .fault(.slowHeaders(.milliseconds(300)))),
    ]

    private static let brokenOff: [Row] =
        [Row(name: "cut in mid-JSON", trouble: .fault(.cutJSON), isAfterContent: true)]
        + [
            ProviderFault.cutAfter(chunks: 3), .stallAfter(chunks: 3), .malformedChunkAfter(chunks: 3),
            .errorEventAfter(chunks: 3), .cleanEndWithoutFinish(afterChunks: 3), .doneWithoutFinish(afterChunks: 3),
        ].flatMap { fault in
            [
                Row(name: fault.inWords, trouble: .fault(fault), isOfStreams: true, isAfterContent: true),
                Row(
                    name: "\(fault.inWords), with `stream_failure: continue`",
                    trouble: .fault(fault),
                    isOfStreams: true,
                    isAfterContent: true,
                    adjust: { config in
                        var feature = Feature(name: "default")
                        feature.streamFailure = .resume
                        config.features = [feature]
                    }
                ),
            ]
        }

    private static let refused: [Row] = [
        Row(name: "bad request (400)", trouble: .fault(.badRequest)),
        Row(name: "context too long (400)", trouble: .fault(.contextTooLong)),
        Row(
            name: "context too long, the secondary's window is larger",
            trouble: .fault(.contextTooLong),
            adjust: { $0.widenSecondary() }
        ),
        Row(name: "content policy (400)", trouble: .fault(.contentPolicy)),
        Row(
            name: "content policy, with `policy_failover: true`",
            trouble: .fault(.contentPolicy),
            adjust: { config in
                var feature = Feature(name: "default")
                feature.policyFailover = true
                config.features = [feature]
            }
        ),
        Row(
            name: "key revoked, and 500 from the secondary",
            trouble: .fault(.revokedKey),
            secondary: .serverError(status: 500)
        ),
    ]

    /// `UPDATE_GOLDENS=1` writes the table anew.
    @Test func readmeSaysWhatTheClientSees() async throws {
        let rows = Self.rescued + Self.unreached + Self.passing + Self.rescuedStreams + Self.brokenOff + Self.refused
        let silent = try await Self.listener { channel in channel.eventLoop.makeSucceededVoidFuture() }
        let plain = try await Self.listener { channel in
            channel.eventLoop.execute { channel.close(promise: nil) }
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        let ports = [silent, plain].map { $0.localAddress?.port ?? 0 }
        let lines = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for (number, row) in rows.enumerated() {
                group.addTask { (number, try await Self.line(of: row, ports)) }
            }
            return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        try await silent.close()
        try await plain.close()
        let table = Self.head + rows.indices.compactMap { lines[$0] }.joined()
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let from = try #require(text.range(of: "<!-- faults -->\n")?.upperBound)
        let to = try #require(text.range(of: "<!-- /faults -->")?.lowerBound)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try Data(text.replacingCharacters(in: from..<to, with: table).utf8).write(to: file)
        } else {
            let (found, wanted) = (text[from..<to].split(separator: "\n"), table.split(separator: "\n"))
            for (line, other) in zip(found, wanted) { #expect(line == other) }
            #expect(found.count == wanted.count)
        }
    }

    /// A port of a free number.
    static func listener(
        _ greet: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer(greet)
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private static let head = """
        | The primary | Class | Attempts | Not streamed, the client gets | Streamed, the client gets | Counts as |
        | --- | --- | --- | --- | --- | --- |

        """

    // MARK: One line

    /// What one request came to.
    private struct Sight: Equatable {
        var kind: String
        var attempts: String
        var answer: String
        var counts: String
    }

    private static func line(of row: Row, _ ports: [Int]) async throws -> String {
        let stream = try await sight(of: row, stream: true, ports)
        let whole = row.isOfStreams ? nil : try await sight(of: row, stream: false, ports)
        func both(_ path: KeyPath<Sight, String>) -> String {
            guard let whole, whole[keyPath: path] != stream[keyPath: path] else { return stream[keyPath: path] }
            return "\(whole[keyPath: path]); streamed: \(stream[keyPath: path])"
        }
        let cells = [
            row.name, both(\.kind), both(\.attempts), whole?.answer ?? "", stream.answer, both(\.counts),
        ]
        return "| \(cells.joined(separator: " | ")) |\n"
    }

    private static func sight(of row: Row, stream: Bool, _ ports: [Int]) async throws -> Sight {
        var plan = House.Plan.failing(row.kind, (.openAI, .anthropic))
        if row.isAfterContent {
            plan.latency = House.Plan.slow
            plan.secondaryLatency = .zero
        }
        plan.adjust = { config in
            if row.isAfterContent { config.policy.idleTimeout = .seconds(1) }
            row.adjust(&config)
        }
        if case .address(let address) = row.trouble {
            plan.connectTimeout = .seconds(address.contains("SILENT") ? 1 : 60)
            plan.primaryURL = address.replacing("SILENT", with: "\(ports[0])").replacing("PLAIN", with: "\(ports[1])")
        }
        return try await House.with(plan) { house in
            if case .fault(let fault, let times) = row.trouble { house.primary.inject(fault, times: times) }
            if let fault = row.secondary { house.secondary.inject(fault) }
            await house.primary.settle()
            let reply = try await house.ask(stream: stream)
            let record = try #require(try await house.record(of: reply))
            let tried = record.attemptRecords
            let counts = [("one", "primary"), ("two", "secondary")].compactMap { id, name in
                let count = tried.count { $0.deployment == id }
                return count > 0 ? "\(count) \(name)" : nil
            }
            let kind = tried.first?.failure.map { "`\($0)`" } ?? ""
            return Sight(
                kind: kind,
                attempts: counts.isEmpty ? "1 primary" : counts.joined(separator: ", "),
                answer: inWords(reply, record),
                counts: record.good ? "good" : record.valid ? "lost" : "not valid"
            )
        }
    }

    private static func inWords(_ reply: House.Reply, _ record: RequestRecord) -> String {
        if reply.isToldBroken { return "what came so far, then an error event: no finish reason, no `[DONE]`" }
        if reply.isComplete {
            let server = record.deployment == "one" ? "primary" : "secondary"
            return record.degraded.contains("continued")
                ? "one whole answer, ended by the \(server)" : "the \(server)'s whole answer"
        }
        if reply.status == 503, reply.text.contains("\"attempts\":["), reply.headers["retry-after"] != nil {
            return "503 with what each attempt came to, and `retry-after`"
        }
        if (400..<500).contains(reply.status), reply.headers["x-should-retry"] == "false" {
            return "the primary's own \(reply.status), `x-should-retry: false`"
        }
        return "\(reply.status): \(reply.text)"
    }
}

extension ProviderFault {
    /// As in the table, where the number of chunks is of no interest.
    fileprivate var inWords: String {
        switch self {
        case .slowFirstToken: "first token later than `stream_timeout`"
        case .keepAlivesThenAnswer: "keep-alives without content"
        case .cutAfter(chunks: 0): "cut before any content"
        case .malformedChunkAfter(chunks: 0): "malformed chunk before any content"
        case .cutAfter: "cut after content"
        case .stallAfter: "silence after content, past `idle_timeout`"
        case .malformedChunkAfter: "malformed chunk after content"
        case .errorEventAfter: "error event after content"
        case .cleanEndWithoutFinish: "clean end without a finish reason"
        case .doneWithoutFinish: "`[DONE]` without a finish reason"
        default: "\(self)"
        }
    }
}

extension NinesConfig {
    fileprivate mutating func widenSecondary() {
        guard let group = groups.first else { return }
        var deployments = group.deployments
        deployments[0].contextWindow = 8_000
        deployments[1].contextWindow = 200_000
        groups[0] = ModelGroup(name: group.name, deployments: deployments)
    }
}
