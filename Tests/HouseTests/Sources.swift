import Foundation

/// One file under `Sources/`, as text.
struct SourceFile: Sendable {
    /// The folder right under `Sources/`.
    let target: String
    /// From `Sources/` on.
    let path: String
    let lines: [String]

    /// The modules that it imports.
    var imports: [String] { lines.compactMap(importedModule) }
}

/// The module that a line imports, whatever stands before and behind; nil for any other line.
func importedModule(_ line: String) -> String? {
    let words = line.split(separator: " ").drop { word in
        word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
    }
    guard words.first == "import", let name = words.dropFirst().first else { return nil }
    // `import struct Foundation.URL` names a kind first.
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
    let module = kinds.contains(name) ? words.dropFirst(2).first : name
    return module.flatMap { $0.split(separator: ".").first }.map(String.init)
}

/// Every Swift file under `Sources/`, by path.
let sources: [SourceFile] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardizedFileURL
    let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    return paths.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
        guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return SourceFile(target: path.split(separator: "/").first.map(String.init) ?? "", path: path, lines: lines)
    }
}()
