import Foundation
import Synchronization

/// A server on a real socket that does what its script says, right or wrong, so that broken HTTP can be produced.
///
/// Each connection runs the script on a thread of its own; the calls block that thread.
final class ScriptedServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let accepted = Atomic(0)

    /// Listens on loopback, or at `path` as a Unix domain socket.
    init(path: String? = nil, _ script: @escaping @Sendable (Connection) -> Void) throws {
        signal(SIGPIPE, SIG_IGN)
        (listener, port) = try makeListener(path: path, backlog: 1024)
        Thread { [self] in
            while case let socket = accept(listener, nil, nil), socket >= 0 {
                accepted.add(1, ordering: .relaxed)
                Thread {
                    let connection = Connection(socket)
                    script(connection)
                    connection.close()
                }.start()
            }
        }.start()
    }

    /// Connections so far.
    var connections: Int { accepted.load(ordering: .relaxed) }

    func url(_ path: String = "/", scheme: String = "http") -> String { "\(scheme)://127.0.0.1:\(port)\(path)" }

    /// Ends the accepting thread; open connections go on.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        _ = close(listener)
    }

    /// One accepted connection, for the script's thread alone.
    final class Connection {
        private var socket: Int32
        private var unread: [UInt8] = []

        init(_ socket: Int32) { self.socket = socket }

        /// The next request, head and body; nil when the client has closed.
        func request() -> String? {
            while true {
                if let end = unread.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
                    let head = String(decoding: unread[..<end], as: UTF8.self).lowercased()
                    let length = head.firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
                    if unread.count >= end + length {
                        defer { unread.removeFirst(end + length) }
                        return String(decoding: unread[..<(end + length)], as: UTF8.self)
                    }
                }
                guard receive() else { return nil }
            }
        }

        /// - Returns: false when the client has gone.
        @discardableResult
        func send(_ text: String) -> Bool { send(Array(text.utf8)) }

        @discardableResult
        func send(_ bytes: [UInt8]) -> Bool {
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }

        /// Blocks until the client closes; what it sends meanwhile is dropped.
        func waitUntilClosed() {
            while receive() { unread = [] }
        }

        func close() {
            guard socket >= 0 else { return }
            shutdown(socket, Int32(SHUT_WR))
            _ = Foundation.close(socket)
            socket = -1
        }

        /// Closes so that the client sees a reset.
        func reset() {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            _ = Foundation.close(socket)
            socket = -1
        }

        private func receive() -> Bool {
            var chunk = [UInt8](repeating: 0, count: 16 << 10)
            let count = read(socket, &chunk, chunk.count)
            guard count > 0 else { return false }
            unread += chunk[..<count]
            return true
        }
    }
}

/// Something that happens once: a script's thread blocks on it, or a test awaits it.
final class Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let stream = AsyncStream<Void>.makeStream()

    func send() {
        semaphore.signal()
        stream.continuation.finish()
    }

    /// Blocks the thread of a script, for a minute at most, so that a failed test ends.
    func wait() { _ = semaphore.wait(timeout: .now() + 60) }

    func seen() async {
        for await _ in stream.stream {}
    }
}

#if canImport(Darwin)
    let streamSocket = SOCK_STREAM
#else
    let streamSocket = Int32(SOCK_STREAM.rawValue)
#endif

struct SocketFailure: Error {
    let call: String
    let code = errno
}

/// A listening socket on loopback or at `path`; the port is 0 for the latter.
func makeListener(path: String?, backlog: Int32) throws -> (socket: Int32, port: UInt16) {
    #if canImport(Darwin)
        let stream = SOCK_STREAM
    #else
        let stream = Int32(SOCK_STREAM.rawValue)
    #endif
    let listener = socket(path == nil ? AF_INET : AF_UNIX, stream, 0)
    guard listener >= 0 else { throw SocketFailure(call: "socket") }
    let bound = path.map { bindUnix(listener, $0) } ?? withAddress(port: 0) { bind(listener, $0, $1) }
    guard bound == 0 else { throw SocketFailure(call: "bind") }
    guard listen(listener, backlog) == 0 else { throw SocketFailure(call: "listen") }
    return (listener, path == nil ? localPort(listener) : 0)
}

/// Calls `body` with the address of `port` on 127.0.0.1.
func withAddress(port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
    }
}

/// How many of this process's sockets are connected to `port`: its clients' descriptors, whatever other tests do.
func descriptors(connectedTo port: UInt16) -> Int {
    (0..<Int32(4096)).count { descriptor in
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
        }
        return failed == 0 && Int32(address.sin_family) == AF_INET && UInt16(bigEndian: address.sin_port) == port
    }
}

private func bindUnix(_ socket: Int32, _ path: String) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
    }
}

private func localPort(_ socket: Int32) -> UInt16 {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
    }
    return UInt16(bigEndian: address.sin_port)
}
