/// The candidate that was probably meant; nil where none is near enough.
///
/// Near is a third of the longer word's letters, at most three edits. Of several equally near, the first.
func nearest(to word: String, among candidates: [String]) -> String? {
    guard word.count <= 64 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates {
        let limit = min(3, max(word.count, candidate.count) / 3)
        let distance = editDistance(Array(word.lowercased()), Array(candidate.lowercased()))
        if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
///
/// Damerau-Levenshtein, restricted: no letter is edited twice.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            let replaced = last[j] + (a[i] == b[j] ? 0 : 1)
            var cost = min(replaced, last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}

/// `a`, `a or b`, `a, b or c`.
func enumerated(_ words: [String], _ conjunction: String = "or") -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}
