extension JSONScanner.Value {
    /// The string's meaning, escapes resolved; nil for any other kind.
    ///
    /// Lone surrogates become U+FFFD.
    package func text(in bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard kind == .string else { return nil }
        let inner = range.lowerBound + 1..<range.upperBound - 1
        let raw = UnsafeBufferPointer(rebasing: bytes[inner])
        guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
        return unescaped(raw)
    }

    /// The number as an integer, also where it is written `12.0` or `1e3`; nil for fractions, numbers out of range and any
    /// other kind.
    package func integer(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard kind == .number else { return nil }
        let digits = String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        if let whole = Int(digits) { return whole }
        // Beyond 2^53 a Double no longer tells neighbours apart.
        guard let number = Double(digits), number.magnitude < 0x1p53 else { return nil }
        return Int(exactly: number)
    }
}

/// `text` as a JSON string, quotes included.
package func jsonString(_ text: String) -> String {
    var out = "\""
    out.reserveCapacity(text.utf8.count + 2)
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": out += "\\\""
        case "\\": out += "\\\\"
        case "\n": out += "\\n"
        case "\r": out += "\\r"
        case "\t": out += "\\t"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F:
            let hex = String(scalar.value, radix: 16)
            out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out + "\""
}

/// What the inside of a JSON string means.
func unescaped(_ raw: UnsafeBufferPointer<UInt8>) -> String {
    var units: [UInt8] = []
    units.reserveCapacity(raw.count)
    var index = 0
    while index < raw.count {
        guard raw[index] == UInt8(ascii: "\\"), index + 1 < raw.count else {
            units.append(raw[index])
            index += 1
            continue
        }
        switch raw[index + 1] {
        case UInt8(ascii: "n"): units.append(0x0A)
        case UInt8(ascii: "r"): units.append(0x0D)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "b"): units.append(0x08)
        case UInt8(ascii: "f"): units.append(0x0C)
        case UInt8(ascii: "u"):
            let (scalar, length) = unicodeEscape(raw, at: index)
            units.append(contentsOf: String(scalar).utf8)
            index += length
            continue
        case let other: units.append(other)
        }
        index += 2
    }
    return String(decoding: units, as: UTF8.self)
}

/// The scalar of `\uXXXX` at `index`, or of the surrogate pair there, and how many bytes it took.
private func unicodeEscape(_ raw: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar, Int) {
    func unit(_ at: Int) -> UInt32? {
        guard at + 6 <= raw.count, raw[at] == UInt8(ascii: "\\"), raw[at + 1] == UInt8(ascii: "u") else { return nil }
        var value: UInt32 = 0
        for offset in 2..<6 {
            guard let digit = hexValue(raw[at + offset]) else { return nil }
            value = value << 4 | digit
        }
        return value
    }
    guard let high = unit(index) else { return ("\u{FFFD}", min(6, raw.count - index)) }
    if (0xD800..<0xDC00).contains(high), let low = unit(index + 6), (0xDC00..<0xE000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    {
        return (scalar, 12)
    }
    return (Unicode.Scalar(high) ?? "\u{FFFD}", 6)
}
