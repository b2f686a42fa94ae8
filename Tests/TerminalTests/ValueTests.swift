import Console
import Testing

@testable import Terminal

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

struct KeyReaderTests {
    /// One batch of bytes at a time, in milliseconds.
    private func keys(_ batches: [(at: Int64, bytes: String)]) -> [Key] {
        var reader = KeyReader()
        var keys: [Key] = []
        for batch in batches {
            for scalar in batch.bytes.unicodeScalars { keys += reader.read(.scalar(scalar.value), at: batch.at) }
            keys += reader.endBatch(at: batch.at)
        }
        return keys
    }

    @Test(
        "the rest of a torn sequence presses nothing",
        arguments: [
            (["\u{1B}", "OA", "x"], [.escape, .character("x")]),
            (["\u{1B}", "O", "A", "x"], [.escape, .character("x")]),
            (["\u{1B}", "[A"], [.escape]),
            (["\u{1B}", "[", "1;5", "D", "b"], [.escape, .character("b")]),
            (["\u{1B}[", "A"], []),
            (["\u{1B}", "[M !!", "y"], [.escape, .character("y")]),
            (["\u{1B}", "[200~", "b", "y"], [.escape]),
            (["\u{1B}", "b"], [.escape, .character("b")]),
            (["\u{1B}b"], [.escape, .character("b")]),
            (["\u{1B}", "\u{1B}", "OA"], [.escape, .escape]),
            (["O", "A"], [.character("O"), .character("A")]),
        ] as [([String], [Key])]
    )
    func torn(pieces: [String], expected: [Key]) {
        let spaced = pieces.enumerated().map { (at: Int64($0.offset) * 150, bytes: $0.element) }
        #expect(keys(spaced) == expected)
    }

    @Test func afterPatienceLettersAreLetters() {
        #expect(keys([(0, "\u{1B}"), (151, "OA")]) == [.escape, .character("O"), .character("A")])
    }

    @Test func aPasteIsOneKey() {
        var reader = KeyReader()
        #expect(reader.read(.pasteBegin, at: 0) == [])
        for input: KeyInput in [.scalar(0x62), .scalar(0x0D), .key(.up), .scalar(0x1B), .scalar(0x79)] {
            #expect(reader.read(input, at: 10) == [])
        }
        #expect(reader.endBatch(at: 10) == [])
        #expect(reader.read(.pasteEnd, at: 20) == [.paste("b\ny")])
        #expect(reader.deadline == nil)
    }

    @Test func aPasteWithoutEndIsGivenUp() {
        var reader = KeyReader()
        _ = reader.read(.pasteBegin, at: 0)
        _ = reader.read(.scalar(0x61), at: 10)
        #expect(reader.deadline == 1010)
        #expect(reader.idle(at: 1009) == [])
        #expect(reader.idle(at: 1010) == [.paste("a")])
        #expect(reader.read(.scalar(0x61), at: 1011) == [.character("a")])
    }

    @Test func aPasteIsBounded() {
        var reader = KeyReader()
        _ = reader.read(.pasteBegin, at: 0)
        for _ in 0..<70_000 { _ = reader.read(.scalar(0x61), at: 1) }
        #expect(reader.read(.pasteEnd, at: 2) == [.paste(String(repeating: "a", count: 65_536))])
    }
}

struct PaceTests {
    @Test func keysAreDrawnAtOnceAndDataTenTimesASecond() {
        var pace = Pace()
        pace.painted(now: 900, wall: 4_900)
        pace.dataCame()
        #expect(pace.isDue(now: 901, wall: 4_901, isFrozen: false), "an empty screen waits for it")
        pace.painted(now: 1000, wall: 5_000)
        pace.dataCame()
        #expect(!pace.isDue(now: 1099, wall: 5_099, isFrozen: false))
        #expect(pace.timeout(now: 1040, wall: 5_040, isFrozen: false) == 60)
        #expect(pace.isDue(now: 1100, wall: 5_100, isFrozen: false))
        pace.keyCame(now: 1041)
        #expect(pace.isDue(now: 1041, wall: 5_041, isFrozen: false))
    }

    @Test func ticksOnTheSecondUnlessFrozen() {
        var pace = Pace()
        #expect(pace.isDue(now: 0, wall: 7_300, isFrozen: true))
        pace.painted(now: 0, wall: 7_300)
        #expect(pace.timeout(now: 0, wall: 7_300, isFrozen: false) == 700)
        #expect(pace.timeout(now: 0, wall: 7_300, isFrozen: true) == -1)
        #expect(pace.isDue(now: 700, wall: 8_000, isFrozen: false))
        #expect(!pace.isDue(now: 700, wall: 8_000, isFrozen: true))
        // The wall clock was set back.
        #expect(pace.isDue(now: 10, wall: 3_000, isFrozen: false))
    }
}

struct PaletteTests {
    @Test(
        "a palette colour and the ANSI colour that says the same",
        arguments: [
            (-1, -1), (3, 3), (12, 12), (196, 9), (203, 9), (124, 1), (221, 11), (220, 11), (75, 12), (33, 12),
            (46, 10),
            (28, 2), (201, 13), (231, 15), (252, 7), (244, 8), (235, 0), (16, 0), (24, 6), (208, 11), (87, 14),
        ]
    )
    func nearest(index: Int, expected: Int) {
        #expect(ansi(index) == expected)
    }

    @Test(arguments: [ColorDepth.eight, .sixteen])
    func textStaysReadable(depth: ColorDepth) {
        for foreground in -1..<256 {
            for background in 0..<256 where background != foreground {
                let style = ScreenStyle(foreground: foreground, background: background)
                let look = depth.look(of: style, over: ScreenStyle())
                #expect(look.foreground != look.background)
            }
        }
    }

    @Test func eightColoursKeepGreyAndShowBrightAsBold() {
        let muted = ColorDepth.eight.look(of: ScreenStyle(foreground: 244, dim: true), over: ScreenStyle())
        #expect(muted.foreground == 7 && !muted.bold && muted.dim)
        let critical = ColorDepth.eight.look(of: ScreenStyle(foreground: 203), over: ScreenStyle())
        #expect(critical.foreground == 1 && critical.bold)
    }

    @Test func withoutColoursASelectionIsReversed() {
        let base = ScreenStyle(foreground: 252, background: 235)
        let selection = ScreenStyle(foreground: 231, background: 24, bold: true)
        let look = ColorDepth.mono.look(of: selection, over: base)
        #expect(look == Look(foreground: -1, background: -1, bold: true, dim: false, underline: false, reverse: true))
        #expect(!ColorDepth.mono.look(of: base, over: base).reverse)
    }

    @Test(
        arguments: [
            (256, false, .auto, .full), (256, true, .auto, .mono), (256, true, .full, .full), (8, false, .full, .eight),
            (256, false, .sixteen, .sixteen), (16, false, .auto, .sixteen), (88, false, .auto, .sixteen),
            (8, false, .sixteen, .eight), (0, false, .full, .mono), (256, false, .never, .mono),
        ] as [(Int, Bool, TerminalOptions.Color, ColorDepth)]
    )
    func depth(colors: Int, noColor: Bool, wish: TerminalOptions.Color, expected: ColorDepth) {
        #expect(ColorDepth(terminalColors: colors, noColor: noColor, wish: wish) == expected)
    }
}

struct CapabilityTests {
    @Test(
        "TERM and COLORTERM",
        arguments: [
            (["TERM": "xterm-256color"], "xterm-256color", 256, .auto, nil),
            (["TERM": "xterm"], "xterm", 8, .auto, nil),
            (["TERM": "xterm", "COLORTERM": "truecolor"], "xterm-256color", 256, .auto, nil),
            (["TERM": "xterm"], "xterm-256color", 256, .full, nil),
            (["TERM": "xterm-unheard-of"], "xterm-256color", 256, .auto, nil),
            (["TERM": "linux", "COLORTERM": "truecolor"], "linux", 8, .auto, nil),
            (["TERM": "vt100"], "vt100", 0, .auto, nil),
            (["TERM": "dumb"], "dumb", 0, .auto, "TERM=dumb has no cursor"),
            (["TERM": "nonsense"], "nonsense", 0, .auto, "no terminfo entry for TERM=nonsense"),
            ([:], "", 0, .auto, "TERM is not set"),
        ] as [([String: String], String, Int, TerminalOptions.Color, String?)]
    )
    func entries(
        environment: [String: String],
        entry: String,
        colors: Int,
        color: TerminalOptions.Color,
        why: String?
    ) {
        let found = capabilities(environment: environment, terminal: 0, color: color)
        #expect(found.entry == entry && found.colors == colors)
        #expect(found.isUsable == (why == nil))
        if let why { #expect(found.why?.contains(why) == true) }
    }

    @Test(
        "the locale decides whether UTF-8 is written",
        arguments: [
            ([:], false), (["LANG": "C"], false), (["LANG": "C.UTF-8"], true), (["LANG": ""], false),
            (["LANG": "C.UTF-8", "LC_ALL": "C"], false), (["LANG": "C", "LC_CTYPE": "C.UTF-8"], true),
            (["LANG": "xx_XX.UTF-8"], true), (["LANG": "xx_XX.ISO-8859-1"], false),
        ] as [([String: String], Bool)]
    )
    func locales(environment: [String: String], isUTF8: Bool) {
        let found = capabilities(environment: environment, terminal: nil, color: .auto)
        #expect(found.isUTF8 == isUTF8)
        #expect(found.glyphs(ascii: nil) == (isUTF8 ? .unicode : .ascii))
        #expect(found.glyphs(ascii: true) == .ascii)
    }

    @Test func theRestOfTheEnvironment() {
        let environment = ["TERM": "xterm", "NO_COLOR": "1", "TMUX": "x", "SSH_CONNECTION": "y"]
        let found = capabilities(environment: environment, terminal: nil, color: .auto)
        #expect(found.noColor && found.isTmux && found.isRemote && found.escapeDelay == 100)
        #expect(!found.isUsable && found.why?.contains("not a terminal") == true)
        #expect(!capabilities(environment: ["NO_COLOR": ""], terminal: nil, color: .auto).noColor)
    }
}

struct CellTextTests {
    init() { setlocale(LC_CTYPE, "C.UTF-8") }

    @Test(
        arguments: [
            ("plain", 10, false, "plain", 5), ("plain", 3, false, "pla", 3), ("│█⣿", 10, false, "│█⣿", 3),
            ("│█⣿", 10, true, "???", 3), ("a\u{1B}[31mb", 10, false, "a?[31mb", 7),
            ("a\nb\u{9B}c", 9, false, "a?b?c", 5),
            ("a\u{202E}b", 9, false, "ab", 2), ("e\u{301}", 9, false, "e", 1), ("漢字", 3, false, "漢", 2),
            ("x", 0, false, "", 0),
        ]
    )
    func clip(text: String, cells: Int, asciiOnly: Bool, expected: String, used: Int) {
        let clipped = CellText.clip(text, to: cells, asciiOnly: asciiOnly)
        #expect(clipped.text == expected && clipped.cells == used)
    }
}

struct MailboxTests {
    @Test func onlyTheNewestSnapshotWaits() throws {
        let mailbox = try Mailbox()
        var snapshot = EngineSnapshot()
        for sequence in 1...1000 {
            snapshot.sequence = sequence
            mailbox.post(.snapshot(snapshot))
        }
        mailbox.post(.reply(CommandReply(ok: true, message: "1")))
        mailbox.post(.snapshot(snapshot))
        mailbox.post(.lost(reason: "gone", at: 5))
        #expect(wait(on: mailbox.descriptor, for: Int16(POLLIN), timeout: 0) != 0)
        let taken = mailbox.take()
        #expect(taken.stop == nil && taken.messages.count == 4)
        guard case .snapshot(let first) = taken.messages.first else { throw Wrong() }
        #expect(first.sequence == 1000)
        #expect(wait(on: mailbox.descriptor, for: Int16(POLLIN), timeout: 0) == 0)
        #expect(mailbox.take().messages.isEmpty)
    }

    @Test func theFirstReasonToStopCounts() throws {
        let mailbox = try Mailbox()
        mailbox.stop(reason: .asked("first"))
        mailbox.stop(reason: .quit)
        #expect(mailbox.take().stop == .asked("first"))
    }

    struct Wrong: Error {}
}

struct OutletTests {
    @Test("a terminal that stopped reading holds nobody, and gets all of it later")
    func stoppedTerminal() throws {
        let (reading, writing) = try makePipe()
        defer {
            close(reading)
            close(writing)
        }
        var outlet = Outlet(terminal: writing)
        let sent = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
        outlet.put(sent)
        outlet.send()
        #expect(outlet.isBusy && !outlet.isBroken)
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 10_000)
        while case let count = read(reading, &buffer, buffer.count), count > 0 {
            received += buffer.prefix(count)
            outlet.send()
        }
        #expect(!outlet.isBusy && received == sent)
    }

    @Test func aTerminalThatIsGoneIsNoticed() {
        var outlet = Outlet(terminal: -1)
        outlet.put("x")
        outlet.send(patience: 10)
        #expect(outlet.isBroken)
    }

    @Test func halfACopyIsNone() {
        #expect(Escapes.copy(String(repeating: "a", count: 74_994), isTmux: false) != nil)
        #expect(Escapes.copy(String(repeating: "a", count: 74_995), isTmux: false) == nil)
    }
}
