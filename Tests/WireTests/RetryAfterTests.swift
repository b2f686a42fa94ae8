import Testing

@testable import Wire

struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT, RFC 9110's example.
    static let then: Int64 = 784_111_777

    @Test(
        "retry-after",
        arguments: [
            ("0", .zero), ("5", .seconds(5)), (" 5 ", nil), ("1.5", .milliseconds(1_500)), ("0.0004", .zero),
            ("1e2", .seconds(100)),
            ("86400", .seconds(86_400)), ("-1", nil), ("1e9", nil), ("1e400", nil), ("inf", nil), ("nan", nil),
            ("99999999999999999999", nil),
            ("", nil), ("soon", nil), ("5s", nil), ("5, 6", nil),
            ("Sun, 06 Nov 1994 08:49:37 GMT", .zero), ("Sun, 06 Nov 1994 08:49:47 GMT", .seconds(10)),
            ("Sun, 06 Nov 1994 08:49:27 GMT", .zero),
            ("Mon, 07 Nov 1994 08:49:37 GMT", .seconds(86_400)),
            ("Tue, 06 Dec 1994 08:49:37 GMT", .seconds(30 * 86_400)),
            ("Thu, 29 Feb 1996 00:00:00 GMT", .seconds(825_552_000 - 784_111_777)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", .zero),
            ("Fri, 31 Dec 9999 23:59:59 GMT", .seconds(253_402_300_799 - 784_111_777)),
            ("Sun, 06 Nov 1994 23:59:60 GMT", .seconds(54_623)),
            ("Sun, 06 Nov 1994 24:00:00 GMT", nil), ("Sun, 06 Nov 1994 08:60:37 GMT", nil),
            ("Sun, 06 Nov 1994 08:49:61 GMT", nil),
            ("Sun, 06 Nov 1994 -1:49:37 GMT", nil), ("Sun, 06 Nov 1994 9223372036854775807:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 08:xx:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 08:49 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil),
            ("Sun, 06 Nov 1994 08:49:37", nil), ("Sun, 00 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 32 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 99999999999999999999 08:49:37 GMT", nil),
            ("Sun, 06 Nov 10000 08:49:37 GMT", nil), ("Sun, 06 Nov 1969 08:49:37 GMT", nil),
            // The forms that RFC 9110 calls obsolete; nobody sends them here.
            ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun Nov  6 08:49:37 1994", nil),
        ] as [(String, Duration?)]
    )
    func header(value: String, expected: Duration?) {
        #expect(retryAfter(now: Self.then) { $0 == "retry-after" ? value : nil } == expected)
    }

    @Test(
        "milliseconds come first where they make sense",
        arguments: [
            ("250", "9", .milliseconds(250)), ("0", "9", .zero), ("1.9", nil, .milliseconds(1)),
            ("-1", "9", .seconds(9)), ("x", "9", .seconds(9)),
            ("1e13", "9", .seconds(9)), ("nan", nil, nil), (nil, nil, nil),
        ] as [(String?, String?, Duration?)]
    )
    func milliseconds(milliseconds: String?, seconds: String?, expected: Duration?) {
        #expect(retryAfter(now: 0) { ["retry-after-ms": milliseconds, "retry-after": seconds][$0] ?? nil } == expected)
    }

    @Test(arguments: [Int64.min, Int64.max, -1]) func noClockTraps(now: Int64) {
        let far = retryAfter(now: now) { $0 == "retry-after" ? "Fri, 31 Dec 9999 23:59:59 GMT" : nil }
        #expect(far.map { $0 >= .zero } ?? true)
    }
}
