import ArgumentParser
import Engine
import Exports
import Logging
import SLO
import Settings
import Synchronization
import Upstream

extension Alerts {
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a test to each pager: fired, no data, resolved. Exit 1 where one does not take it.",
            discussion: "Needs no engine, and leaves no trace in the ledger. Each notice says that it is a test."
        )
        @Argument(help: ArgumentHelp("Only this pager, by its name.", valueName: "sink")) var sink: String?
        @OptionGroup var options: CommonOptions

        func run() async throws {
            let config = try Surroundings().config(options, isQuiet: true)
            let pagers = try chosen(config.pagers)
            let upstream = try CurlUpstream()
            var failed: [String] = []
            for pager in pagers {
                guard let sink = pager.sinkOutside else {
                    print("\(padded(pager.name, 14))the console's own terminal: nothing leaves the machine")
                    continue
                }
                if await !rehearse(sink, upstream) { failed.append(pager.name) }
            }
            await upstream.shutdown()
            guard !failed.isEmpty else { return }
            printError("Error: \(failed.joined(separator: ", ")) did not take the test: see above what was answered")
            throw ExitCode.failure
        }

        private func chosen(_ pagers: [NinesConfig.Pager]) throws -> [NinesConfig.Pager] {
            guard !pagers.isEmpty else { throw Failure("no pager is configured: list some under nines.pagers") }
            guard let sink else { return pagers }
            let matching = pagers.filter { $0.name == sink }
            guard matching.isEmpty else { return matching }
            throw Failure("there is no pager '\(sink)': the config has \(pagers.map(\.name).joined(separator: ", "))")
        }

        /// One notice after the other, as they would come; what follows a failure is not sent.
        private func rehearse(_ sink: any Exports.Sink, _ upstream: CurlUpstream) async -> Bool {
            let outbox = RehearsalOutbox()
            let worker = DeliveryWorker(
                sinks: [sink],
                outbox: outbox,
                upstream: upstream,
                clock: DeliveryClock(now: wallMilliseconds),
                seed: 0,
                logger: Logger(label: "nines", factory: { _ in SwiftLogNoOpLogHandler() })
            )
            for (name, effect) in zip(["fired", "no data", "resolved"], AlertEffect.rehearsal(at: wallMilliseconds())) {
                outbox.put(
                    AlertNotice(effect, isTest: true).payload,
                    sink: sink.id,
                    key: effect.dedupKey,
                    at: effect.at
                )
                let start = ContinuousClock.now
                let result = await result(of: worker, outbox)
                let time = Int(((ContinuousClock.now - start) / .milliseconds(1)).rounded())
                print("\(padded(sink.id, 14))\(padded(name, 10))\(result ?? "delivered"), \(time) ms")
                flushOutput()
                if result != nil { return false }
            }
            return true
        }

        /// Why the item was not delivered; nil where it was.
        private func result(of worker: DeliveryWorker, _ outbox: RehearsalOutbox) async -> String? {
            // Some sinks want a pause between two requests: the first answer is the second call's.
            while true {
                let next = await worker.deliverNow()
                if let failure = outbox.failure { return "not delivered: \(failure)" }
                guard outbox.isWaiting, let next else { return nil }
                try? await Task.sleep(for: .milliseconds(max(next - wallMilliseconds(), 1)))
            }
        }
    }
}

/// An outbox in memory that tells how the last item went.
private final class RehearsalOutbox: Exports.Outbox {
    private struct State {
        var waiting: [OutboxItem] = []
        var last: Int64 = 0
        var failure: String?
    }
    private let state = Mutex(State())

    var failure: String? { state.withLock(\.failure) }
    var isWaiting: Bool { state.withLock { !$0.waiting.isEmpty } }

    func put(_ payload: [UInt8], sink: String, key: String, at time: Int64) {
        state.withLock { state in
            state.last += 1
            state.waiting.append(
                OutboxItem(id: state.last, sink: sink, key: key, createdAt: time, payload: payload)
            )
        }
    }

    func due(sink: String, now: Int64, limit: Int) -> [OutboxItem] {
        state.withLock { $0.failure == nil ? $0.waiting : [] }
    }

    func done(_ ids: [Int64]) { state.withLock { $0.waiting.removeAll { ids.contains($0.id) } } }

    func retry(_ ids: [Int64], at time: Int64, error: String) { state.withLock { $0.failure = error } }

    func drop(_ ids: [Int64], reason: String) { state.withLock { $0.failure = reason } }
}
