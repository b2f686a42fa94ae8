import Yams

/// A file beside the config, YAML or JSON, that is read into a form; it knows where its values stand.
package struct FormFile {
    private var reader: Reader
    private var text = ""
    /// Nil where the file is no YAML.
    private var root: YAMLNode?

    /// Reads the file; what can't be read becomes a problem at its place.
    package init(path: String) {
        reader = Reader(file: path, purpose: .check, environment: [:], lastLine: .max)
        do throws(Unreadable) {
            text = try readText(path)
        } catch {
            reader.error(Place(line: error.line), error.message)
            return
        }
        reader = Reader(file: path, purpose: .check, environment: [:], lastLine: lineCount(text))
        do throws(YAMLFailure) {
            root = try parseYAML(text)
            if root?.isNull ?? true { reader.error(Place(), "the file is empty") }
        } catch {
            reader.error(error.place, error.message)
        }
    }

    /// All that is wrong so far, in the order of the file.
    package var problems: [Diagnostic] { reader.diagnostics.inFileOrder }

    /// The form that the file holds; nil, and said, where it can't be one.
    ///
    /// `keys` are those of each mapping, by where it stands: `""` for the top, `stages[].faults[]`. Any other is a problem.
    package mutating func form<Form: Decodable>(_ type: Form.Type, keys: [String: [String]]) -> Form? {
        guard let root, !root.isNull else { return nil }
        guard case .map = root.content else {
            let expected = "a mapping of keys (\((keys[""] ?? []).joined(separator: ", ")))"
            reader.error(root.place, "expected \(expected), found \(root.found)")
            return nil
        }
        checkKeys(root, keys, at: Path())
        do {
            return try YAMLDecoder().decode(type, from: text)
        } catch {
            sayWhyNot(error, root)
            return nil
        }
    }

    /// Something wrong with the value at `place`, `stages[0].faults[1].share`, or with what is missing there.
    package mutating func complain(_ place: String, _ message: String) {
        reader.error(root?.value(at: place).place ?? Place(), "\(place): \(message)")
    }

    private mutating func checkKeys(_ node: YAMLNode, _ known: [String: [String]], at path: Path) {
        switch node.content {
        case .scalar: break
        case .list(let items):
            for (index, item) in items.enumerated() { checkKeys(item, known, at: path.index(index)) }
        case .map(let entries):
            // Where none belongs, the decoder says so.
            guard let names = known[path.pattern] else { return }
            for entry in entries {
                if names.contains(entry.key) {
                    checkKeys(entry.value, known, at: path.key(entry.key))
                } else {
                    let near = nearest(to: entry.key, among: names)
                    let advice = near.map { "did you mean '\($0)'?" } ?? "known: \(names.joined(separator: ", "))"
                    let home = path.shown.isEmpty ? "" : " in \(path.shown)"
                    reader.error(entry.place, "unknown key \(quoted(entry.key))\(home); \(advice)")
                }
            }
        }
    }

    private mutating func sayWhyNot(_ error: any Error, _ root: YAMLNode) {
        guard case DecodingError.typeMismatch(let type, let context) = error else {
            return reader.error(root.place, "not in the form that is expected here")
        }
        let place = context.codingPath.reduce(Path()) { path, key in
            key.intValue.map(path.index) ?? path.key(key.stringValue)
        }
        let node = root.value(at: place.shown)
        reader.error(node.place, "\(place.shown): expected \(words(for: type)), found \(node.found)")
    }

    private func words(for type: any Any.Type) -> String {
        switch type {
        case is Double.Type: "a number"
        case is Int.Type: "a whole number"
        case is Yams.Node.Mapping.Type: "a mapping"
        case is Yams.Node.Sequence.Type: "a list"
        default: "a single value"
        }
    }
}

extension YAMLNode {
    /// The value there, or the nearest one around where it would stand.
    fileprivate func value(at path: String) -> YAMLNode {
        var node = self
        for part in path.split(whereSeparator: { ".[]".contains($0) }) {
            switch node.content {
            case .map(let entries):
                guard let entry = entries.first(where: { $0.key == part }) else { return node }
                node = entry.value
            case .list(let items):
                guard let index = Int(part), items.indices.contains(index) else { return node }
                node = items[index]
            case .scalar: return node
            }
        }
        return node
    }
}
