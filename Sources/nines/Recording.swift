import ArgumentParser
import Console
import Engine
import Foundation
import Settings
import Synchronization
import Terminal

struct RecordOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Record what the screen is told, for 'nines replay'.", valueName: "file"))
    var record: String?

    /// - Throws: where the file exists, or can't be made.
    func recorder() throws -> Recorder? { try record.map { try Recorder(path: $0) } }
}

/// Writes what a console is told to a file, for its owner alone: one snapshot a line, as JSON, one a second at most.
final class Recorder: Sendable {
    private struct State {
        var file: FileHandle?
        var last = Int64.min
    }
    private let state: Mutex<State>
    private let path: String

    init(path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw Failure("\(path) exists already: name a new file for the recording")
        }
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Failure("can't write \(path): is its folder there, and may you write in it?") }
        self.path = path
        state = Mutex(State(file: file))
    }

    /// A disk that is full ends the recording, not the console.
    func write(_ snapshot: EngineSnapshot) {
        state.withLock { state in
            guard let file = state.file, snapshot.takenAt >= state.last + 1_000 || snapshot.takenAt < state.last,
                let line = try? JSONEncoder().encode(snapshot)
            else { return }
            state.last = snapshot.takenAt
            do {
                try file.write(contentsOf: line + [UInt8(ascii: "\n")])
            } catch {
                state.file = nil
            }
        }
    }
}

/// Snapshots of a recording, one after the other.
struct Recording {
    private let path: String
    private let lines: [Data.SubSequence]

    /// - Throws: where the file can't be read, or holds no snapshot.
    init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure("can't read \(path): is it there, and may you read it?")
        }
        self.path = path
        // Where it was killed in the middle of a line, that one is not there.
        let whole = data.lastIndex(of: UInt8(ascii: "\n")) ?? data.startIndex
        lines = data[..<whole].split(separator: UInt8(ascii: "\n"))
        guard !lines.isEmpty else { throw Failure("\(path) holds no whole line: there is nothing to replay") }
        _ = try snapshot(0)
        _ = try snapshot(lines.count - 1)
    }

    var count: Int { lines.count }

    func snapshot(_ index: Int) throws -> EngineSnapshot {
        do {
            return try JSONDecoder().decode(EngineSnapshot.self, from: Data(lines[index]))
        } catch {
            throw Failure(
                "\(path):\(index + 1): no snapshot of nines \(ninesVersion): record with 'nines attach --record FILE'"
            )
        }
    }
}

/// The time of a recording, at `speed` times its pace; it stands still at the last snapshot that was shown.
private final class ReplayClock: Sendable {
    private struct State {
        var shown: Int64
        var since = ContinuousClock.now
        var next: Int64
    }
    private let state: Mutex<State>
    private let speed: Double

    init(at time: Int64, speed: Double) {
        self.speed = speed
        state = Mutex(State(shown: time, next: time))
    }

    func show(_ time: Int64, next: Int64) { state.withLock { $0 = State(shown: time, next: max(time, next)) } }

    var now: Int64 {
        state.withLock { state in
            let passed = (ContinuousClock.now - state.since) / .milliseconds(1) * speed
            return min(state.next, state.shown + Int64(passed))
        }
    }
}

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "The console over a recorded session ('--record FILE' of run, attach and demo). Nothing can be changed."
    )
    @Argument(help: ArgumentHelp("The recording.", valueName: "file")) var file: String
    @Option(help: "How many times as fast as it went.") var speed = 1.0
    @OptionGroup var options: CommonOptions

    func validate() throws {
        guard speed >= 0.1, speed <= 1_000 else { throw ValidationError("--speed takes a number from 0.1 to 1000") }
    }

    @MainActor
    func run() async throws {
        let surroundings = Surroundings()
        let recording = try Recording(path: file)
        let clock = ReplayClock(at: try recording.snapshot(0).takenAt, speed: speed)
        let theme = (try? surroundings.config(options, purpose: .check, isQuiet: true))?.theme ?? Themes.defaultName
        let session = ConsoleSession(
            surroundings: surroundings,
            isAttached: true,
            theme: theme,
            errorLog: nil,
            readOnly: true,
            now: { clock.now }
        )
        if let obstacle = session.obstacle { throw Failure("\(obstacle)") }
        let mailbox = try Mailbox()
        let speed = speed
        let feed = Task.detached {
            do {
                var snapshot = try recording.snapshot(0)
                for index in 0..<recording.count {
                    let next = index + 1 < recording.count ? try recording.snapshot(index + 1) : nil
                    clock.show(snapshot.takenAt, next: next?.takenAt ?? snapshot.takenAt)
                    mailbox.post(.snapshot(snapshot))
                    guard let next else { break }
                    // A machine that slept while it recorded is not slept through again.
                    let gap = min(max(0, next.takenAt - snapshot.takenAt), 10_000)
                    try await Task.sleep(for: .milliseconds(Double(gap) / speed))
                    snapshot = next
                }
                mailbox.post(.reply(CommandReply(ok: true, message: "the recording ends here; q leaves")))
            } catch is CancellationError {
            } catch {
                mailbox.stop(reason: .asked("\(error)"))
            }
        }
        let stop = try session.run(mailbox) { _ in }
        feed.cancel()
        try conclude(stop)
    }
}
