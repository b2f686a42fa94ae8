/// One figure of every day of the window, with its target, as a drawing that stands alone and in print.
///
/// Days of too few requests are hollow, days without a figure are hatched: neither is drawn as if it were known.
struct Plot {
    struct Point {
        let value: Double
        let isProven: Bool
    }

    let title: String
    /// What is promised, and what the line of the target says.
    let target: Double
    let targetLabel: String
    /// The days' points, oldest first; nil where nothing was measured.
    let points: [Point?]
    let firstDay: String
    let lastDay: String
    /// A value as the axis says it.
    let label: (Double) -> String

    private static let (width, height) = (360.0, 150.0)
    private static let (left, right, top, bottom) = (58.0, 352.0, 26.0, 128.0)

    var svg: String {
        let text = "\(title). \(summary)"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 150" role="img" aria-label="\(Markup.html(text))" \
            font-family="Helvetica, Arial, sans-serif" font-size="11" fill="#333">
            <text x="4" y="12" font-size="12.5" font-weight="bold">\(Markup.html(title))</text>
            \((frame + unknown + line + dots).joined(separator: "\n"))
            </svg>
            """
    }

    /// The drawing in words.
    private var summary: String {
        let values = points.compactMap(\.?.value)
        guard let least = values.min(), let most = values.max() else { return "No day was measured." }
        let range = least == most ? label(least) : "\(label(least)) to \(label(most))"
        return "\(range) over \(KitText.plural(values.count, "measured day")) of \(points.count), \(targetLabel)."
    }

    private var range: ClosedRange<Double> {
        let values = points.compactMap(\.?.value) + [target]
        let (least, most) = (values.min() ?? 0, values.max() ?? 1)
        let margin = most > least ? (most - least) * 0.1 : max(abs(most) * 0.1, 1e-9)
        return (least - margin)...(most + margin)
    }

    private func x(_ day: Int) -> Double {
        Self.left + (Double(day) + 0.5) / Double(max(1, points.count)) * (Self.right - Self.left)
    }

    private func y(_ value: Double) -> Double {
        let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return Self.bottom - share * (Self.bottom - Self.top)
    }

    private func place(_ value: Double) -> String { KitText.fixed(value, 1).filter { $0 != "," } }

    private var frame: [String] {
        let line = place(y(target))
        let extremes = points.compactMap(\.?.value)
        // A label near the target's would be written over it.
        let marks = Set([extremes.min(), extremes.max()].compactMap(\.self)).filter { abs(y($0) - y(target)) > 11 }
        return [
            "<path d=\"M58 26V128H352\" fill=\"none\" stroke=\"#999\"/>",
            "<path d=\"M58 \(line)H352\" stroke=\"#a33\" stroke-dasharray=\"5 3\"/>",
            "<text x=\"352\" y=\"12\" text-anchor=\"end\" fill=\"#a33\">\(Markup.html(targetLabel))</text>",
            "<text x=\"54\" y=\"\(place(y(target) + 3))\" text-anchor=\"end\" fill=\"#a33\">\(Markup.html(label(target)))</text>",
        ]
            + marks.sorted().map {
                "<text x=\"54\" y=\"\(place(y($0) + 3))\" text-anchor=\"end\">\(Markup.html(label($0)))</text>"
            } + [
                "<text x=\"58\" y=\"142\">\(Markup.html(firstDay))</text>",
                "<text x=\"352\" y=\"142\" text-anchor=\"end\">\(Markup.html(lastDay))</text>",
            ]
    }

    /// The days of which nothing is known, each stretch one hatched field.
    private var unknown: [String] {
        let day = (Self.right - Self.left) / Double(max(1, points.count))
        return stretches { $0 == nil }.map { stretch in
            let from = x(stretch.lowerBound) - day / 2
            let strokes = stride(from: from + 2, to: x(stretch.upperBound - 1) + day / 2, by: 4).map {
                "M\(place($0)) 128l2 -6"
            }
            return "<path d=\"\(strokes.joined())\" stroke=\"#bbb\" fill=\"none\"/>"
        }
    }

    private var line: [String] {
        stretches { $0 != nil }.filter { $0.count > 1 }.map { stretch in
            let places = stretch.compactMap { day in points[day].map { "\(place(x(day))),\(place(y($0.value)))" } }
            return
                "<polyline points=\"\(places.joined(separator: " "))\" fill=\"none\" stroke=\"#245\" stroke-width=\"1.2\"/>"
        }
    }

    private var dots: [String] {
        points.enumerated().compactMap { day, point in
            point.map {
                let fill = $0.isProven ? "#245" : "#fff"
                return
                    "<circle cx=\"\(place(x(day)))\" cy=\"\(place(y($0.value)))\" r=\"2\" fill=\"\(fill)\" stroke=\"#245\"/>"
            }
        }
    }

    private func stretches(_ isWanted: (Point?) -> Bool) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for (day, point) in points.enumerated() where isWanted(point) {
            if let last = found.last, last.upperBound == day {
                found[found.count - 1] = last.lowerBound..<day + 1
            } else {
                found.append(day..<day + 1)
            }
        }
        return found
    }
}
