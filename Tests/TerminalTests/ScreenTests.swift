import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// What reaches the terminal, and what comes from it.
struct ScreenTests {
    @Test func drawsAndQuits() throws {
        let terminal = try PseudoTerminal()
        try terminal.see("bypass ")
        #expect(terminal.output.contains("38;5;203"))
        #expect(terminal.output.contains("│"))
        #expect(terminal.output.contains("\u{1B}]2;probe – 80x24\u{07}"))
        #expect(terminal.output.count(of: "\u{1B}[?2026h") == terminal.output.count(of: "\u{1B}[?2026l"))
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }

    @Test(
        "no colour is sent where none is wanted or had",
        arguments: [["NO_COLOR": "1"], ["PROBE_COLOR": "never"], ["TERM": "vt220"]]
    )
    func noColor(environment: [String: String]) throws {
        let terminal = try PseudoTerminal(environment)
        try terminal.see("critical ")
        terminal.type("tq")
        #expect(try terminal.end() == 0)
        #expect(terminal.colorParameters.isEmpty)
        #expect(terminal.graphicRenditions.contains { $0.contains(1) }, "attributes stay")
    }

    @Test("an empty NO_COLOR does not count", arguments: [["NO_COLOR": ""], ["PROBE_COLOR": "256", "NO_COLOR": "1"]])
    func color(environment: [String: String]) throws {
        let terminal = try PseudoTerminal(environment)
        try terminal.see("critical ")
        terminal.type("q")
        #expect(try terminal.end() == 0)
        #expect(!terminal.colorParameters.isEmpty)
    }

    @Test("colours stay within what the terminal has", arguments: [["TERM": "xterm"], ["TERM": "linux"]])
    func eightColors(environment: [String: String]) throws {
        let terminal = try PseudoTerminal(environment)
        try terminal.see("critical ")
        terminal.type("q")
        #expect(try terminal.end() == 0)
        #expect(!terminal.output.contains("38;5;"))
        #expect(terminal.colorParameters.contains(31), "critical is red")
    }

    @Test(
        "where no console can be, not one escape is sent",
        arguments: [
            (["TERM": "dumb"], "TERM=dumb"), (["TERM": ""], "TERM is not set"),
            (["TERM": "no-such-terminal"], "no terminfo entry for TERM=no-such-terminal"),
        ]
    )
    func refused(environment: [String: String], words: String) throws {
        let terminal = try PseudoTerminal(environment)
        try terminal.see(words)
        #expect(try terminal.end() == 2)
        #expect(!terminal.output.contains(0x1B))
    }

    @Test("without UTF-8 nothing but ASCII is sent", arguments: ["C", "POSIX", ""])
    func asciiOnly(locale: String) throws {
        let terminal = try PseudoTerminal(["LANG": locale])
        try terminal.see("bypass ")
        terminal.type("é\u{1B}[200~ü\u{1B}[201~x")
        try terminal.see("<x>")
        terminal.type("q")
        #expect(try terminal.end() == 0)
        #expect(terminal.output.allSatisfy { $0 < 0x80 })
    }

    @Test func frozenWritesNothing() throws {
        let terminal = try PseudoTerminal(["PROBE_FEED": "1"])
        try terminal.see("second ")
        terminal.type("f")
        let frozen = try terminal.see("FROZEN")
        try terminal.see("<snapshots:", from: frozen)
        // The rest of that frame.
        while terminal.read(timeout: 100) == .some {}
        let before = terminal.output.count
        let start = time(nil)
        while time(nil) < start + 2 { terminal.read(timeout: 100) }
        #expect(terminal.output.count == before)
        // And yet snapshots came all the while.
        terminal.type("f")
        let thawed = try terminal.see("<snapshots:", from: before)
        try terminal.see(">", from: thawed)
        let digits = terminal.output[thawed...].prefix { (0x30...0x39).contains($0) }
        #expect(try #require(Int(String(decoding: digits, as: UTF8.self))) > 20)
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }

    @Test func resizesOfEveryKind() throws {
        let terminal = try PseudoTerminal(["PROBE_FEED": "1"])
        try terminal.see("second ")
        for step in 0..<400 {
            let columns = UInt16([1, 2, 500, 20, 80, 133, 3][step % 7])
            terminal.resize(columns: columns, rows: UInt16([1, 50, 3, 200, 24, 2][step % 6]))
            terminal.read(timeout: 0)
        }
        let storm = terminal.output.count
        terminal.resize(columns: 101, rows: 31)
        try terminal.see("probe – 101x31", from: storm)
        terminal.type("a")
        try terminal.see("<a>", from: storm)
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }

    @Test(
        "sizes down to one cell are drawn",
        arguments: [(1, 1), (1, 24), (80, 1), (2, 2), (5, 3)] as [(UInt16, UInt16)]
    )
    func tiny(columns: UInt16, rows: UInt16) throws {
        let terminal = try PseudoTerminal(columns: columns, rows: rows)
        try terminal.see("\(columns)x\(rows)")
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }

    @Test(
        "bytes become keys",
        arguments: [
            ("\u{1B}OA", "<up>"), ("\u{1B}[A", "<up>"), ("\u{1B}[B", "<down>"), ("\u{1B}[5~", "<pageUp>"),
            ("\u{1B}[6~", "<pageDown>"), ("\u{1B}[H", "<home>"), ("\u{1B}[4~", "<end>"), ("\u{1B}[Z", "<backTab>"),
            ("\t", "<tab>"), ("\r", "<enter>"), ("\n", "<enter>"), ("\u{7F}", "<backspace>"), ("\u{08}", "<backspace>"),
            ("\u{0C}", "<ctrl-l>"), ("\u{13}", "<ctrl-s>"), ("é", "<é>"), ("漢", "<漢>"),
            ("\u{1B}[<0;5;3M\u{1B}[<0;5;3m", "<click:4,2>"), ("\u{1B}[<64;5;3M", "<wheel:up>"),
            ("\u{1B}[<65;5;3M", "<wheel:down>"), ("\u{1B}[200~a\rb q\u{1B}[201~", "<paste:a|b q>"),
        ]
    )
    func keys(bytes: String, expected: String) throws {
        let terminal = try PseudoTerminal()
        try terminal.see("second ")
        terminal.type(bytes)
        try terminal.see(expected)
        terminal.type("x")
        try terminal.see("<x>")
        #expect(terminal.keyNames == [expected, "<x>"])
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }

    @Test(
        "sequences that mean nothing press nothing",
        arguments: ["\u{1B}[1;9P", "\u{1B}[27;5;9~", "\u{1B}[I", "\u{1B}OZ"]
    )
    func unknownSequence(bytes: String) throws {
        let terminal = try PseudoTerminal()
        try terminal.see("second ")
        terminal.type(bytes)
        terminal.type("x")
        try terminal.see("<x>")
        #expect(terminal.keyNames == ["<x>"])
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }

    @Test func endlessMouseReportsOfNoUseAreHarmless() throws {
        let terminal = try PseudoTerminal()
        try terminal.see("second ")
        for _ in 0..<300 {
            terminal.type("\u{1B}[<2;5;3M\u{1B}[<2;5;3m")
            terminal.read(timeout: 1)
        }
        terminal.type("x")
        try terminal.see("<x>")
        #expect(terminal.keyNames == ["<x>"])
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }

    @Test("ESC and OA that come apart never press A")
    func tornSequence() throws {
        let terminal = try PseudoTerminal()
        var place = try terminal.see("second ")
        // A machine so slow that the pieces come too far apart is let try again; a reader that lets A through never passes.
        let isClean = try (0..<10).contains { _ in
            terminal.type("\u{1B}")
            let start = try terminal.see("<escape>", from: place)
            terminal.type("OA")
            terminal.type("x")
            place = try terminal.see("<x>", from: start)
            terminal.type("n")
            return !Array(terminal.output[start..<place]).contains("<A>")
        }
        #expect(isClean)
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }

    @Test func copyGoesToTheClipboard() throws {
        let terminal = try PseudoTerminal(["TMUX": "/tmp/none,1,0"])
        try terminal.see("second ")
        terminal.type("c")
        try terminal.see("\u{1B}]52;c;Y29waWVkIHRleHQ=\u{07}")
        try terminal.see("\u{1B}Ptmux;\u{1B}\u{1B}]52;c;Y29waWVkIHRleHQ=\u{07}\u{1B}\\")
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }

    @Test func aNotificationCanNotEndItsSequence() throws {
        let terminal = try PseudoTerminal()
        try terminal.see("second ")
        terminal.type("N")
        try terminal.see("\u{1B}]9;a page; \\x\u{07}")
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }

    @Test func commandsAreCarriedOutAndAnswered() throws {
        let terminal = try PseudoTerminal()
        try terminal.see("second ")
        terminal.type("e")
        try terminal.see("<reply:done>")
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }
}

extension PseudoTerminal {
    /// The parameters of every SGR sequence that was sent.
    var graphicRenditions: [[Int]] {
        output.split(separator: 0x1B).compactMap { piece in
            guard piece.first == UInt8(ascii: "[") else { return nil }
            let numbers = piece.dropFirst().prefix { (0x30...0x3B).contains($0) }
            guard piece.dropFirst(1 + numbers.count).first == UInt8(ascii: "m") else { return nil }
            return String(decoding: numbers, as: UTF8.self).split(whereSeparator: { $0 == ";" || $0 == ":" }).compactMap
            { Int($0) }
        }
    }

    /// Those that set or reset a colour.
    var colorParameters: [Int] {
        graphicRenditions.flatMap { $0 }.filter { (30...49).contains($0) || (90...107).contains($0) }
    }

    /// What the probe showed of keys, in the order in which it was drawn.
    var keyNames: [String] {
        let text = String(decoding: output, as: UTF8.self)
        return text.split(separator: "<").dropFirst().compactMap { piece in
            piece.firstIndex(of: ">").map { "<" + piece[..<$0] + ">" }
        }
    }
}
