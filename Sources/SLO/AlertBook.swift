/// All alerts: rules, and how each of them stands.
///
/// At every tick (60 s) and on events that a rule is about, the engine reads `windows` from the ledger, calls `evaluate`,
/// stores `state` and the notices in one transaction, and leaves the notices to the pagers. A restart gives `state` back to
/// `init`: what had fired goes on without being told twice.
package struct AlertBook: Sendable {
    /// What outlives a restart.
    package struct State: Equatable, Sendable, Codable {
        var clock = AlertClock()
        var alerts: [Alert] = []
        package init() {}
    }

    /// What an evaluation asks for.
    package struct Outcome: Equatable, Sendable {
        /// In the order in which they must be delivered.
        package var effects: [AlertEffect] = []
        /// Time before this evaluation in which Nines saw nothing.
        package var gap: AlertClock.Gap?
    }

    /// At most so many subjects of one rule have an alert: further ones wait, so that ten thousand features that drift at
    /// once are no storm.
    package static let mostSubjects = 50

    package let rules: [AlertRule]
    /// Trailing windows that the rules look at, shortest first, none twice.
    package let windows: [Duration]
    private var clock: AlertClock
    /// Of rules judged as a whole: the one of `rules[i]` at `i`; those of rules with subjects stay unused.
    private var whole: [Alert]
    /// By rule's index, then subject.
    private var bySubject: [[String: Alert]]
    /// Of rules that the config no longer has.
    private var orphans: [Alert]

    package init(rules: [AlertRule], state: State = State()) {
        self.rules = rules
        windows = Set(rules.flatMap(\.windows)).sorted()
        clock = state.clock
        whole = rules.map { Alert(rule: $0.name, subject: "") }
        bySubject = rules.map { _ in [:] }
        orphans = []
        for alert in state.alerts {
            guard
                let index = rules.firstIndex(where: { $0.name == alert.rule && $0.hasSubjects != alert.subject.isEmpty }
                )
            else {
                orphans.append(alert)
                continue
            }
            if alert.subject.isEmpty { whole[index] = alert } else { bySubject[index][alert.subject] = alert }
        }
    }

    package var state: State {
        var state = State()
        state.clock = clock
        state.alerts = alerts.map(\.alert) + orphans
        return state
    }

    /// One row of the alerts' pane: a rule and how it stands.
    package struct Row: Equatable, Sendable {
        package let rule: AlertRule
        package let alert: Alert
    }

    /// In the order of the rules, subjects by name; a rule with subjects has none while nothing is wrong.
    package var alerts: [Row] {
        rules.indices.flatMap { index in
            let rule = rules[index]
            guard rule.hasSubjects else { return [Row(rule: rule, alert: whole[index])] }
            return bySubject[index].values.sorted { $0.subject < $1.subject }.map { Row(rule: rule, alert: $0) }
        }
    }

    /// Texts of the pages that fire, muted and acknowledged ones included: what stops a release.
    package var firingPages: [String] {
        alerts.filter { $0.rule.severity == .page && $0.alert.episode != nil }.map { entry in
            let text = entry.alert.text(entry.rule)
            return switch entry.alert.reading.verdict {
            case .noData, .tooFewSamples: "\(text) since it fired, so nothing says that it is mended"
            case .clear, .near: "\(text); clearing"
            case .breached: text
            }
        }
    }

    // MARK: Evaluation

    package mutating func evaluate(_ inputs: AlertInputs, now: Moment) -> Outcome {
        let passage = clock.pass(to: now)
        var outcome = Outcome(effects: dropOrphans(at: now.wall), gap: passage.gap)
        var tick = Alert.Tick(
            wall: now.wall,
            elapsed: passage.elapsed,
            isAfterGap: passage.gap != nil,
            drill: inputs.drill
        )
        for index in rules.indices {
            tick.isSettling = clock.sinceSetBack.map { $0 < rules[index].settling } ?? false
            if let reading = rules[index].reading(inputs) {
                let news = whole[index].take(reading, tick, rules[index])
                if let news { outcome.effects.append(notice(news, whole[index], index, now.wall)) }
            } else {
                evaluateSubjects(of: index, inputs, tick, into: &outcome)
            }
        }
        return outcome
    }

    /// The known subjects first, so that they keep their place when there are too many.
    private mutating func evaluateSubjects(
        of index: Int,
        _ inputs: AlertInputs,
        _ tick: Alert.Tick,
        into outcome: inout Outcome
    ) {
        let rule = rules[index]
        let found = rule.subjectReadings(inputs)
        guard !found.isEmpty || !bySubject[index].isEmpty else { return }
        let readings = Dictionary(found.map { ($0.subject, $0.reading) }) { first, _ in first }
        let known = bySubject[index].keys.sorted()
        let new = found.filter { $0.reading.verdict == .breached && bySubject[index][$0.subject] == nil }
        let room = max(0, Self.mostSubjects - known.count)
        for subject in known + Set(new.map(\.subject)).sorted().prefix(room) {
            var alert = bySubject[index][subject] ?? Alert(rule: rule.name, subject: subject)
            let news = alert.take(readings[subject] ?? rule.absent, tick, rule)
            bySubject[index][subject] = alert.isIdle ? nil : alert
            if let news { outcome.effects.append(notice(news, alert, index, tick.wall)) }
        }
    }

    private mutating func dropOrphans(at wall: Int64) -> [AlertEffect] {
        guard !orphans.isEmpty else { return [] }
        defer { orphans = [] }
        return orphans.compactMap { orphan in
            var alert = orphan
            guard let episode = alert.episode, let news = alert.resolve(episode, .ruleRemoved) else { return nil }
            return AlertEffect(news.kind, alert, news.episode, nil, at: wall)
        }
    }

    private func notice(_ news: Alert.News, _ alert: Alert, _ index: Int, _ wall: Int64) -> AlertEffect {
        AlertEffect(news.kind, alert, news.episode, rules[index], at: wall)
    }

    // MARK: What a person does

    /// Someone looks after it: nothing but its end is told any more.
    /// - Returns: what the pagers should hear; nil where they never heard of the alert.
    package mutating func acknowledge(
        _ id: String,
        by person: String,
        at wall: Int64
    ) throws(AlertRefusal) -> AlertEffect? {
        var news: Alert.News?
        let index = try change(id) { alert throws(AlertRefusal) in news = try alert.acknowledge(by: person, at: wall) }
        guard let news, let alert = alerts.first(where: { $0.alert.id == id })?.alert else { return nil }
        return notice(news, alert, index, wall)
    }

    /// Silences an alert for up to 7 days, to the tick; it is evaluated as ever.
    ///
    /// What fires meanwhile and still does when the time is over is told then.
    package mutating func mute(_ id: String, for length: Duration, at wall: Int64) throws(AlertRefusal) {
        _ = try change(id) { alert throws(AlertRefusal) in try alert.silence(for: length, at: wall) }
    }

    package mutating func unmute(_ id: String) throws(AlertRefusal) {
        _ = try change(id) { alert throws(AlertRefusal) in alert.unmute() }
    }

    /// - Returns: the index of the alert's rule.
    private mutating func change(
        _ id: String,
        _ body: (inout Alert) throws(AlertRefusal) -> Void
    ) throws(AlertRefusal) -> Int {
        for index in rules.indices {
            if !rules[index].hasSubjects, whole[index].id == id {
                try body(&whole[index])
                return index
            }
            if var alert = bySubject[index].values.first(where: { $0.id == id }) {
                try body(&alert)
                bySubject[index][alert.subject] = alert
                return index
            }
        }
        throw .unknown(id)
    }
}

extension AlertRule {
    /// One alert a subject, rather than one.
    var hasSubjects: Bool {
        switch check {
        case .success, .latency, .cost, .burnRate, .budgetSpent: false
        case .moneySpent, .drift, .failover, .keyRefused: true
        }
    }
}
