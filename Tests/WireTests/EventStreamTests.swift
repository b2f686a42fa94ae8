import Testing

@testable import Wire

private func events(_ text: String, limit: Int = 4 << 20) throws -> [EventStream.Event] {
    var stream = EventStream(limit: limit)
    return try stream.feed(Array(text.utf8))
}

struct EventStreamTests {
    @Test(
        "one event's name and data",
        arguments: [
            ("data: x\n\n", "", "x"), ("data:x\n\n", "", "x"), ("data:  x\n\n", "", " x"), ("data: x\r\n\r\n", "", "x"),
            ("data: x\r\rd", "", "x"), ("data: x\r\n\n", "", "x"), ("data: x\n\r\n", "", "x"),
            ("data: a\ndata: b\n\n", "", "a\nb"), ("data\n\n", "", ""), ("data\ndata\n\n", "", "\n"),
            ("data:\n\n", "", ""),
            ("event: ping\n\n", "ping", nil), ("event: e\ndata: x\nid: 7\nretry: 5\n\n", "e", "x"),
            ("event: a\nevent: b\ndata: x\n\n", "b", "x"), (": keep-alive\n\n", "", nil), (":\ndata: x\n\n", "", "x"),
            ("\n", "", nil), ("Data: x\n\n", "", nil), ("data : x\n\n", "", nil), (" data: x\n\n", "", nil),
            ("dataset: x\n\n", "", nil), ("data: é😀\n\n", "", "é😀"), ("data: a:b: c\n\n", "", "a:b: c"),
            ("\u{FEFF}data: x\n\n", "", "x"), ("data: \u{FEFF}x\n\n", "", "\u{FEFF}x"),
            ("data: [DONE]\n\n", "", "[DONE]"),
        ] as [(String, String, String?)]
    )
    func fields(text: String, name: String, data: String?) throws {
        let found = try events(text)
        #expect(found.map(\.name) == [name])
        #expect(found.map { $0.data?.asText } == [data])
    }

    @Test func aByteOrderMarkCountsForNothingOnlyAtTheStart() throws {
        let found = try events("data: a\n\n\u{FEFF}data: b\n\n")
        #expect(found.map { $0.data?.asText } == ["a", nil])
    }

    static let recorded =
        "\u{FEFF}: hello\n\ndata: {\"a\":1}\n\nevent: x\r\ndata: 1\r\ndata: 2\r\n\r\n\r\n\r\rdata: 3\rdata: 4\r\r: k\n"
        + "data: é😀\n\ndata\n\n\nretry: 3\n\ndata: [DONE]\n\ndata: half"

    @Test func everyCutGivesTheSameEvents() throws {
        let bytes = Array(Self.recorded.utf8)
        let whole = try events(Self.recorded)
        #expect(whole.compactMap { $0.data?.asText } == [#"{"a":1}"#, "1\n2", "3\n4", "é😀", "", "[DONE]"])
        for first in 0...bytes.count {
            var stream = EventStream()
            let found = try stream.feed(Array(bytes[..<first])) + stream.feed(Array(bytes[first...]))
            #expect(found == whole, "cut at \(first)")
            #expect(stream.hasRemainder)
        }
        var bytewise = EventStream()
        #expect(try bytes.flatMap { try bytewise.feed([$0]) } == whole)
    }

    @Test func noByteIsLostOrChanged() throws {
        var random = Seeded(4)
        for _ in 0..<2_000 {
            let pieces = (0..<random.below(20)).map { _ in
                random.pick(["\n", "\r", "\r\n", "data: x", "data", ":", "event: e", " ", "é"])
            }
            let bytes = Array(pieces.joined().utf8)
            var whole = EventStream()
            var parts = EventStream()
            let expected = try whole.feed(bytes)
            var found: [EventStream.Event] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + 1 + random.below(6))
                found += try parts.feed(Array(bytes[start..<end]))
                start = end
            }
            #expect(found == expected)
            let raw = expected.flatMap(\.raw)
            #expect(bytes.starts(with: raw))
            #expect(whole.hasRemainder == (raw.count < bytes.count))
        }
    }

    /// It may be half of a CRLF, which then belongs to the same event.
    @Test func aClosingCRWaitsForTheNextByte() throws {
        var stream = EventStream()
        #expect(try stream.feed(Array("data: x\r\r".utf8)).isEmpty)
        #expect(stream.hasRemainder)
        #expect(try stream.feed(Array("\n".utf8)).map(\.raw.asText) == ["data: x\r\r\n"])
        #expect(!stream.hasRemainder)
        #expect(try stream.feed(Array("data: y\r\r".utf8)).isEmpty)
        #expect(try stream.feed(Array("d".utf8)).map(\.raw.asText) == ["data: y\r\r"])
    }

    @Test(
        "an event over the limit is refused, however it comes",
        arguments: [
            ("data: 12\n\n", true), ("data: 123\n\n", false), ("data: 12345", false), ("data: 1\n\ndata: 12\n\n", true),
            ("data: 1\n\ndata: 123\n\n", false), (":\n:\n:\n:\n:\n:\n\n", false),
        ]
    )
    func overflow(text: String, fits: Bool) throws {
        let limit = 10
        if fits {
            #expect(throws: Never.self) { try events(text, limit: limit) }
        } else {
            #expect(throws: EventStream.Overflow.self) { try events(text, limit: limit) }
        }
        var bytewise = EventStream(limit: limit)
        let isRefused = (try? text.utf8.forEach { _ = try bytewise.feed([$0]) }) == nil
        #expect(isRefused == !fits)
    }

    /// A second for what a rescanning splitter would take hours for.
    @Test(.timeLimit(.minutes(1))) func oneLongEventInSmallPiecesIsScannedOnce() throws {
        var stream = EventStream(limit: 8 << 20)
        _ = try stream.feed(Array("data: ".utf8))
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 64)
        for _ in 0..<50_000 { #expect(try stream.feed(piece).isEmpty) }
        #expect(try stream.feed(Array("\n\n".utf8)).first?.data?.count == 3_200_000)
    }
}
