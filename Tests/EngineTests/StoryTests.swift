import Console
import Engine
import Simulator
import Storage
import Testing

/// What the ledger keeps of a request, told in words.
struct StoryTests {
    @Test func aFailoverIsToldWithItsReasons() async throws {
        try await House.with { house in
            house.primary.inject(.serverError(status: 503))
            let reply = try await house.ask()
            let record = try #require(try await house.record(of: reply))
            let told = RequestStory(EngineSnapshot.RequestRow(record))
            #expect(told.attempts.count == 3)
            #expect(told.attempts.first?.hasPrefix("one 503 server after ") == true, "\(told.text)")
            #expect(told.attempts[1].contains("(retry at once, after one: 503 server"), "\(told.text)")
            #expect(told.attempts[2].hasPrefix("two 200 after "), "\(told.text)")
            #expect(told.attempts[2].contains("(failover, after one: 503 server"), "\(told.text)")
            #expect(told.text.contains("counted as    valid, good"))
            // The console shows the same sentences.
            #expect(house.engine.snapshot().requests.first?.trail == told.attempts)
        }
    }

    @Test func aSuccessAtOnceHasALifeToo() async throws {
        try await House.with { house in
            let reply = try await house.ask(stream: true)
            let record = try #require(try await house.record(of: reply))
            #expect(record.attemptRecords.isEmpty)
            let told = RequestStory(EngineSnapshot.RequestRow(record))
            #expect(told.attempts.count == 1 && told.attempts[0].contains("(first choice"), "\(told.text)")
            let time = try #require(Engine.timeOfRequest(id: record.id))
            #expect(abs(time - record.at) < 60_000)
            #expect(Engine.timeOfRequest(id: "req_1") == nil)
        }
    }
}
