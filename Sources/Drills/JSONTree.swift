/// A JSON document with its members in the order given.
indirect enum JSONTree {
    case object([(String, JSONTree)])
    case array([JSONTree])
    case string(String)
    /// A number as it is written.
    case number(String)
    case bool(Bool)
    case null

    static func integer(_ value: some BinaryInteger) -> Self { .number("\(value)") }
    static func decimal(_ value: Double?, _ digits: Int = 6) -> Self {
        value.flatMap { $0.isFinite ? .number(Words.decimal($0, digits)) : nil } ?? .null
    }
    static func milliseconds(_ time: Duration?) -> Self { time.map { .integer($0.inMilliseconds) } ?? .null }
    static func text(_ text: String?) -> Self { text.map { .string($0) } ?? .null }

    /// Indented by two spaces.
    var text: String { text(indent: "") }

    private func text(indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .object(let members):
            if members.isEmpty { return "{}" }
            let lines = members.map { "\(inner)\(Self.quoted($0.0)): \($0.1.text(indent: inner))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        case .array(let items):
            if items.isEmpty { return "[]" }
            return "[\n" + items.map { inner + $0.text(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
        case .string(let text): return Self.quoted(text)
        case .number(let text): return text
        case .bool(let value): return value ? "true" : "false"
        case .null: return "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case let control where control.value < 0x20:
                result += "\\u00" + Words.hex([UInt8(control.value)])
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
