/// Checks the file's tree against `KeyReference` and collects what there is to say, each at its place.
///
/// What it returns holds only right values: whoever reads on need not check types again.
struct Reader {
    private(set) var diagnostics: [Diagnostic] = []
    private let file: String
    private let purpose: ConfigPurpose
    private var environment: [String: String]
    /// The last line of the file: parsers place what is missing at its end one line further.
    private let lastLine: Int
    private var ignoredAlready: Set<String> = []
    /// Keys without effect in this version, by the top-level key under `nines:`.
    private var notInEffect: [(top: String, path: String, place: Place)] = []

    init(file: String, purpose: ConfigPurpose, environment: [String: String], lastLine: Int) {
        self.file = file
        self.purpose = purpose
        self.environment = environment
        self.lastLine = lastLine
    }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    mutating func error(_ place: Place, _ message: String) { report(.error, place, message) }
    mutating func warning(_ place: Place, _ message: String) { report(.warning, place, message) }

    /// Something that only serving needs: a warning when checking.
    mutating func missing(_ place: Place, _ message: String) {
        report(purpose == .serve ? .error : .warning, place, message)
    }

    private mutating func report(_ severity: Diagnostic.Severity, _ place: Place, _ message: String) {
        let isWithin = place.line <= lastLine
        diagnostics.append(
            Diagnostic(
                severity: severity,
                file: file,
                line: isWithin ? place.line : lastLine,
                column: isWithin ? place.column : 1,
                message: message
            )
        )
    }

    /// The variable's value without blanks around it; nil where it is not set or empty.
    func variable(_ name: String) -> String? {
        let value = environment[name]?.trimmed
        return value?.isEmpty == false ? value : nil
    }

    /// Sets a variable over the environment's own (`environment_variables`).
    mutating func setVariable(_ name: String, to value: String) { environment[name] = value }
}

// MARK: - Sections

extension Reader {
    /// Checks a mapping's keys and their values.
    mutating func section(_ node: YAMLNode, at path: Path, isLater: Bool = false) -> Section? {
        guard case .map(let entries) = node.content else {
            if !node.isNull { wrong(node, path, expected: ValueType.section.expectation) }
            return nil
        }
        var section = Section(place: node.place, path: path.shown, pattern: path.pattern)
        for entry in entries {
            guard let row = KeyReference.find(entry.key, at: path.pattern) else {
                unknownKey(entry, at: path)
                continue
            }
            if !entry.value.isNull { section.given.insert(entry.key) }
            section.fields[entry.key] = field(entry, row, at: path, isLater: isLater)
        }
        for row in KeyReference.byPlace[path.pattern] ?? [] where row.isRequired {
            if !entries.contains(where: { $0.key == row.key }) {
                error(node.place, "missing '\(row.key)' in \(path.name)")
            }
        }
        return section
    }

    private mutating func field(_ entry: YAMLNode.Entry, _ row: KeyReference, at path: Path, isLater: Bool) -> Field? {
        switch row.standing {
        case .ignored(let reason):
            if ignoredAlready.insert("\(path.pattern) \(row.key)").inserted {
                warning(entry.place, "'\(entry.key)' in \(path.name) is read and ignored: \(reason)")
            }
            return nil
        case .refused(let reason):
            error(entry.place, "'\(entry.key)' is not supported: \(reason)")
            return nil
        case .read, .later:
            let inner = path.key(entry.key)
            guard !entry.value.isNull else {
                emptyValue(entry, row, inner)
                return nil
            }
            if row.standing == .later, !entry.value.isScalar(row.defaultValue) {
                notInEffect.append((top: inner.top, path: inner.shown, place: entry.place))
            }
            return value(entry.value, row.type, at: inner, isLater: isLater || row.standing == .later)
        }
    }

    private mutating func emptyValue(_ entry: YAMLNode.Entry, _ row: KeyReference, _ path: Path) {
        if row.isRequired {
            error(entry.place, "\(path.name): expected \(row.type.expectation), found nothing")
        } else {
            warning(entry.place, "\(path.name) has no value: it is as if it were not there")
        }
    }

    private mutating func unknownKey(_ entry: YAMLNode.Entry, at path: Path) {
        let candidates = (KeyReference.byPlace[path.pattern] ?? []).map(\.key).filter { !$0.hasSuffix("*") }
        var message = "unknown key \(quoted(entry.key)) in \(path.name)"
        let homes = KeyReference.homes(of: entry.key)
        if let near = nearest(to: entry.key, among: candidates) {
            message += "; did you mean '\(near)'?"
        } else if !homes.isEmpty, homes.count <= 3 {
            message += "; it belongs in \(enumerated(homes.map { $0.isEmpty ? "the top level" : $0 }))"
        } else if path.pattern == "model_list[].litellm_params" {
            message += "; it is not sent to the provider, extra_body is"
        }
        warning(entry.place, message)
    }

    /// Says once per top-level key under `nines:` what has no effect yet.
    mutating func sayWhatIsNotInEffect() {
        for top in Set(notInEffect.map(\.top)) {
            let keys = notInEffect.filter { $0.top == top }
            guard let first = keys.first else { continue }
            let verb = keys.count == 1 ? "is" : "are"
            warning(first.place, "\(enumerated(keys.map(\.path), "and")) \(verb) not in effect in this version")
        }
    }
}

/// Where a value is: as people say it, and as the key table has it.
struct Path {
    /// `model_list[0].litellm_params.weight`; empty at the top.
    private(set) var shown = ""
    /// `model_list[].litellm_params.weight`.
    private(set) var pattern = ""
    /// The last name, for messages: `litellm_params`, `model_list[0]`, `the config`.
    private(set) var name = "the config"

    func key(_ key: String) -> Path {
        appending(shown.isEmpty ? key : ".\(key)", pattern.isEmpty ? key : ".\(key)", key)
    }
    func named(_ key: String) -> Path { appending(".\(key)", ".*", "\(name).\(key)") }
    func index(_ index: Int) -> Path { appending("[\(index)]", "[]", "\(name)[\(index)]") }

    /// The second name: the key under `nines:`.
    var top: String {
        String(shown.split(separator: ".").dropFirst().first ?? "")
    }

    private func appending(_ shown: String, _ pattern: String, _ name: String) -> Path {
        var path = self
        path.shown += shown
        path.pattern += pattern
        path.name = name
        return path
    }
}

extension YAMLNode {
    fileprivate func isScalar(_ text: String) -> Bool {
        guard case .scalar(text, _) = content else { return false }
        return true
    }
}
