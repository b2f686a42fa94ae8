#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Bytes on their way to the terminal: sent as it takes them, never waited for.
struct Outlet {
    private let terminal: Int32
    private var waiting: [UInt8] = []
    private var sent = 0
    /// A write failed for good: the terminal is gone, and what is put here vanishes.
    private(set) var isBroken = false

    init(terminal: Int32) { self.terminal = terminal }

    /// Something waits for the terminal.
    var isBusy: Bool { sent < waiting.count }

    mutating func put(_ text: String) { waiting.append(contentsOf: text.utf8) }
    mutating func put(_ bytes: [UInt8]) { waiting.append(contentsOf: bytes) }

    /// Sends what the terminal takes now.
    mutating func send() {
        while isBusy, !isBroken {
            let count = waiting.withUnsafeBytes { bytes in
                write(terminal, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                isBroken = true
            }
        }
        waiting.removeAll(keepingCapacity: waiting.count < 65_536)
        sent = 0
    }

    /// Sends all of it, unless the terminal takes nothing for `patience` milliseconds.
    mutating func send(patience: Int32) {
        send()
        while isBusy, !isBroken {
            guard wait(on: terminal, for: Int16(POLLOUT), timeout: patience) & Int16(POLLOUT) != 0 else { return }
            let before = sent
            send()
            if isBusy, sent == before { return }
        }
    }
}
