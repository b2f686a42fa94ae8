import Foundation
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a receiver does with one request.
package enum Reaction: Sendable {
    case answer(Int, headers: String = "", body: String = "")
    /// Reads and says nothing until the client goes.
    case stall
    /// Reads and resets the connection.
    case cut
    /// Says 200, promises more body than it sends, and goes.
    case cutInBody
}

/// One request as it came.
package struct Received: Sendable {
    package var head: String
    package var body: String
    /// The receiver said 2xx to it.
    package var isTaken: Bool

    package func header(_ name: String) -> String? {
        let lines = head.split(separator: "\r\n").dropFirst()
        let line = lines.first { $0.lowercased().hasPrefix(name + ":") }
        return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }
}

/// An HTTP receiver on a loopback port that reacts as its script says, request by request.
package final class Receiver: Sendable {
    package let port: UInt16
    private let listener: Int32
    private let log = Mutex<[Received]>([])
    private let react: @Sendable (Int, Received) -> Reaction

    /// `react` gets the number of the request, counted from 0.
    package init(_ react: @escaping @Sendable (Int, Received) -> Reaction) throws {
        signal(SIGPIPE, SIG_IGN)
        self.react = react
        (listener, port) = try listen()
        Thread { [self] in
            while case let socket = accept(listener, nil, nil), socket >= 0 {
                Thread { [self] in serve(socket) }.start()
            }
        }.start()
    }

    /// Reacts to the first requests as listed, then takes everything.
    package convenience init(_ reactions: [Reaction]) throws {
        try self.init { index, _ in index < reactions.count ? reactions[index] : .answer(200, body: "ok") }
    }

    package var received: [Received] { log.withLock(\.self) }
    package var taken: [Received] { received.filter(\.isTaken) }

    package func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        _ = close(listener)
    }

    private func serve(_ socket: Int32) {
        defer { _ = close(socket) }
        var unread: [UInt8] = []
        while var request = read(socket, &unread) {
            let reaction = log.withLock { log in
                let reaction = react(log.count, request)
                if case .answer(200..<300, _, _) = reaction { request.isTaken = true }
                if case .cutInBody = reaction { request.isTaken = true }
                log.append(request)
                return reaction
            }
            switch reaction {
            case .answer(let status, let headers, let body):
                let head = "HTTP/1.1 \(status) X\r\n\(headers)content-length: \(body.utf8.count)\r\n\r\n"
                send(socket, head + body)
            case .stall:
                var byte: UInt8 = 0
                while Foundation.read(socket, &byte, 1) > 0 {}
                return
            case .cut:
                var option = linger(l_onoff: 1, l_linger: 0)
                setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
                return
            case .cutInBody:
                send(socket, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nok")
                return
            }
        }
    }

    private func read(_ socket: Int32, _ unread: inout [UInt8]) -> Received? {
        while true {
            if let end = unread.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
                let head = String(decoding: unread[..<end], as: UTF8.self)
                let length = head.lowercased().firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
                if unread.count >= end + length {
                    defer { unread.removeFirst(end + length) }
                    let body = String(decoding: unread[end..<(end + length)], as: UTF8.self)
                    return Received(head: head, body: body, isTaken: false)
                }
                if head.lowercased().contains("expect: 100-continue"), unread.count == end {
                    send(socket, "HTTP/1.1 100 Continue\r\n\r\n")
                }
            }
            var chunk = [UInt8](repeating: 0, count: 64 << 10)
            let count = Foundation.read(socket, &chunk, chunk.count)
            guard count > 0 else { return nil }
            unread += chunk[..<count]
        }
    }

    private func send(_ socket: Int32, _ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            sent += count
        }
    }
}

package struct SocketFailure: Error {
    let call: String
    let code = errno
}

private func listen() throws -> (socket: Int32, port: UInt16) {
    #if canImport(Darwin)
        let stream = SOCK_STREAM
    #else
        let stream = Int32(SOCK_STREAM.rawValue)
    #endif
    let listener = socket(AF_INET, stream, 0)
    guard listener >= 0 else { throw SocketFailure(call: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failed = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(listener, address, size) != 0 || listen(listener, 64) != 0
                || getsockname(listener, address, &size) != 0
        }
    }
    guard !failed else { throw SocketFailure(call: "bind, listen or getsockname") }
    return (listener, UInt16(bigEndian: address.sin_port))
}
