import Foundation
import Settings
import Testing

struct ReadmeTests {
    /// The README's table of keys is the program's own; `UPDATE_GOLDENS=1` writes it anew.
    @Test func readmeHoldsEveryKey() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let (start, end) = ("<!-- keys -->\n", "<!-- /keys -->")
        let from = try #require(text.range(of: start)?.upperBound)
        let to = try #require(text.range(of: end)?.lowerBound)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            let updated = text.replacingCharacters(in: from..<to, with: KeyReference.markdownTable)
            try Data(updated.utf8).write(to: file)
        } else {
            #expect(text[from..<to] == KeyReference.markdownTable)
        }
    }
}
