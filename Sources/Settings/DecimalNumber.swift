/// A decimal number exactly as written: `digits` times ten to the power of `exponent`.
///
/// Money and prices go through it so that no binary fraction rounds them.
struct DecimalNumber {
    let isNegative: Bool
    /// The first 30 significant digits; what follows is cut.
    let digits: UInt128
    let exponent: Int
    /// What was written, fit for `Double.init`.
    private let text: String

    /// Takes `12`, `-0.5`, `.5`, `5.` and `1.5e-7`, and nothing else: no `nan`, no `inf`, no `0x10`, no `1_000`.
    init?(_ text: String) {
        var rest = text.utf8[...]
        isNegative = rest.first == UInt8(ascii: "-")
        if let sign = rest.first, [UInt8(ascii: "-"), UInt8(ascii: "+")].contains(sign) { rest.removeFirst() }
        var mantissa = Mantissa()
        mantissa.take(&rest, fraction: false)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            mantissa.take(&rest, fraction: true)
        }
        guard mantissa.sawDigit else { return nil }
        var power = 0
        if let mark = rest.first, [UInt8(ascii: "e"), UInt8(ascii: "E")].contains(mark) {
            let written = String(rest.dropFirst()) ?? ""
            guard let last = written.utf8.last, (48...57).contains(last), let value = Int32(written) else { return nil }
            power = Int(value)
            rest = rest[rest.endIndex...]
        }
        guard rest.isEmpty else { return nil }
        digits = mantissa.digits
        exponent = mantissa.exponent + power
        self.text = text
    }

    init(digits: UInt128, exponent: Int) {
        isNegative = false
        self.digits = digits
        self.exponent = exponent
        text = "\(digits)e\(exponent)"
    }

    /// The number times ten to the power of `power`, rounded half away from zero; nil where it does not fit.
    func scaled(by power: Int) -> Int64? {
        guard digits > 0 else { return 0 }
        var value = digits
        var shift = exponent + power
        while shift > 0 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = product
            shift -= 1
        }
        var half: UInt128 = 0
        while shift < 0 {
            half = value % 10
            value /= 10
            shift += 1
            if value == 0, shift < 0 { return 0 }
        }
        if half >= 5 { value += 1 }
        guard value <= UInt128(Int64.max) else { return nil }
        return isNegative ? -Int64(value) : Int64(value)
    }

    /// Nil where the number is beyond a `Double`.
    var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    private struct Mantissa {
        var digits: UInt128 = 0
        var exponent = 0
        var sawDigit = false

        mutating func take(_ rest: inout Substring.UTF8View, fraction: Bool) {
            while let byte = rest.first, (48...57).contains(byte) {
                rest.removeFirst()
                sawDigit = true
                if digits < 1_000_000_000_000_000_000_000_000_000_000 {
                    digits = digits * 10 + UInt128(byte - 48)
                    if fraction { exponent -= 1 }
                } else if !fraction {
                    exponent += 1
                }
            }
        }
    }
}
