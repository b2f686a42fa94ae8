#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Whether somebody could listen at `port` now, on 127.0.0.1 or another IPv4 address.
///
/// True where `host` is none: then only listening tells.
func portIsFree(_ port: Int, host: String = "127.0.0.1") -> Bool {
    inet_addr(host) == INADDR_NONE || boundPort(port, host: host) != nil
}

/// A port of 127.0.0.1 that nobody listens on; 0 when the system has none.
func freePort() -> Int { boundPort(0) ?? 0 }

private func boundPort(_ port: Int, host: String = "127.0.0.1") -> Int? {
    #if canImport(Darwin)
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    guard descriptor >= 0, let number = UInt16(exactly: port) else { return nil }
    defer { close(descriptor) }
    var reuse: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = number.bigEndian
    address.sin_addr.s_addr = inet_addr(host)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
    }
    guard isBound else { return nil }
    let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) == 0 }
    }
    return isKnown ? Int(UInt16(bigEndian: address.sin_port)) : nil
}
