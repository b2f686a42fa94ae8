/// What one simulated provider is: its wire format, its keys, its pace.
package struct SimulatedProviderConfiguration: Sendable {
    /// The wire format that it speaks.
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case openAI
        case anthropic
    }

    /// What it takes to switch keys off and on again.
    package struct Admin: Sendable {
        /// The administrator's own key.
        package var key: String
        /// Keys by the ids that the provider gives them.
        package var keys: [String: String]

        package init(key: String, keys: [String: String]) {
            self.key = key
            self.keys = keys
        }
    }

    /// Shown in the log and in `owned_by` of the model list.
    package var name: String
    package var format: Format
    /// Any other key, or none, is answered with 401; nil asks for no key.
    package var acceptedKeys: Set<String>?
    /// Who may switch keys off; nil: nobody.
    package var admin: Admin?
    /// What `/v1/models` lists, and the only models served; empty serves any name.
    package var models: [String]
    /// With the number of arrival it decides every answer and every delay.
    package var seed: UInt64
    package var latency: LatencyProfile
    /// One answer, made at the start and given to everybody at once: the upstream of a benchmark.
    ///
    /// The body is not parsed;
    /// `latency` and `models` count for nothing. Keys are checked and faults act as ever.
    package var fixedAnswer: Bool
    package var host: String
    /// 0 lets the system choose.
    package var port: Int

    package init(
        name: String,
        format: Format = .openAI,
        acceptedKeys: Set<String>? = nil,
        admin: Admin? = nil,
        models: [String] = [],
        seed: UInt64 = 1,
        latency: LatencyProfile = .zero,
        fixedAnswer: Bool = false,
        host: String = "127.0.0.1",
        port: Int = 0
    ) {
        self.name = name
        self.format = format
        self.acceptedKeys = acceptedKeys
        self.admin = admin
        self.models = models
        self.seed = seed
        self.latency = latency
        self.fixedAnswer = fixedAnswer
        self.host = host
        self.port = port
    }
}

/// How long answers take and how long they are.
package struct LatencyProfile: Sendable, Equatable {
    /// From the request's last byte to the first token; lognormal.
    package var medianFirstToken: Duration
    package var firstTokenSigma: Double
    /// Pace after the first token; infinity sends everything at once.
    package var tokensPerSecond: Double
    /// Length of an answer that no limit cuts; lognormal, from 1 to 4000.
    package var medianAnswerTokens: Int
    package var answerSigma: Double

    package init(
        medianFirstToken: Duration,
        firstTokenSigma: Double,
        tokensPerSecond: Double,
        medianAnswerTokens: Int,
        answerSigma: Double
    ) {
        self.medianFirstToken = medianFirstToken
        self.firstTokenSigma = firstTokenSigma
        self.tokensPerSecond = tokensPerSecond
        self.medianAnswerTokens = medianAnswerTokens
        self.answerSigma = answerSigma
    }

    /// No delay, always 16 tokens: for tests and benchmarks.
    package static let zero = LatencyProfile(
        medianFirstToken: .zero,
        firstTokenSigma: 0,
        tokensPerSecond: .infinity,
        medianAnswerTokens: 16,
        answerSigma: 0
    )
    /// A small hosted model on a good day.
    ///
    /// The figures are ours.
    package static let quick = LatencyProfile(
        medianFirstToken: .milliseconds(380),
        firstTokenSigma: 0.35,
        tokensPerSecond: 110,
        medianAnswerTokens: 110,
        answerSigma: 0.55
    )
    /// A larger model: later, slower and wordier.
    ///
    /// The figures are ours.
    package static let thoughtful = LatencyProfile(
        medianFirstToken: .milliseconds(620),
        firstTokenSigma: 0.3,
        tokensPerSecond: 75,
        medianAnswerTokens: 140,
        answerSigma: 0.5
    )

    /// At most ten times the median, so that a demo never looks hung by chance.
    func firstToken(using random: inout SeededRandom) -> Duration {
        medianFirstToken * min(random.logNormal(median: 1, sigma: firstTokenSigma), 10)
    }

    func answerTokens(using random: inout SeededRandom) -> Int {
        Int(min(max(random.logNormal(median: Double(medianAnswerTokens), sigma: answerSigma), 1), 4000))
    }

    /// Half to one and a half times the mean gap.
    func gap(using random: inout SeededRandom) -> Duration {
        let share = 0.5 + random.unit()
        return tokensPerSecond > 0 && tokensPerSecond.isFinite ? .seconds(share / tokensPerSecond) : .zero
    }
}
