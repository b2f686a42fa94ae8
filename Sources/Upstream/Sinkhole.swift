#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A door of this machine at which nobody ever answers: a black hole on every network.
///
/// The system itself takes connections to a listening socket, or, when its queue is full, drops them; as no program accepts
/// one, the TLS handshake never comes about, and whoever connects waits until its own limit.
package enum Sinkhole {
    /// `https://127.0.0.1:PORT/`, the same for the life of the process.
    ///
    /// Nil where the system gives no socket.
    package static let url: String? = port.map { "https://127.0.0.1:\($0)/" }

    private static let port: UInt16? = {
        #if canImport(Glibc)
            let stream = Int32(SOCK_STREAM.rawValue)
        #else
            let stream = SOCK_STREAM
        #endif
        let listener = socket(AF_INET, stream, 0)
        guard listener >= 0 else { return nil }
        _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 1) == 0 ? getsockname(listener, $0, &length) : -1
            }
        }
        guard code == 0 else {
            close(listener)
            return nil
        }
        return UInt16(bigEndian: address.sin_port)
    }()
}
