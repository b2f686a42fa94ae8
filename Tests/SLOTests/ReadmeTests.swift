import SLO
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct ReadmeTests {
    /// The README's table of what counts is the program's own; `UPDATE_GOLDENS=1` writes it anew.
    @Test func theTaxonomyIsTheOneInForce() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("README.md")
        let readme = try String(decoding: Data(contentsOf: path), as: UTF8.self)
        let parts = readme.components(separatedBy: "<!-- taxonomy -->\n")
        try #require(parts.count == 3)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try Data([parts[0], table, parts[2]].joined(separator: "<!-- taxonomy -->\n").utf8).write(to: path)
        } else {
            #expect(parts[1] == table, "run once with UPDATE_GOLDENS=1")
        }
    }

    private var table: String {
        let rows = EventClass.allCases.map { event in
            "| \(event.event) | \(event.isValid ? "yes" : "no") | \(event.isGood ? "yes" : "no") | \(event.note) |"
        }
        return (["| Request | Valid | Good | |", "| --- | --- | --- | --- |"] + rows + [""] + EventClass.footnotes)
            .joined(separator: "\n") + "\n"
    }
}
