/// One key of the config file: where it stands, whether it acts, its type, default and meaning.
///
/// The table of all keys drives the reading itself (types, unknown keys, suggestions) and prints itself for the README,
/// so that the two can't differ.
package struct KeyReference: Sendable {
    package enum Standing: Sendable, Equatable {
        case read
        /// Checked, kept where there is room, but without effect in this version.
        case later
        /// Read and ignored, with the reason.
        case ignored(String)
        /// An error, with what to do.
        case refused(String)
    }

    /// The section it stands in: `model_list[].litellm_params`; empty at the top.
    package let place: String
    /// A name, or with a final `*` every name that begins so.
    package let key: String
    package let standing: Standing
    let type: ValueType
    /// As one would write it; empty for none.
    package let defaultValue: String
    package let isRequired: Bool
    package let meaning: String

    /// Every key, place by place.
    package static let all: [KeyReference] = liteLLMKeys + ninesKeys

    static let byPlace = Dictionary(grouping: all, by: \.place)

    /// The entry of a key; nil for an unknown one.
    static func find(_ key: String, at place: String) -> KeyReference? {
        byPlace[place]?.first { $0.key == key || ($0.key.hasSuffix("*") && key.hasPrefix($0.key.dropLast())) }
    }

    /// Places where a key of this name is read.
    static func homes(of key: String) -> [String] {
        all.filter { $0.key == key && ($0.standing == .read || $0.standing == .later) }.map(\.place)
    }

    /// The whole table in Markdown, header included.
    package static var markdownTable: String {
        let rows = all.map { entry in
            let path = entry.place.isEmpty ? entry.key : "\(entry.place).\(entry.key)"
            let cells = ["`\(path)`", entry.effectiveStanding.label, entry.typeLabel, entry.defaultLabel, entry.note]
            return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        return (["| Key | Standing | Type | Default | Meaning |", "| --- | --- | --- | --- | --- |"] + rows)
            .joined(separator: "\n") + "\n"
    }

    /// What stands under a key without effect has none either.
    private var effectiveStanding: Standing {
        let isUnderLater = Self.all.contains {
            $0.standing == .later && (place + ".").hasPrefix("\($0.place).\($0.key)") && standing == .read
        }
        return isUnderLater ? .later : standing
    }

    private var typeLabel: String {
        switch standing {
        case .read, .later: type.label
        case .ignored, .refused: ""
        }
    }

    private var defaultLabel: String {
        guard !isRequired else { return "required" }
        return defaultValue.isEmpty ? "" : "`\(defaultValue)`"
    }

    private var note: String {
        switch standing {
        case .read, .later: meaning
        case .ignored(let reason), .refused(let reason): reason
        }
    }
}

extension KeyReference.Standing {
    fileprivate var label: String {
        switch self {
        case .read: "read"
        case .later: "checked, not in effect yet"
        case .ignored: "ignored"
        case .refused: "refused"
        }
    }
}

/// The keys of one place; `place` is the pattern of its path.
func keys(at place: String, _ entries: [KeyEntry]) -> [KeyReference] {
    entries.map {
        KeyReference(
            place: place,
            key: $0.key,
            standing: $0.standing,
            type: $0.type,
            defaultValue: $0.defaultValue,
            isRequired: $0.isRequired,
            meaning: $0.meaning
        )
    }
}

/// One row of a table of keys, before it knows its place.
struct KeyEntry {
    let key: String
    let standing: KeyReference.Standing
    let type: ValueType
    let defaultValue: String
    let isRequired: Bool
    let meaning: String
}

func read(_ key: String, _ type: ValueType, _ defaultValue: String = "", _ meaning: String) -> KeyEntry {
    KeyEntry(
        key: key,
        standing: .read,
        type: type,
        defaultValue: defaultValue,
        isRequired: false,
        meaning: meaning
    )
}

func required(_ key: String, _ type: ValueType, _ meaning: String) -> KeyEntry {
    KeyEntry(key: key, standing: .read, type: type, defaultValue: "", isRequired: true, meaning: meaning)
}

func later(_ key: String, _ type: ValueType, _ defaultValue: String = "", _ meaning: String) -> KeyEntry {
    KeyEntry(
        key: key,
        standing: .later,
        type: type,
        defaultValue: defaultValue,
        isRequired: false,
        meaning: meaning
    )
}

func ignored(_ keys: String..., because reason: String) -> [KeyEntry] {
    keys.map {
        KeyEntry(
            key: $0,
            standing: .ignored(reason),
            type: .text,
            defaultValue: "",
            isRequired: false,
            meaning: ""
        )
    }
}

func refused(_ key: String, _ reason: String) -> KeyEntry {
    KeyEntry(key: key, standing: .refused(reason), type: .text, defaultValue: "", isRequired: false, meaning: "")
}
