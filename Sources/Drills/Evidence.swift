/// What Nines can sense by itself, by the name that a script uses.
///
/// A step that waits for one of these ticks itself and can't be ticked by hand.
package enum Evidence: String, Codable, CaseIterable, Sendable {
    // Before anything breaks.
    case rolesHeld = "roles_held"
    case secondaryAnswers = "secondary_answers"
    case budgetAboveMinimum = "budget_above_minimum"
    case noAlertFiring = "no_alert_firing"
    case bypassOff = "bypass_off"
    case cacheKeptOut = "cache_kept_out"
    case pagersReached = "pagers_reached"
    case restorePathProven = "restore_path_proven"
    case noOtherDrill = "no_other_drill"
    case enoughTraffic = "enough_traffic"
    case baselineTaken = "baseline_taken"
    // While the fault is in.
    /// The router applies the fault.
    case faultIn = "fault_in"
    /// The first attempt that failed by it, classified.
    case failureSeen = "failure_seen"
    /// The first success of a request that had failed over.
    case failoverSeen = "failover_seen"
    case alertFired = "alert_fired"
    case alertAcknowledged = "alert_acknowledged"
    // At any time.
    case successInTarget = "success_in_target"
    case latencyInTarget = "latency_in_target"
    case costInTarget = "cost_in_target"
    // After the restore.
    /// Nothing of the fault is left in the router, nor, as far as an interface tells, at the provider.
    case faultOut = "fault_out"
    /// The primary answered a request after the restore.
    case primaryAnswers = "primary_answers"
    case alertResolved = "alert_resolved"

    /// What must hold when the fault goes in.
    package static let preChecks: [Self] = [
        .secondaryAnswers, .budgetAboveMinimum, .noAlertFiring, .bypassOff, .cacheKeptOut, .pagersReached,
        .restorePathProven, .noOtherDrill, .enoughTraffic,
    ]

    /// Tells of this fault only: forgotten when it goes in.
    var isOfFault: Bool {
        [.faultIn, .failureSeen, .failoverSeen, .alertFired, .alertAcknowledged].contains(self) || isOfRecovery
    }

    /// Tells of this restore only: forgotten when the fault goes out.
    var isOfRecovery: Bool { [.faultOut, .primaryAnswers, .alertResolved].contains(self) }

    /// In a timeline.
    package var words: String {
        switch self {
        case .rolesHeld: "all three roles are held"
        case .secondaryAnswers: "the secondary answers a live probe"
        case .budgetAboveMinimum: "the error budget is above the minimum"
        case .noAlertFiring: "no alert is firing"
        case .bypassOff: "the bypass is off"
        case .cacheKeptOut: "the cache is kept out of drill traffic"
        case .pagersReached: "the pagers took a [DRILL] test"
        case .restorePathProven: "the restore path is proven by a probe"
        case .noOtherDrill: "no other drill is open"
        case .enoughTraffic: "there is traffic enough to see it"
        case .baselineTaken: "the baseline is taken"
        case .faultIn: "the fault is in"
        case .failureSeen: "the first failure is seen"
        case .failoverSeen: "the first failed-over success is seen"
        case .alertFired: "the alert fired"
        case .alertAcknowledged: "the alert is acknowledged"
        case .successInTarget: "the success rate is in target"
        case .latencyInTarget: "the latency is in target"
        case .costInTarget: "the cost per request is in target"
        case .faultOut: "the fault is out"
        case .primaryAnswers: "the primary answers"
        case .alertResolved: "the alert resolved"
        }
    }

    /// As a line of a timeline says it, where it holds and where it doesn't.
    package func words(holds: Bool) -> String {
        holds ? words : (isOfRecovery ? "not yet: " : "not so: ") + words
    }

    /// What to do where it doesn't hold.
    package var mend: String {
        switch self {
        case .rolesHeld: "name a lead, an operator and a scribe with r; one person may hold all three"
        case .secondaryAnswers: "mend the secondary first, its key and its model: without it the drill loses requests"
        case .budgetAboveMinimum:
            "wait: good traffic earns it back; or start the demo afresh, or lower nines.drill.min_budget"
        case .noAlertFiring: "wait until it clears, soon after its cause is gone; acknowledging it is not enough"
        case .bypassOff: "end the bypass with b: with it on there is no failover to see"
        case .cacheKeptOut: "turn the cache off for drill traffic: an answer from it proves nothing"
        case .pagersReached: "run `nines alerts test` and mend the pager that fails: an untested alert is none"
        case .restorePathProven: "send the primary a request by hand; when it answers, probe again"
        case .noOtherDrill: "close the other drill out first: `nines drill list` names it"
        case .enoughTraffic: "let clients send, or set nines.drill.probe_rps so that tagged probes do"
        case .baselineTaken: "wait: the baseline needs a minute of traffic"
        case .faultIn: "! then y aborts; look for the reason in the timeline"
        case .failureSeen: "check that the target is the provider that serves; ! then y restores"
        case .failoverSeen: "! then y restores at once; the finding is kept"
        case .alertFired: "note it as a finding and skip with a reason: an alert that stays silent is what drills find"
        case .alertAcknowledged: "acknowledge it where it rang, or with a on this console"
        case .successInTarget, .latencyInTarget, .costInTarget: "! then y restores at once; the finding is kept"
        case .faultOut: "restore again; the lease ends it in any case"
        case .primaryAnswers: "try the primary's key by hand; where it was switched off at the provider, switch it on"
        case .alertResolved: "wait for the alert's window to pass, or note it as a finding and skip with a reason"
        }
    }
}

/// What was last sensed of one piece of evidence.
package struct Reading: Codable, Equatable, Sendable {
    package let holds: Bool
    /// The value as a person reads it: `p95 2.21 s`, `401 from openai`; not more than a line.
    package let value: String

    package init(holds: Bool, value: String) {
        self.holds = holds
        self.value = value.oneLine(limit: 120)
    }
}
