internal import Routing

/// Reads the head of an answer, a line at a time, as libcurl hands it over.
///
/// Interim 1xx answers are forgotten, trailers ignored, names lower-cased and folded lines joined with one space.
struct HeadParser {
    enum Progress: Equatable {
        case more
        case head(status: Int, headers: [HeaderField])
        /// The head is over `limit` or has no status: not HTTP to us.
        case refused(String)
    }

    /// Largest head in bytes, 1xx answers included; ours, ten times what any provider sends.
    static let limit = 256 << 10

    private var status: Int?
    private var headers: [(name: String, value: String)] = []
    private var size = 0
    private(set) var isComplete = false

    mutating func read(_ line: UnsafeBufferPointer<UInt8>) -> Progress {
        guard !isComplete else { return .more }
        size += line.count
        guard size <= Self.limit else { return .refused("the answer's headers are larger than \(Self.limit >> 10) KB") }
        let text = line.trimmingLineEnd()
        guard let first = text.first else { return finish() }
        if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
            fold(text)
        } else if let status = text.statusCode() {
            self.status = status
            headers.removeAll(keepingCapacity: true)
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            headers.append((text[..<colon].lowercasedText(), text[text.index(after: colon)...].trimmedText()))
        }
        return .more
    }

    private mutating func finish() -> Progress {
        guard let status, (100...999).contains(status) else { return .refused("the answer has no valid status") }
        guard status >= 200 || status == 101 else {
            headers.removeAll(keepingCapacity: true)
            return .more
        }
        isComplete = true
        return .head(status: status, headers: headers.map { HeaderField($0.name, $0.value) })
    }

    private mutating func fold(_ text: Slice<UnsafeBufferPointer<UInt8>>) {
        guard !headers.isEmpty else { return }
        headers[headers.count - 1].value += " " + text.trimmedText()
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func trimmingLineEnd() -> Slice<Self> {
        var end = endIndex
        while end > startIndex, self[end - 1] == 0x0a || self[end - 1] == 0x0d { end -= 1 }
        return self[..<end]
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// The status of a line `HTTP/1.1 200 OK`; nil for any other line, 0 for one without a number.
    fileprivate func statusCode() -> Int? {
        guard starts(with: "HTTP/".utf8), let space = firstIndex(of: UInt8(ascii: " ")) else { return nil }
        let digits = self[index(after: space)...].prefix { (0x30...0x39).contains($0) }
        return digits.count == 3 ? digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } : 0
    }

    fileprivate func lowercasedText() -> String {
        String(unsafeUninitializedCapacity: count) { text in
            for (place, byte) in enumerated() { text[place] = (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
            return count
        }
    }

    fileprivate func trimmedText() -> String {
        var text = self
        while let byte = text.first, byte == 0x20 || byte == 0x09 { text.removeFirst() }
        while let byte = text.last, byte == 0x20 || byte == 0x09 { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }
}
