import Console
import Synchronization

/// Hands snapshots to whoever looks: the newest one counts, and a slow viewer skips the ones between.
package final class SnapshotHub: Sendable {
    private struct State {
        var viewers: [Int: AsyncStream<EngineSnapshot>.Continuation] = [:]
        var nextID = 0
        var isKicked = false
    }
    private let state = Mutex(State())

    /// `first`, then what is published from now on, until the reader stops reading.
    func subscribe(first: EngineSnapshot) -> AsyncStream<EngineSnapshot> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: EngineSnapshot.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let id = state.withLock { state in
            state.nextID += 1
            state.viewers[state.nextID] = continuation
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.viewers[id] = nil } }
        continuation.yield(first)
        return stream
    }

    var hasViewers: Bool { state.withLock { !$0.viewers.isEmpty } }

    func publish(_ snapshot: EngineSnapshot) {
        for viewer in state.withLock({ Array($0.viewers.values) }) { viewer.yield(snapshot) }
    }

    /// Something changed that should be seen before the next tick.
    func kick() { state.withLock { $0.isKicked = true } }

    /// Whether there was a kick since the last call.
    func takeKick() -> Bool {
        state.withLock { state in
            defer { state.isKicked = false }
            return state.isKicked
        }
    }

    /// Ends every subscription.
    package func close() {
        let viewers = state.withLock { state in
            defer { state.viewers = [:] }
            return Array(state.viewers.values)
        }
        viewers.forEach { $0.finish() }
    }
}
