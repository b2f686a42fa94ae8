import Testing

@testable import Drills

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// FNV-1a with four offsets: 32 bytes that change with their input, which is all that these tests ask of a hash.
@Sendable func toyHash(_ bytes: [UInt8]) -> [UInt8] {
    (0..<4).flatMap { (lane: UInt64) in
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 &+ lane
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
    }
}

/// 2026-11-27 14:00:00 UTC, a Friday.
let friday: Int64 = 1_795_788_000_000

func moment(_ seconds: Double) -> Moment {
    Moment(elapsed: .milliseconds(Int64(seconds * 1_000)), wall: friday + Int64(seconds * 1_000))
}

let target = DrillTarget(
    provider: "openai",
    deployment: "openai/gpt-5.4-mini",
    credential: "OPENAI_API_KEY",
    secondary: "anthropic/claude-haiku-4-5"
)

/// One that ships, by its id.
func scenario(_ id: String) throws -> Scenario {
    try #require((Scenario.builtIn + Scenario.incidents).first { $0.id == id })
}

func plan(_ scenario: Scenario = Scenario.builtIn[0], factor: Double = 1, carried: [Finding] = []) -> DrillPlan {
    DrillPlan(id: "drill-7", scenario: scenario, target: target, carried: carried, factor: factor)
}

func yes(_ value: String = "ok") -> Reading { Reading(holds: true, value: value) }
func no(_ value: String = "not ok") -> Reading { Reading(holds: false, value: value) }

/// A drill and the world that carries its effects out.
struct Rehearsal {
    var drill: Drill
    var now = 0.0
    /// Broken in the router's memory: gone with the process.
    var routerFault: Lease?
    /// When the router drops it by itself.
    var leaseEnd = Double.infinity
    /// Broken outside the router: stays until someone restores it.
    var isExternalOff = false
    /// What is on disk.
    var written: [JournalRecord] = []
    var told: [String] = []
    var probes: [Drill.Probe] = []
    var reports = 0
    var ends = 0
    /// Broken laws.
    var wrongs: [String] = []
    var canWrite = true

    init(_ plan: DrillPlan = plan()) {
        let opened = Drill.open(plan, by: "ana", at: moment(0))
        drill = opened.drill
        carryOut(opened.effects)
    }

    var failingPreChecks: [Evidence] { Evidence.preChecks.filter { !drill.holds($0) } }
    var isBroken: Bool { routerFault != nil || isExternalOff }

    /// Hands the drill an event after so many seconds.
    mutating func send(_ event: Drill.Event, after seconds: Double = 0) throws(Drill.Refusal) {
        now += seconds
        carryOut(try drill.handle(event, at: moment(now)))
    }

    /// The same, where a refusal is as good.
    mutating func attempt(_ event: Drill.Event, after seconds: Double = 0) {
        do throws(Drill.Refusal) { try send(event, after: seconds) } catch {
            if error.reason.isEmpty { wrongs.append("a refusal without words: \(event)") }
        }
    }

    mutating func carryOut(_ effects: [Drill.Effect]) {
        var failed = false
        for effect in effects {
            if ends > 0 { wrongs.append("an effect after the end: \(effect)") }
            switch effect {
            case .write(let record):
                if record.number != written.count, canWrite { wrongs.append("line \(record.number) out of order") }
                if canWrite { written.append(record) } else { failed = true }
            case .induce(let lease): if !failed { induce(lease) }
            case .restore: (routerFault, leaseEnd, isExternalOff) = (nil, .infinity, false)
            case .probe(let probe): probes.append(probe)
            case .tellPagers(let text):
                told.append(text)
                if !text.hasPrefix("[DRILL] ") { wrongs.append("a page that looks real: \(text)") }
            case .writeReport: reports += 1
            case .end: ends += 1
            }
        }
    }

    private mutating func induce(_ lease: Lease) {
        if written.last?.kind != .intent { wrongs.append("broken without an intent on disk") }
        if drill.ending != nil { wrongs.append("broken after the drill's end") }
        if lease.length <= .zero || lease.length > drill.plan.maxFault { wrongs.append("a lease of \(lease.length)") }
        let end = now + Double(lease.length.components.seconds) + 1
        if lease.mix.contains(where: \.fault.isExternal) {
            isExternalOff = true
        } else {
            (routerFault, leaseEnd) = (lease, end)
        }
    }

    /// What the router does by itself.
    mutating func passTime(_ seconds: Double) {
        now += seconds
        if now >= leaseEnd { (routerFault, leaseEnd) = (nil, .infinity) }
    }

    /// The process dies and starts again.
    mutating func crash() {
        (routerFault, leaseEnd) = (nil, .infinity)
        drill = Drill(plan: drill.plan, records: written)
        attempt(.restarted)
    }

    /// Does whatever the script asks for next.
    ///
    /// - Returns: false when nothing is left.
    @discardableResult
    mutating func doStep(after seconds: Double = 5) throws(Drill.Refusal) -> Bool {
        guard let step = drill.step, !drill.isOver else { return false }
        let person = drill.crew[step.role] ?? "ana"
        switch step.kind {
        case .sensed(.rolesHeld, _):
            for (role, name) in [(DrillRole.lead, "ana"), (.operator, "raj"), (.scribe, "sam")] {
                try send(.assign(role, to: name, by: name), after: seconds / 3)
            }
        case .sensed(let evidence, let holding):
            try send(.sensed(evidence, yes()), after: seconds)
            if holding > .zero { try send(.tick, after: Double(holding.components.seconds)) }
        case .confirmed(.choice(let choices)):
            try send(.confirm(step: step.id, value: choices[0], by: person), after: seconds)
        case .confirmed(.number): try send(.confirm(step: step.id, value: "4", by: person), after: seconds)
        case .confirmed: try send(.confirm(step: step.id, value: "said \(step.id)", by: person), after: seconds)
        case .act:
            try send(.act(step: step.id, typed: drill.plan.typedConfirmation ?? "", by: person), after: seconds)
        }
        return true
    }

    /// Goes on until the step of this id is the current one.
    mutating func reach(_ id: String) throws(Drill.Refusal) {
        while drill.step?.id != id, try doStep() {}
    }
}
