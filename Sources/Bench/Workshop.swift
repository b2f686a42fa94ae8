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

/// The temporary folder of one run and the children that live in it; both are gone when the bench is, however it ends.
final class Workshop {
    let folder: String
    let nines: String
    private let keeper: ChildProcess
    private let ownPath: String
    private var children: [ChildProcess] = []

    init(nines: String) throws {
        self.nines = nines
        var template = Array((ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp").utf8CString.dropLast())
        template += Array("/nines-bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw BenchError("can't make a folder for temporary files: set TMPDIR") }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let name = CommandLine.arguments.first ?? ""
        ownPath = name.contains("/") ? name : "/proc/self/exe"
        keeper = try ChildProcess([ownPath, "keeper", folder], environment: [:], channel: .keyboard, errors: nil)
    }

    /// A folder of its own within the run's.
    func makeFolder(_ name: String) throws -> String {
        let path = "\(folder)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Starts `arguments` with nothing of our environment but `PATH`, and what it says on standard error in a file.
    func start(
        _ arguments: [String],
        environment: [String: String] = [:],
        channel: ChildProcess.Channel = .none
    ) throws -> ChildProcess {
        let base = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": folder, "TMPDIR": folder]
        let child = try ChildProcess(
            arguments,
            environment: base.merging(environment) { $1 },
            channel: channel,
            errors: "\(folder)/errors"
        )
        keeper.write("\(child.id)\n")
        children.append(child)
        return child
    }

    /// This program again, with another command.
    func startOwn(_ command: String) throws -> ChildProcess { try start([ownPath, command], channel: .output) }

    func end(_ child: ChildProcess) {
        child.end()
        forget(child)
    }

    func kill(_ child: ChildProcess) {
        child.kill()
        forget(child)
    }

    private func forget(_ child: ChildProcess) {
        keeper.write("-\(child.id)\n")
        children.removeAll { $0 === child }
    }

    /// The last words of a child that failed.
    var errors: String {
        let text = (try? String(contentsOfFile: "\(folder)/errors", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(3).joined(separator: "; ")
    }

    func close() {
        for child in children { end(child) }
        keeper.hangUp()
        keeper.wait()
    }
}
