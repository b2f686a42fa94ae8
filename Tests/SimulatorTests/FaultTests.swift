import Foundation
import NIOCore
import Testing

@testable import Simulator

/// Every fault, as a client finds it on the wire.
struct FaultTests {
    @Test(
        arguments: [
            (.revokedKey, 401, #""type":"invalid_request_error","param":null,"code":"invalid_api_key""#),
            (.forbidden, 403, #""code":"unsupported_country_region_territory""#),
            (.billing, 402, #""code":402,"metadata":{"limit_source":"openrouter_credits"}"#),
            (.emptyBalance, 400, "Your credit balance is too low to access the Anthropic API"),
            (.quotaExhausted, 429, #""type":"insufficient_quota","param":null,"code":"insufficient_quota""#),
            (.rateLimited(retryAfter: 3), 429, #""type":"requests","param":null,"code":"rate_limit_exceeded""#),
            (.slowDown, 429, #""type":"rate_limit_error","param":null,"code":"slow_down""#),
            (.serverError(status: 500), 500, #""type":"server_error","param":null,"code":null"#),
            (.serverError(status: 502), 502, #""type":"cf_bad_gateway","param":null,"code":502}"#),
            (.serverError(status: 503), 503, #""type":"cf_service_unavailable","param":null,"code":503}"#),
            (.serverError(status: 529), 529, #""type":"server_error""#),
            (.overloaded, 503, #""type":"service_unavailable_error","param":null,"code":"server_is_overloaded""#),
            (.modelNotFound, 404, #"The model `m-1` does not exist or you do not have access to it."#),
            (.contextTooLong, 400, #""code":"context_length_exceeded""#),
            (.contentPolicy, 400, #""code":"content_policy_violation""#),
            (.badRequest, 400, #""type":"invalid_request_error","param":null,"code":"invalid_value""#),
        ] as [(ProviderFault, Int, String)]
    )
    func anAnswerWithAStatus(fault: ProviderFault, status: Int, part: String) async throws {
        try await withProvider { provider in
            provider.inject(fault)
            for streams in [false, true] {
                let answer = try provider.ask(chat(stream: streams))
                #expect(answer.status == status && answer.isWhole)
                #expect(answer.body.contains(part), "\(answer.body)")
                #expect(WireAnswer.object(answer.body) != nil)
            }
            provider.inject(nil)
            try #expect(provider.ask(chat()).status == 200)
        }
    }

    @Test(
        arguments: [
            (.revokedKey, 401, #""type":"authentication_error","message":"invalid x-api-key""#),
            (.forbidden, 403, #""type":"permission_error""#),
            (.billing, 402, #""type":"billing_error","message":"There's an issue with your billing"#),
            (.emptyBalance, 400, #""type":"invalid_request_error","message":"Your credit balance is too low"#),
            (
                .quotaExhausted, 429,
                #""details":{"error_code":"enforced_spend_limit_reached"},"type":"rate_limit_error""#
            ),
            (.rateLimited(retryAfter: nil), 429, #""details":null,"type":"rate_limit_error""#),
            (.slowDown, 429, #""error_code":"ramp_limit_exceeded""#),
            (.serverError(status: 500), 500, #""type":"api_error","message":"Internal server error""#),
            (.serverError(status: 504), 504, #""type":"timeout_error""#),
            (.overloaded, 529, #""type":"overloaded_error","message":"Overloaded""#),
            (.modelNotFound, 404, #""type":"not_found_error","message":"model: c-1""#),
            (.contextTooLong, 400, #""message":"prompt is too long: "#),
            (.contentPolicy, 400, #""message":"Output blocked by content filtering policy""#),
            (.badRequest, 400, #""type":"invalid_request_error""#),
        ] as [(ProviderFault, Int, String)]
    )
    func anAnswerInAnthropicsFormat(fault: ProviderFault, status: Int, part: String) async throws {
        try await withProvider(.checked(.anthropic)) { provider in
            provider.inject(fault)
            let answer = try provider.ask(message(stream: true))
            #expect(answer.status == status && answer.isWhole)
            #expect(answer.body.contains(part), "\(answer.body)")
            #expect(answer.document["request_id"] as? String == "req_simulated7x0")
        }
    }

    @Test func retryAfterIsAHeader() async throws {
        try await withProvider { provider in
            provider.inject(.rateLimited(retryAfter: 3))
            try #expect(provider.ask(chat()).headers["retry-after"] == "3")
            provider.inject(.rateLimited(retryAfter: nil))
            try #expect(provider.ask(chat()).headers["retry-after"] == nil)
        }
    }

    /// What a client that streams finds: how the connection ends, whether the body is whole, pieces of content, the last event.
    struct Broken: Sendable, CustomTestStringConvertible {
        var fault: ProviderFault
        var end: RawClient.End
        var isWhole = false
        var pieces = 0
        var finishes = 0
        var isDone = false
        var testDescription: String { fault.description }
    }

    @Test(
        arguments: [
            Broken(fault: .hang, end: .silent),
            Broken(fault: .hangAfterHeaders, end: .silent),
            Broken(fault: .roleDeltaThenSilence, end: .silent),
            Broken(fault: .reset, end: .reset),
            Broken(fault: .closeWithoutAnswer, end: .closed),
            Broken(fault: .cutAfter(chunks: 0), end: .closed),
            Broken(fault: .cutAfter(chunks: 3), end: .closed, pieces: 3),
            Broken(fault: .cutAfter(chunks: 40), end: .closed, pieces: 40),
            Broken(fault: .cutJSON, end: .closed, pieces: 1),
            Broken(fault: .stallAfter(chunks: 3), end: .silent, pieces: 3),
            Broken(
                fault: .malformedChunkAfter(chunks: 3),
                end: .closed,
                isWhole: true,
                pieces: 15,
                finishes: 1,
                isDone: true
            ),
            Broken(fault: .errorEventFirst, end: .closed, isWhole: true),
            Broken(fault: .errorEventAfter(chunks: 3), end: .closed, isWhole: true, pieces: 3),
            Broken(fault: .cleanEndWithoutFinish(afterChunks: 3), end: .closed, isWhole: true, pieces: 3),
            Broken(fault: .doneWithoutFinish(afterChunks: 3), end: .closed, isWhole: true, pieces: 3, isDone: true),
            Broken(fault: .emptyStream, end: .closed, isWhole: true),
            Broken(
                fault: .slowHeaders(.milliseconds(1)),
                end: .closed,
                isWhole: true,
                pieces: 16,
                finishes: 1,
                isDone: true
            ),
            Broken(
                fault: .slowFirstToken(.milliseconds(1)),
                end: .closed,
                isWhole: true,
                pieces: 16,
                finishes: 1,
                isDone: true
            ),
            Broken(
                fault: .slowDrip(.milliseconds(1)),
                end: .closed,
                isWhole: true,
                pieces: 16,
                finishes: 1,
                isDone: true
            ),
        ]
    )
    func aBrokenStream(expected: Broken) async throws {
        try await withProvider { provider in
            provider.inject(expected.fault)
            let answer = try provider.ask(chat(stream: true)) {
                expected.end == .silent && ($0.status != nil || expected.fault == .hang)
                    && $0.pieces.count == expected.pieces
            }
            #expect(answer.end == expected.end)
            #expect(answer.isWhole == expected.isWhole)
            #expect(answer.pieces.count == expected.pieces)
            #expect(answer.finishes.count == expected.finishes)
            #expect((answer.events.last == "[DONE]") == expected.isDone)
        }
    }

    /// What a client finds that doesn't stream.
    @Test(
        arguments: [
            (.hang, .silent, nil, ""), (.reset, .reset, nil, ""), (.closeWithoutAnswer, .closed, nil, ""),
            (.hangAfterHeaders, .silent, 200, ""), (.roleDeltaThenSilence, .silent, nil, ""),
            (.cutJSON, .closed, 200, "{\"id\""), (.cutAfter(chunks: 2), .closed, 200, "{\"id\""),
            (.stallAfter(chunks: 2), .silent, 200, "{\"id\""),
        ] as [(ProviderFault, RawClient.End, Int?, String)]
    )
    func aBrokenDocument(fault: ProviderFault, end: RawClient.End, status: Int?, start: String) async throws {
        try await withProvider { provider in
            provider.inject(fault)
            let answer = try provider.ask(chat()) { end == .silent && $0.status == status && $0.body.hasPrefix(start) }
            #expect(answer.end == end && answer.status == status && !answer.isWhole)
            #expect(answer.body.hasPrefix(start))
            #expect(WireAnswer.object(answer.body) == nil)
        }
    }

    @Test(
        arguments: [
            (.emptyBody, ""), (.html200, "<!DOCTYPE html>"), (.errorEventFirst, #"{"error":{"message""#),
            (.cleanEndWithoutFinish(afterChunks: 2), "{\"id\""),
        ] as [(ProviderFault, String)]
    )
    func status200WithoutAnAnswer(fault: ProviderFault, start: String) async throws {
        try await withProvider { provider in
            provider.inject(fault)
            let answer = try provider.ask(chat())
            #expect(answer.status == 200 && answer.isWhole)
            #expect(answer.body.hasPrefix(start) && answer.text == nil)
        }
    }

    @Test func webPageIsOneForStreamsToo() async throws {
        try await withProvider { provider in
            provider.inject(.html200)
            let answer = try provider.ask(chat(stream: true))
            #expect(answer.status == 200 && answer.headers["content-type"] == "text/html; charset=utf-8")
            provider.inject(.emptyBody)
            try #expect(provider.ask(chat(stream: true)).headers["content-length"] == "0")
        }
    }

    @Test func errorEventCarriesTheProvidersError() async throws {
        try await withProvider { provider in
            provider.inject(.errorEventAfter(chunks: 1))
            let answer = try provider.ask(chat(stream: true))
            #expect((answer.documents.last?["error"] as? [String: Any])?["type"] as? String == "server_error")
        }
        try await withProvider(.checked(.anthropic)) { provider in
            provider.inject(.errorEventFirst)
            let answer = try provider.ask(message(stream: true))
            #expect(
                answer.body
                    == "event: error\ndata: "
                    + #"{"type":"error","error":{"details":null,"type":"overloaded_error","message":"Overloaded"}}"#
                    + "\n\n"
            )
        }
    }

    @Test func roleDeltaAndKeepAlivesAreNoContent() async throws {
        try await withProvider { provider in
            provider.inject(.roleDeltaThenSilence)
            let client = try RawClient(port: provider.port)
            client.send(chat(stream: true))
            let (text, _) = client.read(until: { $0.components(separatedBy: ": keep-alive").count > 2 })
            let answer = WireAnswer(text, .silent)
            #expect(answer.events.count == 1 && answer.events[0].contains(#""role":"assistant""#))
            #expect(answer.pieces.isEmpty)
        }
    }

    @Test(arguments: [ProviderFault.slowHeaders(.milliseconds(300)), .slowFirstToken(.milliseconds(300))])
    func aSlowStartIsWaitedFor(fault: ProviderFault) async throws {
        try await withProvider { provider in
            provider.inject(fault)
            for streams in [true, false] {
                let start = ContinuousClock.now
                try #expect(provider.ask(chat(stream: streams)).status == 200)
                #expect(ContinuousClock.now - start >= .milliseconds(300))
            }
        }
    }

    @Test(
        arguments: [
            (.slowHeaders(.seconds(4)), [.wait(.seconds(4)), .send, .finish]),
            (.slowFirstToken(.seconds(4)), [.send, .wait(.seconds(4)), .send, .finish]),
            (.slowDrip(.seconds(2)), [.send, .wait(.seconds(2)), .send, .wait(.seconds(2)), .send, .finish]),
            (
                .keepAlivesThenAnswer(.seconds(1)),
                [.send, .wait(.milliseconds(500)), .send, .wait(.milliseconds(500)), .send, .finish]
            ),
        ] as [(ProviderFault, [Played])]
    )
    func whereASlowProviderWaits(fault: ProviderFault, expected: [Played]) {
        let body = #"{"model":"m","stream":true,"max_tokens":2,"messages":[{"content":"x"}]}"#
        let request = ProviderRequest(
            method: "POST",
            path: "/v1/chat/completions",
            key: goodKey,
            body: ByteBuffer(string: body)
        )
        let decision = ProviderBehaviour(.checked()).decide(request, Arrival(ordinal: 0, fault: fault))
        #expect(decision.script.steps.map(Played.init) == expected)
    }

    /// A step without its bytes.
    enum Played: Sendable, Equatable {
        case send
        case wait(Duration)
        case finish
        case other

        init(_ step: Script.Step) {
            self =
                switch step {
                case .send: .send
                case .wait(let time): .wait(time)
                case .finish: .finish
                default: .other
                }
        }
    }

    @Test func refusedConnectionsComeBackOnTheSamePort() async throws {
        try await withProvider { provider in
            let port = provider.port
            let pooled = try RawClient(port: port)
            pooled.send(chat(keepsAlive: true))
            _ = pooled.read(until: { $0.hasSuffix("}") })
            for _ in 0..<3 {
                provider.inject(.refuseConnections)
                await provider.settle()
                #expect(throws: POSIXError(.ECONNREFUSED)) { try RawClient(port: port) }
                provider.inject(nil)
                await provider.settle()
                #expect(provider.port == port)
                try #expect(provider.ask(chat()).status == 200)
            }
            #expect(pooled.read().1 != .silent)
        }
    }

    @Test func aFaultForSomeRequestsMendsItself() async throws {
        try await withProvider { provider in
            provider.inject(.serverError(status: 500), times: 2)
            #expect(provider.fault == .serverError(status: 500))
            try #expect((0..<3).map { _ in try provider.ask(chat()).status } == [500, 500, 200])
            #expect(provider.fault == nil)
        }
    }

    @Test func modelListAnswersThroughAnOutageOfGeneration() async throws {
        try await withProvider { provider in
            provider.inject(.serverError(status: 503))
            try #expect(provider.ask(get("/v1/models")).status == 200)
            provider.inject(.revokedKey)
            try #expect(provider.ask(get("/v1/models")).status == 401)
            provider.inject(.reset)
            try #expect(provider.ask(get("/v1/models")).end == .reset)
        }
    }
}
