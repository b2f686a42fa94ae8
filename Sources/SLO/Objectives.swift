/// What was promised: targets over one rolling window.
package struct Objectives: Hashable, Sendable {
    /// Which latency the promise is about.
    package enum LatencyKind: String, Hashable, Sendable, Codable {
        /// Time to the first content token for streams, to the complete answer for the rest.
        case firstToken = "first_token"
        /// Time to the complete answer for all.
        case total
    }

    package var window: Duration = .seconds(30 * 86_400)
    /// Good over valid requests; a fraction in 0..<1.
    package var success = 0.995
    /// 95 of 100 requests are at least as fast.
    package var latencyP95: Duration = .milliseconds(2_500)
    package var latencyOf: LatencyKind = .firstToken
    /// Mean, in nano-dollars.
    package var costPerRequest: Int64 = 15_000_000
    package init() {}
}
