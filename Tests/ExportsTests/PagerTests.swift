import Exports
import Routing
import Testing
import Upstream
import Wire

struct PagerDutyTests {
    static let pager = Pager.pagerDuty(routingKey: "R0UT1NG")
    let sink = PagerSink(id: "pagerduty", pager: Self.pager, source: "laptop")

    @Test func aTriggerSaysAll() throws {
        let request = sink.request(for: notice(), sentAt: noon)
        #expect(request.url == "https://events.pagerduty.com/v2/enqueue")
        #expect(request.header("content-type") == "application/json")
        let details =
            #"{"rule":"latency","severity":"page","value":"2.61 s (limit 2.50 s)","samples":"1204 in 15m","#
            + #""since":"2026-09-21 13:58:20 UTC","text":""}"#
        let payload =
            #"{"summary":"p95 latency over target: 2.61 s (limit 2.50 s)","source":"laptop","#
            + #""severity":"critical","timestamp":"2026-09-21T13:58:20.000Z","component":"llm-router","#
            + #""class":"latency","custom_details":"# + details + "}"
        #expect(
            request.text == #"{"routing_key":"R0UT1NG","event_action":"trigger","dedup_key":"latency","payload":"#
                + payload + #","client":"Nines"}"#
        )
    }

    @Test(
        "what follows names the alert only",
        arguments: [
            (AlertNotice.State.acknowledged, "acknowledge"), (.resolved, "resolve"),
        ]
    )
    func later(state: AlertNotice.State, action: String) {
        let text = sink.request(for: notice(1, state), sentAt: noon).text
        #expect(text == #"{"routing_key":"R0UT1NG","event_action":"\#(action)","dedup_key":"latency"}"#)
    }

    @Test(
        "how loud",
        arguments: [
            (AlertNotice.Severity.page, false, false, "critical"), (.ticket, false, false, "warning"),
            (.info, false, false, "info"), (.page, true, false, "info"), (.page, false, true, "info"),
        ]
    )
    func loudness(severity: AlertNotice.Severity, isDrill: Bool, isTest: Bool, expected: String) throws {
        var notice = notice(severity: severity)
        notice.drill = isDrill ? "d-7" : nil
        notice.isTest = isTest
        let event = try json(sink.request(for: notice, sentAt: noon).body)
        #expect(event.string("payload.severity") == expected)
        let summary = try #require(event.string("payload.summary"))
        #expect(summary.hasPrefix("[DRILL] ") == isDrill)
        #expect(summary.hasPrefix("[TEST] ") == isTest)
    }

    @Test func limitsHold() throws {
        var long = notice(key: String(repeating: "é", count: 400))
        long.title = String(repeating: "t", count: 5_000)
        long.text = String(repeating: "x", count: 600_000)
        long.rule = String(repeating: "r", count: 100_000)
        long.link = "https://example.com/" + String(repeating: "l", count: 10_000)
        var other = long
        other.dedupKey += "!"
        let body = sink.request(for: long, sentAt: noon).body
        let event = try json(body)
        let key = try #require(event.string("dedup_key"))
        #expect(body.count < 512_000)
        #expect(key.count == 255)
        #expect(event.string("payload.summary")?.count == 1_024)
        #expect(try json(sink.request(for: other, sentAt: noon).body).string("dedup_key") != key)
    }

    @Test func noDataIsSaid() throws {
        var silent = notice()
        silent.hasNoData = true
        let event = try json(sink.request(for: silent, sentAt: noon).body)
        #expect(event.string("payload.summary") == "p95 latency over target: no data")
    }
}

struct SlackTests {
    let sink = PagerSink(id: "slack", pager: .slack(url: "https://hooks.slack.com/services/T0/B0/X"))

    @Test func aMessageHasBlocksAndItsText() throws {
        var linked = notice()
        linked.text = "Provider openai <slow> & steady; <!channel>"
        linked.link = "https://example.com/alerts?id=1&b=2"
        let message = try json(sink.request(for: linked, sentAt: noon).body)
        #expect(message.string("text") == ":rotating_light: p95 latency over target: 2.61 s (limit 2.50 s)")
        #expect(message.string("blocks.0.type") == "header")
        #expect(message.string("blocks.0.text.text") == "p95 latency over target")
        #expect(message.string("blocks.1.text.text") == "Provider openai &lt;slow&gt; &amp; steady; &lt;!channel&gt;")
        #expect(message.string("blocks.2.fields.2.text") == "*Value*\n2.61 s (limit 2.50 s)")
        #expect(message.string("blocks.3.text.text") == "<https://example.com/alerts?id=1&amp;b=2|Read on>")
    }

    @Test func limitsHold() throws {
        var long = notice()
        long.title = String(repeating: "<", count: 5_000)
        long.text = String(repeating: "&", count: 100_000)
        let message = try json(sink.request(for: long, sentAt: noon).body)
        #expect(message.string("blocks.0.text.text")?.count == 150)
        #expect(message.string("blocks.1.text.text")?.count == 3_000)
    }

    @Test("a link that is none is left out", arguments: ["javascript:x", "https://a|b", "https://a b", "<!here>"])
    func badLink(link: String) {
        var linked = notice()
        linked.link = link
        #expect(!sink.request(for: linked, sentAt: noon).text.contains("Read on"))
    }

    @Test func whatIsLateSaysSo() throws {
        let message = try json(sink.request(for: notice(), sentAt: noon + 3_600_000, isOver: true).body)
        #expect(message.string("text")?.hasPrefix(":information_source:") == true)
        #expect(message.string("blocks.1.fields.5.text") == "*Late*\nhappened 2026-09-21 14:13:20 UTC, over since")
    }
}

struct NtfyTests {
    @Test(
        "an address is a server and a topic",
        arguments: [
            ("https://ntfy.sh/my-topic", "https://ntfy.sh/", "my-topic"),
            ("https://ntfy.sh/my-topic/", "https://ntfy.sh/", "my-topic"),
            ("https://a.example/ntfy/t?auth=x", "https://a.example/ntfy/?auth=x", "t"),
        ]
    )
    func address(url: String, root: String, topic: String) throws {
        let request = PagerSink(id: "n", pager: .ntfy(url: url)).request(for: notice(), sentAt: noon)
        #expect(request.url == root)
        #expect(try json(request.body).string("topic") == topic)
        #expect(request.header("authorization") == nil)
    }

    @Test(
        arguments: [
            (AlertNotice.State.triggered, AlertNotice.Severity.page, "5", "rotating_light"),
            (.triggered, .ticket, "4", "warning"), (.triggered, .info, "3", "information_source"),
            (.acknowledged, .page, "2", "eyes"), (.resolved, .page, "3", "white_check_mark"),
        ]
    )
    func priority(state: AlertNotice.State, severity: AlertNotice.Severity, priority: String, tag: String) throws {
        let sink = PagerSink(id: "n", pager: .ntfy(url: "https://ntfy.sh/t", token: "tk_1"))
        let request = sink.request(for: notice(1, state, severity: severity), sentAt: noon)
        let message = try json(request.body)
        #expect(message["priority"] == .number(priority))
        #expect(message["tags"] == .array([.string(tag)]))
        #expect(request.header("authorization") == "Bearer tk_1")
    }

    @Test func aLongMessageStaysAMessage() throws {
        var long = notice()
        long.text = String(repeating: "é", count: 10_000)
        let request = PagerSink(id: "n", pager: .ntfy(url: "https://ntfy.sh/t")).request(for: long, sentAt: noon)
        let message = try #require(try json(request.body).string("message"))
        #expect((3_800...3_900).contains(message.utf8.count))
        #expect(message.hasSuffix("[cut]"))
    }
}

struct WebhookTests {
    @Test func theBodyIsDocumentedAndSigned() {
        let sink = PagerSink(id: "w", pager: .webhook(url: "https://example.com/hook", secret: "s3cret"))
        var drilled = notice()
        drilled.drill = "d-7"
        let request = sink.request(for: drilled, sentAt: noon + 500)
        #expect(
            request.text == #"{"id":"n-1","dedup_key":"latency","status":"firing","severity":"info","rule":"latency","#
                + #""title":"[DRILL] p95 latency over target","text":"","unit":"seconds","value":2.614,"#
                + #""threshold":2.5,"window_s":900,"n":1204,"started_at":"2026-09-21T13:58:20.000Z","#
                + #""at":"2026-09-21T14:13:20.000Z","sent_at":"2026-09-21T14:13:20.500Z","link":null,"#
                + #""drill_id":"d-7","test":false}"#
        )
        #expect(request.header("x-timestamp") == "1790000000")
        #expect(request.header("idempotency-key") == "n-1")
        // As Python's hmac gives it for the text above.
        #expect(
            request.header("x-signature") == "sha256=1b1f54602415d773eda6b0f0dceb1ea27f0e50c3281436807c84a72030570a4a"
        )
    }

    @Test(
        "status",
        arguments: [
            (AlertNotice.State.triggered, false, "firing"), (.triggered, true, "nodata"),
            (.acknowledged, false, "acknowledged"), (.resolved, true, "resolved"),
        ]
    )
    func status(state: AlertNotice.State, hasNoData: Bool, expected: String) throws {
        var notice = notice(1, state)
        notice.hasNoData = hasNoData
        let request = PagerSink(id: "w", pager: .webhook(url: "https://a.example")).request(for: notice, sentAt: noon)
        #expect(try json(request.body).string("status") == expected)
        #expect(request.header("x-signature") == nil)
    }

    @Test func anIDThatIsNoHeaderIsFingerprinted() {
        var odd = notice()
        odd.id = "a\r\nx-evil: 1"
        let request = PagerSink(id: "w", pager: .webhook(url: "https://a.example")).request(for: odd, sentAt: noon)
        #expect(request.header("idempotency-key")?.count == 64)
    }
}

struct NoticeTests {
    @Test func aNoticeSurvivesTheOutbox() {
        var full = notice(3, .resolved, severity: .ticket)
        full.drill = "d"
        full.link = "https://a.example"
        full.text = "Ünï\ncode"
        #expect(AlertNotice(payload: full.payload) == full)
        full.value = .nan
        full.threshold = .infinity
        let read = AlertNotice(payload: full.payload)
        #expect(read?.value == nil && read?.threshold == nil && read?.id == "n-3")
        #expect(AlertNotice(payload: Array("{}".utf8)) == nil)
    }

    @Test(
        "figures",
        arguments: [
            (AlertNotice.Unit.ratio, 0.9912, "99.12 %"), (.usd, 0.0182, "$0.0182"), (.factor, 14.44, "14.4x"),
            (.count, 12, "12"), (.seconds, 1e300, "? s"), (.usd, -1.5, "-$1.5000"),
        ]
    )
    func figures(unit: AlertNotice.Unit, value: Double, text: String) throws {
        var notice = notice()
        (notice.unit, notice.value, notice.threshold) = (unit, value, nil)
        #expect(TerminalNotice(notice, now: noon).notification?.body == text)
    }

    @Test func theTerminalRingsForWhatIsLoud() {
        #expect(TerminalNotice(notice(), now: noon).rings)
        #expect(!TerminalNotice(notice(severity: .info), now: noon).rings)
        #expect(!TerminalNotice(notice(1, .resolved), now: noon).rings)
        #expect(TerminalNotice(notice(1, .acknowledged), now: noon).notification == nil)
    }

    @Test func notificationsHoldNoSequenceOfTheirOwn() {
        let notification = DesktopNotification(title: "4;a\u{1B}]0;evil\u{7}", body: "b;\u{9C}c")
        #expect(notification.osc9 == "\u{1B}]9; 4;a ]0;evil : b; c\u{1B}\\")
        #expect(notification.osc777 == "\u{1B}]777;notify;4,a ]0,evil ;b; c\u{1B}\\")
    }
}
