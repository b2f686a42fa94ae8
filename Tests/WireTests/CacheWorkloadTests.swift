import Foundation
import Testing

@testable import Wire

/// What the cache is worth on a classification job as real callers send it: 5,000 requests from 20 prompt templates, over
/// tickets drawn by Zipf's law, each written a little differently.
struct CacheWorkloadTests {
    struct Measure: Equatable {
        var requests = 0
        var hits = 0
        /// Hits whose answer belongs to another question.
        var wrong = 0
        /// Requests that ask what was asked before: no cache can hit more without being wrong.
        var repeats = 0
        var hitRate: Double { Double(hits) / Double(requests) }
    }

    @Test func theSafeLevelPassesSixtyPercentWithoutOneWrongAnswer() throws {
        let safe = try Self.measure(.safe)
        #expect(safe.requests == 5_000 && safe.wrong == 0)
        #expect(safe.hitRate > 0.6 && safe.hits == safe.repeats, "\(safe)")
        let exact = try Self.measure(.exact)
        #expect(exact.wrong == 0 && exact.hits < safe.hits / 2, "\(exact)")
    }

    /// The tickets hold pairs that differ in case or inner blanks alone and mean different things.
    @Test func theAggressiveLevelPaysForItsHits() throws {
        let aggressive = try Self.measure(.aggressive)
        #expect(try aggressive.hits > Self.measure(.safe).hits && aggressive.wrong > 0, "\(aggressive)")
    }

    private static func measure(_ level: CacheLevel) throws -> Measure {
        var random = Seeded(2_026)
        let tickets = (0..<400).map { ticket($0, &random) }
        let draw = Zipf(count: tickets.count, exponent: 1.1)
        var answers: [[UInt8]: String] = [:]
        var seen: Set<String> = []
        var measure = Measure()
        for _ in 0..<5_000 {
            let template = random.below(templates.count)
            let ticket = draw.next(&random)
            let body = request(template, tickets[ticket], &random)
            let key = try CacheKeyTests.text(body, level).bytes
            let truth = "\(template)/\(ticket)"
            measure.requests += 1
            measure.repeats += seen.insert(truth).inserted ? 0 : 1
            if let answer = answers[key] {
                measure.hits += 1
                measure.wrong += answer == truth ? 0 : 1
            } else {
                answers[key] = truth
            }
        }
        return measure
    }

    // MARK: The job

    private static let subjects = [
        "sentiment", "language", "urgency", "topic", "product", "country", "intent", "tone", "refund wanted",
        "legal threat", "spam", "age of the account", "channel", "severity", "component", "churn risk", "complaint",
        "formality", "team", "duplicate",
    ]

    private static let templates = subjects.enumerated().map { index, subject in
        "Classify the \(subject) of the ticket.\nAnswer with one word.\n\nRules:\n  - be strict\n  - rule \(index)"
    }

    /// Ticket `number`: every tenth is its neighbour in other case, or with a blank more.
    private static func ticket(_ number: Int, _ random: inout Seeded) -> String {
        let base = number % 10 == 9 || number % 10 == 8 ? number - number % 10 : number
        let text = "Order \(base * 37 + 11): the café's Zürich delivery is\n  late, code a\(base % 7)B\(base % 5)"
        switch number % 10 {
        case 8: return text.replacing("  late", with: "late")
        case 9: return text.replacing("a\(base % 7)B", with: "A\(base % 7)b")
        default: return text
        }
    }

    /// One caller's way of writing it.
    private static func request(_ template: Int, _ ticket: String, _ random: inout Seeded) -> String {
        let system = prompt(templates[template], &random)
        let user = prompt(ticket, &random)
        var members = [
            #""model":"classifier""#,
            "\"messages\":[\(message("system", system, &random)),\(message("user", user, &random))]",
            random.pick([#""temperature":0"#, #""temperature":0.0"#, #""temperature": 0e0"#]),
            random.pick([#""max_tokens":4"#, #""max_tokens":4.0"#]),
        ]
        if random.below(2) == 0 { members.append("\"user\":\"u-\(random.below(1_000))\"") }
        if random.below(3) == 0 { members.append(#""stream":true,"stream_options":{"include_usage":true}"#) }
        if random.below(3) == 0 { members.append("\"metadata\":{\"trace\":\"\(random.next())\"}") }
        if random.below(4) == 0 { members.append(#""n":1,"presence_penalty":0.0,"response_format":{"type":"text"}"#) }
        let space = random.pick(["", " ", "\n  "])
        return "{\(members.shuffled(using: &random).map { space + $0 }.joined(separator: ","))\(space)}"
    }

    private static func message(_ role: String, _ text: String, _ random: inout Seeded) -> String {
        let content = random.below(4) == 0 ? "[{\"type\":\"text\",\"text\":\(jsonString(text))}]" : jsonString(text)
        let members = ["\"role\":\"\(role)\"", "\"content\":\(content)"]
        return "{\(members.shuffled(using: &random).joined(separator: ","))}"
    }

    private static func prompt(_ text: String, _ random: inout Seeded) -> String {
        var text = text
        if random.below(3) == 0 { text = text.replacing("\n", with: "\r\n") }
        if random.below(4) == 0 { text = text.decomposedStringWithCanonicalMapping }
        if random.below(4) == 0 { text += random.pick(["\n", "  ", "\n\n", " \t\r\n"]) }
        if random.below(6) == 0 { text = "\n" + text }
        return text
    }
}

/// Draws ranks by Zipf's law: the probability of rank r (from 1) is as 1 / r^exponent.
private struct Zipf {
    private let sums: [Double]

    init(count: Int, exponent: Double) {
        var sum = 0.0
        sums = (1...count).map { rank in
            sum += pow(Double(rank), -exponent)
            return sum
        }
    }

    func next(_ random: inout Seeded) -> Int {
        let place = Double.random(in: 0..<(sums.last ?? 1), using: &random)
        return sums.firstIndex { $0 > place } ?? 0
    }
}
