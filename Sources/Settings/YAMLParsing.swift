import Yams

/// Why a text is no YAML that we take, and where.
struct YAMLFailure: Error, Equatable {
    let place: Place
    let message: String
}

/// Parses one YAML document.
///
/// Refused, each with its place: invalid YAML, a second document, duplicate keys, keys that are no text,
/// more than 64 levels, and aliases that unfold to more than 200,000 values. Nil for a text without any value.
func parseYAML(_ text: String) throws(YAMLFailure) -> YAMLNode? {
    let root: Yams.Node?
    do {
        // Without rules no tag is guessed from a text: types are ours to decide.
        root = try Yams.compose(yaml: text, .basic)
    } catch let error as YamlError {
        throw failure(error, in: text)
    } catch {
        throw YAMLFailure(place: Place(), message: "invalid YAML")
    }
    guard let root else { return nil }
    var unfolding = Unfolding()
    return try unfolding.node(root, depth: 0)
}

/// Turns the parser's tree into ours, within limits.
private struct Unfolding {
    private static let maxDepth = 64
    private static let maxNodes = 200_000
    private var count = 0

    mutating func node(_ source: Yams.Node, depth: Int) throws(YAMLFailure) -> YAMLNode {
        let place = source.place
        count += 1
        guard count <= Self.maxNodes else {
            throw YAMLFailure(place: place, message: "aliases unfold to more than \(Self.maxNodes) values")
        }
        guard depth <= Self.maxDepth else {
            throw YAMLFailure(place: place, message: "nested deeper than \(Self.maxDepth) levels")
        }
        switch source {
        case .scalar(let scalar):
            return YAMLNode(place: place, content: .scalar(scalar.string, isPlain: scalar.style == .plain))
        case .sequence(let sequence):
            var items: [YAMLNode] = []
            for item in sequence { items.append(try node(item, depth: depth + 1)) }
            return YAMLNode(place: place, content: .list(items))
        case .mapping(let mapping):
            return YAMLNode(place: place, content: .map(try entries(mapping, depth: depth)))
        case .alias:
            throw YAMLFailure(place: place, message: "an alias to an anchor that does not exist")
        }
    }

    private mutating func entries(_ mapping: Yams.Node.Mapping, depth: Int) throws(YAMLFailure) -> [YAMLNode.Entry] {
        var own: [YAMLNode.Entry] = []
        var merged: [YAMLNode.Entry] = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                throw YAMLFailure(place: key.place, message: "expected a key that is a text, found a list or a mapping")
            }
            let child = try node(value, depth: depth + 1)
            if scalar.string == "<<", scalar.style == .plain {
                merged += try mergeSources(child)
            } else {
                own.append(YAMLNode.Entry(key: scalar.string, place: key.place, value: child))
            }
        }
        var seen = Set(own.map(\.key))
        // The nearer one wins: own keys, then the first of several sources.
        return own + merged.filter { seen.insert($0.key).inserted }
    }

    private func mergeSources(_ value: YAMLNode) throws(YAMLFailure) -> [YAMLNode.Entry] {
        switch value.content {
        case .map(let entries):
            return entries
        case .list(let items):
            var all: [YAMLNode.Entry] = []
            for item in items { all += try mergeSources(item) }
            return all
        case .scalar:
            throw YAMLFailure(place: value.place, message: "expected a mapping to merge, found \(value.found)")
        }
    }
}

extension Yams.Node {
    fileprivate var place: Place { mark.map { Place(line: max(1, $0.line), column: max(1, $0.column)) } ?? Place() }
}

private func failure(_ error: YamlError, in text: String) -> YAMLFailure {
    switch error {
    case .scanner(let context, let problem, let mark, _),
        .parser(let context, let problem, let mark, _),
        .composer(let context, let problem, let mark, _):
        let place = Place(line: max(1, mark.line), column: max(1, mark.column))
        let before = context.map { "\($0.text) of line \($0.mark.line), " } ?? ""
        let hint = isTab(at: place, in: text) ? "; YAML is indented with spaces, this is a tab" : ""
        return YAMLFailure(place: place, message: "invalid YAML: \(before)\(problem)\(hint)")
    case .duplicatedKeysInMapping(let keys, let context):
        let names = keys.map(quoted).joined(separator: ", ")
        let place = Place(line: max(1, context.mark.line), column: max(1, context.mark.column))
        return YAMLFailure(place: place, message: "\(names) stands more than once in one mapping; first here")
    case .reader(let problem, let offset, _, _):
        return YAMLFailure(place: place(ofCharacter: offset ?? 0, in: text), message: "invalid YAML: \(problem)")
    default:
        return YAMLFailure(place: Place(), message: "invalid YAML")
    }
}

private func isTab(at place: Place, in text: String) -> Bool {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(place.line - 1) else { return false }
    return lines[place.line - 1].unicodeScalars.dropFirst(place.column - 1).first == "\t"
}

private func place(ofCharacter offset: Int, in text: String) -> Place {
    var place = Place()
    for character in text.prefix(offset) {
        if character.isNewline {
            place = Place(line: place.line + 1, column: 1)
        } else {
            place.column += character.unicodeScalars.count
        }
    }
    return place
}
