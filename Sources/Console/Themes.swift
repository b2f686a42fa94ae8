/// Why a theme file can't be used: `FILE:LINE: what, and what was expected`.
package struct ThemeError: Error, Equatable, CustomStringConvertible, Sendable {
    package var file: String
    /// From 1; the last line where something is missing.
    package var line: Int
    package var problem: String
    package var description: String { "\(file):\(line): error: \(problem)" }
}

/// The themes that come with the program, and the reader of theme files.
package enum Themes {
    package static let defaultName = "cvd-dark"

    /// Every file of the `themes` folder, the default first.
    package static let builtIn: [Theme] = BuiltInThemes.files.reduce(into: []) { themes, file in
        // A theme inherits from one before it; the tests read every file and name the one that is wrong.
        if let theme = try? parse(file.text, file: file.name, inheriting: themes) { themes.append(theme) }
    }

    package static func named(_ name: String, in themes: [Theme] = builtIn) -> Theme? {
        themes.first { $0.name == name }
    }

    /// Reads a theme file: a flat part of YAML.
    ///
    /// `name`, `background: dark|light`, `inherit: NAME`, `canvas: COLOUR` (behind every role that names no background),
    /// and under `roles:` one `role: value` a line, where a value is a colour or
    /// `{ fg: 203, bg: 236, bold: true, dim: true, underline: true, reverse: true }`. A colour is 0-255, `default` or an
    /// ANSI name. `#` starts a comment.
    ///
    /// - Throws: `ThemeError` at the first line that is wrong, or at the end for a role without a style.
    package static func parse(
        _ yamlText: String,
        file: String = "theme",
        inheriting known: [Theme]
    ) throws(ThemeError) -> Theme {
        var reader = ThemeReader(file: file, known: known)
        for line in yamlText.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            try reader.read(line)
        }
        return try reader.theme()
    }

    /// Reads a theme of the user's, which may inherit from those that come with the program.
    package static func parse(yamlText: String, file: String = "theme") throws(ThemeError) -> Theme {
        try parse(yamlText, file: file, inheriting: builtIn)
    }
}

private struct ThemeReader {
    let file: String
    let known: [Theme]
    var line = 0
    var name: String?
    var background: Theme.Background?
    var canvas: Theme.Color?
    var inherited: Theme?
    var given: [Role: (style: Theme.Style, hasBackground: Bool)] = [:]
    var isInRoles = false

    func wrong(_ problem: String) -> ThemeError { ThemeError(file: file, line: line, problem: problem) }

    mutating func read(_ text: Substring) throws(ThemeError) {
        line += 1
        let content = text.prefix { $0 != "#" }
        let isIndented = content.first == " "
        if content.contains("\t") { throw wrong("a tab; indent with blanks") }
        let trimmed = Self.trim(content)
        if trimmed.isEmpty || trimmed == "---" { return }
        guard let colon = trimmed.firstIndex(of: ":") else { throw wrong("expected 'key: value', found '\(trimmed)'") }
        let key = String(Self.trim(trimmed[..<colon]))
        let value = Self.unquoted(Self.trim(trimmed[trimmed.index(after: colon)...]))
        if isIndented {
            guard isInRoles else { throw wrong("'\(key)' is indented, but stands under no 'roles:'") }
            try readRole(key, value)
        } else {
            isInRoles = false
            try readTop(key, value)
        }
    }

    private mutating func readTop(_ key: String, _ value: String) throws(ThemeError) {
        switch key {
        case "name": name = Text.clean(value, limit: 40)
        case "background":
            guard let known = Theme.Background(rawValue: value) else { throw wrong("background is 'dark' or 'light'") }
            background = known
        case "canvas": canvas = try color(value)
        case "inherit":
            inherited = known.first { $0.name == value }
            if inherited == nil {
                throw wrong(
                    "no theme '\(value)' to inherit from; there are: " + known.map(\.name).joined(separator: ", ")
                )
            }
        case "roles":
            guard value.isEmpty else { throw wrong("'roles:' has its roles on the lines below, indented") }
            isInRoles = true
        default: throw wrong("unknown key '\(key)'; known are name, background, inherit, canvas, roles")
        }
    }

    private mutating func readRole(_ key: String, _ value: String) throws(ThemeError) {
        guard let role = Role(rawValue: key) else {
            throw wrong("unknown role '\(key)'; known are " + Role.allCases.map(\.rawValue).joined(separator: ", "))
        }
        guard value.first == "{" else {
            given[role] = (Theme.Style(foreground: try color(value)), false)
            return
        }
        guard value.last == "}" else { throw wrong("'{' without its '}'") }
        var style = Theme.Style()
        var hasBackground = false
        for pair in value.dropFirst().dropLast().split(separator: ",") {
            guard let colon = pair.firstIndex(of: ":") else {
                throw wrong("expected 'fg: 203', found '\(Self.trim(pair))'")
            }
            let attribute = Self.trim(pair[..<colon])
            let setting = Self.unquoted(Self.trim(pair[pair.index(after: colon)...]))
            switch attribute {
            case "fg": style.foreground = try color(setting)
            case "bg":
                style.background = try color(setting)
                hasBackground = true
            case "bold": style.bold = try truth(setting)
            case "dim": style.dim = try truth(setting)
            case "underline": style.underline = try truth(setting)
            case "reverse": style.reverse = try truth(setting)
            default: throw wrong("unknown attribute '\(attribute)'; known are fg, bg, bold, dim, underline, reverse")
            }
        }
        given[role] = (style, hasBackground)
    }

    private func color(_ value: String) throws(ThemeError) -> Theme.Color {
        if value == "default" { return .terminalDefault }
        if let index = UInt8(value) { return .palette(index) }
        let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
        let isBright = value.hasPrefix("bright-") || value.hasPrefix("bright_")
        if let index = names.firstIndex(of: isBright ? String(value.dropFirst(7)) : value) {
            return .palette(UInt8(index + (isBright ? 8 : 0)))
        }
        throw wrong("'\(value)' is no colour: expected 0-255, default, or an ANSI name such as red or bright-red")
    }

    private func truth(_ value: String) throws(ThemeError) -> Bool {
        switch value {
        case "true": return true
        case "false": return false
        default: throw wrong("'\(value)' is neither true nor false")
        }
    }

    func theme() throws(ThemeError) -> Theme {
        guard let name, !name.isEmpty else { throw wrong("the theme has no 'name:'") }
        guard let background = background ?? inherited?.background else {
            throw wrong("the theme has no 'background:'")
        }
        let canvas = canvas ?? inherited?.canvas ?? .terminalDefault
        var styles = inherited?.styles ?? [:]
        for (role, style) in styles where style.background == inherited?.canvas {
            styles[role]?.background = canvas
        }
        for (role, entry) in given { styles[role] = entry.style }
        for role in Role.allCases {
            guard var style = styles[role] else { throw wrong("no style for the role '\(role.rawValue)'") }
            guard let entry = given[role], !entry.hasBackground else { continue }
            style.background = canvas
            styles[role] = style
        }
        return Theme(name: name, background: background, canvas: canvas, styles: styles)
    }

    private static func trim(_ text: Substring) -> Substring {
        let head = text.drop { $0 == " " || $0 == "\r" }
        guard let last = head.lastIndex(where: { $0 != " " && $0 != "\r" }) else { return "" }
        return head[...last]
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, let first = text.first, first == text.last, first == "\"" || first == "'" else {
            return String(text)
        }
        return String(text.dropFirst().dropLast())
    }
}
