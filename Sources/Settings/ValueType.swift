/// The types that a value of the file may have: what its text may be and what it is called in messages and tables.
indirect enum ValueType: Sendable {
    /// Any text on one line.
    case text
    /// A name that is shown and may travel in a header.
    case name
    case secret
    /// An address that may itself let its holder in, such as a webhook's: kept and treated as a key.
    case secretAddress
    /// `isOrigin` allows no path, `hasQuery` allows a query.
    case address(isOrigin: Bool = false, hasQuery: Bool = false)
    case listen
    case path
    case flag
    case integer(ClosedRange<Int>)
    /// A number of at least 0.
    case number
    case numberWithin(ClosedRange<Double>)
    /// LiteLLM's durations: plain seconds, or with a unit.
    case seconds(allowsZero: Bool)
    case duration(ClosedRange<Duration>)
    /// The stretch of a spending budget: a duration or a word.
    case period
    case money
    /// US dollars per token.
    case price
    /// A fraction; `withEnds` takes 0% and 100% too.
    case share(withEnds: Bool = false)
    /// A fraction above 0 and up to 1.
    case portion
    case size
    case choice([String])
    case off(or: ValueType)
    case list(of: ValueType)
    case section
    case named(ValueType)
    /// A shape that its own reader checks.
    case raw(String)

    static let anyDuration = ValueType.duration(.milliseconds(1)...maxDuration)
    static let count = ValueType.integer(0...1_000_000)
    static let tokens = ValueType.integer(1...100_000_000)
    /// As long as the minute series are kept.
    static let maxDuration = Duration.seconds(400 * 86_400)

    /// The type in the reference table.
    var label: String {
        switch self {
        case .text: "text"
        case .name: "name"
        case .secret: "key"
        case .address, .secretAddress: "address"
        case .listen: "host:port"
        case .path: "path"
        case .flag: "true or false"
        case .integer: "whole number"
        case .number, .numberWithin: "number"
        case .seconds: "seconds"
        case .duration, .period: "duration"
        case .money: "amount"
        case .price: "dollars per token"
        case .share, .portion: "share"
        case .size: "size"
        case .choice(let words): enumerated(words.map { "`\($0)`" })
        case .off(or: .choice(let words)): ValueType.choice(words + ["off"]).label
        case .off(let type): "`off` or \(type.label)"
        case .list(let type): "list of \(type.plural)"
        case .section: "section"
        case .named(let type): "mapping of names to \(type.plural)"
        case .raw(let shape): shape
        }
    }

    /// Whether it is written as a list or a mapping.
    var isCompound: Bool {
        switch self {
        case .list, .section, .named: true
        default: false
        }
    }

    private var plural: String {
        switch self {
        case .address, .secretAddress: "addresses"
        case .choice: label
        default: label + "s"
        }
    }

    /// What a message says was expected.
    var expectation: String {
        switch self {
        case .text: "a text on one line"
        case .name: "a name of at most 128 printable ASCII characters"
        case .secret: "a key without blanks or line breaks, such as os.environ/NAME"
        case .address(isOrigin: true, _): "an origin such as https://app.example.com"
        case .address: "an address that starts with http:// or https://, such as https://api.example.com/v1"
        case .secretAddress: "an address that starts with http:// or https://, such as os.environ/NAME holds"
        case .listen: "a host and a port such as 127.0.0.1:4000"
        case .path: "a path"
        case .flag: "true or false"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number: "a number of at least 0"
        case .numberWithin(let range): "a number from \(range.lowerBound.shortText) to \(range.upperBound.shortText)"
        case .seconds(allowsZero: true): "a number of seconds of at least 0 and at most 400d"
        case .seconds(allowsZero: false): "a number of seconds above 0 and at most 400d"
        case .duration(let range):
            "a duration such as 250ms, 2s, 15m, 24h or 30d, from \(range.lowerBound.shortText) to \(range.upperBound.shortText)"
        case .period: "a duration such as 24h or 30d, or hour, day, week or month, from 1s to 400d"
        case .money: "an amount above 0 such as $0.015"
        case .price: "a number of US dollars per token of at least 0, such as 0.00000015"
        case .share(withEnds: false): "a share above 0% and below 100%, such as 99.5%"
        case .share(withEnds: true): "a share from 0% to 100%, such as 25%"
        case .portion: "a share above 0% and up to 100%, such as 80%"
        case .size: "a size such as 512MB"
        case .choice(let words): enumerated(words)
        case .off(or: .choice(let words)): enumerated(words + ["off"])
        case .off(let type): "off, or \(type.expectation)"
        case .list: "a list of \(listed)"
        case .section: "a mapping of keys"
        case .named(let type): "a mapping of names to \(type.plural)"
        case .raw(let shape): "a \(shape)"
        }
    }

    private var listed: String {
        guard case .list(let type) = self else { return "" }
        if case .section = type { return "mappings" }
        return type.plural
    }
}

/// What should have stood in a text's place.
struct Expected: Error, Equatable {
    let text: String
    init(_ text: String) { self.text = text }
}

extension ValueType {
    /// The value of a text.
    ///
    /// - Throws: what was expected; lists, sections and mappings are no text at all.
    func value(of text: String) throws(Expected) -> Value {
        if case .off(let type) = self {
            return ["off", "Off", "OFF", "false"].contains(text) ? .off : try valueOrThis(type, text)
        }
        if case .address(let isOrigin, let hasQuery) = self {
            return .address(try parseAddress(text, isOrigin: isOrigin, hasQuery: hasQuery, expectation))
        }
        if case .listen = self { return try parseListen(text, expectation) }
        guard let value = plainValue(of: text) else { throw Expected(expectation) }
        return value
    }

    private func valueOrThis(_ type: ValueType, _ text: String) throws(Expected) -> Value {
        do { return try type.value(of: text) } catch { throw Expected(expectation) }
    }

    private func plainValue(of text: String) -> Value? {
        switch self {
        case .text: text.isOneLine && !text.isEmpty ? Value.text(text) : nil
        case .name: text.isName ? Value.text(text) : nil
        case .path: text.isOneLine && !text.isEmpty && !isOthersHome(text) ? Value.text(text) : nil
        case .flag: parseFlag(text).map(Value.flag)
        case .integer(let range): Int(text).flatMap { range.contains($0) ? Value.integer($0) : nil }
        case .number: DecimalNumber(text)?.double.flatMap { $0 >= 0 ? Value.number($0 + 0) : nil }
        case .numberWithin(let range): DecimalNumber(text)?.double.flatMap { range.contains($0) ? .number($0) : nil }
        case .seconds(let allowsZero): parseSeconds(text, allowsZero: allowsZero).map(Value.duration)
        case .duration(let range): parseDuration(text).flatMap { range.contains($0) ? Value.duration($0) : nil }
        case .period: parsePeriod(text).flatMap { ($0 <= Self.maxDuration) ? Value.duration($0) : nil }
        case .money: parseMoney(text).flatMap { $0 > 0 ? Value.nanodollars($0) : nil }
        // A dollar is 10^9 nano-dollars, and the price counts a million tokens.
        case .price: DecimalNumber(text)?.scaled(by: 9 + 6).flatMap { $0 >= 0 ? Value.nanodollars($0) : nil }
        case .share(let withEnds): parseShare(text, withEnds: withEnds).map(Value.share)
        case .portion: parseShare(text, withEnds: true).flatMap { $0 > 0 ? Value.share($0) : nil }
        case .size: parseSize(text).map(Value.bytes)
        case .choice(let words): words.contains(text) ? Value.text(text) : nil
        case .secret, .secretAddress, .address, .listen, .off, .list, .section, .named, .raw: nil
        }
    }
}

extension String {
    /// No control characters, line breaks included.
    var isOneLine: Bool { unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) } }

    fileprivate var isName: Bool {
        (1...128).contains(utf8.count) && utf8.allSatisfy { (0x20...0x7E).contains($0) }
            && utf8.first != 0x20 && utf8.last != 0x20
    }
}

/// `~name/...`, which only a shell can expand.
private func isOthersHome(_ text: String) -> Bool { text.hasPrefix("~") && text != "~" && !text.hasPrefix("~/") }

private func parseFlag(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "on": true
    case "false", "no", "off": false
    default: nil
    }
}
