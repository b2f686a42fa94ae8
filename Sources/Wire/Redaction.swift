/// `text` without anything that looks like a key, on one line, at most `limit` characters.
///
/// Providers echo (parts of) keys in their messages. What goes: each of `secrets`, and every word that starts as keys do
/// (`sk-`, `gsk_`, `Bearer ...`) up to the next character that keys don't have.
package func redacted(_ text: String, secrets: [String] = [], limit: Int = 300) -> String {
    var line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    for secret in secrets where secret.utf8.count >= 4 { line = line.replacing(secret, with: "***") }
    for prefix in ["sk-", "gsk_", "xai-", "AIza", "pplx-", "r8_", "hf_"] { line = masked(line, after: prefix) }
    return line.count > limit ? String(line.prefix(limit - 1)) + "…" : line
}

private func masked(_ text: String, after prefix: String) -> String {
    var out = ""
    var rest = text[...]
    while let start = rest.firstRange(of: prefix)?.lowerBound {
        out += rest[..<start]
        let tail = rest[start...].drop { $0.isLetter || $0.isNumber || "-_*.".contains($0) }
        out += "***"
        // A full stop or ellipsis that ends the sentence went with the key; that is the safe side.
        rest = tail
    }
    return out + rest
}
