import Foundation
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A blocking TCP client that sees what is on the wire and nothing else.
final class RawClient {
    /// How reading ended.
    enum End: Equatable {
        case closed
        case reset
        /// Nothing came for a while, with the connection open.
        case silent
    }

    private let descriptor: Int32
    private var isOpen = true

    /// - Throws: `POSIXError`, with `ECONNREFUSED` where nobody listens.
    init(port: Int) throws {
        #if canImport(Darwin)
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #else
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        #if canImport(Darwin)
            var yes: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result != 0 {
            let code = errno
            close()
            throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
        }
    }

    deinit { close() }

    func close() {
        #if canImport(Darwin)
            if isOpen { _ = Darwin.close(descriptor) }
        #else
            if isOpen { _ = Glibc.close(descriptor) }
        #endif
        isOpen = false
    }

    func send(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            #if canImport(Darwin)
                let sent = bytes.withUnsafeBytes { Darwin.send(descriptor, $0.baseAddress, $0.count, 0) }
            #else
                let sent = bytes.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
            #endif
            guard sent > 0 else { return }
            bytes = bytes.dropFirst(sent)
        }
    }

    /// Reads until the peer ends, `isEnough` of the text so far says so, or nothing comes for `patience`.
    func read(patience: Duration = .seconds(20), until isEnough: (String) -> Bool = { _ in false }) -> (String, End) {
        var limit = timeval()
        limit.tv_sec = Int(patience.components.seconds)
        limit.tv_usec = .init(patience.components.attoseconds / 1_000_000_000_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                text += buffer[..<count]
                if isEnough(String(decoding: text, as: UTF8.self)) {
                    return (String(decoding: text, as: UTF8.self), .silent)
                }
                continue
            }
            let end: End = count == 0 ? .closed : errno == ECONNRESET ? .reset : .silent
            return (String(decoding: text, as: UTF8.self), end)
        }
    }
}

/// One answer as it lay on the wire.
struct WireAnswer {
    var raw: String
    var end: RawClient.End
    var status: Int?
    var headers: [String: String] = [:]
    /// Without chunk framing.
    var body = ""
    /// True where length or last chunk say that nothing is missing.
    var isWhole = false

    init(_ raw: String, _ end: RawClient.End) {
        self.raw = raw
        self.end = end
        guard let split = raw.range(of: "\r\n\r\n") else { return }
        let lines = raw[..<split.lowerBound].components(separatedBy: "\r\n")
        status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) }
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let rest = String(raw[split.upperBound...])
        if headers["transfer-encoding"] == "chunked" {
            (body, isWhole) = Self.dechunked(rest)
        } else {
            body = rest
            isWhole = headers["content-length"] == "\(rest.utf8.count)"
        }
    }

    /// Data lines of an event stream.
    var events: [String] {
        body.components(separatedBy: "\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
    }
    var documents: [[String: Any]] { events.compactMap(Self.object) }
    var document: [String: Any] { Self.object(body) ?? [:] }
    /// The texts of OpenAI's content deltas.
    var pieces: [String] {
        documents.compactMap { chunk in
            let choice = (chunk["choices"] as? [[String: Any]])?.first
            let text = (choice?["delta"] as? [String: Any])?["content"] as? String
            return text == "" ? nil : text
        }
    }
    var finishes: [String] {
        documents.compactMap { ($0["choices"] as? [[String: Any]])?.first?["finish_reason"] as? String }
    }
    /// The text of OpenAI's document.
    var text: String? {
        let choice = (document["choices"] as? [[String: Any]])?.first
        return (choice?["message"] as? [String: Any])?["content"] as? String
    }
    var finish: String? { (document["choices"] as? [[String: Any]])?.first?["finish_reason"] as? String }
    var usage: [String: Any] { document["usage"] as? [String: Any] ?? [:] }
    var error: [String: Any] { document["error"] as? [String: Any] ?? [:] }

    static func object(_ text: String) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
    }

    private static func dechunked(_ text: String) -> (String, Bool) {
        var rest = Array(text.utf8)[...]
        var body: [UInt8] = []
        while let end = rest.firstIndex(of: 13) {
            guard let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16) else { break }
            if size == 0 { return (String(decoding: body, as: UTF8.self), true) }
            body += rest.dropFirst(end - rest.startIndex + 2).prefix(size)
            rest = rest.dropFirst(end - rest.startIndex + 2 + size + 2)
        }
        return (String(decoding: body, as: UTF8.self), false)
    }
}
