import SLO

/// A drawing beside the one-pager.
struct PlotFile {
    let title: String
    let path: String
    let svg: String
}

/// The four numbers over the days of the window; none where no day was measured.
func plots(of input: KitInput) -> [PlotFile] {
    let days = input.days.map(\.indicators)
    guard let first = input.days.first, let last = input.days.last, days.contains(where: { $0 != nil }) else {
        return []
    }
    let objectives = input.objectives
    let draw = {
        (
            name: String,
            title: String,
            target: Double,
            word: String,
            points: [Plot.Point?],
            label: @escaping (Double) -> String
        ) in
        let plot = Plot(
            title: title,
            target: target,
            targetLabel: word,
            points: points,
            firstDay: KitText.date(first.start),
            lastDay: KitText.date(last.start),
            label: label
        )
        return PlotFile(title: title, path: "plots/\(name).svg", svg: plot.svg)
    }
    let burnDown = ErrorBudget.burnDown(days.map { $0?.counts }, target: objectives.success)
    return [
        draw(
            "success",
            "Success rate by day",
            objectives.success,
            "target: \(KitText.share(objectives.success)) or more",
            days.map { point($0?.successRate, samples: $0?.counts.valid, fewest: Standing.fewestRequests) },
            { KitText.percent($0) }
        ),
        draw(
            "latency",
            "Latency by day, p95",
            objectives.latencyP95 / .seconds(1),
            "target: \(KitText.seconds(objectives.latencyP95)) or less",
            days.map { day in
                let p95 = day?.p95(target: objectives.latencyP95).map { $0 / .seconds(1) }
                return point(p95, samples: day?.counts.latencySamples, fewest: Standing.fewestLatencySamples)
            },
            { KitText.seconds(.seconds($0)) }
        ),
        draw(
            "cost",
            "Mean cost of a request by day",
            Double(objectives.costPerRequest),
            "target: \(KitText.dollars(objectives.costPerRequest)) or less",
            days.map { point($0?.costPerRequest, samples: $0?.counts.priced, fewest: Standing.fewestRequests) },
            KitText.roundedDollars
        ),
        draw(
            "budget",
            "Error budget left",
            0,
            "0 %: all is spent",
            zip(burnDown, days).map { left, day in
                point(left, samples: day?.counts.valid, fewest: Standing.fewestRequests)
            },
            { KitText.percent($0, places: 0) }
        ),
    ]
}

private func point(_ value: Double?, samples: Int?, fewest: Int) -> Plot.Point? {
    value.map { Plot.Point(value: $0, isProven: (samples ?? 0) >= fewest) }
}
