import Exports
import Logging
import Synchronization
import Receivers
import Testing
import Upstream
import Wire

/// Real HTTP receivers on loopback that misbehave, and a clock by hand.
struct DeliveryTests {
    static let troubles: [(name: String, reactions: [Reaction])] = [
        ("none", []),
        ("errors", [.answer(500), .answer(503), .answer(502)]),
        ("too many", [.answer(429, headers: "retry-after: 7\r\n"), .answer(200, body: "ok"), .answer(429)]),
        ("stall", [.stall]),
        ("cut", [.cut, .answer(200, body: "ok"), .cut]),
        ("cut in the body", [.cutInBody, .cutInBody]),
        ("moved, and a login page", [.answer(302), .answer(200, body: "<!DOCTYPE html><p>Welcome")]),
        ("all at once", [.answer(503), .cut, .stall, .answer(429, headers: "retry-after: 1\r\n"), .answer(500)]),
    ]

    @Test("each notice is taken once, in order", arguments: troubles)
    func trouble(name: String, reactions: [Reaction]) async throws {
        let receiver = try Receiver(reactions)
        defer { receiver.stop() }
        let stalls = Mutex(0)
        let sink = PagerSink(id: "hook", pager: .webhook(url: receiver.url("/hook"), secret: "s3cret-of-a-test"))
        let place = try Workplace([sink]) { _ in
            let index = stalls.withLock { count in
                defer { count += 1 }
                return count
            }
            guard index < reactions.count, case .stall = reactions[index] else { return nil }
            return .milliseconds(200)
        }
        let notices = [
            notice(1), notice(2, key: "cost"), notice(3, .acknowledged), notice(4, .resolved),
            notice(5, key: "cost", .resolved),
        ]
        place.outbox.put("hook", notices)
        await place.drain()

        let ids = try receiver.taken.filter { !$0.body.isEmpty }.map { try json($0.body).string("id") }
        let took = name == "moved, and a login page" ? Array(ids.dropFirst()) : ids
        #expect(took == ["n-1", "n-2", "n-3", "n-4", "n-5"])
        #expect(place.outbox.now.done == [1, 2, 3, 4, 5])
        #expect(place.outbox.now.rows.isEmpty && place.outbox.now.dropped.isEmpty)
        #expect(place.worker.health[0].standing == .ok)
        #expect(place.worker.health[0].delivered == 5)
        await place.curl.shutdown()
    }

    @Test func retryAfterIsKept() async throws {
        let receiver = try Receiver([.answer(429, headers: "retry-after: 42\r\n")])
        defer { receiver.stop() }
        let place = try Workplace([PagerSink(id: "s", pager: .webhook(url: receiver.url("/")))])
        place.outbox.put("s", [notice()])
        #expect(await place.worker.deliverNow() == noon + 42_000)
        place.clock.now = noon + 41_999
        #expect(await place.worker.deliverNow() == noon + 42_000)
        #expect(receiver.received.count == 1)
        place.clock.now = noon + 42_000
        #expect(await place.worker.deliverNow() == nil)
        #expect(receiver.taken.count == 1)
        await place.curl.shutdown()
    }

    @Test func waitsGrowToAQuarterOfAnHour() async throws {
        let receiver = try Receiver { _, _ in .answer(503) }
        defer { receiver.stop() }
        let place = try Workplace([PagerSink(id: "s", pager: .webhook(url: receiver.url("/")))])
        place.outbox.put("s", [notice()])
        var waits: [Int64] = []
        for _ in 0..<40 {
            let next = try #require(await place.worker.deliverNow())
            waits.append(next - place.clock.now)
            place.clock.now = next
        }
        for (index, wait) in waits.enumerated() {
            #expect((1_000...min(900_000, 1_000 << Int64(index + 1))).contains(wait), "try \(index)")
        }
        #expect(waits.max() ?? 0 > 300_000)
        #expect(Set(waits).count > 30, "drawn, so that sinks don't come back at once")
        #expect(place.outbox.now.rows[0].item.attempts == 40)
        await place.curl.shutdown()
    }

    @Test("a wish is bounded", arguments: [("999999999", Int64(3_600_000)), ("0", 1_000)])
    func boundedWish(seconds: String, wait: Int64) async throws {
        let receiver = try Receiver([.answer(503, headers: "retry-after: \(seconds)\r\n")])
        defer { receiver.stop() }
        let place = try Workplace([PagerSink(id: "s", pager: .webhook(url: receiver.url("/")))])
        place.outbox.put("s", [notice()])
        #expect(await place.worker.deliverNow() == noon + wait)
        await place.curl.shutdown()
    }

    @Test func aClockSetBackHoldsNothing() async throws {
        let receiver = try Receiver([.answer(503)])
        defer { receiver.stop() }
        let place = try Workplace([PagerSink(id: "s", pager: .webhook(url: receiver.url("/")))])
        place.outbox.put("s", [notice()])
        await place.worker.deliverNow()
        place.clock.now = noon - 86_400_000
        #expect(await place.worker.deliverNow() == nil)
        #expect(place.outbox.now.done == [1])
        await place.curl.shutdown()
    }

    @Test func threeDaysAreEnough() async throws {
        let receiver = try Receiver([])
        defer { receiver.stop() }
        let place = try Workplace([PagerSink(id: "s", pager: .webhook(url: receiver.url("/")))])
        place.outbox.put("s", [notice(1)])
        place.outbox.put("s", key: "cost", at: noon + 86_400_000, Array("from another version".utf8))
        place.clock.now = noon + 3 * 86_400_000 + 1
        await place.drain()
        #expect(receiver.received.isEmpty)
        #expect(
            place.outbox.now.dropped == [1: "older than three days", 2: "unreadable: written by another version"]
        )
        await place.curl.shutdown()
    }

    @Test func aDayOfSilenceIsCaughtUpInOrder() async throws {
        let clock = Mutex<ManualClock?>(nil)
        let receiver = try Receiver { _, _ in
            let now = clock.withLock { $0?.now } ?? noon
            return now < noon + 86_400_000 ? .answer(503) : .answer(202)
        }
        defer { receiver.stop() }
        let pager = Pager.pagerDuty(routingKey: "0123456789abcdef", endpoint: receiver.url("/v2/enqueue"))
        let place = try Workplace([PagerSink(id: "pd", pager: pager)])
        clock.withLock { $0 = place.clock }
        place.outbox.put("pd", (1...40).map { notice($0, key: "k\($0 / 2)", $0 % 2 == 0 ? .triggered : .resolved) })
        await place.drain()
        let keys = try receiver.taken.map {
            let event = try json($0.body)
            return (event.string("dedup_key") ?? "") + (event.string("event_action") ?? "")
        }
        #expect(keys == (1...40).map { "k\($0 / 2)" + ($0 % 2 == 0 ? "trigger" : "resolve") })
        #expect(receiver.received.count < 40 + 200, "a quarter of an hour apart, more or less")
        // Their ends waited behind them: said, but nobody is woken.
        #expect(try json(receiver.taken[1].body).string("payload.severity") == "info")
        #expect(try json(receiver.taken[39].body).string("payload.severity") == "critical")
        await place.curl.shutdown()
    }

    @Test("a wrong key or address is said, and nothing is lost", arguments: [401, 403, 404, 410])
    func refused(status: Int) async throws {
        let isMended = Mutex(false)
        let receiver = try Receiver { _, _ in .answer(isMended.withLock(\.self) ? 200 : status, body: "no_service") }
        defer { receiver.stop() }
        let place = try Workplace([PagerSink(id: "slack", pager: .slack(url: receiver.url("/services/T0/B0/Xsecret")))])
        place.outbox.put("slack", [notice(1), notice(2, .resolved)])
        #expect(await place.worker.deliverNow() == noon + 900_000)
        let health = place.worker.health[0]
        #expect(health.standing == .refused)
        #expect(health.lastError == "\(status): no_service")
        #expect(receiver.received.count == 1)
        isMended.withLock { $0 = true }
        await place.drain()
        #expect(place.outbox.now.done == [1, 2])
        #expect(place.worker.health[0].standing == .ok)
        await place.curl.shutdown()
    }

    @Test func whatIsRefusedAsSuchIsDroppedAndTheRestGoesOn() async throws {
        let receiver = try Receiver { _, request in
            request.body.contains("n-2") ? .answer(400, body: "{\"message\":\"invalid event\"}") : .answer(202)
        }
        defer { receiver.stop() }
        let place = try Workplace([PagerSink(id: "s", pager: .webhook(url: receiver.url("/")))])
        place.outbox.put("s", [notice(1), notice(2, key: "cost"), notice(3, .resolved)])
        await place.drain()
        #expect(place.outbox.now.done == [1, 3])
        #expect(place.outbox.now.dropped == [2: "400: {\"message\":\"invalid event\"}"])
        #expect(place.worker.health[0].dropped == 1)
        #expect(place.worker.health[0].standing == .ok, "the next one got through")
        await place.curl.shutdown()
    }

    @Test func oneThatTheSinkChokesOnHoldsTheOthersForSixTriesOnly() async throws {
        let receiver = try Receiver { _, request in request.body.contains("n-1\"") ? .answer(500) : .answer(200) }
        defer { receiver.stop() }
        let place = try Workplace([PagerSink(id: "s", pager: .webhook(url: receiver.url("/")))])
        place.outbox.put("s", [notice(1), notice(2, .resolved)])
        place.outbox.put("s", [notice(3, key: "cost"), notice(4, key: "cost", .resolved)])
        await place.drain()
        // Its own resolution did not overtake it.
        #expect(place.outbox.now.done == [3, 2, 4])
        #expect(place.outbox.now.dropped == [1: "others get through, this one does not: 500"])
        #expect(receiver.received.count < 12)
        await place.curl.shutdown()
    }

    @Test func aDeadSinkDelaysNobodyElse() async throws {
        let dead = try Receiver { _, _ in .stall }
        let alive = try Receiver([])
        defer {
            dead.stop()
            alive.stop()
        }
        let curl = try CurlUpstream(configuration: .init(proxy: ""))
        let outbox = MemoryOutbox()
        let worker = DeliveryWorker(
            sinks: [
                PagerSink(id: "dead", pager: .webhook(url: dead.url("/"))),
                PagerSink(id: "alive", pager: .webhook(url: alive.url("/"))),
            ],
            outbox: outbox,
            upstream: curl,
            clock: DeliveryClock(now: { noon }),
            seed: 1,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        outbox.put("dead", [notice(1)])
        let running = Task { await worker.run() }
        while dead.received.isEmpty { await Task.yield() }
        // The dead one holds its request for 15 s; meanwhile the bell is heard.
        for number in 2...4 {
            outbox.put("alive", [notice(number)])
            worker.wake()
            while worker.health[1].delivered < number - 1 { await Task.yield() }
        }
        running.cancel()
        await running.value
        #expect(outbox.now.rows.map(\.item.sink) == ["dead"], "what was under way stays")
        #expect(outbox.now.done == [2, 3, 4], "and what was delivered is told in spite of the end")
        await curl.shutdown()
    }

    @Test func aBusyOutboxMakesNothingBeSentTwice() async throws {
        let receiver = try Receiver([])
        defer { receiver.stop() }
        let place = try Workplace([PagerSink(id: "s", pager: .webhook(url: receiver.url("/")))])
        place.outbox.put("s", [notice(1), notice(2, .resolved)])
        place.outbox.refuse(3)
        await place.drain()
        #expect(try receiver.received.map { try json($0.body).string("id") } == ["n-1", "n-2"])
        #expect(place.outbox.now.done == [1, 2])
        await place.curl.shutdown()
    }

    @Test func anEchoedSecretIsNotKept() async throws {
        let receiver = try Receiver { _, request in .answer(503, body: request.head + request.body) }
        defer { receiver.stop() }
        let secrets = [
            "Xq7wTokenOfSlack", "tk_topicToken12", "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "hookSecret99", "hidden-topic",
        ]
        let sinks: [any Sink] = [
            PagerSink(id: "a", pager: .slack(url: receiver.url("/services/T0/B0/Xq7wTokenOfSlack"))),
            PagerSink(id: "b", pager: .ntfy(url: receiver.url("/hidden-topic"), token: "tk_topicToken12")),
            PagerSink(
                id: "c",
                pager: .pagerDuty(routingKey: "0a1b2c3d4e5f60718293a4b5c6d7e8f9", endpoint: receiver.url("/v2"))
            ),
            PagerSink(id: "d", pager: .webhook(url: receiver.url("/h?key=hookSecret99"), secret: "hookSecret99")),
            CollectorSink(id: "e", collector: .helicone(key: "hookSecret99", host: receiver.url(""))),
        ]
        let place = try Workplace(sinks)
        for id in ["a", "b", "c", "d"] { place.outbox.put(id, [notice()]) }
        place.outbox.put("e", [CallRecord(id: "r", at: noon, outcome: "complete")])
        await place.worker.deliverNow()
        let errors = place.outbox.now.rows.compactMap(\.error) + place.worker.health.compactMap(\.lastError)
        #expect(errors.count == 10)
        for secret in secrets { #expect(errors.filter { $0.contains(secret) } == []) }
        await place.curl.shutdown()
    }

    @Test func slackGetsOneASecond() async throws {
        let receiver = try Receiver([])
        defer { receiver.stop() }
        let place = try Workplace([PagerSink(id: "s", pager: .slack(url: receiver.url("/services/a")))])
        place.outbox.put("s", [notice(1), notice(2)])
        #expect(await place.worker.deliverNow() == noon + 1_000)
        #expect(receiver.taken.count == 1)
        place.clock.now = noon + 1_000
        await place.worker.deliverNow()
        #expect(receiver.taken.count == 2)
        await place.curl.shutdown()
    }
}

/// Collectors: batches, and what must not arrive twice.
struct CollectionTests {
    static func langfuse(_ receiver: Receiver) -> CollectorSink {
        CollectorSink(
            id: "lf",
            collector: .langfuse(host: receiver.url(""), publicKey: "pk-lf-test", secretKey: "sk-lf-test")
        )
    }

    static let records = (1...120).map { CallRecord(id: "r-\($0)", at: noon, outcome: "complete") }

    static func spans(_ received: Received) throws -> [String] {
        let spans = try json(received.body).at("resourceSpans.0.scopeSpans.0.spans")
        guard case .array(let spans)? = spans else { return [] }
        return spans.compactMap { span in span.string("spanId") }
    }

    @Test func recordsGoInBatches() async throws {
        let receiver = try Receiver([.answer(503)])
        defer { receiver.stop() }
        let place = try Workplace([Self.langfuse(receiver)])
        place.outbox.put("lf", Self.records)
        await place.drain()
        #expect(try receiver.taken.map { try Self.spans($0).count } == [50, 50, 20])
        #expect(try Set(receiver.taken.flatMap { try Self.spans($0) }).count == 120)
        #expect(place.outbox.now.done == Array(1...120))
        await place.curl.shutdown()
    }

    @Test("a bad record falls out of its batch", arguments: [400, 500])
    func badRecord(status: Int) async throws {
        let receiver = try Receiver { _, request in request.body.contains("chat bad") ? .answer(status) : .answer(200) }
        defer { receiver.stop() }
        var records = Self.records
        records[16].model = "bad"
        let place = try Workplace([Self.langfuse(receiver)])
        place.outbox.put("lf", records)
        await place.drain()
        #expect(Array(place.outbox.now.dropped.keys) == [17])
        #expect(place.outbox.now.done.sorted() == Array(1...120).filter { $0 != 17 })
        #expect(receiver.received.count < 40)
        await place.curl.shutdown()
    }

    /// Silence after a request: a harmless one goes first, then the batch once more, then it is given up.
    @Test(arguments: [(silences: 1, done: 3, dropped: 0), (silences: 2, done: 0, dropped: 3)])
    func noAnswer(silences: Int, done: Int, dropped: Int) async throws {
        let isProbe: @Sendable (String) -> Bool = { $0.contains("\"resourceSpans\":[]") }
        let count = Mutex(0)
        let receiver = try Receiver { index, request in
            // Twice down when it is asked whether it is there again.
            guard !isProbe(request.body) else { return index < 3 ? .answer(503) : .answer(200) }
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number <= silences ? .cut : .answer(200)
        }
        defer { receiver.stop() }
        let place = try Workplace([Self.langfuse(receiver)])
        place.outbox.put("lf", Array(Self.records.prefix(3)))
        await place.drain()
        #expect(place.outbox.now.done.count == done)
        #expect(place.outbox.now.dropped.count == dropped)
        #expect(receiver.received.filter { !isProbe($0.body) }.count == 2, "at most twice")
        #expect(receiver.received.filter { isProbe($0.body) }.count == 3)
        #expect(place.worker.health[0].possibleDuplicates == 3)
        await place.curl.shutdown()
    }

    @Test func aComplaintIsShown() async throws {
        let body = #"{"successes":[],"errors":[{"id":"1","status":400,"message":"no such type"}]}"#
        let receiver = try Receiver([.answer(207, body: body)])
        defer { receiver.stop() }
        let legacy = Collector.langfuseLegacy(host: receiver.url("/"), publicKey: "pk", secretKey: "sk-test")
        let place = try Workplace([CollectorSink(id: "lf", collector: legacy)])
        place.outbox.put("lf", [Self.records[0]])
        await place.drain()
        #expect(receiver.received.map { $0.head.split(separator: " ")[1] } == ["/api/public/ingestion"])
        #expect(place.outbox.now.done == [1])
        #expect(place.worker.health[0].lastError?.contains("no such type") == true)
        await place.curl.shutdown()
    }
}
