extension AnthropicRequestWriter {
    /// The blocks of a message's content, empty texts left out, since Anthropic refuses them.
    ///
    /// `texts` allows text alone. A `cache_control` of the message marks its last block.
    func contentBlocks(of message: JSONValue, texts: Bool = false) throws(Untranslatable) -> [JSONValue] {
        var blocks: [JSONValue] = []
        switch message["content"] {
        case nil: break
        case .string(let text)?: blocks += textBlock(text, message)
        case .array(let parts)?:
            for part in parts { blocks += try contentBlocks(part, texts: texts) }
        default: throw Untranslatable("messages", "content is neither text nor a list of parts", isMalformed: true)
        }
        if let refusal = message["refusal"]?.text { blocks += textBlock(refusal, [:]) }
        if let mark = message["cache_control"], let last = blocks.popLast() {
            blocks.append(last.setting("cache_control", to: mark))
        }
        return blocks
    }

    private func contentBlocks(_ part: JSONValue, texts: Bool) throws(Untranslatable) -> [JSONValue] {
        if let text = part.text { return textBlock(text, [:]) }
        let type = part["type"]?.text ?? ""
        if ["text", "refusal"].contains(type), let text = part[type]?.text { return textBlock(text, part) }
        guard !texts else { throw Untranslatable("messages", "a part of type '\(type)' where only text can stand") }
        switch type {
        case "image_url": return [marked(try image(part["image_url"]?["url"]?.text ?? part["image_url"]?.text), part)]
        case "file": return [marked(try file(part["file"] ?? [:]), part)]
        case "image", "document":
            // Anthropic's own block, from a client that knows it.
            guard part["source"] != nil else {
                throw Untranslatable("messages", "a part of type '\(type)' without source")
            }
            return [part]
        default: throw Untranslatable("messages", "a part of type '\(type)' can't be carried over")
        }
    }

    private func textBlock(_ text: String, _ part: JSONValue) -> [JSONValue] {
        text.contains { !$0.isWhitespace } ? [marked(Self.text(text), part)] : []
    }

    private func marked(_ block: JSONValue, _ part: JSONValue) -> JSONValue {
        part["cache_control"].map { block.setting("cache_control", to: $0) } ?? block
    }

    private func image(_ url: String?) throws(Untranslatable) -> JSONValue {
        guard let url else { throw Untranslatable("messages", "an image without a URL", isMalformed: true) }
        if let data = DataURL(url) { return try block(data, title: nil) }
        // Anthropic fetches over TLS only.
        guard url.lowercased().hasPrefix("https://") else {
            throw Untranslatable("messages", "an image's URL must start with https:// or hold the image itself")
        }
        return ["type": "image", "source": ["type": "url", "url": .string(url)]]
    }

    private func file(_ file: JSONValue) throws(Untranslatable) -> JSONValue {
        guard let data = file["file_data"]?.text.flatMap(DataURL.init) else {
            throw Untranslatable("messages", "a file of OpenAI's store is not there for Anthropic")
        }
        return try block(data, title: file["filename"]?.text)
    }

    private func block(_ data: DataURL, title: String?) throws(Untranslatable) -> JSONValue {
        let source: JSONValue = ["type": "base64", "media_type": .string(data.mediaType), "data": .string(data.base64)]
        var block: JSONValue
        switch data.mediaType {
        case "image/jpeg", "image/png", "image/gif", "image/webp": return ["type": "image", "source": source]
        case "application/pdf": block = ["type": "document", "source": source]
        case let type where type.hasPrefix("text/"):
            guard let bytes = decodedBase64(data.base64) else {
                throw Untranslatable("messages", "a file that is not base64", isMalformed: true)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            block = [
                "type": "document", "source": ["type": "text", "media_type": "text/plain", "data": .string(text)],
            ]
        case let type: throw Untranslatable("messages", "files of type '\(type)' can't be carried over")
        }
        if let title { block = block.setting("title", to: .string(title)) }
        return block
    }
}

/// A `data:` URL in base64.
private struct DataURL {
    var mediaType: String
    var base64: String

    init?(_ url: String) {
        guard url.hasPrefix("data:"), let comma = url.firstIndex(of: ",") else { return nil }
        let fields = url[url.index(url.startIndex, offsetBy: 5)..<comma].split(
            separator: ";",
            omittingEmptySubsequences: false
        )
        guard let type = fields.first, fields.dropFirst().contains("base64") else { return nil }
        mediaType = type == "image/jpg" ? "image/jpeg" : type.lowercased()
        base64 = String(url[url.index(after: comma)...])
    }
}

/// The bytes of base64 text (RFC 4648), with or without padding; nil for anything else.
func decodedBase64(_ text: String) -> [UInt8]? {
    var out: [UInt8] = []
    var held: UInt32 = 0
    var bits = 0
    for byte in text.utf8 where byte != UInt8(ascii: "=") && byte != 0x0A && byte != 0x0D {
        let value: UInt8
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
        default: return nil
        }
        held = held << 6 | UInt32(value)
        bits += 6
        if bits >= 8 {
            bits -= 8
            out.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
        }
    }
    return out
}
