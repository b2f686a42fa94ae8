import CCurl
import Synchronization

/// What other threads ask of a libcurl thread.
enum CurlCommand {
    case start(CurlExchange)
    /// The reader left: remove the transfer and close its connection.
    case cancel(CurlExchange)
    /// The reader took what was buffered: let a paused connection send again.
    case resume(CurlExchange)
}

/// A multi handle, as its thread lends it to those who may wake it.
///
/// Unchecked, because the one call made with it elsewhere, `curl_multi_wakeup`, is safe from any thread.
struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
}

/// The one way into a libcurl thread: commands in, and a wake-up only where that thread sleeps.
///
/// Of a burst of commands the first wakes it, and none does while it works.
final class Mailbox: Sendable {
    private struct State {
        var commands: [CurlCommand] = []
        /// The multi handle in which the thread sleeps, and which nobody has woken yet.
        var sleeper: MultiHandle?
        var isStopping = false
        var isOver = false
        var waiters: [CheckedContinuation<Void, Never>] = []

        mutating func wake() {
            // Under the lock, so that the thread cannot free the handle meanwhile.
            if let multi = sleeper { curl_multi_wakeup(multi.pointer) }
            sleeper = nil
        }
    }

    private let state = Mutex(State())

    /// Asks for `command`; false when the thread stops or is gone.
    @discardableResult
    func post(_ command: CurlCommand) -> Bool {
        state.withLock { state in
            guard !state.isStopping else { return false }
            state.commands.append(command)
            state.wake()
            return true
        }
    }

    /// Asks the thread to end, without waiting.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            state.wake()
        }
    }

    /// Waits until the thread has freed its handles.
    func waitUntilOver() async {
        await withCheckedContinuation { waiter in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiters.append(waiter) }
                return state.isOver
            }
            if isOver { waiter.resume() }
        }
    }

    // MARK: the libcurl thread's side

    /// The commands since the last call, into `commands`; false when the thread must end.
    func take(into commands: inout [CurlCommand]) -> Bool {
        state.withLock { state in
            state.sleeper = nil
            swap(&state.commands, &commands)
            return !state.isStopping
        }
    }

    /// Notes that the thread goes to sleep in `multi`; false when something came meanwhile and it must not.
    func mayStartSleeping(in multi: MultiHandle) -> Bool {
        state.withLock { state in
            guard state.commands.isEmpty, !state.isStopping else { return false }
            state.sleeper = multi
            return true
        }
    }

    /// The thread's last act.
    func end() {
        let waiters = state.withLock { state in
            state.isOver = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
