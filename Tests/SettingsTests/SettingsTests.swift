import Testing

@testable import Settings

struct Smoke {
    @Test func starter() {
        let loaded = loadConfig(
            text: starterConfig,
            file: "nines.yaml",
            environment: [:],
            purpose: .check,
            home: "/home/a"
        )
        for line in loaded.diagnostics { print(line) }
        #expect(loaded.config != nil)
    }
}
