import Foundation
import Kit
import Testing

/// Every paper against a file: what a client would read, word by word.
///
/// `NINES_GOLDEN=write swift test --filter GoldenTests` writes them anew; the change is then read as a diff.
struct GoldenTests {
    static let inputs: [(name: String, input: KitInput)] = [
        ("full", Sample.full), ("few", Sample.few), ("empty", Sample.empty), ("tenant", Sample.tenant),
        ("hostile", Sample.hostile),
    ]

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    static let isWriting = ProcessInfo.processInfo.environment["NINES_GOLDEN"] == "write"

    @Test("every Markdown text and every extra file", arguments: ["full", "empty"])
    func wholeKits(name: String) throws {
        let input = try #require(Self.inputs.first { $0.name == name }).input
        for paper in try papers(input, templates: KitTemplates()) {
            for file in paper.files where !file.path.hasSuffix(".html") { try compare(file, in: name) }
        }
    }

    @Test(
        "papers that differ from the whole ones",
        arguments: [
            ("few", "proposal-language"), ("few", "guardrail-sheet"), ("tenant", "slo-one-pager"),
            ("hostile", "guardrail-sheet"),
        ]
    )
    func others(name: String, paper: String) throws {
        let input = try #require(Self.inputs.first { $0.name == name }).input
        let found = try #require(try papers(input, templates: KitTemplates()).first { $0.name == paper })
        try compare(PaperFile(path: "\(paper).md", text: found.markdown), in: name)
    }

    @Test func aWholePage() throws {
        let page = try #require(try papers(Sample.full, templates: KitTemplates()).first { $0.name == "slo-one-pager" })
        try compare(PaperFile(path: "slo-one-pager.html", text: page.html), in: "full")
    }

    private func compare(_ file: PaperFile, in name: String) throws {
        let url = Self.folder.appending(path: "\(name)/\(file.path)")
        if Self.isWriting {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(file.text.utf8).write(to: url)
        }
        let golden = try String(contentsOf: url, encoding: .utf8)
        #expect(file.text == golden, "\(name)/\(file.path)")
    }
}
