import Foundation
import Settings
import Testing

struct FormFileTests {
    private struct Form: Codable, Equatable {
        var title: String?
        var stages: [Stage]?
        struct Stage: Codable, Equatable {
            var minutes: Double?
            var count: Int?
        }
        static let keys = ["": ["title", "stages"], "stages[]": ["minutes", "count"]]
    }

    /// What the file comes to, and what is said of it without its path.
    private func read(_ data: Data, _ complaint: (place: String, text: String)? = nil) throws -> (Form?, [String]) {
        let path = FileManager.default.temporaryDirectory.appending(path: "nines-form-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(FileManager.default.createFile(atPath: path, contents: data))
        var file = FormFile(path: path)
        let form = file.form(Form.self, keys: Form.keys)
        if let complaint { file.complain(complaint.place, complaint.text) }
        return (form, file.problems.map { String($0.description.dropFirst(path.count + 1)) })
    }

    static let wrong: [(String, [String])] = [
        ("", ["1:1: error: the file is empty"]),
        ("# nothing\n", ["1:1: error: the file is empty"]),
        ("- a\n", ["1:1: error: expected a mapping of keys (title, stages), found a list"]),
        (
            "title: x\nstages:\n\t- minutes: 1\n",
            [
                "3:1: error: invalid YAML: while scanning for the next token of line 3, found character that cannot start "
                    + "any token; YAML is indented with spaces, this is a tab"
            ]
        ),
        ("title: x\nstages:\n  - minutes: two\n", ["3:14: error: stages[0].minutes: expected a number, found 'two'"]),
        ("title: x\nstages: { minutes: 1 }\n", ["2:9: error: stages: expected a list, found a mapping"]),
        ("stages: [{ count: 1.5 }]", ["1:19: error: stages[0].count: expected a whole number, found '1.5'"]),
        ("title: [a]", ["1:8: error: title: expected a single value, found a list"]),
        (
            "titel: x\nstages:\n  - minutes: 1\n    speed: 4\n",
            [
                "1:1: error: unknown key 'titel'; did you mean 'title'?",
                "4:5: error: unknown key 'speed' in stages[0]; known: minutes, count",
            ]
        ),
    ]

    @Test("what is wrong is said with its line and column", arguments: wrong)
    func says(text: String, expected: [String]) throws {
        #expect(try read(Data(text.utf8)).1 == expected)
    }

    @Test func jsonThatIsCutNamesItsEnd() throws {
        let (form, problems) = try read(Data("{\n  \"title\": \"x\",\n  \"stages\": [".utf8))
        #expect(form == nil && problems.count == 1 && problems[0].hasPrefix("3:"), "\(problems)")
    }

    @Test func whatIsNoTextIsSaidSo() throws {
        #expect(try read(Data([0x61, 0x0A, 0xE4])).1 == ["2:1: error: is not UTF-8: save it with that encoding"])
    }

    @Test(
        "a complaint stands where its value is, or would be",
        arguments: [("stages[1].minutes", "4:14"), ("stages[1].count", "4:5"), ("title", "1:8"), ("id", "1:1")]
    )
    func complains(place: String, at: String) throws {
        let text = "title: x\nstages:\n  - minutes: 1\n  - minutes: 2\n"
        let (form, problems) = try read(Data(text.utf8), (place, "is odd"))
        #expect(form == Form(title: "x", stages: [.init(minutes: 1), .init(minutes: 2)]))
        #expect(problems == ["\(at): error: \(place): is odd"])
    }
}
