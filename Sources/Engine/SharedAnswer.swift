import FrontDoor
import Storage
import Synchronization

/// An answer under way that several clients read: one asks for it, and all get its bytes as they come.
///
/// It goes on as long as one of them stays, whoever was first; when the last has left, its request is cancelled.
final class SharedAnswer: Sendable {
    /// The moment from which nobody waits.
    let departure = Departure()
    private let state: Mutex<State>

    private struct State {
        var head: OutboundResponse?
        var bytes: [UInt8] = []
        var isOver = false
        /// It did not come to its end.
        var isBroken = false
        var firstLeft: ContinuousClock.Instant?
        var record: RequestRecord?
        var readers: [Int: AsyncStream<Void>.Continuation] = [:]
        var joined = 0
        var errand: Task<Void, Never>?

        mutating func add() -> Reader {
            let (signals, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            joined += 1
            readers[joined] = wake
            wake.yield()
            return Reader(id: joined, signals: signals, wake: wake)
        }
    }

    /// One client's place.
    struct Reader: Sendable {
        fileprivate static let first = 1
        fileprivate let id: Int
        /// A sign that something may have come; ends with the client's leaving.
        fileprivate let signals: AsyncStream<Void>
        fileprivate let wake: AsyncStream<Void>.Continuation

        /// Ends the waiting.
        func leave() { wake.finish() }
    }

    private init() { state = Mutex(State()) }

    /// An answer that is yet to come, with its first reader.
    static func start() -> (SharedAnswer, Reader) {
        let answer = SharedAnswer()
        return (answer, answer.state.withLock { $0.add() })
    }

    /// A place among the readers; nil where the last has left, or nothing more will come.
    func join() -> Reader? {
        state.withLock { $0.isOver || $0.readers.isEmpty ? nil : $0.add() }
    }

    /// What makes the answer, to be cancelled when the last reader is stopped rather than leaves.
    func made(by errand: Task<Void, Never>) { state.withLock { $0.errand = errand } }

    // MARK: The one who asks

    func begin(_ head: OutboundResponse) { update { $0.head = head } }

    func add(_ bytes: [UInt8]) { update { $0.bytes += bytes } }

    func settled(_ record: RequestRecord) { state.withLock { $0.record = record } }

    /// Nothing more comes.
    func end(isBroken: Bool = false) { update { ($0.isOver, $0.isBroken) = (true, isBroken) } }

    private func update(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            return Array(state.readers.values)
        }
        for reader in waiting { reader.yield() }
    }

    /// What has come so far.
    var bytes: [UInt8] { state.withLock { $0.bytes } }
    var count: Int { state.withLock { $0.bytes.count } }
    /// How it was booked; nil before.
    var record: RequestRecord? { state.withLock { $0.record } }
    /// When the one who asked left, while others stayed; nil where it did not.
    var firstLeft: ContinuousClock.Instant? { state.withLock { $0.firstLeft } }

    /// The ending as the one who asked saw it.
    func seen(_ ending: Ending, _ journey: Journey) -> Ending {
        guard let firstLeft, ending.outcome == .complete else { return ending }
        var seen = ending
        seen.outcome = .cancelled
        if let firstToken = seen.firstToken, journey.acceptedAt + firstToken > firstLeft { seen.firstToken = nil }
        return seen
    }

    // MARK: Those who read

    /// Status and headers, as soon as they are known; nil where the reader's client leaves before.
    func head(_ reader: Reader) async -> OutboundResponse? {
        for await _ in reader.signals {
            if let head = state.withLock({ $0.head }) { return head }
        }
        return nil
    }

    /// What has come behind the first `count` bytes, waiting for some; nil where the client leaves before.
    ///
    /// - Throws: where the answer did not come to its end.
    func more(after count: Int, _ reader: Reader) async throws(BrokenAnswer) -> (bytes: [UInt8], isOver: Bool)? {
        repeat {
            let (bytes, isOver, isBroken) = state.withLock { (Array($0.bytes[count...]), $0.isOver, $0.isBroken) }
            if isBroken, bytes.isEmpty { throw BrokenAnswer() }
            if isOver || !bytes.isEmpty { return (bytes, isOver && !isBroken) }
            var signals = reader.signals.makeAsyncIterator()
            guard await signals.next() != nil else { return nil }
        } while true
    }

    /// Waits for its end, of which the reader is to be given nothing; gives up the place.
    func outlast(_ reader: Reader) async {
        for await _ in reader.signals where state.withLock({ $0.isOver }) { break }
        leave(reader)
    }

    /// Gives up the place; once a reader.
    func leave(_ reader: Reader) {
        let (isLast, errand) = state.withLock { state in
            state.readers[reader.id] = nil
            if reader.id == Reader.first, !state.isOver { state.firstLeft = .now }
            return (state.readers.isEmpty && !state.isOver, state.errand)
        }
        guard isLast else { return }
        if Task.isCancelled { errand?.cancel() }
        departure.leave()
    }
}

/// What several read ended before its end.
struct BrokenAnswer: Error {}

/// Writes for all who read.
struct SharedWriter: BodyWriter {
    /// More than any answer has: two times the largest of today's models, with some hundred bytes of frame a token.
    static let limit = 64 << 20
    let answer: SharedAnswer

    struct TooLarge: Error {}

    @concurrent mutating func write(_ bytes: [UInt8]) async throws {
        guard answer.count + bytes.count <= Self.limit else { throw TooLarge() }
        answer.add(bytes)
    }
}
