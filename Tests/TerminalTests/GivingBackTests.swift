import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The terminal comes back whole, whatever ends the program.
struct GivingBackTests {
    enum Way: Sendable, CustomStringConvertible {
        case key(String)
        case signal(Int32)

        var description: String {
            switch self {
            case .key(let key): "key \(key.debugDescription)"
            case .signal(let number): "signal \(number)"
            }
        }
    }

    #if arch(x86_64)
        static let trap = -SIGILL
    #else
        static let trap = -SIGTRAP
    #endif

    @Test(
        arguments: [
            (Way.key("q"), 0, "stopped: quit"),
            (.key("\u{03}"), 0, "stopped: quit"),
            (.signal(SIGTERM), 0, "stopped: signal(15)"),
            (.signal(SIGINT), 0, "stopped: signal(2)"),
            (.signal(SIGHUP), 0, "stopped: signal(1)"),
            (.signal(SIGSEGV), -SIGSEGV, "nines crashed"),
            (.signal(SIGABRT), -SIGABRT, "nines crashed"),
            (.key("S"), -SIGSEGV, "nines crashed"),
            (.key("A"), -SIGABRT, "nines crashed"),
            (.key("T"), trap, "Index out of range"),
            (.key("W"), trap, "Index out of range"),
            (.key("O"), -SIGSEGV, "nines crashed"),
        ] as [(Way, Int32, String)]
    )
    func givenBack(way: Way, status: Int32, lastWords: String) throws {
        let terminal = try PseudoTerminal()
        try terminal.see("second ")
        terminal.type("a")
        try terminal.see("<a>")
        #expect(terminal.modes != terminal.modesAtStart)
        #expect(terminal.privateModes[1049] == true && terminal.privateModes[2004] == true)
        #expect(terminal.privateModes[1000] == true && terminal.privateModes[1006] == true)
        switch way {
        case .key(let key): terminal.type(key)
        case .signal(let number): kill(terminal.process, number)
        }
        try terminal.see(lastWords)
        #expect(terminal.modes == terminal.modesAtStart)
        #expect(try terminal.end() == status)
        expectLeft(terminal)
    }

    /// No mode is left on but the cursor and the wrapping of lines, which are on in any terminal; and the title is popped as often as it was pushed.
    private func expectLeft(_ terminal: PseudoTerminal) {
        let left = terminal.privateModes.filter { $0.value }.keys.filter { $0 != 25 && $0 != 7 }
        #expect(left.isEmpty, "left on: \(left)")
        #expect(terminal.privateModes[25] != false)
        #expect(terminal.output.count(of: "\u{1B}[22;0;0t") <= terminal.output.count(of: "\u{1B}[23;0;0t"))
    }

    @Test func hangUpEndsTheProgram() throws {
        let terminal = try PseudoTerminal()
        try terminal.see("second ")
        terminal.hangUp()
        #expect(try terminal.end() == 0)
    }

    @Test("a loop that does not end is ended by the second signal, with the terminal restored")
    func secondSignal() throws {
        let terminal = try PseudoTerminal()
        try terminal.see("second ")
        terminal.type("H")
        try terminal.see("HUNG")
        // The stuck loop answers to nothing: signal it until it dies, which the guard allows after two seconds.
        while !terminal.output.contains("\u{1B}[?1049l") {
            kill(terminal.process, SIGTERM)
            terminal.read(timeout: 200)
        }
        #expect(try terminal.end() == -SIGTERM)
        expectLeft(terminal)
    }

    @Test("Ctrl-Z gives the shell its terminal, fg takes it back", arguments: ["\u{1A}", "z"])
    func suspend(key: String) throws {
        let terminal = try PseudoTerminal(script: "\"$0\"; echo HALTED; read line; fg; echo DONE $?")
        try terminal.see("second ")
        terminal.type("a")
        try terminal.see("<a>")
        terminal.type(key)
        let halted = try terminal.see("HALTED")
        #expect(terminal.modes == terminal.modesAtStart)
        expectLeft(terminal)
        terminal.type("\n")
        try terminal.see("\u{1B}[?1049h", from: halted)
        try terminal.see("<a>", from: halted)
        #expect(terminal.modes != terminal.modesAtStart)
        #expect(terminal.privateModes[2004] == true && terminal.privateModes[1000] == true)
        terminal.type("\u{1B}OA")
        try terminal.see("<up>", from: halted)
        terminal.type("q")
        try terminal.see("DONE 0", from: halted)
        #expect(try terminal.end() == 0)
        expectLeft(terminal)
    }

    @Test func aStoppedJobCanBeEnded() throws {
        let script = "\"$0\"; echo HALTED; kill -TERM %1; kill -CONT %1; read line"
        let terminal = try PseudoTerminal(script: script)
        try terminal.see("second ")
        terminal.type("z")
        try terminal.see("stopped: signal(15)", from: try terminal.see("HALTED"))
        terminal.type("\n")
        #expect(terminal.modes == terminal.modesAtStart)
        #expect(try terminal.end() == 0)
        #expect(terminal.output.count(of: "\u{1B}[?1049l") == 1, "the shell's screen is left alone")
    }

    @Test func afterSIGSTOPTheModesAreTakenAgain() throws {
        let terminal = try PseudoTerminal()
        try terminal.see("second ")
        terminal.type("a")
        let before = try terminal.see("<a>")
        let raw = terminal.modes
        kill(terminal.process, SIGSTOP)
        terminal.cook()
        kill(terminal.process, SIGCONT)
        try terminal.see("<a>", from: before)
        #expect(terminal.modes == raw)
        terminal.type("q")
        #expect(try terminal.end() == 0)
        #expect(terminal.modes == terminal.modesAtStart)
        expectLeft(terminal)
    }

    @Test func sigtstpIsTheKey() throws {
        let terminal = try PseudoTerminal()
        try terminal.see("second ")
        kill(terminal.process, SIGTSTP)
        // It has no shell that could continue it, so it is not stopped, and takes the terminal back.
        let left = try terminal.see("\u{1B}[?1049l")
        try terminal.see("<ctrl-z>", from: left)
        terminal.type("q")
        #expect(try terminal.end() == 0)
    }

    @Test func standardErrorIsRepeatedAfterwards() throws {
        let terminal = try PseudoTerminal()
        try terminal.see("second ")
        terminal.type("E")
        try terminal.see("<E>")
        #expect(!terminal.output.contains("said on standard error"))
        terminal.type("q")
        let left = try terminal.see("\u{1B}[?1049l")
        try terminal.see("said on standard error", from: left)
        #expect(try terminal.end() == 0)
    }
}
