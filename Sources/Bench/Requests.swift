/// Latency, throughput and memory of a chat completion, directly and through each proxy.
func measureRequests(_ workshop: Workshop, _ pace: Pace) async throws -> [Target] {
    let upstream = try workshop.startUpstream()
    let nines = try workshop.startNines(upstream)
    let hit = try workshop.startNines(upstream, name: "nines, hit", cache: "cache: { ttl: 1h }")
    // The same engine, told to ask the provider all the same and store what comes.
    let miss = Server(name: "nines, miss", process: hit.process, port: hit.port, headers: "cache-control: no-cache\r\n")
    let proxies = [upstream] + [try workshop.startNginx(upstream)].compactMap { $0 } + [nines]
    let servers = proxies + [miss, hit]
    let idle = ProcessFigures(id: nines.process.id).residentBytes
    let generator = LoadGenerator()
    var rounds: [Cell: [String: [Figures]]] = [:]
    for _ in 0..<pace.rounds {
        for cell in Cell.all {
            // One after another and again from the start: whatever else the machine does strikes all of them.
            for server in servers {
                let figures = await measure(cell, server, generator, pace)
                rounds[cell, default: [:]][server.name, default: []].append(figures)
            }
        }
    }
    await generator.stop()
    let loaded = ProcessFigures(id: nines.process.id).residentBytes
    for server in proxies + [hit] { workshop.end(server.process) }
    let table = RequestTable(rounds: rounds, servers: servers.map(\.name))
    print(table.markdown)
    print("\nMemory of `nines serve`: \(megabytes(idle)) idle, \(megabytes(loaded)) after the load.")
    return table.targets
}

/// One cell on one server in one round; times in microseconds.
struct Figures {
    var p50 = 0.0
    var p99 = 0.0
    var firstByte = 0.0
    /// Requests a second.
    var rate = 0.0
    /// Of the server's processor time, a request.
    var processor = 0.0
    var count = 0
    var failure: String?
}

private func measure(_ cell: Cell, _ server: Server, _ generator: LoadGenerator, _ pace: Pace) async -> Figures {
    let process = ProcessFigures(id: server.process.id)
    let before = process.processorTime ?? .zero
    let (samples, seconds) = await generator.run(
        cell,
        port: server.port,
        headers: server.headers,
        warmUp: pace.warmUp,
        duration: pace.duration
    )
    let spent = (process.processorTime ?? .zero) - before
    guard samples.failure == nil, !samples.totals.isEmpty else {
        return Figures(failure: samples.failure ?? "no answer")
    }
    let totals = samples.totals.sorted()
    return Figures(
        p50: quantile(totals, 0.5),
        p99: quantile(totals, 0.99),
        firstByte: quantile(samples.firstBytes.sorted(), 0.5),
        rate: Double(totals.count) / seconds,
        processor: spent.inSeconds * 1e6 / Double(samples.served),
        count: totals.count
    )
}

/// Of sorted nanoseconds, in microseconds.
private func quantile(_ sorted: [Int64], _ share: Double) -> Double {
    Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1_000
}
