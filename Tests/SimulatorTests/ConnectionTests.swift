import Foundation
import Testing

@testable import Simulator

/// Keys, connections, odd input and the call log.
struct ConnectionTests {
    @Test(
        arguments: [
            (
                "sk-abcdefgh-wxyz" as String?, "invalid_api_key",
                "Incorrect API key provided: sk-a***wxyz. You can find your API key at https://platform.openai.com/account/api-keys."
            ),
            ("short", "invalid_api_key", "Incorrect API key provided: ***. You can find"),
            (nil, nil, "You didn't provide an API key."),
        ] as [(String?, String?, String)]
    )
    func aKeyThatIsNotAccepted(key: String?, code: String?, message: String) async throws {
        try await withProvider { provider in
            for request in [chat(key: key), chat(stream: true, key: key), get("/v1/models", key: key)] {
                let answer = try provider.ask(request)
                #expect(answer.status == 401)
                #expect(answer.error["type"] as? String == "invalid_request_error")
                #expect(answer.error["code"] as? String == code)
                #expect((answer.error["message"] as? String)?.hasPrefix(message) == true)
            }
        }
    }

    @Test func anthropicKeyIsItsOwnHeader() async throws {
        try await withProvider(.checked(.anthropic)) { provider in
            try #expect(provider.ask(message()).status == 200)
            let wrong = try provider.ask(message(key: "sk-ant-wrong-key"))
            #expect(wrong.status == 401)
            #expect(
                wrong.body
                    == #"{"type":"error","error":{"details":null,"type":"authentication_error","message":"invalid x-api-key"},"request_id":"req_simulated7x1"}"#
            )
        }
    }

    @Test func wrongKeyUsesUpNoFault() async throws {
        try await withProvider { provider in
            provider.inject(.overloaded, times: 1)
            try #expect(provider.ask(chat(key: "sk-wrong-key-9999")).status == 401)
            try #expect(provider.ask(get("/v1/models")).status == 200)
            try #expect(provider.ask(chat()).status == 503)
            try #expect(provider.ask(chat()).status == 200)
        }
    }

    @Test func oneConnectionServesManyAndPipelinedRequests() async throws {
        try await withProvider { provider in
            let client = try RawClient(port: provider.port)
            client.send(chat(keepsAlive: true) + chat(stream: true, keepsAlive: true) + chat())
            let (text, end) = client.read()
            #expect(end == .closed)
            #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 4)
            #expect(provider.callCount == 3)
        }
    }

    @Test(
        arguments: [
            ("/v1/chat/completions", "{", 400, "We could not parse the JSON body"),
            ("/v1/chat/completions", #"{"model":5}"#, 400, "We could not parse the JSON body"),
            ("/v1/chat/completions", #"{"messages":[{"content":"x"}]}"#, 400, "you must provide a model parameter"),
            ("/v1/chat/completions", #"{"model":"m","messages":[]}"#, 400, "Missing required parameter: 'messages'."),
            (
                "/v1/chat/completions", #"{"model":"m","messages":[{"content":"x"}],"max_tokens":0}"#, 400,
                "Invalid 'max_tokens'"
            ),
            ("/v1/embeddings", #"{"model":"m"}"#, 400, "Missing required parameter: 'input'."),
            ("/v1/nothing", "{}", 404, "Invalid URL (POST /v1/nothing)"),
        ]
    )
    func aRequestAtFault(path: String, body: String, status: Int, message: String) async throws {
        try await withProvider { provider in
            let answer = try provider.ask(post(path, body))
            #expect(answer.status == status && answer.isWhole)
            #expect((answer.error["message"] as? String)?.hasPrefix(message) == true)
        }
    }

    @Test func whatIsNotHTTPIsRefused() async throws {
        try await withProvider { provider in
            let answer = try provider.ask("hello there\r\n\r\n")
            #expect(answer.status == 400 && answer.end == .closed)
            try #expect(provider.ask(chat()).status == 200)
        }
    }

    @Test func tooLargeABodyIs413() async throws {
        try await withProvider { provider in
            let answer = try provider.ask(post("/v1/chat/completions", String(repeating: " ", count: 33 << 20)))
            #expect(answer.status == 413)
        }
    }

    @Test func expectationIsMet() async throws {
        try await withProvider { provider in
            let client = try RawClient(port: provider.port)
            let request = chat().replacingOccurrences(of: "host:", with: "expect: 100-continue\r\nhost:")
            let split = try #require(request.range(of: "\r\n\r\n"))
            client.send(String(request[..<split.upperBound]))
            #expect(client.read(until: { $0.hasSuffix("\r\n\r\n") }).0 == "HTTP/1.1 100 Continue\r\n\r\n")
            client.send(String(request[split.upperBound...]))
            #expect(WireAnswer(client.read().0, .closed).status == 200)
        }
    }

    @Test(
        arguments: [
            ProviderFault.hang, .slowDrip(.seconds(60)), .roleDeltaThenSilence, .stallAfter(chunks: 2),
            .keepAlivesAfter(chunks: 2),
        ]
    )
    func departureOfTheClientIsNoticed(fault: ProviderFault) async throws {
        try await withProvider { provider in
            provider.inject(fault)
            let client = try RawClient(port: provider.port)
            client.send(chat(stream: true))
            try await eventually("the call arrives") { provider.callCount == 1 }
            #expect(provider.calls[0].ending == .underWay)
            client.close()
            try await eventually("the departure is seen") { provider.calls[0].ending == .peerHungUp }
        }
    }

    @Test func logTellsWhatHappenedAndHidesTheKey() async throws {
        try await withProvider { provider in
            _ = try provider.ask(chat(stream: true))
            provider.inject(.reset)
            _ = try provider.ask(chat())
            let calls = provider.calls
            #expect(calls.map(\.ending) == [.complete, .brokenByProvider])
            #expect(calls.map(\.streams) == [true, false])
            #expect(calls.map(\.status) == [200, nil])
            #expect(calls.map(\.fault) == [nil, .reset])
            #expect(calls[0].model == "m-1" && calls[0].path == "/v1/chat/completions")
            #expect(calls[0].keyTail == "0001")
            #expect(!"\(calls)".contains(goodKey))
        }
    }

    @Test func logForgetsTheOldestAndCountsOn() {
        var log = CallLog()
        for ordinal in 0..<25_000 {
            let call = SimulatedProvider.Call(at: .now, method: "GET", path: "/\(ordinal)", key: nil, fault: nil)
            #expect(log.append(call) == ordinal)
        }
        log.update(0) { $0.status = 200 }
        log.update(24_999) { $0.status = 200 }
        #expect(log.count == 25_000 && log.calls.count == 15_000)
        #expect(log.calls.last?.status == 200 && log.calls.first?.path == "/10000")
    }

    @Test func aHundredStreamsAtOnceBesideAHundredThatStall() async throws {
        try await withProvider { provider in
            provider.inject(.stallAfter(chunks: 3))
            let stalled = try (0..<100).map { _ in try RawClient(port: provider.port) }
            for client in stalled { client.send(chat(stream: true)) }
            for client in stalled {
                _ = client.read { WireAnswer($0, .silent).pieces.count == 3 }
            }
            #expect(provider.calls.count { $0.ending == .underWay } == 100)
            provider.inject(nil)
            let clients = try (0..<100).map { _ in try RawClient(port: provider.port) }
            for client in clients { client.send(chat(stream: true)) }
            let answers = clients.map { WireAnswer($0.read().0, .closed) }
            #expect(answers.allSatisfy { $0.isWhole && $0.pieces.count == 16 && $0.events.last == "[DONE]" })
            #expect(Set(answers.map { $0.headers["x-request-id"] }).count == 100)
        }
    }

    @Test func stopClosesPortAndConnections() async throws {
        let provider = try await SimulatedProvider.start(.checked(), logger: silentLogger)
        provider.inject(.hang)
        let client = try RawClient(port: provider.port)
        client.send(chat())
        try await eventually("the call arrives") { provider.callCount == 1 }
        await provider.stop()
        #expect(client.read().1 != .silent)
        #expect(throws: POSIXError.self) { try RawClient(port: provider.port) }
    }

    @Test func twoProvidersCannotShareAPort() async throws {
        try await withProvider { provider in
            var second = SimulatedProviderConfiguration.checked()
            second.port = provider.port
            await #expect(throws: (any Error).self) {
                _ = try await SimulatedProvider.start(second, logger: silentLogger)
            }
        }
    }
}
