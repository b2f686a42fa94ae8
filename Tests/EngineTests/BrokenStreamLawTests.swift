import Console
import Engine
import Routing
import Simulator
import Testing
import Upstream
import Wire

/// The law of every stream, whatever a provider sends: it ends as its format ends, or it is told broken; never both.
struct BrokenStreamLawTests {
    private static let chunks = [
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"}}]}\n\n",
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n", "data: [DONE]\n\n",
    ]
    private static let messages = [
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":3}}}\n\n",
        "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
        "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n",
        "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":1}}\n\n",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
    ]
    private static let responses = [
        "data: {\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\"}}\n\n",
        "data: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}\n\n",
        "data: {\"type\":\"response.output_text.done\",\"text\":\"a\"}\n\n",
        "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}\n\n",
    ]

    /// Who asks, who answers and what; what the end looks like to the client, and what it takes of the provider's events.
    static let passages: [(Endpoint, SimulatedProviderConfiguration.Format, [String], end: String, needs: [Int])] = [
        (.chat, .openAI, chunks, "data: [DONE]", [3]), (.chat, .anthropic, messages, "data: [DONE]", [4, 5]),
        (.messages, .openAI, chunks, "event: message_stop", [3]),
        (.messages, .anthropic, messages, "event: message_stop", [4, 5]),
        (.responses, .openAI, responses, "\"type\":\"response.completed\"", [3]),
    ]

    @Test("an end or an error", arguments: passages)
    func law(
        row: (
            endpoint: Endpoint, format: SimulatedProviderConfiguration.Format, events: [String], end: String,
            needs: [Int]
        )
    ) async throws {
        var random = SeededRandom(seed: 9)
        var broken = 0
        try await House.with(House.Plan(primaryFormat: row.format)) { house in
            for round in 0..<60 {
                let sent = round == 0 ? row.events : Self.changed(row.events, &random)
                house.tap.answerNext(sent.joined(), isStream: true)
                let reply = try await house.ask(row.endpoint, stream: true)
                let (hasEnd, isBroken) = (reply.text.contains(row.end), reply.text.contains("stream_interrupted"))
                #expect(reply.status == 200 && hasEnd != isBroken, "\(sent) gave \(reply.text)")
                broken += isBroken ? 1 : 0
                // Where nothing had been said, somebody else has answered.
                if hasEnd, reply.headers["x-nines-attempts"] == "1" {
                    #expect(row.needs.allSatisfy { sent.contains(row.events[$0]) }, "\(sent) gave \(reply.text)")
                }
                _ = house.engine.perform(.clearCooldown(deployment: "one"))
            }
            #expect((10...50).contains(broken), "\(broken) of 60 broke")
        }
    }

    /// Events dropped, doubled, swapped, cut, or with nonsense between them.
    private static func changed(_ events: [String], _ random: inout SeededRandom) -> [String] {
        var events = events
        for _ in 0..<(1 + random.pick([0, 0, 1, 2])) where !events.isEmpty {
            let place = random.pick(Array(events.indices))
            switch random.pick([0, 1, 2, 3, 4, 5]) {
            case 0: events.remove(at: place)
            case 1: events.insert(events[place], at: place)
            case 2: events.swapAt(place, random.pick(Array(events.indices)))
            case 3: events.removeSubrange(place...)
            case 4:
                events[place] = String(events[place].prefix(events[place].count / 2))
                events.removeSubrange((place + 1)...)
            default:
                let nonsense = [
                    "data: {\n\n", ": alive\n\n", "data: {\"error\":{\"message\":\"m\"}}\n\n", "data: 5\n\n",
                ]
                events.insert(random.pick(nonsense), at: place)
            }
        }
        return events
    }
}
