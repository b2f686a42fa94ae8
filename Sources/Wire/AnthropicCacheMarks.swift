extension ChatRequest {
    /// The body of an Anthropic client for Anthropic itself: `body(model:extra:)`, and with a `cacheLifetime` (`5m` or
    /// `1h`) the end of the tools and of the system prompt marked for the provider's cache.
    ///
    /// A client that sets marks of its own, wherever, keeps them alone. Marking writes the body anew: order of keys and
    /// form of numbers stay, white space does not.
    package func body(model: String, extra: String?, cacheLifetime: String?) -> [UInt8] {
        let body = body(model: model, extra: extra)
        guard let cacheLifetime, let source = try? JSONValue(body), !source.holds(key: "cache_control") else {
            return body
        }
        let mark: JSONValue = ["type": "ephemeral", "ttl": .string(cacheLifetime)]
        var marked = source
        for key in ["tools", "system"] {
            let text = source[key]?.text
            let blocks = text.map { [["type": "text", "text": .string($0)]] } ?? source[key]?.elements ?? []
            // Anthropic refuses an empty block, marked or not.
            guard let last = blocks.last, text != "" else { continue }
            marked = marked.setting(key, to: .array(blocks.dropLast() + [last.setting("cache_control", to: mark)]))
        }
        return marked == source ? body : marked.bytes
    }
}
