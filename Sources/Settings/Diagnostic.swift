/// One thing to say about a config file, at its place.
package struct Diagnostic: Sendable, Equatable, CustomStringConvertible {
    package enum Severity: String, Sendable { case error, warning }

    package let severity: Severity
    package let file: String
    /// Both count from 1; a column counts Unicode scalars.
    package let line: Int
    package let column: Int
    /// Never holds a key or what an environment variable holds.
    package let message: String

    package init(severity: Severity, file: String, line: Int, column: Int, message: String) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `FILE:LINE:COL: error: MESSAGE`, the form that editors jump to.
    package var description: String { "\(file):\(line):\(column): \(severity.rawValue): \(message)" }
}

/// What a config file came to.
package struct LoadedConfig: Sendable {
    /// Nil where any diagnostic is an error.
    package let config: NinesConfig?
    /// In the order of the file.
    package let diagnostics: [Diagnostic]

    package init(config: NinesConfig?, diagnostics: [Diagnostic]) {
        self.config = config
        self.diagnostics = diagnostics
    }
}

/// Why a config is read: `serve` needs every environment variable, `check` only warns of those that are not set.
package enum ConfigPurpose: Sendable { case check, serve }

/// A place in the file; both count from 1.
struct Place: Hashable, Comparable, Sendable {
    var line = 1
    var column = 1

    static func < (a: Self, b: Self) -> Bool { (a.line, a.column) < (b.line, b.column) }
}
