import Exports
import Testing
import Upstream
import Wire

/// What collectors are told, against the shapes of their own documents.
struct CollectorTests {
    static let record: CallRecord = {
        var record = CallRecord(id: "req-1", at: noon, outcome: "complete")
        record.tenant = "tenant-a"
        record.feature = "summarise"
        record.group = "assistant"
        record.provider = "anthropic"
        record.deployment = "anthropic/claude-haiku-4-5"
        record.model = "claude-haiku-4-5"
        record.failoverFrom = "openai"
        record.attempts = 2
        record.stream = true
        record.firstTokenMicros = 400_000
        record.totalMicros = 1_200_005
        record.tokensIn = 1_144
        record.tokensCacheRead = 1_024
        record.tokensOut = 80
        record.cost = 1_040_000
        record.tags = ["drill"]
        return record
    }()

    static let langfuse = CollectorSink(
        id: "langfuse",
        collector: .langfuse(host: "https://cloud.langfuse.com/", publicKey: "pk-lf-1", secretKey: "sk-lf-2")
    )
    static let helicone = CollectorSink(id: "helicone", collector: .helicone(key: "hk"))

    /// The span's attributes by key.
    static func attributes(_ record: CallRecord) throws -> [String: JSONValue] {
        let body = try json(langfuse.request(for: [record]).body)
        guard case .array(let list)? = body.at("resourceSpans.0.scopeSpans.0.spans.0.attributes") else { return [:] }
        return Dictionary(list.compactMap { item in item.string("key").map { ($0, item["value"] ?? .null) } }) { $1 }
    }

    @Test func langfuseGetsOneSpanARequest() throws {
        let request = Self.langfuse.request(for: [Self.record])
        #expect(request.url == "https://cloud.langfuse.com/api/public/otel/v1/traces")
        #expect(request.header("authorization") == "Basic cGstbGYtMTpzay1sZi0y")
        #expect(request.header("x-langfuse-ingestion-version") == "4")
        #expect(request.header("content-type") == "application/json")
        let body = try json(request.body)
        #expect(body.string("resourceSpans.0.resource.attributes.0.value.stringValue") == "nines")
        let span = try #require(body.at("resourceSpans.0.scopeSpans.0.spans.0"))
        #expect(span.string("traceId")?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        #expect(span.string("spanId")?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        #expect(span.string("name") == "chat claude-haiku-4-5")
        #expect(span["kind"] == .number("3"))
        #expect(span.string("startTimeUnixNano") == "1790000000000000000")
        #expect(span.string("endTimeUnixNano") == "1790000001200005000")
        #expect(span.at("status.code") == .number("1"))
        #expect(Self.langfuse.request(for: [Self.record]).body == request.body, "a repeat names the same span")
    }

    @Test(
        "attributes",
        arguments: [
            ("langfuse.observation.type", "generation"), ("langfuse.trace.name", "feature:summarise"),
            ("langfuse.user.id", "tenant-a"), ("langfuse.trace.metadata.tenant", "tenant-a"),
            ("langfuse.observation.metadata.feature", "summarise"),
            ("langfuse.observation.metadata.failover_from", "openai"),
            ("langfuse.observation.metadata.provider", "anthropic"),
            ("langfuse.observation.metadata.request_id", "req-1"),
            ("langfuse.observation.model.name", "claude-haiku-4-5"),
            (
                "langfuse.observation.usage_details",
                #"{"input":120,"cache_read_input_tokens":1024,"output":80}"#
            ),
            ("langfuse.observation.cost_details", #"{"total":0.00104}"#),
            ("langfuse.observation.completion_start_time", "2026-09-21T14:13:20.400Z"),
            ("langfuse.observation.level", "DEFAULT"), ("langfuse.environment", "production"),
        ]
    )
    func attribute(key: String, text: String) throws {
        #expect(try Self.attributes(Self.record)[key]?.string("stringValue") == text)
    }

    @Test func promptsAreOutUnlessTheyAreThere() throws {
        var record = Self.record
        #expect(try Self.attributes(record).keys.filter { $0.hasSuffix("put") } == [])
        record.prompt = #"[{"role":"user","content":"hi"}]"#
        record.answer = String(repeating: "é", count: 60_000)
        let attributes = try Self.attributes(record)
        #expect(attributes["langfuse.observation.input"]?.string("stringValue") == record.prompt)
        let answer = try #require(attributes["langfuse.observation.output"]?.string("stringValue"))
        #expect(answer.utf8.count <= 65_536 && answer.hasSuffix("[cut]"))
        let log = try json(Self.helicone.request(for: [record]).body)
        #expect(log.string("providerRequest.json.messages.0.content") == "hi")
        record.prompt = "plain"
        let plain = try json(Self.helicone.request(for: [record]).body)
        #expect(plain.string("providerRequest.json.messages.0.content") == "plain")
    }

    @Test(
        "level and status",
        arguments: [
            ("lost", "ERROR", "2"), ("cut", "ERROR", "2"), ("rejected", "WARNING", "1"), ("complete", "DEFAULT", "1"),
        ]
    )
    func level(outcome: String, level: String, code: String) throws {
        var record = CallRecord(id: "x", at: noon, outcome: outcome)
        record.status = 503
        let body = try json(Self.langfuse.request(for: [record]).body)
        #expect(body.at("resourceSpans.0.scopeSpans.0.spans.0.status.code") == .number(code))
        let attributes = try Self.attributes(record)
        #expect(attributes["langfuse.observation.level"]?.string("stringValue") == level)
        #expect(attributes["langfuse.observation.usage_details"] == nil, "what is unknown is not 0")
        #expect(attributes["langfuse.observation.cost_details"] == nil)
    }

    @Test func theLegacyBatchHasATraceAndAGeneration() throws {
        let collector = Collector.langfuseLegacy(host: "http://lf.example", publicKey: "pk", secretKey: "sk")
        let request = CollectorSink(id: "l", collector: collector).request(for: [Self.record])
        #expect(request.url == "http://lf.example/api/public/ingestion")
        #expect(request.header("x-langfuse-ingestion-version") == nil)
        let body = try json(request.body)
        #expect(body.string("batch.0.type") == "trace-create")
        #expect(body.string("batch.1.type") == "generation-create")
        #expect(body.string("batch.0.id")?.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil)
        #expect(body.string("batch.0.id") != body.string("batch.1.id"))
        let generation = try #require(body.at("batch.1.body"))
        #expect(generation.string("traceId") == body.string("batch.0.body.id"))
        #expect(generation.string("startTime") == "2026-09-21T14:13:20.000Z")
        #expect(generation.at("usageDetails.input") == .number("120"))
        #expect(generation.at("costDetails.total") == .number("0.00104"))
        #expect(body.string("batch.0.body.userId") == "tenant-a")
    }

    @Test func heliconeGetsOneLogARequest() throws {
        let request = Self.helicone.request(for: [Self.record])
        #expect(request.url == "https://api.worker.helicone.ai/custom/v1/log")
        #expect(request.header("authorization") == "Bearer hk")
        let log = try json(request.body)
        #expect(log.string("providerRequest.url") == "custom-model-nopath")
        #expect(log.string("providerRequest.json.model") == "claude-haiku-4-5")
        #expect(log.at("providerRequest.json.messages") == .array([]))
        let texts: [(String, String)] = [
            ("Helicone-User-Id", "tenant-a"), ("Helicone-Property-Feature", "summarise"),
            ("Helicone-Property-FailoverFrom", "openai"), ("Helicone-Property-Attempts", "2"),
            ("Helicone-Property-Tags", "drill"),
        ]
        for (name, value) in texts { #expect(log.string("providerRequest.meta.\(name)") == value) }
        #expect(log.at("providerResponse.status") == .number("200"))
        #expect(log.at("providerResponse.json.usage.prompt_tokens") == .number("1144"))
        #expect(log.at("providerResponse.json.usage.total_tokens") == .number("1224"))
        #expect(log.at("timing.startTime") == ["seconds": .number("1790000000"), "milliseconds": .number("0")])
        #expect(log.at("timing.endTime") == ["seconds": .number("1790000001"), "milliseconds": .number("200")])
        #expect(log.at("timing.timeToFirstToken") == .number("400"))
    }

    @Test func aBatchEndsAtAMegabyte() {
        var big = CallRecord(id: "big", at: noon, outcome: "complete")
        big.prompt = String(repeating: "x", count: 400_000)
        let items = (1...5).map {
            OutboxItem(id: $0, sink: "langfuse", key: "k", createdAt: noon, payload: big.payload)
        }
        guard case .request(_, let count) = Self.langfuse.prepare(items, now: noon) else {
            Issue.record("nothing to send")
            return
        }
        #expect(count == 2)
        let odd = OutboxItem(id: 1, sink: "langfuse", key: "k", createdAt: noon, payload: Array("?".utf8))
        guard case .unreadable = Self.langfuse.prepare([odd] + items, now: noon) else {
            Issue.record("something was sent")
            return
        }
    }

    @Test func aRecordSurvivesTheOutbox() {
        #expect(CallRecord(payload: Self.record.payload) == Self.record)
    }
}
