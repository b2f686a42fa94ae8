import Foundation
import Settings
import Testing

struct FileTests {
    @Test(
        "a file that can't be a config",
        arguments: [
            (
                "missing", nil,
                "1:1: error: can't be opened: there is no such file; 'nines init' writes one to start from"
            ),
            ("latin", Data([0x61, 0x0A, 0x62, 0xE4, 0x0A]), "2:1: error: is not UTF-8: save it with that encoding"),
            (
                "large", Data(repeating: 0x23, count: 5_000_000),
                "1:1: error: is larger than 4 MB: this is no config file"
            ),
            ("empty", Data(), "1:1: error: the config is empty: 'nines init' writes one to start from"),
        ] as [(String, Data?, String)]
    )
    func refused(name: String, content: Data?, expected: String) throws {
        try withFolder { folder in
            let path = folder.appending(path: name).path
            if let content { #expect(FileManager.default.createFile(atPath: path, contents: content)) }
            let loaded = loadConfig(path: path, environment: [:], purpose: .check, home: "/")
            #expect(loaded.diagnostics.map(\.description) == ["\(path):\(expected)"])
            #expect(loaded.config == nil)
        }
    }

    @Test func folderIsNoConfig() throws {
        try withFolder { folder in
            let loaded = loadConfig(path: folder.path, environment: [:], purpose: .check, home: "/")
            #expect(loaded.diagnostics.map(\.message).allSatisfy { $0.hasSuffix("it is a folder") })
            #expect(loaded.config == nil)
        }
    }

    @Test func relativePathsStartAtTheFile() throws {
        try withFolder { folder in
            let path = folder.appending(path: "nines.yaml").path
            try Data((oneDeployment + "nines: { database: state/n.db }").utf8).write(to: URL(filePath: path))
            let loaded = loadConfig(path: path, environment: ["K": "k"], purpose: .serve, home: "/")
            #expect(loaded.diagnostics == [])
            #expect(loaded.config?.database == "\(folder.path)/state/n.db")
            #expect(loaded.config?.path == path)
        }
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "nines-settings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }
}

struct LocatingTests {
    @Test(
        "the config is found",
        arguments: [
            ("a.yaml", ["NINES_CONFIG": "b.yaml", "HOME": "/h"], "a.yaml"),
            (nil, ["NINES_CONFIG": "b.yaml", "HOME": "/h"], "b.yaml"),
            (nil, ["NINES_CONFIG": "", "HOME": "/h"], "/here/nines.yaml"),
        ] as [(String?, [String: String], String)]
    )
    func config(option: String?, environment: [String: String], expected: String) {
        let found = locateConfig(option: option, environment: environment, currentDirectory: "/here") { _ in true }
        #expect(found.path == expected)
    }

    @Test(
        "the config is looked for",
        arguments: [
            (["HOME": "/h"], ["/here/nines.yaml", "/h/.config/nines/nines.yaml"]),
            (["HOME": "/h", "XDG_CONFIG_HOME": "/x/"], ["/here/nines.yaml", "/x/nines/nines.yaml"]),
            (["HOME": "/h", "XDG_CONFIG_HOME": "x"], ["/here/nines.yaml", "/h/.config/nines/nines.yaml"]),
            ([:], ["/here/nines.yaml"]),
        ] as [([String: String], [String])]
    )
    func search(environment: [String: String], expected: [String]) {
        let none = locateConfig(option: nil, environment: environment, currentDirectory: "/here") { _ in false }
        #expect(none == ConfigLocation(path: nil, searched: expected))
        let last = locateConfig(option: nil, environment: environment, currentDirectory: "/here") {
            $0 == expected.last
        }
        #expect(last.path == expected.last)
    }

    @Test func databaseFollowsOptionConfigAndState() {
        var config = NinesConfig()
        config.database = "/c.db"
        let environment = ["HOME": "/h", "XDG_STATE_HOME": "/s"]
        #expect(locateDatabase(option: "o.db", config: config, environment: environment) == "o.db")
        #expect(locateDatabase(option: nil, config: config, environment: environment) == "/c.db")
        #expect(locateDatabase(option: nil, config: nil, environment: environment) == "/s/nines/nines.db")
        #expect(
            locateDatabase(option: nil, config: nil, environment: ["HOME": "/h"]) == "/h/.local/state/nines/nines.db"
        )
        #expect(locateDatabase(option: nil, config: nil, environment: [:]) == nil)
    }
}
