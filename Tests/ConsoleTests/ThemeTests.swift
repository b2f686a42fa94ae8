import Foundation
import Testing

@testable import Console

struct ThemeTests {
    /// The top-level folder, from this file's place.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "themes")

    static func files() throws -> [String: String] {
        var texts: [String: String] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where file.pathExtension == "yaml" {
            texts[file.lastPathComponent] = try String(contentsOf: file, encoding: .utf8)
        }
        return texts
    }

    @Test func theFilesAreCompiledIn() throws {
        let files = try Self.files()
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            let source = Self.folder.deletingLastPathComponent().appending(path: "Sources/Console/BuiltInThemes.swift")
            try Self.source(files).write(to: source, atomically: true, encoding: .utf8)
        }
        let compiled = Dictionary(BuiltInThemes.files.map { ($0.name, $0.text) }) { first, _ in first }
        #expect(compiled == files, "run once with UPDATE_GOLDENS=1")
        #expect(Themes.builtIn.map { $0.name + ".yaml" } == BuiltInThemes.files.map(\.name))
    }

    /// The default first, then the other three of ours, then the rest by name.
    private static func source(_ files: [String: String]) -> String {
        let first = ["cvd-dark.yaml", "cvd-light.yaml", "high-contrast.yaml", "mono.yaml"]
        var text = """
            /// The files of the `themes` folder, compiled in so that one binary is the whole program.
            ///
            /// Generated: run the tests with UPDATE_GOLDENS=1 after a change in that folder.
            enum BuiltInThemes {
                static let files: [(name: String, text: String)] = [

            """
        for name in first + files.keys.filter({ !first.contains($0) }).sorted() {
            text += "        (\n            \"\(name)\",\n            #\"\"\"\n"
            for line in (files[name] ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
                text += line.isEmpty ? "\n" : "            \(line)\n"
            }
            text += "            \"\"\"#\n        ),\n"
        }
        return text + "    ]\n}\n"
    }

    @Test func theDefaultIsThere() {
        #expect(Themes.builtIn.first?.name == Themes.defaultName)
        #expect(Themes.builtIn.count >= 10)
    }

    @Test(arguments: Themes.builtIn.map(\.name))
    func everyRoleHasAStyle(name: String) throws {
        let theme = try #require(Themes.named(name))
        for role in Role.allCases { #expect(theme.styles[role] != nil) }
    }

    /// WCAG 2: relative luminance of an index.
    static func luminance(_ index: UInt8) -> Double {
        let (red, green, blue) = Palette.components(index)
        let parts = [red, green, blue].map { part in
            let share = Double(part) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    static func contrast(_ one: UInt8, _ other: UInt8) -> Double {
        let (a, b) = (luminance(one), luminance(other))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    @Test func contrastIsTheStandardsOwn() {
        #expect(abs(Self.contrast(16, 231) - 21) < 0.01)
        #expect(Self.contrast(244, 244) == 1)
    }

    @Test("text can be read", arguments: Themes.builtIn.map(\.name))
    func readable(name: String) throws {
        let theme = try #require(Themes.named(name))
        for role in Role.allCases where role != .border {
            let style = try #require(theme.styles[role])
            guard case .palette(let foreground) = style.foreground else { continue }
            // Where the terminal's own is kept: the lightest of the usual dark ones, and white.
            let usual: UInt8 = theme.background == .dark ? 235 : 231
            let background = if case .palette(let index) = style.background { index } else { usual }
            #expect(Self.contrast(foreground, background) >= 4.5, "\(name) \(role.rawValue)")
        }
    }

    @Test("without colour the meanings differ in attributes", arguments: Themes.builtIn.map(\.name))
    func mono(name: String) throws {
        let theme = try #require(Themes.named(name))
        for role in Role.allCases {
            let style = theme.style(role, depth: .mono)
            #expect(style.foreground == .terminalDefault && style.background == .terminalDefault)
        }
        #expect(theme.style(.ok, depth: .mono) != theme.style(.warning, depth: .mono))
        #expect(theme.style(.warning, depth: .mono) != theme.style(.critical, depth: .mono))
        #expect(theme.style(.selection, depth: .mono).reverse)
    }

    @Test(arguments: [
        (Role.ok, Theme.Color.palette(12)), (.warning, .palette(11)), (.critical, .palette(9)), (.muted, .palette(8)),
    ])
    func sixteenColours(role: Role, expected: Theme.Color) throws {
        let theme = try #require(Themes.named("cvd-dark"))
        #expect(theme.style(role, depth: .sixteen).foreground == expected)
    }

    @Test func eightColoursAreBoldInsteadOfBright() throws {
        let theme = try #require(Themes.named("cvd-dark"))
        let warning = theme.style(.warning, depth: .eight)
        #expect(warning.foreground == .palette(3) && warning.bold)
    }

    @Test func aThemeInheritsAndChangesOneLine() throws {
        let theme = try Themes.parse(
            yamlText: """
                name: mine   # a comment
                inherit: gruvbox-dark
                canvas: default
                roles:
                  ok: bright-green
                  critical: { fg: 196, bg: 16, bold: true }
                """
        )
        let parent = try #require(Themes.named("gruvbox-dark"))
        #expect(theme.styles[.ok] == Theme.Style(foreground: .palette(10)))
        #expect(theme.styles[.critical] == Theme.Style(foreground: .palette(196), background: .palette(16), bold: true))
        #expect(theme.styles[.muted]?.foreground == parent.styles[.muted]?.foreground)
        #expect(theme.styles[.muted]?.background == .terminalDefault)
        #expect(theme.styles[.selection] == parent.styles[.selection])
        #expect(theme.background == .dark)
    }

    @Test(
        "a wrong line is named",
        arguments: [
            ("name: x\nbackground: dusk", 2, "background is 'dark' or 'light'"),
            ("name: x\ninherit: cvd-drak", 2, "no theme 'cvd-drak'"),
            ("name: x\nroles:\n  okay: 3", 3, "unknown role 'okay'"),
            ("name: x\nroles:\n  ok: 256", 3, "'256' is no colour"),
            ("name: x\nroles:\n  ok: { fg: 3, blink: true }", 3, "unknown attribute 'blink'"),
            ("name: x\nroles:\n  ok: { fg: 3", 3, "without its '}'"),
            ("name: x\nroles:\n  ok: { fg: 3, bold: yes }", 3, "neither true nor false"),
            ("name: x\n  ok: 3", 2, "stands under no 'roles:'"),
            ("name: x\nflavour: 3", 2, "unknown key 'flavour'"),
            ("name x", 1, "expected 'key: value'"),
            ("name: x\nroles:\n\tok: 3", 3, "a tab"),
            ("background: dark\ninherit: mono", 2, "has no 'name:'"),
            ("name: x\nbackground: dark\nroles:\n  ok: 3", 4, "no style for the role 'text'"),
            ("", 1, "has no 'name:'"),
        ]
    )
    func wrongLines(text: String, line: Int, problem: String) throws {
        let error = try #require(throws: ThemeError.self) { try Themes.parse(yamlText: text, file: "mine.yaml") }
        #expect(error.line == line)
        #expect(error.description.hasPrefix("mine.yaml:\(line): error: "))
        #expect(error.problem.contains(problem))
    }

    @Test func carriageReturnsAreLineEndsToo() throws {
        #expect(try Themes.parse(yamlText: "name: x\r\ninherit: mono\r\n").name == "x")
    }
}
