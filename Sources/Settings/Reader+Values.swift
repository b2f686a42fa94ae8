import Routing

extension Reader {
    /// Checks a value against its type; nil, and said, where it is wrong.
    mutating func value(_ node: YAMLNode, _ type: ValueType, at path: Path, isLater: Bool) -> Field? {
        let value: Value? =
            switch type {
            case .section: section(node, at: path, isLater: isLater).map(Value.section)
            case .list(let item): list(node, item, type, at: path, isLater: isLater)
            case .named(let item): named(node, item, type, at: path, isLater: isLater)
            case .raw: .raw(node)
            case .off(let inner) where inner.isCompound && !node.isText:
                self.value(node, inner, at: path, isLater: isLater)?.value
            default: scalar(node, type, at: path, isLater: isLater)
            }
        return value.map { Field(place: node.place, path: path.shown, value: $0) }
    }

    private mutating func list(
        _ node: YAMLNode,
        _ item: ValueType,
        _ type: ValueType,
        at path: Path,
        isLater: Bool
    ) -> Value? {
        guard case .list(let nodes) = node.content else {
            wrong(node, path, expected: type.expectation)
            return nil
        }
        var fields: [Field] = []
        for (index, node) in nodes.enumerated() {
            let inner = path.index(index)
            if node.isNull { wrong(node, inner, expected: item.expectation) }
            if let field = value(node, item, at: inner, isLater: isLater) { fields.append(field) }
        }
        return .list(fields)
    }

    private mutating func named(
        _ node: YAMLNode,
        _ item: ValueType,
        _ type: ValueType,
        at path: Path,
        isLater: Bool
    ) -> Value? {
        guard case .map(let entries) = node.content else {
            wrong(node, path, expected: type.expectation)
            return nil
        }
        var fields: [(name: String, place: Place, field: Field)] = []
        for entry in entries {
            guard (try? ValueType.name.value(of: entry.key)) != nil else {
                error(entry.place, "\(path.name): expected \(ValueType.name.expectation), found \(quoted(entry.key))")
                continue
            }
            let inner = path.named(entry.key)
            if case .section = item, entry.value.isNull {
                fields.append((entry.key, entry.place, emptySection(entry, inner)))
            } else if entry.value.isNull {
                wrong(entry.value, inner, expected: item.expectation)
            } else if let field = value(entry.value, item, at: inner, isLater: isLater) {
                fields.append((entry.key, entry.place, field))
            }
        }
        return .named(fields)
    }

    private func emptySection(_ entry: YAMLNode.Entry, _ path: Path) -> Field {
        let section = Section(place: entry.value.place, path: path.shown, pattern: path.pattern)
        return Field(place: entry.value.place, path: path.shown, value: .section(section))
    }

    private mutating func scalar(_ node: YAMLNode, _ type: ValueType, at path: Path, isLater: Bool) -> Value? {
        guard case .scalar(let written, _) = node.content else {
            wrong(node, path, expected: type.expectation)
            return nil
        }
        guard let reference = written.environmentReference else {
            if case .secret = type { return literalSecret(written, node, path) }
            if case .secretAddress = type { return secretAddress(written, named: path.shown, node, path) }
            return parsed(written, type, node, path, found: node.found)
        }
        guard reference.isVariableName else {
            wrong(node, path, expected: "os.environ/NAME")
            return nil
        }
        guard let text = variable(reference) else {
            notSet(reference, node.place, path, isLater: isLater)
            // A key is known by its variable's name, set or not.
            if type.isKept { return .secret(Credential(name: reference, secret: Secret(""))) }
            return .unset
        }
        if case .secret = type { return secret(text, named: reference, node, path) }
        if case .secretAddress = type { return secretAddress(text, named: reference, node, path) }
        return parsed(text, type, node, path, found: "something else in \(reference)")
    }

    private mutating func parsed(
        _ text: String,
        _ type: ValueType,
        _ node: YAMLNode,
        _ path: Path,
        found: String
    ) -> Value? {
        do {
            return try type.value(of: text)
        } catch {
            self.error(node.place, "\(path.name): expected \(error.text), found \(found)")
            return nil
        }
    }

    private mutating func literalSecret(_ text: String, _ node: YAMLNode, _ path: Path) -> Value? {
        warning(
            node.place,
            "\(path.name) stands in the file: put it in an environment variable and write os.environ/NAME"
        )
        return secret(text, named: path.shown, node, path)
    }

    private mutating func secret(_ text: String, named name: String, _ node: YAMLNode, _ path: Path) -> Value? {
        guard text.isKey else {
            wrong(node, path, expected: ValueType.secret.expectation, found: "something else")
            return nil
        }
        return .secret(Credential(name: name, secret: Secret(text)))
    }

    /// What is wrong with it is said without a word of it.
    private mutating func secretAddress(_ text: String, named name: String, _ node: YAMLNode, _ path: Path) -> Value? {
        do {
            let expectation = ValueType.secretAddress.expectation
            let address = try parseAddress(text, isOrigin: false, hasQuery: true, expectation)
            return .secret(Credential(name: name, secret: Secret(address.text)))
        } catch {
            wrong(node, path, expected: error.text, found: "something else")
            return nil
        }
    }

    private mutating func notSet(_ name: String, _ place: Place, _ path: Path, isLater: Bool) {
        let message = "\(path.name): the environment variable \(name) is not set"
        if isLater { warning(place, message) } else { missing(place, message) }
    }

    mutating func wrong(_ node: YAMLNode, _ path: Path, expected: String, found: String? = nil) {
        error(node.place, "\(path.name): expected \(expected), found \(found ?? node.found)")
    }

    /// The text with `os.environ/NAME` replaced; nil, and said, where the variable is not set.
    mutating func resolved(_ text: String, at place: Place, _ path: String) -> String? {
        guard let name = text.environmentReference else { return text }
        if let value = variable(name) { return value }
        missing(place, "\(path): the environment variable \(quoted(name)) is not set")
        return nil
    }
}

extension String {
    /// `NAME` of `os.environ/NAME`; nil for any other text.
    var environmentReference: String? { hasPrefix("os.environ/") ? String(dropFirst("os.environ/".count)) : nil }

    var trimmed: String {
        let inner = drop(while: \.isWhitespace)
        return String(inner.reversed().drop(while: \.isWhitespace).reversed())
    }

    fileprivate var isVariableName: Bool {
        !isEmpty && first?.isNumber == false && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// Fit for a header: visible ASCII without blanks.
    fileprivate var isKey: Bool { !isEmpty && utf8.allSatisfy { (0x21...0x7E).contains($0) } }
}

extension ValueType {
    /// Whether its value is kept as a key.
    fileprivate var isKept: Bool {
        switch self {
        case .secret, .secretAddress: true
        default: false
        }
    }
}
