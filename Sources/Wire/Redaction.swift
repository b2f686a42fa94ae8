/// `text` without anything that looks like a key, on one line, at most `limit` characters (Unicode scalars).
///
/// Providers echo (parts of) keys in their messages. What goes: each of `secrets` (of four bytes or more) wherever it
/// stands, every word that starts as keys do, up to the next character that keys don't have, and what follows `Bearer`.
/// Control characters become blanks. Works on scalars, as a mark that combines with a key's last letter must not hide it.
package func redacted(_ text: String, secrets: [String] = [], limit: Int = 300) -> String {
    let limit = min(max(limit, 1), 1 << 20)
    var scalars = opening(of: text, 4 * limit)
    // The longest first, as one key may begin with another.
    for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) where secret.utf8.count >= 4 {
        scalars = replacing(Array(secret.unicodeScalars), in: scalars)
    }
    for prefix in keyPrefixes { scalars = maskingWords(startingWith: Array(prefix.unicodeScalars), in: scalars) }
    scalars = maskingBearer(in: scalars)
    let shown = scalars.count > limit ? scalars.prefix(limit - 1) + ["…"] : scalars[...]
    return String(String.UnicodeScalarView(shown))
}

/// The first `count` scalars of a huge text, less the word at the cut, which may be half a key.
private func opening(of text: String, _ count: Int) -> [Unicode.Scalar] {
    let all = text.unicodeScalars
    var kept = all.prefix(count).map { isLineBreaking($0) ? " " : $0 }
    guard all.index(all.startIndex, offsetBy: kept.count) < all.endIndex else { return kept }
    while let last = kept.last, isKeyScalar(last) { kept.removeLast() }
    return kept + ["…"]
}

/// OpenAI and most others, Groq, xAI, Google, Perplexity, Replicate, Hugging Face, Cerebras, NVIDIA, Together, OpenAI
/// sessions, Google OAuth, JSON web tokens.
private let keyPrefixes = [
    "sk-", "sk_", "gsk_", "xai-", "AIza", "pplx-", "r8_", "hf_", "csk-", "nvapi-", "tgp_v1_", "sess-", "ya29.", "eyJ",
]

private let mask: [Unicode.Scalar] = ["*", "*", "*"]

private func isLineBreaking(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
}

private func replacing(_ secret: [Unicode.Scalar], in text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var out: [Unicode.Scalar] = []
    out.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
        if text[index] == secret[0], text[index...].starts(with: secret) {
            out += mask
            index += secret.count
        } else {
            out.append(text[index])
            index += 1
        }
    }
    return out
}

/// A prefix inside a word (`risk-free`) counts only where what follows is as long as a key.
private func maskingWords(startingWith prefix: [Unicode.Scalar], in text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var out: [Unicode.Scalar] = []
    out.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
        guard text[index] == prefix[0], text[index...].starts(with: prefix) else {
            out.append(text[index])
            index += 1
            continue
        }
        // A full stop or ellipsis that ends the sentence goes with the key; that is the safe side.
        let rest = text[(index + prefix.count)...].prefix(while: isKeyScalar)
        if rest.count >= (isInsideWord(out) ? 20 : 1) {
            out += mask
        } else {
            out += text[index..<rest.endIndex]
        }
        index = rest.endIndex
    }
    return out
}

/// Whether what follows `text` would go on with a word; the letter of an escape (`\n`) begins none.
private func isInsideWord(_ text: [Unicode.Scalar]) -> Bool {
    guard let last = text.last, isPlain(last) else { return false }
    return text.dropLast().last != "\\"
}

private func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
}

/// A token behind `Bearer `, in any case; a word of the sentence (`bearer token required`) has no digit and is short.
private func maskingBearer(in text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let word = Array("bearer".unicodeScalars)
    var out: [Unicode.Scalar] = []
    out.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
        let end = index + word.count
        guard end < text.count, text[end] == " ",
            zip(text[index..<end], word).allSatisfy({ $0.value | 0x20 == $1.value })
        else {
            out.append(text[index])
            index += 1
            continue
        }
        let blanks = text[end...].prefix { $0 == " " }
        let token = text[blanks.endIndex...].prefix(while: isKeyScalar)
        let isToken = token.count >= 20 || token.count >= 8 && token.contains { ("0"..."9").contains($0) }
        out += text[index..<blanks.endIndex] + (isToken ? mask[...] : token)
        index = token.endIndex
    }
    return out
}

/// What may stand in a key or in its masked echo: RFC 6750's token characters, masks, and what only looks like a letter.
private func isKeyScalar(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isPlain(scalar) || "-._~+/=*".unicodeScalars.contains(scalar) }
    let properties = scalar.properties
    return properties.isAlphabetic || properties.isDefaultIgnorableCodePoint || "…•●·".unicodeScalars.contains(scalar)
        || [.nonspacingMark, .spacingMark, .enclosingMark].contains(properties.generalCategory)
}
