/// How long a prompt is, in nominal tokens: a rule of thumb over the bytes of its text, to be calibrated by model.
///
/// A nominal token is four bytes of ASCII, or two and a half of anything else in UTF-8 (OpenAI's rule for English; the rest
/// is ours). All text in keys and values counts, which takes in what a message's frame costs. Images, sound and files count
/// flat, whatever their bytes: ours, near what the providers bill for a large image.
package struct PromptSize: Equatable, Sendable {
    /// Nominal tokens of one image, sound or file.
    package static let perAttachment = 1_600

    /// Bytes of ASCII, and of other text.
    private var plain = 0
    private var other = 0
    package private(set) var attachments = 0

    package init() {}

    package var nominalTokens: Int { (plain + 3) / 4 + (other * 2 + 4) / 5 + attachments * Self.perAttachment }

    package static func + (one: PromptSize, two: PromptSize) -> PromptSize {
        var sum = one
        sum.plain += two.plain
        sum.other += two.other
        sum.attachments += two.attachments
        return sum
    }

    package static func - (one: PromptSize, two: PromptSize) -> PromptSize {
        var rest = one
        rest.plain -= two.plain
        rest.other -= two.other
        rest.attachments -= two.attachments
        return rest
    }

    /// Measures well-formed JSON.
    init(_ json: UnsafeBufferPointer<UInt8>) {
        var reader = PromptReader(bytes: json)
        reader.read()
        self = reader.size
    }

    fileprivate mutating func add(plain: Int, other: Int) {
        self.plain += plain
        self.other += other
    }

    fileprivate mutating func addAttachment() { attachments += 1 }
}

/// Walks once over the bytes of JSON, without building anything.
private struct PromptReader {
    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var size = PromptSize()
    private var position = 0
    /// The key whose value is being read, without its quotes.
    private var key = 0..<0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func read() {
        var last = 0..<0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): last = string()
            case UInt8(ascii: ":"): key = last
            case UInt8(ascii: ","), UInt8(ascii: "{"), UInt8(ascii: "["): key = 0..<0
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"):
                size.add(plain: 1, other: 0)
            default: continue
            }
        }
    }

    /// Reads a string whose opening quote is behind, and gives what stands between its quotes.
    private mutating func string() -> Range<Int> {
        let start = position
        var (plain, other) = (0, 0)
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                // `\u00e9` and its like stand for one character, mostly of three bytes.
                let isCode = position < bytes.count && bytes[position] == UInt8(ascii: "u")
                if isCode { other += 3 } else { plain += 1 }
                position += isCode ? 5 : 1
            } else if byte < 0x80 {
                plain += 1
            } else {
                other += 1
            }
        }
        position = min(position, bytes.count)
        let inner = start..<max(start, position - 1)
        if isData(inner) { return inner }
        if isAttachment(inner) { size.addAttachment() }
        size.add(plain: plain, other: other)
        return inner
    }

    private func matches(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { UnsafeBufferPointer(rebasing: bytes[range]).elementsEqual($0) }
    }

    /// The value of `type` that a part with an image, sound or a file has, in either format.
    private func isAttachment(_ value: Range<Int>) -> Bool {
        guard matches(key, "type") else { return false }
        return matches(value, "image") || matches(value, "image_url") || matches(value, "input_audio")
            || matches(value, "document") || matches(value, "file") || matches(value, "input_image")
            || matches(value, "input_file")
    }

    /// A `data:` address, or the bare Base64 of Anthropic's sources and OpenAI's sound and files.
    private func isData(_ value: Range<Int>) -> Bool {
        if value.count > 5, matches(value.lowerBound..<value.lowerBound + 5, "data:") { return true }
        guard matches(key, "data") || matches(key, "file_data"), value.count >= 256 else { return false }
        return bytes[value.lowerBound..<value.lowerBound + 256].allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "/")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "\\"):
                true
            default: false
            }
        }
    }
}
