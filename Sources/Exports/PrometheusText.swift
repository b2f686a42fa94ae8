/// The families in Prometheus's text format, version 0.0.4 (`text/plain; version=0.0.4; charset=utf-8`).
///
/// Families without series are left out; a series with the same labels as one before it is too, as a scrape with a
/// repeated series is refused whole. Ends with a line feed.
package func prometheusText(_ families: [MetricFamily]) -> String {
    var out = ""
    for family in families where !family.series.isEmpty {
        out += "# HELP \(family.name) \(escaped(family.help, quotes: false))\n"
        out += "# TYPE \(family.name) \(family.kind.rawValue)\n"
        var seen: Set<[MetricLabel]> = []
        for series in family.series where seen.insert(series.labels).inserted { write(series, of: family, to: &out) }
    }
    return out
}

/// The media type of `prometheusText`.
package let prometheusMediaType = "text/plain; version=0.0.4; charset=utf-8"

private func write(_ series: MetricSeries, of family: MetricFamily, to out: inout String) {
    switch series.value {
    case .number(let value): line(family.name, series.labels, number(value), to: &out)
    case .histogram(let buckets):
        for (bound, count) in zip(buckets.bounds, buckets.cumulative) {
            line(family.name + "_bucket", series.labels + [MetricLabel("le", number(bound))], "\(count)", to: &out)
        }
        line(family.name + "_bucket", series.labels + [MetricLabel("le", "+Inf")], "\(buckets.count)", to: &out)
        line(family.name + "_sum", series.labels, number(buckets.sum), to: &out)
        line(family.name + "_count", series.labels, "\(buckets.count)", to: &out)
    }
}

private func line(_ name: String, _ labels: [MetricLabel], _ value: String, to out: inout String) {
    out += name
    if !labels.isEmpty {
        out += "{" + labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
    }
    out += " \(value)\n"
}

private func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
}

private func escaped(_ text: String, quotes: Bool) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\\": out += "\\\\"
        case "\n": out += "\\n"
        case "\"" where quotes: out += "\\\""
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out
}
