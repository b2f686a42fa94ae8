/// The report's drawings as inline SVG: the plan against the course, and the curves of latency and success.
///
/// Colours come from the page's own variables, so that dark screens and paper both read well; the fault is hatched as well
/// as coloured.
struct CloseoutChart {
    let timeline: String
    /// Latency, then success; empty where the ledger gave no points.
    let curves: [String]

    private static let width = 960.0
    private static let left = 90.0
    private static let right = 20.0

    init(_ closeout: Closeout) {
        let points = closeout.figures.curve
        let times = closeout.times
        let planned = closeout.drill.plan.script.planned
        let last = closeout.drill.records.last?.elapsed ?? planned
        let axis = Axis(from: .zero, to: max(planned, last, .seconds(1)))
        timeline = Self.timeline(closeout, axis)
        guard let first = points.first?.at, let end = points.last?.at, end > first else {
            curves = []
            return
        }
        let wide = Axis(from: min(first, .zero), to: max(end, last))
        let fault = Self.fault(times, wide, height: 150, id: "f1")
        curves = [
            Self.curve(
                "p95 latency",
                points.map { ($0.at, $0.p95?.inSeconds) },
                target: closeout.figures.latencyTarget.inSeconds,
                range: nil,
                label: { Words.decimal($0, 1) + " s" },
                wide,
                fault
            ),
            Self.curve(
                "success rate",
                points.map { ($0.at, $0.success) },
                target: closeout.figures.successTarget,
                range: Self.successRange(points, closeout.figures.successTarget),
                label: { Words.percent($0, 1) },
                wide,
                Self.fault(times, wide, height: 150, id: "f2")
            ),
        ]
    }

    private struct Axis {
        let from: Duration
        let to: Duration

        func x(_ time: Duration) -> Double {
            let share = (time - from) / (to - from)
            return left + min(max(share, 0), 1) * (width - left - right)
        }
    }

    private static func number(_ value: Double) -> String { Words.decimal(value, 1) }

    private static func svg(_ title: String, height: Double, _ body: [String]) -> String {
        """
        <svg viewBox="0 0 \(number(width)) \(number(height))" role="img" font-size="12" fill="var(--ink)">
        <title>\(HTMLText.escaped(title))</title>
        \(body.joined(separator: "\n"))
        </svg>
        """
    }

    private static func text(_ x: Double, _ y: Double, _ text: String, anchor: String = "start", dim: Bool = false)
        -> String
    {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\"\(dim ? " fill=\"var(--dim)\"" : "")>"
            + HTMLText.escaped(text) + "</text>"
    }

    private static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String)
        -> String
    {
        "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(max(width, 1)))\" height=\"\(number(height))\" \(style)/>"
    }

    /// Hatched, over the whole height.
    private static func fault(_ times: Timings, _ axis: Axis, height: Double, id: String) -> [String] {
        guard let start = times.induced else { return [] }
        let x = axis.x(start.elapsed)
        let end = axis.x(times.restored?.elapsed ?? axis.to)
        return [
            "<pattern id=\"\(id)\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                + "<rect width=\"6\" height=\"6\" fill=\"var(--fault)\" opacity=\".12\"/>"
                + "<rect width=\"2\" height=\"6\" fill=\"var(--fault)\" opacity=\".2\"/></pattern>",
            rectangle(x, 20, end - x, height - 40, "fill=\"url(#\(id))\""), text(x + 3, 16, "fault in", dim: true),
        ]
    }

    /// At round times, nine at most.
    private static func ticks(_ axis: Axis, y: Double) -> [String] {
        let steps = [10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 14_400]
        let span = (axis.to - axis.from).inSeconds
        let step = steps.first { span / Double($0) <= 8 } ?? 86_400
        let first = Int((axis.from.inSeconds / Double(step)).rounded(.up))
        let last = Int((axis.to.inSeconds / Double(step)).rounded(.down))
        return (first...max(first, last)).map { index in
            let time = Duration.seconds(index * step)
            let label = time < .zero ? "-" + Words.clock(.zero - time) : Words.clock(time)
            return text(axis.x(time), y, label, anchor: "middle", dim: true)
        }
    }

    private static func timeline(_ closeout: Closeout, _ axis: Axis) -> String {
        var body = fault(closeout.times, axis, height: 268, id: "f0")
        body += [text(0, 48, "planned"), text(0, 88, "actual")]
        for pace in closeout.drill.pace() {
            let planned = (axis.x(pace.planned.lowerBound), axis.x(pace.planned.upperBound))
            body.append(box(planned.0, planned.1, y: 32, pace.kind.title, filled: false))
            guard let start = pace.start else { continue }
            body.append(box(axis.x(start), axis.x(pace.end ?? start), y: 72, pace.kind.title, filled: true))
        }
        // The first label stands lowest, so that no later line crosses it.
        let marks = marks(closeout.times)
        for (index, mark) in marks.enumerated() {
            let x = axis.x(mark.at.elapsed)
            let y = 116 + Double(marks.count - 1 - index) * 16
            let isFarRight = x > width * 0.8
            body += [
                "<line x1=\"\(number(x))\" y1=\"98\" x2=\"\(number(x))\" y2=\"\(number(y))\" stroke=\"var(--ink)\"/>",
                text(isFarRight ? x - 4 : x + 4, y, mark.name, anchor: isFarRight ? "end" : "start"),
            ]
        }
        return svg("Plan and course of the drill", height: 268, body + ticks(axis, y: 262))
    }

    private static func box(_ from: Double, _ to: Double, y: Double, _ title: String, filled: Bool) -> String {
        let style =
            filled
            ? "fill=\"var(--accent)\" fill-opacity=\".35\" stroke=\"var(--accent)\""
            : "fill=\"none\" stroke=\"var(--dim)\""
        let label = to - from > Double(title.count) * 6.5 ? text(from + 4, y + 16, title) : ""
        return rectangle(from, y, to - from, 24, style) + label
    }

    private static func marks(_ times: Timings) -> [(name: String, at: Moment)] {
        [
            ("fault in", times.induced), ("detected", times.detected), ("failed over", times.failedOver),
            ("alert", times.alerted), ("acknowledged", times.acknowledged), ("fault out", times.restored),
            ("recovered", times.recovered), ("alert resolved", times.alertResolved),
        ].compactMap { name, at in at.map { (name, $0) } }
    }

    /// Success is always near 100 %: show what differs from it, the target included.
    private static func successRange(_ points: [CurvePoint], _ target: Double) -> ClosedRange<Double> {
        let lowest = points.compactMap(\.success).min() ?? target
        return min(lowest, target) - (1 - min(lowest, target)) * 0.2...1
    }

    private static func curve(
        _ title: String,
        _ points: [(at: Duration, value: Double?)],
        target: Double,
        range: ClosedRange<Double>?,
        label: (Double) -> String,
        _ axis: Axis,
        _ fault: [String]
    ) -> String {
        let top = max(points.compactMap(\.value).max() ?? target, target)
        let range = range ?? 0...(top * 1.1)
        let y = { (value: Double) in
            130 - (value - range.lowerBound) / max(range.upperBound - range.lowerBound, 1e-9) * 110
        }
        // A gap in the data is a gap in the line.
        let lines = points.split { $0.value == nil }.map { run in
            var path = run.compactMap { point in point.value.map { "\(number(axis.x(point.at))),\(number(y($0)))" } }
            // A lone point needs a second one to be seen.
            if path.count == 1 { path += path }
            return
                "<polyline points=\"\(path.joined(separator: " "))\" fill=\"none\" stroke=\"var(--accent)\" stroke-width=\"2\"/>"
        }
        let goal = number(y(target))
        let body =
            fault + [
                text(0, 16, title), text(left - 6, y(target) + 4, label(target), anchor: "end"),
                text(left - 6, 134, label(range.lowerBound), anchor: "end", dim: true),
                "<line x1=\"\(number(left))\" y1=\"\(goal)\" x2=\"\(number(width - right))\" y2=\"\(goal)\" "
                    + "stroke=\"var(--dim)\" stroke-dasharray=\"4 3\"/>",
            ] + lines + ticks(axis, y: 148)
        return svg("\(title) over time; the dashed line is the target", height: 155, body)
    }
}
