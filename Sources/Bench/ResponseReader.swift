/// Reads one HTTP/1.1 answer after another as its bytes come: just enough to know that each is a good one.
struct ResponseReader {
    private enum Part {
        case statusLine, headerLine
        case body(left: Int)
        case chunkLine
        case chunk(left: Int)
        case chunkEnd, trailer
    }

    /// What the body of a good answer ends with.
    private let ending: [UInt8]
    private var part = Part.statusLine
    private var line: [UInt8] = []
    private var length: Int?
    private var isChunked = false
    private var tail: [UInt8] = []
    private var status = 0
    /// The first byte of the body has come.
    private(set) var hasBody = false
    private(set) var isComplete = false
    /// What is wrong with the answer.
    private(set) var fault: String?

    init(endsWith ending: String) { self.ending = Array(ending.utf8) }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index < bytes.count, fault == nil {
            if isComplete { return fault = "bytes behind the end of an answer" }
            switch part {
            case .body(let left):
                let taken = take(bytes[index...], left)
                index += taken
                part = .body(left: left - taken)
                if left == taken { finish() }
            case .chunk(let left):
                let taken = take(bytes[index...], left)
                index += taken
                part = left == taken ? .chunkEnd : .chunk(left: left - taken)
            default:
                let byte = bytes[index]
                index += 1
                if byte == 0x0A { endLine() } else if byte != 0x0D { line.append(byte) }
            }
        }
    }

    /// Ready for the next answer.
    mutating func reset() {
        self.part = .statusLine
        line.removeAll(keepingCapacity: true)
        tail.removeAll(keepingCapacity: true)
        length = nil
        (isChunked, hasBody, isComplete) = (false, false, false)
    }

    private mutating func take(_ bytes: Slice<UnsafeRawBufferPointer>, _ left: Int) -> Int {
        hasBody = true
        let taken = bytes.prefix(left)
        tail += taken.suffix(ending.count)
        if tail.count > ending.count { tail.removeFirst(tail.count - ending.count) }
        return taken.count
    }

    private mutating func endLine() {
        defer { line.removeAll(keepingCapacity: true) }
        switch part {
        case .statusLine:
            // HTTP/1.1 200 OK
            status = Int(String(decoding: line.dropFirst(9).prefix(3), as: UTF8.self)) ?? 0
            part = .headerLine
            if status != 200 { fault = "status \(status)" }
        case .headerLine:
            if line.isEmpty { return beginBody() }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
            // Only two names have this length and matter.
            if colon == 14, line[0] | 0x20 == UInt8(ascii: "c") {
                length = Int(String(decoding: line[15...].drop { $0 == 0x20 }, as: UTF8.self))
            }
            if colon == 17, line[0] | 0x20 == UInt8(ascii: "t"), line.last == UInt8(ascii: "d") { isChunked = true }
        case .chunkLine:
            let size = Int(String(decoding: line.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self), radix: 16)
            guard let size else { return fault = "no chunk size" }
            part = size == 0 ? .trailer : .chunk(left: size)
        case .chunkEnd: part = .chunkLine
        case .trailer: if line.isEmpty { finish() }
        case .body, .chunk: break
        }
    }

    private mutating func beginBody() {
        if isChunked {
            part = .chunkLine
        } else if let length, length > 0 {
            part = .body(left: length)
        } else {
            fault = "an answer without a body"
        }
    }

    private mutating func finish() {
        isComplete = true
        if tail != ending { fault = "an answer that ends in \(String(decoding: tail, as: UTF8.self).debugDescription)" }
    }
}
