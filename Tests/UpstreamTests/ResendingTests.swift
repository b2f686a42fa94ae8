import Testing

@testable import Upstream

struct ResendingTests {
    @Test(
        "a request goes out again once, over TLS and soon",
        arguments: [
            ("http://x", [0], true), ("http://x", [0, 1], false),
            ("https://x", [0, 1], true), ("https://x", [0, 500], true), ("https://x", [0, 501], false),
            ("https://x", [0, 1, 2], false),
        ]
    )
    func sendings(url: String, milliseconds: [Int], maySend: Bool) {
        var resending = Resending(url: url)
        let start = ContinuousClock.now
        let answers = milliseconds.map { resending.maySend(now: start + .milliseconds($0)) }
        #expect(answers == answers.dropLast().map { _ in true } + [maySend])
        #expect(resending.isRefused == !maySend)
    }
}
