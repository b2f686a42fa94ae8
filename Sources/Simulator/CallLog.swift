extension SimulatedProvider {
    /// One request that reached a simulated provider.
    package struct Call: Sendable {
        package enum Ending: Sendable, Hashable {
            case underWay
            case complete
            /// By the fault that was in.
            case brokenByProvider
            /// The client left before the end, or the provider was stopped.
            case peerHungUp
        }

        package let at: ContinuousClock.Instant
        package let method: String
        package let path: String
        /// The key's last four characters; nil without a key or where it has no more than eight.
        package let keyTail: String?
        /// The fault that struck it.
        package let fault: ProviderFault?
        /// As the body says; nil where the provider did not read it.
        package internal(set) var model: String?
        package internal(set) var streams = false
        /// What it was answered; nil for nothing at all.
        package internal(set) var status: Int?
        package internal(set) var ending = Ending.underWay
        /// From the request's last byte; zero while under way.
        package internal(set) var duration = Duration.zero

        init(at: ContinuousClock.Instant, method: String, path: String, key: String?, fault: ProviderFault?) {
            self.at = at
            self.method = method
            self.path = path
            self.keyTail = key.flatMap { $0.count > 8 ? String($0.suffix(4)) : nil }
            self.fault = fault
        }
    }
}

/// The calls of one provider by arrival number, the oldest dropped in large pieces.
struct CallLog {
    private(set) var calls: [SimulatedProvider.Call] = []
    private var dropped = 0

    var count: Int { dropped + calls.count }

    /// Gives the call's number, counted from 0.
    mutating func append(_ call: SimulatedProvider.Call) -> Int {
        if calls.count == 2 * Self.kept {
            calls.removeFirst(Self.kept)
            dropped += Self.kept
        }
        calls.append(call)
        return count - 1
    }

    /// Does nothing for a call that was dropped.
    mutating func update(_ ordinal: Int, _ change: (inout SimulatedProvider.Call) -> Void) {
        let index = ordinal - dropped
        if calls.indices.contains(index) { change(&calls[index]) }
    }

    private static let kept = 10_000
}
