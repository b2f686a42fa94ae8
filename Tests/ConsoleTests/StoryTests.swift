import Testing

@testable import Console

/// The life of a request in words.
struct StoryTests {
    static func attempt(
        _ deployment: String,
        _ status: Int?,
        _ failure: String?,
        why: String,
        start: Double = 0,
        firstToken: Double? = nil,
        detail: String? = nil
    ) -> AttemptStory {
        AttemptStory(
            deployment: deployment,
            status: status,
            failure: failure,
            why: why,
            start: start,
            firstToken: firstToken,
            total: 12,
            detail: detail
        )
    }

    /// Attempts, and what the last of them is told as.
    static let cases: [([AttemptStory], String)] = [
        (
            [attempt("one", 200, nil, why: "first")],
            "one 200 after 12 ms (first choice: lowest order, then drawn by weight)"
        ),
        (
            [attempt("one", 401, "credential", why: "first", detail: "invalid_api_key: no such key")],
            "one 401 credential after 12 ms (first choice: lowest order, then drawn by weight): invalid_api_key: no such key"
        ),
        (
            [attempt("one", 503, "overloaded", why: "first"), attempt("one", 200, nil, why: "retry", start: 13)],
            "one 200 after 12 ms (retry at once, after one: 503 overloaded; sent at +13 ms)"
        ),
        (
            [
                attempt("one", nil, "rate_limited", why: "first"),
                attempt("two", 200, nil, why: "failover", start: 13, firstToken: 5),
            ],
            "two 200 first token 5 ms, after 12 ms (failover, after one: rate limited; sent at +13 ms)"
        ),
        ([attempt("two", 200, nil, why: "failover")], "two 200 after 12 ms (failover: the first choice was out)"),
        (
            [attempt("one", nil, "hedged_out", why: "first"), attempt("two", 200, nil, why: "hedge")],
            "two 200 after 12 ms (hedge: one had not spoken in time)"
        ),
        ([attempt("one", nil, nil, why: "something new")], "one answered after 12 ms (something new)"),
    ]

    @Test("an attempt is told with its reason", arguments: cases)
    func sentence(attempts: [AttemptStory], expected: String) {
        #expect(AttemptStory.sentences(attempts).last == expected)
    }

    @Test func aWholeLife() {
        var row = EngineSnapshot.RequestRow(
            id: "req_1",
            at: 1_795_418_627_412,
            tenant: "acme",
            feature: "chat",
            group: "assistant",
            servedBy: "two",
            outcome: .savedByFailover,
            status: 200,
            attempts: 2,
            stream: true,
            firstToken: 210,
            total: 1_412,
            tokensIn: 1_000,
            tokensOut: 50,
            cost: 4_900_000,
            trail: ["one 401 credential", "two 200"]
        )
        (row.isValid, row.isGood, row.costIsEstimated) = (true, true, true)
        (row.tokensCacheRead, row.degraded, row.cache, row.format) = (400, ["max_tokens"], "miss", "openai")
        #expect(
            RequestStory(row).text == """
                request req_1

                outcome       ● good, saved by failover: the first attempt had failed
                accepted      Mon 2026-11-23 07:23:46.000 UTC
                tenant        acme
                feature       chat
                model group   assistant
                asked in      openai's format
                answered by   two
                status        200, streamed
                counted as    valid, good
                degraded      max_tokens

                first token   0.21 s after it was accepted
                total         1.41 s
                tokens        1,000 in, 50 out (400 read from the provider's prompt cache)
                cost          $0.0049, estimated
                cache         miss

                2 attempts
                  1. one 401 credential
                  2. two 200
                """
        )
        row.cost = 20_000
        #expect(RequestStory(row).text.contains("cost          $0.00002, estimated"))
    }

    @Test(
        "days of the calendar",
        arguments: [
            (Int64(0), "1970-01-01"), (951_782_400_000, "2000-02-29"), (1_795_392_000_000, "2026-11-23"),
            (4_107_542_400_000, "2100-03-01"), (-1, "1969-12-31"), (1_798_761_599_999, "2026-12-31"),
        ]
    )
    func date(time: Int64, expected: String) {
        #expect(Clock.date(time) == expected)
    }
}
