/// A YAML value as JSON text: keys in the order of the file, numbers as written where JSON has them so.
///
/// Plain scalars are typed by YAML 1.1, as LiteLLM's parser does: `yes` is true, `~` is null.
/// What JSON has no number for (`.inf`, `0x10`, `1_000`) is a text.
func jsonText(_ node: YAMLNode) -> String {
    switch node.content {
    case .list(let items):
        return "[" + items.map(jsonText).joined(separator: ",") + "]"
    case .map(let entries):
        return "{" + entries.map { "\(jsonString($0.key)):\(jsonText($0.value))" }.joined(separator: ",") + "}"
    case .scalar(let text, let isPlain):
        if node.isNull { return "null" }
        return (isPlain ? jsonLiteral(text) : nil) ?? jsonString(text)
    }
}

/// The JSON of a plain text that is a truth value or a number; nil for any other.
private func jsonLiteral(_ text: String) -> String? {
    switch text {
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return "true"
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return "false"
    default: break
    }
    guard DecimalNumber(text) != nil else { return nil }
    let isNegative = text.hasPrefix("-")
    let unsigned = text.drop { $0 == "-" || $0 == "+" }
    let whole = unsigned.prefix(while: \.isNumber)
    var rest = unsigned.dropFirst(whole.count)
    // A leading zero is an octal number to some and a text to others: a text is what was written.
    guard whole.count < 2 || whole.first != "0" else { return nil }
    var fraction = ""
    if rest.first == "." {
        let digits = rest.dropFirst().prefix(while: \.isNumber)
        rest = rest.dropFirst(1 + digits.count)
        fraction = ".\(digits.isEmpty ? "0" : String(digits))"
    }
    return "\(isNegative ? "-" : "")\(whole.isEmpty ? "0" : String(whole))\(fraction)\(rest)"
}

private func jsonString(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": json += "\\\""
        case "\\": json += "\\\\"
        case "\n": json += "\\n"
        case "\r": json += "\\r"
        case "\t": json += "\\t"
        case _ where scalar.value < 0x20:
            let hex = String(scalar.value, radix: 16)
            json += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        default: json.unicodeScalars.append(scalar)
        }
    }
    return json + "\""
}
