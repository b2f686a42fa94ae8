/// What the demo's console costs at 200x50, in a pseudo-terminal that the bench owns.
func measureConsole(_ workshop: Workshop, _ pace: Pace) throws -> [Target] {
    var openings: [Opening] = []
    for number in 1..<pace.starts {
        let opening = try open(workshop, number)
        openings.append(opening)
        // It would wait for the demo's requests.
        workshop.kill(opening.demo)
    }
    openings.append(try open(workshop, pace.starts))
    let demo = openings[openings.count - 1].demo
    defer { workshop.end(demo) }
    _ = try bytes(from: demo, for: pace.settling)
    let figures = ProcessFigures(id: demo.id)
    let (all, thread, at) = (
        figures.processorTime ?? .zero, figures.processorTime(ofThread: "console"), monotonicNanoseconds()
    )
    let written = try bytes(from: demo, for: pace.watching)
    let seconds = Double(monotonicNanoseconds() - at) / 1e9
    let share = ((figures.processorTime ?? .zero) - all).inSeconds / seconds * 100
    let threadShare = thread.flatMap { thread in
        figures.processorTime(ofThread: "console").map { ($0 - thread).inSeconds / seconds * 100 }
    }
    let memory = figures.residentBytes
    demo.write("p")
    _ = try bytes(from: demo, for: .seconds(1))
    let frozen = try bytes(from: demo, for: pace.frozen)
    print(
        "\nConsole at 200x50 over the demo's traffic: \(text(share, 2)) % of a core in the whole process (router and "
            + "simulated providers included), \(threadShare.map { text($0, 2) + " %" } ?? "an unknown share") in the console's "
            + "thread; \(text(Double(written) / seconds, 0)) bytes/s to the terminal."
    )
    print(
        "First paint: \(openings.map { text($0.firstPaint, 0) }.joined(separator: ", ")) ms, for "
            + "\(text(medianOf(openings.map(\.processor)), 0)) ms of processor time."
    )
    return [
        Target("memory with console and traffic", memory.map { Double($0) / 1e6 }, .below(60), unit: "MB", digits: 1),
        Target("console's thread, of one core", threadShare, .below(2), unit: "%", digits: 2),
        Target("bytes a second to the terminal", Double(written) / seconds, .below(3_000), unit: ""),
        Target("first paint", medianOf(openings.map(\.firstPaint)), .below(100), unit: "ms"),
        Target("bytes written while frozen", Double(frozen), .atMost(0), unit: ""),
    ]
}

/// A demo whose console has painted its first screen.
private struct Opening {
    let demo: ChildProcess
    /// Milliseconds from the start until the header and the titles of the four headline panes had been written.
    let firstPaint: Double
    /// Milliseconds of processor time until then; the same however busy the machine is.
    let processor: Double
}

private func open(_ workshop: Workshop, _ number: Int) throws -> Opening {
    var environment = workshop.ninesEnvironment(try workshop.makeFolder("demo-\(number)"))
    environment["TERM"] = "xterm-256color"
    environment["LANG"] = "C.UTF-8"
    let begun = monotonicNanoseconds()
    let demo = try workshop.start(
        [workshop.nines, "demo", "--port", String(freePort())],
        environment: environment,
        channel: .terminal(columns: 200, rows: 50)
    )
    let wanted = ["NINES", "p95 latency", "success rate", "cost per request", "error budget left"].map {
        Array($0.utf8)
    }
    var screen: [UInt8] = []
    while !wanted.allSatisfy({ contains(screen, $0) }) {
        let elapsed = monotonicNanoseconds() - begun
        guard elapsed < 10_000_000_000, let more = demo.read(within: .milliseconds(100)) else {
            throw BenchError("the console did not open: \(workshop.errors)")
        }
        screen += more
    }
    let painted = Double(monotonicNanoseconds() - begun) / 1e6
    let spent = ProcessFigures(id: demo.id).processorTime ?? .zero
    return Opening(demo: demo, firstPaint: painted, processor: spent.inSeconds * 1_000)
}

private func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    text.indices.dropLast(part.count - 1).contains {
        text[$0] == part[0] && text[$0..<$0 + part.count].elementsEqual(part)
    }
}

/// Reads for so long; returns how much came.
private func bytes(from demo: ChildProcess, for time: Duration) throws -> Int {
    let end = monotonicNanoseconds() + time.inNanoseconds
    var count = 0
    while case let left = end - monotonicNanoseconds(), left > 0 {
        guard let more = demo.read(within: .nanoseconds(left + 999_999)) else { throw BenchError("the console closed") }
        count += more.count
    }
    return count
}
