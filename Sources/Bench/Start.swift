/// From the start of the process to the first chat completion that it served, with a new database each time.
func measureStart(_ workshop: Workshop, _ pace: Pace) async throws -> [Target] {
    let upstream = try workshop.startUpstream()
    var times: [Double] = []
    for number in 0..<pace.starts {
        let begun = monotonicNanoseconds()
        let nines = try workshop.startNines(upstream, name: "start-\(number)")
        times.append(Double(monotonicNanoseconds() - begun) / 1e6)
        workshop.end(nines.process)
    }
    workshop.end(upstream.process)
    print("\nStart to first served request: \(times.map { text($0, 0) }.joined(separator: ", ")) ms.")
    return [Target("start to first served request", medianOf(times), .below(150), unit: "ms")]
}
