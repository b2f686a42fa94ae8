/// The state of one alert: of a rule, or of one of its subjects.
///
/// A value with no clock and no I/O: a reading and the time that passed go in, at most one notice comes out. Time is added
/// up and never read off a clock, so that clocks may jump.
package struct Alert: Equatable, Sendable, Codable {
    /// From the breach that fired it until it is resolved.
    package struct Episode: Equatable, Sendable, Codable {
        /// UTC milliseconds, to be shown; nothing is reckoned with it.
        package let firedAt: Int64
        /// As the rule had it then: all notices of an episode go the same way.
        package let severity: Severity
        package let drill: String?
        package internal(set) var acknowledgedBy: String?
        /// The pagers know of it; false while it was muted from the start.
        var isTold = false
        var isToldOfNoData = false
        /// Held clear for so long; nil when it isn't clear.
        var clear: Duration?
        /// Since the last proven breach.
        var unproven = Duration.zero

        init(firedAt: Int64, severity: Severity, drill: String?) {
            self.firedAt = firedAt
            self.severity = severity
            self.drill = drill
        }
    }

    /// What a person sees, in the words of the screen.
    package enum State: String, Sendable, Codable, CaseIterable {
        case noData = "no data"
        case tooFewSamples = "too few samples"
        case ok, firing, acknowledged
        /// Evaluated as ever, but silent; `episode` says whether it fires meanwhile.
        case muted
        /// Not long ago.
        case resolved
    }

    package let rule: String
    /// Empty for rules of the whole.
    package let subject: String
    package internal(set) var reading: AlertReading
    package private(set) var episode: Episode?
    /// Silence that is left; nil where it may speak.
    package private(set) var mute: Duration?
    /// When it came into its state: UTC milliseconds, to be shown; 0 before the first evaluation.
    package private(set) var since: Int64 = 0
    /// Since it was resolved; nil where that is long ago.
    private var sinceResolved: Duration?

    /// So long it shows as resolved.
    static let resolvedFor: Duration = .seconds(900)

    init(rule: String, subject: String) {
        self.rule = rule
        self.subject = subject
        reading = AlertReading(.noData, of: 0, .none)
    }

    package var id: String { subject.isEmpty ? rule : "\(rule):\(subject)" }

    package var state: State {
        if mute != nil { return .muted }
        if let episode { return episode.acknowledgedBy == nil ? .firing : .acknowledged }
        if sinceResolved != nil { return .resolved }
        switch reading.verdict {
        case .noData: return .noData
        case .tooFewSamples: return .tooFewSamples
        case .clear, .near, .breached: return .ok
        }
    }

    /// Nothing to remember: an alert of a subject is forgotten then.
    var isIdle: Bool { episode == nil && mute == nil && sinceResolved == nil }

    /// One evaluation.
    struct Tick {
        let wall: Int64
        let elapsed: Duration
        /// Nothing was seen for a while: nothing held clear meanwhile.
        let isAfterGap: Bool
        /// The windows may hold events of a time to which the clock was set back: nothing is decided.
        var isSettling = false
        let drill: String?
    }

    /// A notice in the making, with the episode that it is about, which may be over.
    struct News {
        let kind: AlertEffect.Kind
        let episode: Episode
    }

    /// Takes in a reading.
    /// - Returns: what the pagers must hear now.
    mutating func take(_ new: AlertReading, _ tick: Tick, _ rule: AlertRule) -> News? {
        let before = state
        defer { if since == 0 || state != before { since = tick.wall } }
        reading = new
        pass(tick.elapsed)
        if tick.isSettling { return nil }
        if new.verdict == .breached { return breach(tick, rule.severity) }
        guard let episode else { return nil }
        return hold(episode, tick, clearFor: rule.clearFor)
    }

    private mutating func pass(_ elapsed: Duration) {
        if let left = mute { mute = left > elapsed ? left - elapsed : nil }
        if let since = sinceResolved { sinceResolved = since + elapsed < Self.resolvedFor ? since + elapsed : nil }
    }

    private mutating func breach(_ tick: Tick, _ severity: Severity) -> News? {
        var current = episode ?? Episode(firedAt: tick.wall, severity: severity, drill: tick.drill)
        current.clear = nil
        current.unproven = .zero
        sinceResolved = nil
        let isNews = !current.isTold && mute == nil && current.acknowledgedBy == nil
        current.isTold = current.isTold || isNews
        episode = current
        return isNews ? News(kind: .fire, episode: current) : nil
    }

    /// Fired, and not breached now: over when it held clear for long enough, or when nothing has proved it for too long.
    ///
    /// In a gap nothing was proved either way: it counts for neither, and what held clear must begin anew.
    private mutating func hold(_ fired: Episode, _ tick: Tick, clearFor: Duration) -> News? {
        var current = fired
        let seen = tick.isAfterGap ? .zero : tick.elapsed
        current.unproven += seen
        if reading.verdict == .clear {
            current.clear = tick.isAfterGap ? .zero : current.clear.map { $0 + seen } ?? .zero
        } else {
            current.clear = nil
        }
        if let clear = current.clear, clear >= clearFor { return resolve(current, .mended) }
        if current.unproven >= AlertRule.unprovenFor { return resolve(current, .unproven) }
        let isNews =
            reading.verdict == .noData && !current.isToldOfNoData && current.isTold && mute == nil
            && current.acknowledgedBy == nil
        current.isToldOfNoData = current.isToldOfNoData || isNews
        episode = current
        return isNews ? News(kind: .update(.noData), episode: current) : nil
    }

    /// Ends the episode; told even while muted if it was told of before, so that no incident stays open at a pager.
    mutating func resolve(_ episode: Episode, _ how: AlertEffect.Resolution) -> News? {
        self.episode = nil
        sinceResolved = .zero
        return episode.isTold ? News(kind: .resolve(how), episode: episode) : nil
    }

    // MARK: What a person does

    /// Someone looks after it: nothing but its end is told any more.
    mutating func acknowledge(by person: String, at wall: Int64) throws(AlertRefusal) -> News? {
        guard var current = episode else { throw .notFiring }
        if let other = current.acknowledgedBy { throw .acknowledgedAlready(by: other) }
        current.acknowledgedBy = person
        since = wall
        episode = current
        return current.isTold ? News(kind: .update(.acknowledged(by: person)), episode: current) : nil
    }

    mutating func silence(for length: Duration, at wall: Int64) throws(AlertRefusal) {
        guard .zero < length, length <= Self.longestMute else { throw .muteOutOfRange }
        mute = length
        since = wall
    }

    /// Ends a mute early; what fires is told at the next evaluation.
    mutating func unmute() { mute = nil }

    /// A rule that nobody hears for longer should be taken out of the config.
    package static let longestMute: Duration = .seconds(7 * 86_400)
}

/// Why an alert can't be acknowledged or muted.
package enum AlertRefusal: Error, Equatable, Sendable {
    case unknown(String)
    case notFiring
    case acknowledgedAlready(by: String)
    case muteOutOfRange

    /// What is wrong and what to do.
    package var text: String {
        switch self {
        case .unknown(let id): "no alert \(id): the list of alerts has the names"
        case .notFiring: "it doesn't fire: there is nothing to acknowledge"
        case .acknowledgedAlready(let person): "\(person) has acknowledged it already"
        case .muteOutOfRange: "a mute lasts up to 7 days: give a duration such as 2h"
        }
    }
}
