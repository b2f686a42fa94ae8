/// Who sends what, and how often.
package struct TrafficConfiguration: Sendable {
    /// Decides every request and the rhythm of their arrival.
    package var seed: UInt64
    /// Mean requests a second; 0 pauses.
    package var rate: Double
    /// Arrivals wait while so many are unanswered; at least 1.
    package var maxInFlight: Int
    package var tenants: [String]
    package var features: [TrafficFeature]
    /// Model groups, by the name that a client asks for; drawn evenly.
    package var models: [String]

    package init(
        seed: UInt64 = 1,
        rate: Double = 4,
        maxInFlight: Int = 64,
        tenants: [String] = ["acme", "bolt", "cove"],
        features: [TrafficFeature] = TrafficFeature.usual,
        models: [String]
    ) {
        self.seed = seed
        self.rate = rate
        self.maxInFlight = maxInFlight
        self.tenants = tenants
        self.features = features
        self.models = models
    }
}

/// One use that an application makes of a model.
package struct TrafficFeature: Sendable {
    package var name: String
    /// Relative share of all requests.
    package var weight: Double
    package var streams: Bool
    /// What the model is told to do.
    package var instruction: String
    /// Words of the last message; lognormal with sigma 0.5.
    package var medianWords: Int
    /// Most turns of conversation before the last message; their number is drawn evenly from 0.
    package var maxEarlierTurns: Int
    package var maxTokens: Int
    /// Asks for a JSON document.
    package var wantsJSON: Bool
    /// So many different texts in all, so that some requests repeat word for word; nil for ever new ones.
    package var distinctTexts: Int?

    package init(
        name: String,
        weight: Double,
        streams: Bool,
        instruction: String,
        medianWords: Int,
        maxEarlierTurns: Int = 0,
        maxTokens: Int,
        wantsJSON: Bool = false,
        distinctTexts: Int? = nil
    ) {
        self.name = name
        self.weight = weight
        self.streams = streams
        self.instruction = instruction
        self.medianWords = medianWords
        self.maxEarlierTurns = maxEarlierTurns
        self.maxTokens = maxTokens
        self.wantsJSON = wantsJSON
        self.distinctTexts = distinctTexts
    }

    /// Four features, 70 % of whose requests stream.
    ///
    /// The figures are ours.
    package static let usual = [
        TrafficFeature(
            name: "chat",
            weight: 52,
            streams: true,
            instruction: "You are a patient support assistant.",
            medianWords: 40,
            maxEarlierTurns: 6,
            maxTokens: 600
        ),
        TrafficFeature(
            name: "summarise",
            weight: 18,
            streams: true,
            instruction: "Summarise the document in five sentences.",
            medianWords: 1_400,
            maxTokens: 220
        ),
        TrafficFeature(
            name: "extract",
            weight: 12,
            streams: false,
            instruction: "Extract the parties and dates as JSON.",
            medianWords: 220,
            maxTokens: 120,
            wantsJSON: true
        ),
        TrafficFeature(
            name: "classify",
            weight: 18,
            streams: false,
            instruction: "Answer with one label.",
            medianWords: 25,
            maxTokens: 3,
            distinctTexts: 60
        ),
    ]
}
