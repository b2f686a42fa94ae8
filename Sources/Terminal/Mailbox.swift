#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif
import Synchronization

/// Messages to the loop from other threads; a pipe wakes the loop, which sits in `poll`.
///
/// Replies keep their order. Of snapshots that the loop has not read yet only the newest is kept, so that a loop that
/// is held up costs no memory.
package final class Mailbox: Sendable {
    private struct Content {
        var messages: [Message] = []
        var stop: StopReason?
        var hasWoken = false
    }

    private let content = Mutex(Content())
    /// Readable when something waits.
    let descriptor: Int32
    private let bell: Int32

    package init() throws(TerminalError) {
        (descriptor, bell) = try makePipe()
    }

    deinit {
        close(descriptor)
        close(bell)
    }

    package func post(_ message: Message) {
        put { content in
            if case .snapshot = message, case .snapshot? = content.messages.last { content.messages.removeLast() }
            content.messages.append(message)
        }
    }

    /// Ends the loop after it has read what waits; the first reason counts.
    package func stop(reason: StopReason) {
        put { content in content.stop = content.stop ?? reason }
    }

    private func put(_ change: (inout Content) -> Void) {
        content.withLock { content in
            change(&content)
            guard !content.hasWoken else { return }
            content.hasWoken = true
            _ = write(bell, "!", 1)
        }
    }

    /// Everything that came since the last call.
    func take() -> (messages: [Message], stop: StopReason?) {
        content.withLock { content in
            var byte: UInt8 = 0
            while read(descriptor, &byte, 1) > 0 { continue }
            defer {
                content.messages = []
                content.hasWoken = false
            }
            return (content.messages, content.stop)
        }
    }
}
