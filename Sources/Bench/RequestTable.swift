/// The rounds of every cell, as the table that is printed and the targets that follow from it.
struct RequestTable {
    let rounds: [Cell: [String: [Figures]]]
    let servers: [String]

    var markdown: String {
        let head = [
            "connections", "streamed", "path", "p50 us", "p99 us", "first byte p50 us", "requests/s", "p50 x direct",
            "added p50 us", "CPU us/request", "requests",
        ]
        let rows = Cell.all.flatMap { cell in servers.map { row(cell, $0) } }
        let lines = [head, head.map { _ in "---" }] + rows
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    private func row(_ cell: Cell, _ server: String) -> [String] {
        let name = [String(cell.connections), cell.isStreamed ? "yes" : "no", server]
        let all = rounds[cell]?[server] ?? []
        if let failure = all.compactMap(\.failure).first {
            return name + ["invalid: \(failure)"] + [String](repeating: "", count: 7)
        }
        let median = { (value: (Figures) -> Double) in text(medianOf(all.map(value)), 0) }
        let ratio = medianOf(differences(cell, server) { $0.p50 / $1.p50 })
        let added = medianOf(differences(cell, server) { $0.p50 - $1.p50 })
        return name + [
            median(\.p50), median(\.p99), median(\.firstByte), median(\.rate), text(ratio, 2), text(added, 0),
            median(\.processor), String(all.reduce(0) { $0 + $1.count }),
        ]
    }

    /// Something of `server` and the direct call of the same round.
    private func differences(_ cell: Cell, _ server: String, _ value: (Figures, Figures) -> Double) -> [Double] {
        zip(rounds[cell]?[server] ?? [], rounds[cell]?["direct"] ?? []).map(value)
    }

    var targets: [Target] {
        let one = Cell(connections: 1, isStreamed: false)
        let many = Cell(connections: 32, isStreamed: false)
        let stream = Cell(connections: 1, isStreamed: true)
        let added = valid(one) ? medianOf(differences(one, "nines") { $0.p50 - $1.p50 }) : nil
        let first = valid(stream) ? medianOf(differences(stream, "nines") { $0.firstByte - $1.firstByte }) : nil
        let rate = valid(many) ? medianOf((rounds[many]?["nines"] ?? []).map(\.rate)) : nil
        let hits = valid(one, "nines, hit") ? medianOf(differences(one, "nines, hit") { $0.p50 - $1.p50 }) : nil
        let gain = zip(rounds[many]?["nines, hit"] ?? [], rounds[many]?["nines, miss"] ?? []).map { $0.rate / $1.rate }
        let isGain = valid(many, "nines, hit") && valid(many, "nines, miss")
        return [
            Target("added p50 at one connection", added, .atMost(400), unit: "us"),
            Target("requests a second at 32 connections", rate, .atLeast(5_000), unit: ""),
            Target("first-token overhead at one connection", first, .below(1_000), unit: "us"),
            Target("added p50 of a cache hit at one connection", hits, .below(1_000), unit: "us"),
            Target(
                "throughput of hits, in times of misses, at 32 connections",
                isGain ? medianOf(gain) : nil,
                .atLeast(2),
                unit: "",
                digits: 1
            ),
        ]
    }

    /// A failed request makes a cell worthless.
    private func valid(_ cell: Cell, _ server: String = "nines") -> Bool {
        [server, "direct"].allSatisfy { name in
            let all = rounds[cell]?[name] ?? []
            return !all.isEmpty && all.allSatisfy { $0.failure == nil }
        }
    }
}

/// One sentence of "How good", and what was measured.
struct Target {
    enum Bound {
        case atMost(Double), below(Double), atLeast(Double)
    }
    private let name: String
    private let value: Double?
    private let bound: Bound
    private let unit: String
    private let digits: Int

    init(_ name: String, _ value: Double?, _ bound: Bound, unit: String, digits: Int = 0) {
        self.name = name
        self.value = value
        self.bound = bound
        self.unit = unit
        self.digits = digits
    }

    var line: String {
        let (limit, sign, isMet) =
            switch bound {
            case .atMost(let limit): (limit, "at most", value.map { $0 <= limit })
            case .below(let limit): (limit, "below", value.map { $0 < limit })
            case .atLeast(let limit): (limit, "at least", value.map { $0 >= limit })
            }
        let unit = unit.isEmpty ? "" : " " + unit
        let verdict = isMet.map { $0 ? "met" : "MISSED" } ?? "not measured"
        let measured = value.map { "\(text($0, digits))\(unit)" } ?? "no valid figure"
        return "- \(verdict): \(name): \(measured) (\(sign) \(text(limit, 0))\(unit))"
    }
}

func medianOf(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// A number with so many decimals.
func text(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "-" }
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    let rounded = (value.magnitude * scale).rounded()
    let sign = value < 0 && rounded > 0 ? "-" : ""
    let whole = Int(rounded / scale)
    guard decimals > 0 else { return "\(sign)\(whole)" }
    let fraction = String(Int(rounded) - whole * Int(scale))
    return "\(sign)\(whole).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
}

func megabytes(_ bytes: Int?) -> String { bytes.map { text(Double($0) / 1e6, 1) + " MB" } ?? "unknown" }
