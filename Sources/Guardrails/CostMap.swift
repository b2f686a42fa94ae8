/// A LiteLLM cost map (`model_prices_and_context_window.json`): dollars per token by model.
///
/// Decode it with any decoder; what it says of each model is judged only by `rows`.
package struct CostMap: Decodable, Sendable {
    /// One member of a model's entry.
    package enum Value: Decodable, Sendable {
        case number(Double)
        case text(String)
        /// Anything else.
        case other

        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .other
            }
        }

        var number: Double? {
            guard case .number(let number) = self else { return nil }
            return number
        }

        var text: String? {
            guard case .text(let text) = self else { return nil }
            return text
        }
    }

    /// A model whose price was not taken, and why.
    package struct Skipped: Equatable, Sendable {
        package let model: String
        package let reason: String
    }

    private struct Entry: Decodable, Sendable {
        /// Nil where the entry is no object.
        let fields: [String: Value]?

        init(from decoder: any Decoder) throws {
            fields = try? [String: Value](from: decoder)
        }
    }

    private let entries: [String: Entry]

    package init(from decoder: any Decoder) throws {
        entries = try [String: Entry](from: decoder)
    }

    /// The rows of every model that is priced by token, and what was left out; both by name.
    ///
    /// An entry whose prices are all 0 is left out: it says free or not known, and those are not told apart. Prices for
    /// batches, service tiers, images, sound and searches are not read. `source` says whose map it is, and of when.
    package func rows(source: String) -> (rows: [PriceRow], skipped: [Skipped]) {
        var rows: [PriceRow] = []
        var skipped: [Skipped] = []
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) where name != "sample_spec" {
            do {
                guard let fields = entry.fields else { throw Unusable(reason: "it is no object") }
                rows.append(try CostMapEntry(name: name, fields: fields).row(source: source))
            } catch {
                skipped.append(Skipped(model: name, reason: (error as? Unusable)?.reason ?? "\(error)"))
            }
        }
        return (rows, skipped)
    }
}

private struct Unusable: Error {
    let reason: String
}

/// What the map says of one model.
private struct CostMapEntry {
    let name: String
    let fields: [String: CostMap.Value]

    /// Modes whose answers are billed by the token alone.
    private static let modes: Set<String> = ["chat", "completion", "responses", "embedding"]

    /// A dollar a token; dearer is a mistake in the map.
    private static let dearest = 1.0

    func row(source: String) throws(Unusable) -> PriceRow {
        guard let provider = fields["litellm_provider"]?.text, !provider.isEmpty else {
            throw Unusable(reason: "it has no litellm_provider")
        }
        let mode = fields["mode"]?.text ?? "chat"
        guard Self.modes.contains(mode) else { throw Unusable(reason: "mode \(mode) is not billed by the token") }
        if let other = ["input_cost_per_request", "tiered_pricing"].first(where: { fields[$0] != nil }) {
            throw Unusable(reason: "\(other) is not read")
        }
        let price = try price(suffix: "", over: nil, isEmbedding: mode == "embedding")
        guard price.input > 0 || price.output > 0 else {
            throw Unusable(reason: "its prices are 0: free or unknown; a price in the config says which")
        }
        return PriceRow(
            provider: provider,
            model: name.hasPrefix(provider + "/") ? String(name.dropFirst(provider.count + 1)) : name,
            price: price,
            tiers: try thresholds.map { (above) throws(Unusable) in
                let suffix = "_above_\(above / 1_000)k_tokens"
                return PriceRow.Tier(above: above, price: try self.price(suffix: suffix, over: price))
            },
            maxInputTokens: count("max_input_tokens"),
            maxOutputTokens: count("max_output_tokens"),
            source: source
        )
    }

    /// Input lengths from which other prices hold: 200,000 of `input_cost_per_token_above_200k_tokens`.
    private var thresholds: [Int] {
        let found = fields.keys.compactMap { key -> Int? in
            let parts = key.split(separator: "_above_")
            guard parts.count >= 2, let last = parts.last, last.hasSuffix("k_tokens"),
                let thousands = Int(last.dropLast("k_tokens".count)), (1...100_000).contains(thousands)
            else { return nil }
            return thousands * 1_000
        }
        return Set(found).sorted()
    }

    /// The prices whose fields end with `suffix`; what a tier doesn't name costs what it costs below.
    private func price(
        suffix: String,
        over base: TokenPrice?,
        isEmbedding: Bool = false
    ) throws(Unusable) -> TokenPrice {
        let input = try cost("input_cost_per_token" + suffix) ?? base?.input
        let output = try cost("output_cost_per_token" + suffix) ?? base?.output ?? (isEmbedding ? 0 : nil)
        guard let input else { throw Unusable(reason: "it has no input_cost_per_token") }
        guard let output else { throw Unusable(reason: "it has no output_cost_per_token") }
        return TokenPrice(
            input: input,
            output: output,
            cacheRead: try cost("cache_read_input_token_cost" + suffix) ?? base?.cacheRead,
            cacheWrite: try cost("cache_creation_input_token_cost" + suffix) ?? base?.cacheWrite,
            cacheWriteLong: try cost("cache_creation_input_token_cost_above_1hr" + suffix) ?? base?.cacheWriteLong,
            reasoning: try cost("output_cost_per_reasoning_token" + suffix)
                ?? base.flatMap { $0.reasoning == $0.output ? nil : $0.reasoning }
        )
    }

    /// Nano-dollars per million tokens; nil where the field is absent.
    private func cost(_ field: String) throws(Unusable) -> Int64? {
        guard let value = fields[field] else { return nil }
        guard let dollars = value.number, (0...Self.dearest).contains(dollars) else {
            throw Unusable(reason: "\(field) must be a number of dollars from 0 to 1")
        }
        return Int64(dollars * 1e15 + 0.5)
    }

    private func count(_ field: String) -> Int? {
        fields[field]?.number.flatMap { Int(exactly: $0) }.flatMap { (1...1_000_000_000).contains($0) ? $0 : nil }
    }
}
