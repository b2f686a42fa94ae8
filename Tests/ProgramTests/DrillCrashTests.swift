import Foundation
import Testing

/// A program that is killed in the middle of a drill, started again on the same database.
struct DrillCrashTests {
    /// Before anything broke, with the fault in, and while it was being verified.
    @Test("kill -9 leaves nothing broken behind")
    func kill() async throws {
        let program = try Program()
        defer { program.close() }
        var running = try await Running(program)
        defer { running.kill() }
        for step in ["hypothesis", "effective", "alert", "fault-out", "summary"] {
            try await running.post("open", ["scenario": "revoke-key", "compressed": true])
            try await running.goOn(to: step)
            let id = try #require(try running.drill()?["id"] as? String)
            running.kill()
            running = try await Running(program)
            // The first snapshot that can be had at all says so.
            let drill = try #require(try running.drill(), "\(step)")
            #expect(drill["id"] as? String == id)
            #expect(drill["isFaultIn"] as? Bool == false)
            #expect(step == "summary" || drill["ending"] as? String == "interrupted", "\(step)")
            try await running.goOn(to: nil)
            let verified = try program.run(["drill", "verify", id, "--db", running.database])
            #expect(verified.code == 0, "\(verified.out)\(verified.err)")
            #expect(verified.out.contains("journal"))
        }
        let list = try program.run(["drill", "list", "--db", running.database])
        #expect(list.code == 0 && list.out.contains("streak 0"))
    }

    @Test func theScriptIsPrinted() throws {
        let program = try Program()
        defer { program.close() }
        let sop = try program.run(["drill", "sop"])
        #expect(sop.code == 0 && sop.out.contains("## pre-checks") && sop.out.contains("Operator, put the fault in."))
        #expect(try program.run(["drill", "show", "no-such-drill"]).code == 1)
    }
}

/// The demo without a screen, and its control socket.
private struct Running {
    let database: String
    private let process: Process
    private let socket: String

    init(_ program: Program) async throws {
        database = program.folder.appendingPathComponent("crash.db").path
        let port = 20_000 + Int.random(in: 0..<20_000)
        process = Process()
        process.executableURL = URL(fileURLWithPath: try Program.path())
        process.arguments = ["demo", "--headless", "--rps", "20", "--port", "\(port)", "--db", database]
        process.environment = program.environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        socket = program.folder.appendingPathComponent("nines/\(port).sock").path
        try process.run()
        let limit = ContinuousClock.now + .seconds(120)
        while (try? snapshot()) == nil {
            guard process.isRunning, ContinuousClock.now < limit else {
                throw Program.Failed(description: "the demo never answered on \(socket)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func drill() throws -> [String: Any]? { try snapshot()["drill"] as? [String: Any] }

    func snapshot() throws -> [String: Any] { try call("GET", "/snapshot", body: Data()).body }

    @discardableResult
    func post(_ name: String, _ fields: [String: Any], mayFail: Bool = false) async throws -> Bool {
        let body = try JSONSerialization.data(withJSONObject: fields.merging(["by": "ana"]) { $1 })
        let answer = try call("POST", "/drill/\(name)", body: body)
        guard answer.status == 200 || mayFail else {
            throw Program.Failed(description: "\(name) \(fields): \(answer.body)")
        }
        return answer.status == 200
    }

    private static let skips: Set = [
        "baseline", "success-held", "latency-held", "success-back", "latency-back", "alert-resolved", "acknowledged",
    ]

    /// Does every step until the one of that id; nil: to the end.
    func goOn(to id: String?) async throws {
        let limit = ContinuousClock.now + .seconds(240)
        while let step = try drill()?["step"] as? [String: Any], let name = step["id"] as? String, name != id {
            guard ContinuousClock.now < limit else { throw Program.Failed(description: "stuck at \(step)") }
            switch step["kind"] as? String {
            case "confirm":
                let choices = step["choices"] as? [String] ?? []
                let isNumber = step["answer"] as? String == "number"
                try await post("confirm", ["step": name, "value": isNumber ? "4" : choices.first ?? "as expected"])
            case "act": try await post("act", ["step": name])
            default:
                if name == "roles" {
                    for role in ["lead", "operator", "scribe"] {
                        try await post("assign", ["role": role, "name": "ana"])
                    }
                } else if Self.skips.contains(name) {
                    try await post("skip", ["step": name, "reason": "no time"], mayFail: true)
                } else {
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
        }
    }

    /// One request over the socket, with a connection of its own.
    private func call(_ method: String, _ path: String, body: Data) throws -> (status: Int, body: [String: Any]) {
        #if canImport(Darwin)
            let kind = SOCK_STREAM
        #else
            let kind = Int32(SOCK_STREAM.rawValue)
        #endif
        let descriptor = Foundation.socket(AF_UNIX, kind, 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.utf8.prefix($0.count - 1)) }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else { throw Program.Failed(description: "nobody on \(socket)") }
        let head =
            "\(method) \(path) HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
            + "content-type: application/json\r\ncontent-length: \(body.count)\r\n\r\n"
        let request = Array(head.utf8) + Array(body)
        guard request.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == request.count else {
            throw Program.Failed(description: "can't write to \(socket)")
        }
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            answer.append(contentsOf: buffer[..<count])
        }
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)),
            let status = String(decoding: answer.prefix(16), as: UTF8.self).split(separator: " ").dropFirst().first,
            let json = try JSONSerialization.jsonObject(with: answer[end.upperBound...]) as? [String: Any]
        else { throw Program.Failed(description: "no answer to \(path)") }
        return (Int(status) ?? 0, json)
    }
}
