import Foundation
import Testing

@testable import Routing

/// Plays every file in `Fixtures`: deployments, what each answers in turn, and what must come of it.
///
/// Lines that begin with two blanks are what must happen; all others are what is given.
struct ScenarioTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.filter { $0.hasSuffix(".txt") }.sorted()
        ?? []

    @Test func fixturesAreThere() { #expect(Self.names.count >= 15) }

    @Test("scenario", arguments: names)
    func play(name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var scenario = Scenario()
        var played: [String] = []
        for line in lines where !line.hasPrefix("  ") {
            played.append(line)
            played += try scenario.play(line).map { "  \($0)" }
        }
        #expect(played.joined(separator: "\n") == text)
    }
}

/// The world of one file.
private struct Scenario {
    struct Unreadable: Error { let line: String }

    private var groups: [ModelGroup] = []
    private var answers: [String: [String]] = [:]
    private var policy = RoutingPolicy()
    private var shopsRefusals = false
    private var continuesStreams = false
    private var breakers = Breakers()
    private var now = Duration.zero
    private var seed: UInt64 = 1

    /// What follows from one given line.
    mutating func play(_ line: String) throws -> [String] {
        let words = line.split(separator: " ").map(String.init)
        switch words.first {
        case nil, "#": return []
        case "group": groups.append(ModelGroup(name: words[1], deployments: []))
        case "deployment": try add(words)
        case "policy": try words.dropFirst().forEach { try set($0) }
        case "answers": answers[words[1]] = Array(words.dropFirst(2))
        case "later": now += try seconds(words[1])
        case "seed": seed = UInt64(words[1]) ?? 0
        case "clear": all.filter { $0.id.name == words[1] }.forEach { breakers.clear($0) }
        case "probing":
            // Another request took the probe and has no answer yet.
            all.filter { $0.id.name == words[1] }.forEach { breakers.takeProbe(of: $0) }
        case "request": return try request()
        default: throw Unreadable(line: line)
        }
        return []
    }

    private var all: [Deployment] { groups.flatMap(\.deployments) }

    private mutating func add(_ words: [String]) throws {
        let options = Dictionary(
            uniqueKeysWithValues: words.dropFirst(2).map { word in
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                return (parts[0], parts[1])
            }
        )
        guard let group = groups.popLast() else { throw Unreadable(line: words.joined(separator: " ")) }
        let new = deployment(
            words[1],
            order: options["order"].flatMap(Int.init),
            weight: options["weight"].flatMap(Double.init),
            key: options["key"],
            base: options["base"],
            retries: options["retries"].flatMap(Int.init),
            window: options["window"].flatMap(Int.init),
            region: options["region"]
        )
        groups.append(ModelGroup(name: group.name, deployments: group.deployments + [new]))
    }

    private mutating func set(_ word: String) throws {
        let parts = word.split(separator: "=").map(String.init)
        switch parts[0] {
        case "retries": policy.numRetries = Int(parts[1]) ?? -1
        case "allowed_fails": policy.allowedFails = Int(parts[1]) ?? -1
        case "cooldown": policy.cooldown = try seconds(parts[1])
        case "deadline": policy.deadline = try seconds(parts[1])
        case "fail_back": policy.failBack = FailBack(rawValue: parts[1]) ?? .ramp
        case "shops_refusals": shopsRefusals = parts[1] == "true"
        case "continues_streams": continuesStreams = parts[1] == "true"
        default: throw Unreadable(line: word)
        }
    }

    private mutating func request() throws -> [String] {
        var plan = RequestPlan(
            groups: groups,
            policy: policy,
            startedAt: now,
            seed: seed,
            shopsRefusals: shopsRefusals,
            continuesStreams: continuesStreams
        )
        var story: [String] = []
        while story.count < 50 {
            var step = plan.next(&breakers, now: now)
            if case .wait(let time) = step {
                story.append("wait \(text(time))")
                now += time
                if let attempt = plan.afterWait(&breakers, now: now) { step = .attempt(attempt) }
            }
            switch step {
            case .wait: continue
            case .giveUp(let end): return story + [describe(end)]
            case .attempt(let attempt):
                let (failure, time, word) = try answer(of: attempt.deployment.id.name)
                now += time
                story.append(
                    "\(attempt.deployment.id) \(attempt.reason.rawValue)\(attempt.isProbe && attempt.reason != .probe ? " probe" : "") -> \(word)"
                )
                guard let failure else {
                    breakers.succeeded(
                        attempt.deployment,
                        asProbe: attempt.isProbe,
                        policy: policy,
                        now: now,
                        sentAt: attempt.startedAt
                    )
                    return story
                }
                breakers.failed(
                    attempt.deployment,
                    failure,
                    asProbe: attempt.isProbe,
                    policy: policy,
                    now: now,
                    sentAt: attempt.startedAt
                )
                plan.failed(attempt, failure)
            }
        }
        return story + ["never ends"]
    }

    /// `ok`, or a failure's class, with `+2` for a `retry-after` and `@2` for the seconds it took; the last one stays.
    private mutating func answer(of id: String) throws -> (AttemptFailure?, Duration, String) {
        guard var left = answers[id], let word = left.first else { throw Unreadable(line: "no answers of \(id)") }
        if left.count > 1 {
            left.removeFirst()
            answers[id] = left
        }
        let timed = word.split(separator: "@").map(String.init)
        let parts = timed[0].split(separator: "+").map(String.init)
        let time = timed.count > 1 ? try seconds(timed[1]) : .zero
        if parts[0] == "ok" { return (nil, time, word) }
        guard let kind = FailureClass(rawValue: parts[0]) else { throw Unreadable(line: word) }
        return (failure(kind, retryAfter: parts.count > 1 ? try seconds(parts[1]) : nil), time, word)
    }

    private func seconds(_ word: String) throws -> Duration {
        guard let number = Double(word) else { throw Unreadable(line: word) }
        return .milliseconds(Int(number * 1_000))
    }

    private func describe(_ end: RequestPlan.GiveUp) -> String {
        var words = [end.isRequestFault ? "rejected" : end.isDeadlineOver ? "lost: deadline over" : "lost"]
        if !end.skipped.isEmpty {
            words.append(
                "skipped "
                    + end.skipped.map { "\($0.deployment) (\($0.cause?.kind.rawValue ?? "-"))" }.joined(separator: ", ")
            )
        }
        if let again = end.retryAfter { words.append("again in \(text(again))") }
        return words.joined(separator: ", ")
    }

    private func text(_ time: Duration) -> String { "\(Double(time / .milliseconds(1)) / 1_000) s" }
}
