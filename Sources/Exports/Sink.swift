package import Upstream

/// One place outside that is told something: a pager or a service that collects calls.
///
/// This target turns values (`AlertNotice`, `CallRecord`, `Metrics`, ledger rows) into what others read, and delivers what
/// the outbox holds. It decides neither what is worth telling nor where it is kept: it never opens the ledger.
///
/// A sink is a value: what it says about an item is a pure function of it and of the time.
package protocol Sink: Sendable {
    /// Names its items in the outbox, across restarts; shown to people, so no address and no secret.
    var id: String { get }
    /// Items a request, at most.
    var batchLimit: Int { get }
    /// Shortest time between two requests.
    var spacing: Duration { get }
    /// What must not be shown, wherever an answer echoes it.
    var secrets: [String] { get }
    /// A request that delivers nothing, where sending an item twice does harm; else nil.
    ///
    /// After a request that may have arrived, the worker waits until this one is answered, and sends the item once more
    /// only.
    var probe: UpstreamRequest? { get }
    /// The request for the first items of `queue`, which is never empty.
    ///
    /// What follows them is there to be known, not to be sent.
    func prepare(_ queue: [OutboxItem], now: Int64) -> Parcel
    /// What a success complains about, on one line, such as a part that was not accepted; nil for nothing.
    func complaint(in body: [UInt8]) -> String?
}

extension Sink {
    package var probe: UpstreamRequest? { nil }
    package var spacing: Duration { .zero }
    package func complaint(in body: [UInt8]) -> String? { nil }
}

/// What becomes of the head of a queue.
package enum Parcel: Sendable {
    /// To be sent; it holds the first `count` items.
    case request(UpstreamRequest, count: Int)
    /// The first item is nothing that this sink can say.
    case unreadable
}

/// A sink's answer, as far as it matters here.
struct SinkAnswer: Equatable {
    enum Meaning: Equatable {
        /// The complaint, where there is one.
        case delivered(String?)
        /// The items are at fault; sending them again changes nothing.
        case itemRefused
        /// The key or the address is at fault: nothing gets through until a person mends it.
        case sinkRefused
        /// May pass by itself; the wait that was asked for.
        case later(Duration?)
        /// 500: the service chokes, on everything or on this.
        case choked
        /// No answer, and the request may have arrived.
        case unknown
    }
    var meaning: Meaning
    /// One line for people, free of secrets.
    var words: String
    /// The service is there and takes us for who we are.
    var isAlive: Bool {
        switch meaning {
        case .delivered, .itemRefused: true
        case .sinkRefused, .later, .choked, .unknown: false
        }
    }
}
