import FrontDoor
import Routing
import SLO
import Storage
import Wire

/// What the cache has to do with one request: where its answer is kept, for how long, and what came of it.
struct Caching: Sendable {
    var use = CacheUse.off
    /// Why the cache is not asked, or the answer not stored.
    var why: CacheRefusal?
    /// Where the answer is kept; nil where the cache is off for this request.
    var slot: CacheSlot?
    /// Those who read the answer as it is made; nil where it came from the cache.
    var shared: SharedAnswer?
    /// Deployments that met a drill's fault on the way: what they answer is not for keeping.
    var tampered: Set<String> = []
    /// An answer that is too old, for when no route can give a new one.
    var spare: FoundAnswer?
    /// Nano-dollars that a stored or shared answer saved.
    var avoidedCost: Int64?
    /// What the stored answer took when it was made.
    var formerMicros: Int64?
    /// What the wait for another request's answer took of this one's deadline.
    var waited: Duration = .zero

    /// The client was given a stored answer, or another request's.
    var isServed: Bool { use == .hit || use == .stale || use == .joined }

    /// What the client did not have to wait; `total` is what it did wait.
    func savedMicros(total: Duration) -> Int64? { formerMicros.map { max(0, $0 - total.microseconds) } }
}

/// What a client asks, of whom and on what terms.
struct Asking: Sendable {
    let request: InboundRequest
    let chat: ChatRequest
    /// The model group that was named, and its fallbacks.
    let groups: [ModelGroup]

    init(_ request: InboundRequest, _ chat: ChatRequest, _ groups: [ModelGroup]) {
        self.request = request
        self.chat = chat
        self.groups = groups
    }

    /// The client's own limit in milliseconds.
    var ownLimit: Int? { request.header(.timeoutMilliseconds).flatMap(Int.init) }
    /// The client takes a place in the queue where no provider can be reached.
    var mayBeDeferred: Bool { request.header(.deferral)?.lowercased() == "allow" }
    var control: CacheControl { CacheControl(request.header(.cacheControl)) }
}

/// Where the answer to a request is kept, and on what terms.
struct CacheSlot: Sendable {
    /// SHA-256 of `CacheKeyText`.
    let key: [UInt8]
    let lifetime: CacheLifetime
    let control: CacheControl
    let isStream: Bool
    /// The client asked for the usage chunk of a stream.
    let wantsUsage: Bool
    /// The deployments whose answers are kept: not those of a fallback group, which are a makeshift.
    let deployments: Set<String>

    /// What two requests of one key must share to be given one answer's bytes.
    var shape: Shape { Shape(isStream: isStream, wantsUsage: isStream && wantsUsage) }

    struct Shape: Hashable, Sendable {
        let isStream: Bool
        let wantsUsage: Bool
    }
}

/// Why a request does not go through the cache, or its answer is not kept; the ledger's word.
enum CacheRefusal: Sendable, Equatable {
    case unsafe(Uncacheable)
    /// The client said so.
    case noStore
    /// A drill's probe tests providers; what comes through its fault may be garbled.
    case drill
    /// Larger than `max_entry_size`.
    case tooLarge
    /// A makeshift: from another group, of a shortened prompt, or put together from two deployments' parts.
    case makeshift

    var rawValue: String {
        switch self {
        case .unsafe(let reason): reason.rawValue
        case .noStore: "no_store"
        case .drill: "drill"
        case .tooLarge: "too_large"
        case .makeshift: "makeshift"
        }
    }
}

/// A stored answer that is the client's to have.
struct FoundAnswer: Sendable {
    let entry: CacheEntry
    let answer: StoredAnswer
    /// Since it was given for the first time.
    let age: Duration
    let freshness: CacheLifetime.Freshness
}
