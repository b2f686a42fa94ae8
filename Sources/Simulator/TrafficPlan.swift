/// One request of the traffic, ready to be sent.
package struct TrafficRequest: Sendable, Equatable {
    package let tenant: String
    package let feature: String
    /// OpenAI's chat format, JSON.
    package let body: [UInt8]
    package let stream: Bool
    /// Counted from 0.
    package let ordinal: Int
}

/// The endless sequence of requests that a seed stands for; no clock, no sending.
///
/// Request number n depends on the seed and n alone, the rate moves only its time.
struct TrafficPlan: Sendable {
    private let configuration: TrafficConfiguration
    private var ordinal = 0

    /// Without tenants, features or models their names are empty.
    init(_ configuration: TrafficConfiguration) { self.configuration = configuration }

    /// The next request, and how many mean gaps after the one before it arrives: exponential with mean 1.
    mutating func next() -> (gap: Double, request: TrafficRequest) {
        var random = SeededRandom(seed: configuration.seed, ordinal: ordinal)
        defer { ordinal += 1 }
        let gap = random.exponential()
        let tenant = drawn(configuration.tenants, using: &random)
        let model = drawn(configuration.models, using: &random)
        guard let feature = feature(using: &random) else {
            return (gap, TrafficRequest(tenant: tenant, feature: "", body: [], stream: false, ordinal: ordinal))
        }
        let body = body(feature, model: model, using: &random)
        let request = TrafficRequest(
            tenant: tenant,
            feature: feature.name,
            body: Array(body.utf8),
            stream: feature.streams,
            ordinal: ordinal
        )
        return (gap, request)
    }

    /// Requests a second at `elapsed` since the start: a wave of a quarter up and down, 90 s long, around `rate`.
    static func wave(_ rate: Double, at elapsed: Duration) -> Double {
        // A triangle: as gentle as a sine here, and the same on every platform.
        let phase = (elapsed / .seconds(90)).truncatingRemainder(dividingBy: 1)
        let triangle = phase < 0.25 ? 4 * phase : phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4
        return max(rate, 0) * (1 + 0.25 * triangle)
    }

    private func drawn(_ names: [String], using random: inout SeededRandom) -> String {
        names.isEmpty ? "" : random.pick(names)
    }

    private func feature(using random: inout SeededRandom) -> TrafficFeature? {
        var point = random.unit() * configuration.features.reduce(0) { $0 + $1.weight }
        for feature in configuration.features {
            point -= feature.weight
            if point < 0 { return feature }
        }
        return configuration.features.last
    }

    private func body(_ feature: TrafficFeature, model: String, using random: inout SeededRandom) -> String {
        var messages = [message("system", feature.instruction)]
        for _ in 0..<Int(random.unit() * Double(feature.maxEarlierTurns + 1)) {
            messages.append(message("user", Prose.text(words: words(feature, using: &random), using: &random)))
            messages.append(message("assistant", Prose.text(words: 60, using: &random)))
        }
        messages.append(message("user", lastText(feature, using: &random)))
        let streaming = feature.streams ? #","stream":true,"stream_options":{"include_usage":true}"# : ""
        let format = feature.wantsJSON ? #","response_format":{"type":"json_object"}"# : ""
        return #"{"model":\#(quoted(model)),"messages":[\#(messages.joined(separator: ","))],"#
            + #""max_tokens":\#(feature.maxTokens)\#(streaming)\#(format)}"#
    }

    private func lastText(_ feature: TrafficFeature, using random: inout SeededRandom) -> String {
        guard let distinct = feature.distinctTexts, distinct > 0 else {
            return Prose.text(words: words(feature, using: &random), using: &random)
        }
        var repeated = SeededRandom(seed: configuration.seed, ordinal: -1 - Int(random.unit() * Double(distinct)))
        return Prose.text(words: words(feature, using: &repeated), using: &repeated)
    }

    private func words(_ feature: TrafficFeature, using random: inout SeededRandom) -> Int {
        Int(min(max(random.logNormal(median: Double(feature.medianWords), sigma: 0.5), 3), 20_000))
    }

    private func message(_ role: String, _ text: String) -> String {
        #"{"role":"\#(role)","content":\#(quoted(text))}"#
    }
}
