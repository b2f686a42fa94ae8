/// Prices of models by provider and name.
package struct PriceTable: Sendable {
    private struct Key: Hashable {
        let provider: String
        let model: String
    }

    private var histories: [Key: [PriceRow]] = [:]

    package init(_ rows: [PriceRow]) {
        for row in rows { histories[Key(provider: row.provider, model: row.model), default: []].append(row) }
    }

    /// All rows, by provider, name and date.
    package var rows: [PriceRow] {
        histories.values.joined().sorted {
            ($0.provider, $0.model, $0.from ?? .min, $0.hours.count)
                < ($1.provider, $1.model, $1.from ?? .min, $1.hours.count)
        }
    }

    /// The same table with `rows` in place of what it knew of their models.
    package func replacing(with rows: [PriceRow]) -> PriceTable {
        var table = self
        table.histories.merge(PriceTable(rows).histories) { _, new in new }
        return table
    }

    /// What `model` costs at `provider`; nil where that is unknown.
    ///
    /// `model` may repeat the provider's prefix (`openai/gpt-4o`) and may end with a date (`gpt-4o-2024-08-06`,
    /// `claude-haiku-4-5-20251001`), unless that version has a row of its own. Anything else in a name (`-mini`, `-latest`,
    /// `-0613`) may mean another price, and so may another provider.
    package func history(provider: String, model: String) -> PriceHistory? {
        if let rows = histories[Key(provider: provider, model: model)] { return PriceHistory(rows) }
        if model.hasPrefix(provider + "/") {
            return history(provider: provider, model: String(model.dropFirst(provider.count + 1)))
        }
        guard let undated = Self.undated(model), let rows = histories[Key(provider: provider, model: undated)] else {
            return nil
        }
        return PriceHistory(rows)
    }

    /// The longest input of `model` in tokens, as far as known.
    package func contextWindow(provider: String, model: String) -> Int? {
        history(provider: provider, model: model)?.rows.last { $0.maxInputTokens != nil }?.maxInputTokens
    }

    private static func undated(_ model: String) -> String? {
        let parts = model.split(separator: "-", omittingEmptySubsequences: false)
        for lengths in [[8], [4, 2, 2]] {
            let date = parts.suffix(lengths.count)
            guard date.map(\.utf8.count) == lengths, date.allSatisfy(isDigits) else { continue }
            return parts.dropLast(lengths.count).joined(separator: "-")
        }
        return nil
    }

    private static func isDigits(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
