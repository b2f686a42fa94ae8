/// The first drill: revoke the primary's key, watch the failover, restore, report.
///
/// A value with no clock and no I/O: events go in with the time since the drill opened, effects come out. One law holds
/// over every sequence of events: whatever was revoked is restored before the drill ends.
package struct KeyDrill: Equatable, Sendable {
    package enum Phase: String, Sendable, Codable {
        case ready, induced, failedOver, restoring, restored, aborted
    }

    package enum Event: Equatable, Sendable {
        case induce, restore, abort, close
        /// The primary refused the key.
        case refusalSeen
        /// Another deployment answered in its place.
        case failoverSeen
        /// The primary answered.
        case primaryAnswered
        /// The lease ran out: the router has restored by itself.
        case leaseExpired
        /// A request ended while the fault was in.
        case requestSettled(wasFailedOver: Bool, wasLost: Bool)
    }

    package enum Effect: Equatable, Sendable {
        case revokeKey, restoreKey, writeReport, end
    }

    /// Why an event changes nothing, for the person who caused it.
    package struct Refusal: Error, Equatable, Sendable {
        package let reason: String
    }

    package struct Entry: Equatable, Sendable {
        /// Since the drill opened.
        package let at: Duration
        /// `auto` for what was sensed, `oper` for what a person did.
        package let source: String
        package let text: String
    }

    package let id: String
    /// Deployment whose key is revoked, and the key's name.
    package let target: String
    package let credential: String
    package private(set) var phase = Phase.ready
    package private(set) var timeline: [Entry] = []
    package private(set) var inducedAt: Duration?
    package private(set) var detectedAt: Duration?
    package private(set) var failedOverAt: Duration?
    package private(set) var restoredAt: Duration?
    package private(set) var recoveredAt: Duration?
    package private(set) var requests = 0
    package private(set) var failedOver = 0
    package private(set) var lost = 0
    package private(set) var isOver = false

    package init(id: String, target: String, credential: String) {
        self.id = id
        self.target = target
        self.credential = credential
        note(.zero, "auto", "drill opened: revoke \(credential), the key of \(target)")
    }

    package var isFaultIn: Bool { phase == .induced || phase == .failedOver }

    /// Moves the drill on.
    /// - Returns: what must be done now, in this order.
    /// - Throws: `Refusal` where a person asks for what can't be done now; what was only sensed is never refused, and
    ///   neither is an abort, which is nothing where nothing is left to abort.
    package mutating func handle(_ event: Event, at time: Duration) throws(Refusal) -> [Effect] {
        if isOver {
            guard [.induce, .restore, .close].contains(event) else { return [] }
            throw Refusal(reason: "this drill is over: open a new one")
        }
        switch event {
        case .induce: return try induce(time)
        case .restore: return try restore(time)
        case .abort: return abort(time)
        case .close: return try close(time)
        case .leaseExpired: return expire(time)
        case .refusalSeen, .failoverSeen, .primaryAnswered:
            let before = phase
            sense(event, time)
            return phase == .restored && before != .restored ? [.writeReport] : []
        case .requestSettled(let wasFailedOver, let wasLost):
            guard isFaultIn else { break }
            requests += 1
            if wasFailedOver { failedOver += 1 }
            if wasLost { lost += 1 }
        }
        return []
    }

    private mutating func induce(_ time: Duration) throws(Refusal) -> [Effect] {
        guard phase == .ready else {
            throw Refusal(reason: "the key was revoked already: this drill is \(phase.rawValue)")
        }
        phase = .induced
        inducedAt = time
        note(time, "oper", "key \(credential) revoked in the router's memory")
        return [.revokeKey]
    }

    private mutating func restore(_ time: Duration) throws(Refusal) -> [Effect] {
        guard isFaultIn else { throw Refusal(reason: "nothing is broken: this drill is \(phase.rawValue)") }
        phase = .restoring
        restoredAt = time
        note(time, "oper", "key \(credential) restored; waiting for \(target) to answer")
        return [.restoreKey]
    }

    private mutating func abort(_ time: Duration) -> [Effect] {
        let wasIn = isFaultIn
        guard phase != .aborted, phase != .restored else { return [] }
        phase = .aborted
        restoredAt = restoredAt ?? (wasIn ? time : nil)
        note(time, "oper", wasIn ? "aborted: key \(credential) restored at once" : "aborted")
        return (wasIn ? [.restoreKey] : []) + [.writeReport]
    }

    private mutating func close(_ time: Duration) throws(Refusal) -> [Effect] {
        guard !isFaultIn else { throw Refusal(reason: "restore the key first") }
        let needsReport = phase == .restoring
        isOver = true
        note(time, "oper", "drill closed")
        return needsReport ? [.writeReport, .end] : [.end]
    }

    private mutating func expire(_ time: Duration) -> [Effect] {
        guard isFaultIn else { return [] }
        phase = .restoring
        restoredAt = time
        note(time, "auto", "the lease ran out: key \(credential) restored")
        return [.restoreKey]
    }

    private mutating func sense(_ event: Event, _ time: Duration) {
        switch event {
        case .refusalSeen where isFaultIn && detectedAt == nil:
            detectedAt = time
            note(time, "auto", "first refusal: \(target) answers 401, key benched")
        case .failoverSeen where isFaultIn && failedOverAt == nil:
            failedOverAt = time
            phase = .failedOver
            note(time, "auto", "first failed-over success")
        case .primaryAnswered where phase == .restoring:
            recoveredAt = time
            phase = .restored
            note(time, "auto", "\(target) answers again")
        default: break
        }
    }

    private mutating func note(_ time: Duration, _ source: String, _ text: String) {
        timeline.append(Entry(at: time, source: source, text: text))
    }
}
