import Testing

@testable import Settings

struct KeyReferenceTests {
    @Test("every key of the table is read: a list within a list is wrong for it", arguments: readKeys)
    func isRead(place: String, key: String) {
        let loaded = load(config(place, key, "[[]]"))
        let isNoticed = loaded.diagnostics.contains { $0.severity == .error && $0.message.contains(key) }
        #expect(isNoticed, "\(loaded.diagnostics)")
    }

    @Test("a key without effect says so", arguments: laterKeys)
    func isNoticed(place: String, key: String) {
        let notices = load(config(place, key, "some")).diagnostics.filter(isNotice)
        #expect(notices.count == 1 && notices.allSatisfy { $0.message.contains(key) })
    }

    @Test("every other key is known", arguments: otherKeys)
    func isKnown(place: String, key: String) {
        let messages = load(config(place, key.replacing("*", with: "x"), "1")).diagnostics.map(\.message)
        #expect(messages.contains { $0.contains("is read and ignored") || $0.contains("is not supported") })
        #expect(!messages.contains { $0.hasPrefix("unknown") })
    }

    @Test func keysAreUniqueWithinTheirPlace() {
        let paths = KeyReference.all.map { "\($0.place).\($0.key)" }
        #expect(Set(paths).count == paths.count)
    }

    @Test func tablePrintsAsMarkdown() {
        let rows = KeyReference.markdownTable.split(separator: "\n")
        #expect(rows.count == KeyReference.all.count + 2)
        #expect(rows.contains("| `router_settings.timeout` | read | seconds | `30` | Limit of one attempt |"))
        let isLater = KeyReference.all.contains { $0.standing == .later }
        #expect(rows.contains { $0.contains("| checked, not in effect yet |") } == isLater)
        #expect(
            rows.contains(
                "| `model_list[].model_name` | read | name | required | What clients send as `model`; equal names form one model group |"
            )
        )
    }

    @Test(
        "spelling",
        arguments: [
            ("wieght", "weight"), ("num_retires", "num_retries"), ("stream_timout", "stream_timeout"),
            ("Order", "order"),
            ("odrer", "order"), ("colour", nil), ("x", nil), (String(repeating: "a", count: 500), nil),
        ] as [(String, String?)]
    )
    func spelling(written: String, meant: String?) {
        #expect(nearest(to: written, among: ["weight", "order", "num_retries", "timeout", "stream_timeout"]) == meant)
    }

    /// A config that has one value at a place of the table.
    private func config(_ place: String, _ key: String, _ value: String) -> String {
        var text = "{ \(key): \(value) }"
        for part in place.split(separator: ".").reversed() {
            if part.hasSuffix("[]") {
                text = "{ \(part.dropLast(2)): [\(text)] }"
            } else {
                text = "{ \(part == "*" ? "name" : String(part)): \(text) }"
            }
        }
        return text
    }
}

private let readKeys = KeyReference.all.filter { $0.standing == .read || $0.standing == .later }.map {
    ($0.place, $0.key)
}
private let laterKeys = KeyReference.all.filter { $0.standing == .later }.map { ($0.place, $0.key) }
private let otherKeys = KeyReference.all.filter { $0.standing != .read && $0.standing != .later }.map {
    ($0.place, $0.key)
}
