#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One thing that answers chat completions on a port of this machine.
struct Server {
    let name: String
    let process: ChildProcess
    let port: Int
    /// Of each request, beside the usual ones: lines with their ends.
    var headers = ""
}

extension Workshop {
    /// The upstream, called directly.
    func startUpstream() throws -> Server {
        let process = try startOwn("upstream")
        let words = process.read(within: .seconds(10)) ?? []
        guard let port = Int(String(decoding: words, as: UTF8.self).filter(\.isNumber)) else {
            throw BenchError("the upstream did not start: \(errors)")
        }
        return Server(name: "direct", process: process, port: port)
    }

    /// nginx as a plain proxy in front of `upstream`; nil where it is not installed.
    func startNginx(_ upstream: Server) throws -> Server? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") + ["/usr/sbin"]
        let paths: [String] = folders.map { "\($0)/nginx" }
        guard let path = paths.first(where: { access($0, X_OK) == 0 }) else { return nil }
        let folder = try makeFolder("nginx")
        let port = freePort()
        let config = """
            daemon off;
            master_process off;
            pid \(folder)/pid;
            error_log stderr error;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path \(folder)/body;
                proxy_temp_path \(folder)/proxy;
                fastcgi_temp_path \(folder)/fastcgi;
                uwsgi_temp_path \(folder)/uwsgi;
                scgi_temp_path \(folder)/scgi;
                keepalive_requests 10000000;
                upstream provider { server 127.0.0.1:\(upstream.port); keepalive 64; keepalive_requests 10000000; }
                server {
                    listen 127.0.0.1:\(port);
                    location / {
                        proxy_pass http://provider;
                        proxy_http_version 1.1;
                        proxy_set_header connection "";
                        proxy_buffering off;
                    }
                }
            }
            """
        try Data(config.utf8).write(to: URL(fileURLWithPath: "\(folder)/nginx.conf"))
        let process = try start([path, "-p", folder, "-c", "\(folder)/nginx.conf"])
        try awaitAnswer(process, port: port)
        return Server(name: "nginx", process: process, port: port)
    }

    /// `nines serve` in front of `upstream`, with a database of its own; `cache` is a line of its config.
    func startNines(_ upstream: Server, name: String = "nines", cache: String = "cache: off") throws -> Server {
        let folder = try makeFolder(name)
        let port = freePort()
        let config = """
            model_list:
              - model_name: bench
                litellm_params:
                  model: openai/bench
                  api_base: http://127.0.0.1:\(upstream.port)/v1
                  api_key: os.environ/BENCH_KEY
            nines:
              listen: 127.0.0.1:\(port)
              database: \(folder)/nines.db
              \(cache)
            """
        try Data(config.utf8).write(to: URL(fileURLWithPath: "\(folder)/nines.yaml"))
        var environment = ninesEnvironment(folder)
        environment["BENCH_KEY"] = "sk-bench-upstream"
        let process = try start([nines, "serve", "--config", "\(folder)/nines.yaml"], environment: environment)
        try awaitAnswer(process, port: port)
        return Server(name: name, process: process, port: port)
    }

    /// Keeps everything that nines writes within `folder`.
    func ninesEnvironment(_ folder: String) -> [String: String] {
        ["HOME": folder, "XDG_RUNTIME_DIR": folder, "XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder]
    }

    /// Tries until a chat completion is answered with 200.
    private func awaitAnswer(_ process: ChildProcess, port: Int) throws {
        let deadline = monotonicNanoseconds() + 10_000_000_000
        while !isAnswered(port: port) {
            guard monotonicNanoseconds() < deadline, !process.hasGone else {
                throw BenchError("no answer on port \(port): \(errors)")
            }
            usleep(500)
        }
    }
}

/// Whether a chat completion on `port` is answered with 200 now.
private func isAnswered(port: Int) -> Bool {
    guard let connection = connectedSocket(port: port) else { return false }
    defer { close(connection) }
    let body = #"{"model":"bench","messages":[{"role":"user","content":"hello"}]}"#
    let request =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
    let sent = Array(request.utf8)
    guard send(connection, sent, sent.count, 0) == sent.count else { return false }
    var answer = [UInt8](repeating: 0, count: 4096)
    return recv(connection, &answer, answer.count, 0) > 12 && answer.starts(with: "HTTP/1.1 200".utf8)
}

private func connectedSocket(port: Int) -> Int32? {
    let descriptor = streamSocket()
    guard descriptor >= 0 else { return nil }
    var address = loopback(port: port)
    let code = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard code == 0 else {
        close(descriptor)
        return nil
    }
    return descriptor
}

/// A port of this machine that nobody listens on; 0 when the system has none.
func freePort() -> Int {
    let descriptor = streamSocket()
    defer { close(descriptor) }
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
        }
    }
    return code == 0 ? Int(UInt16(bigEndian: address.sin_port)) : 0
}

private func streamSocket() -> Int32 {
    #if canImport(Darwin)
        socket(AF_INET, SOCK_STREAM, 0)
    #else
        socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
}

private func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return address
}
