@testable import Wire

/// Random numbers that depend on the seed alone: SplitMix64 (Steele, Lea, Flood 2014).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}

/// A random JSON document as text, its spaces and forms of numbers and strings included.
func randomJSON(_ random: inout Seeded, depth: Int = 0) -> String {
    let space = random.pick(["", "", "", " ", "\n", "\t", "\r\n "])
    switch depth < 4 ? random.below(8) : 2 + random.below(6) {
    case 0:
        let members = (0..<random.below(5)).map { index in
            "\(space)\(randomString(&random, unique: index))\(space):\(randomJSON(&random, depth: depth + 1))"
        }
        return "\(space){\(members.joined(separator: ","))\(space)}\(space)"
    case 1:
        let elements = (0..<random.below(5)).map { _ in randomJSON(&random, depth: depth + 1) }
        return "\(space)[\(elements.joined(separator: ","))\(space)]\(space)"
    case 2: return space + random.pick(["true", "false", "null"]) + space
    case 3, 4:
        return space + random.pick(["0", "-0", "1", "-12", "3.25", "1e3", "2E-2", "-1.5e+2", "9007199254740993"])
            + space
    default: return space + randomString(&random) + space
    }
}

private func randomString(_ random: inout Seeded, unique: Int? = nil) -> String {
    let pieces = [
        "a", "model", " ", "é", "日本", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "\\u0000", "{",
        "]", ":",
    ]
    let body = (0..<random.below(5)).map { _ in random.pick(pieces) }.joined()
    return "\"\(unique.map(String.init) ?? "")\(body)\""
}

/// `bytes` with up to three bytes changed, taken out or put in.
func mutated(_ bytes: [UInt8], _ random: inout Seeded, alphabet: String) -> [UInt8] {
    var bytes = bytes
    let letters = Array(alphabet.utf8)
    for _ in 0...random.below(3) {
        let place = random.below(bytes.count + 1)
        switch random.below(3) {
        case 0 where place < bytes.count: bytes[place] = random.pick(letters)
        case 1 where place < bytes.count: bytes.remove(at: place)
        default: bytes.insert(random.pick(letters), at: place)
        }
    }
    return bytes
}

/// Reads `text` as one JSON value with nothing behind it.
func scan(_ text: [UInt8]) throws(JSONError) -> JSONScanner.Value {
    try text.withUnsafeBufferPointer { (bytes) throws(JSONError) in
        var scanner = JSONScanner(bytes)
        let value = try scanner.value()
        try scanner.end()
        return value
    }
}

func scan(_ text: String) throws(JSONError) -> JSONScanner.Value { try scan(Array(text.utf8)) }

/// The string or the integer that `text` is.
func meaning(_ text: String) throws -> (text: String?, integer: Int?) {
    let value = try scan(text)
    return Array(text.utf8).withUnsafeBufferPointer { (value.text(in: $0), value.integer(in: $0)) }
}

extension [UInt8] {
    var asText: String { String(decoding: self, as: UTF8.self) }
}
