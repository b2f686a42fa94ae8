import CNcurses
package import Console

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Runs the console on this terminal until it is quit, the terminal goes or the program asks.
///
/// Afterwards the terminal is as it was found. Blocks the main thread, on which it must be called: main-actor tasks do not
/// run meanwhile. SIGTERM, SIGINT, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT and the fatal signals are this function's while it
/// runs and as they were afterwards; SIGPIPE stays ignored.
///
/// `styles` gives the looks of a theme's roles by its name; a role that is missing looks like `text`. `now` is UTC
/// milliseconds since 1970. `perform` carries a command out on the main thread, so it must not wait; the reply comes by the
/// mailbox. Throws where there can be no console, and then has written nothing to the terminal.
@MainActor
package func runConsole<Play: Screenplay>(
    _ screenplay: inout Play,
    mailbox: Mailbox,
    options: TerminalOptions,
    styles: (String) -> [Role: ScreenStyle],
    now: () -> Int64,
    perform: (EngineCommand) -> Void
) throws(TerminalError) -> StopReason {
    let screen = try Screen(options: options)
    defer { screen.close() }
    var loop = Loop(screen: screen)
    while true {
        loop.paint(&screenplay, styles: styles, wall: now())
        let events = loop.waitForEvents(mailbox: mailbox, isFrozen: screenplay.isFrozen, wall: now())
        var (keys, stop) = loop.readSignals()
        if let stop { return stop }
        stop = loop.readMail(mailbox, into: &screenplay, perform: perform)
        keys += loop.readKeys(events)
        for key in keys {
            for effect in screenplay.handle(key, now: now()) {
                if effect == .quit { return .quit }
                loop.carryOut(effect, perform: perform)
            }
        }
        if let stop = stop ?? loop.goneTerminal(events) { return stop }
    }
}

/// What one run of the console keeps between two waits.
@MainActor
private struct Loop {
    let screen: Screen
    private var pace = Pace()
    private var reader = KeyReader()
    private var emptyReads = 0

    init(screen: Screen) { self.screen = screen }

    mutating func paint(_ play: inout some Screenplay, styles: (String) -> [Role: ScreenStyle], wall: Int64) {
        let now = monotonicMilliseconds()
        // A terminal that still has to take the last frame gets the newest one afterwards, not a queue of them.
        guard !screen.outlet.isBusy, pace.isDue(now: now, wall: wall, isFrozen: play.isFrozen) else { return }
        screen.show(play.frame(size: screen.size, now: wall), theme: play.theme, styles: styles)
        pace.painted(now: now, wall: wall)
    }

    /// - Returns: What `poll` says of the terminal.
    mutating func waitForEvents(mailbox: Mailbox, isFrozen: Bool, wall: Int64) -> Int16 {
        screen.send()
        let isBusy = screen.outlet.isBusy
        var entries = [
            pollfd(fd: screen.terminal, events: Int16(POLLIN) | (isBusy ? Int16(POLLOUT) : 0), revents: 0),
            pollfd(fd: screen.signals, events: Int16(POLLIN), revents: 0),
            pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let now = monotonicMilliseconds()
        var timeout = isBusy ? -1 : pace.timeout(now: now, wall: wall, isFrozen: isFrozen)
        if let deadline = reader.deadline {
            let left = Int32(clamping: max(0, deadline - now))
            timeout = timeout < 0 ? left : min(timeout, left)
        }
        _ = poll(&entries, nfds_t(entries.count), timeout)
        return entries[0].revents
    }

    /// - Returns: Keys that a signal stands for, and why to stop.
    mutating func readSignals() -> ([Key], StopReason?) {
        var keys: [Key] = []
        while case let number = cnc_guard_next_signal(), number != 0 {
            switch number {
            case SIGWINCH:
                screen.fitTerminal()
                pace.sizeChanged()
            case SIGCONT:
                screen.takeBack()
                pace.sizeChanged()
            case SIGTSTP:
                keys.append(.control("z"))
                pace.keyCame(now: monotonicMilliseconds())
            default: return ([], .signal(number))
            }
        }
        return (keys, nil)
    }

    mutating func readMail(
        _ mailbox: Mailbox,
        into play: inout some Screenplay,
        perform: (EngineCommand) -> Void
    ) -> StopReason? {
        let (messages, stop) = mailbox.take()
        for message in messages {
            for effect in play.receive(message) { carryOut(effect, perform: perform) }
            if case .snapshot = message, play.isFrozen { continue }
            pace.dataCame()
        }
        return stop
    }

    mutating func readKeys(_ events: Int16) -> [Key] {
        let now = monotonicMilliseconds()
        var keys = reader.idle(at: now)
        guard events & Int16(POLLIN) != 0 else {
            emptyReads = 0
            if !keys.isEmpty { pace.keyCame(now: now) }
            return keys
        }
        let (inputs, isAny) = screen.keys()
        emptyReads = isAny ? 0 : emptyReads + 1
        // ncurses may have waited for the rest of a sequence.
        let read = monotonicMilliseconds()
        for input in inputs { keys += reader.read(input, at: read) }
        keys += reader.endBatch(at: read)
        if !keys.isEmpty { pace.keyCame(now: read) }
        return keys
    }

    /// Whether the terminal was closed: it hangs up, refuses bytes, or is readable for ever with nothing to read.
    func goneTerminal(_ events: Int16) -> StopReason? {
        let hangup = Int16(POLLHUP) | Int16(POLLERR) | Int16(POLLNVAL)
        return events & hangup != 0 || screen.outlet.isBroken || emptyReads > 100 ? .terminalGone : nil
    }

    mutating func carryOut(_ effect: Effect, perform: (EngineCommand) -> Void) {
        switch effect {
        case .quit: break
        case .send(let command): perform(command)
        case .redraw: screen.repaintAll()
        case .suspend:
            screen.suspend()
            pace.keyCame(now: monotonicMilliseconds())
        case .bell: screen.ringBell()
        case .copy(let text): screen.copy(text)
        case .notify(let text): screen.notify(text)
        }
    }
}
