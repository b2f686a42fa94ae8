/// Whose spend is bounded.
package enum SpendOwner: Hashable, Sendable, Codable {
    /// A feature of the client's product; all that nobody named share `default`.
    case feature(String)
    case tenant(String)
    case provider(String)
    case deployment(String)
    /// Everybody.
    case all

    /// Whether the cap closes a route and not the request.
    package var isRoute: Bool {
        switch self {
        case .provider, .deployment: true
        case .feature, .tenant, .all: false
        }
    }
}

extension SpendOwner: CustomStringConvertible {
    package var description: String {
        switch self {
        case .feature(let name): "feature \(name)"
        case .tenant(let name): "tenant \(name)"
        case .provider(let name): "provider \(name)"
        case .deployment(let name): "deployment \(name)"
        case .all: "all traffic"
        }
    }
}

/// At most so much spend in each stretch of time.
///
/// Stretches are fixed and aligned to 1970-01-01T00:00Z: `1h` begins on the hour, `1d` at midnight UTC, `30d` every thirty
/// days. So the sum can be recomputed from the ledger with two constants, and there is a moment when the budget is whole
/// again. The price: around that moment twice the amount can be spent in less than one stretch.
package struct SpendCap: Hashable, Sendable {
    package let owner: SpendOwner
    /// Nano-dollars, at least 0.
    package let amount: Int64
    /// Milliseconds, at least 1.
    package let period: Int64

    package init(owner: SpendOwner, amount: Int64, period: Duration) {
        self.owner = owner
        self.amount = max(0, amount)
        let (seconds, attoseconds) = period.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        self.period = overflow ? .max : max(1, whole.saturatingAdd(attoseconds / 1_000_000_000_000_000))
    }

    /// The stretch in which that moment lies, UTC milliseconds.
    package func window(at milliseconds: Int64) -> Range<Int64> {
        let rest = milliseconds % period
        let start = milliseconds.saturatingAdd(-(rest < 0 ? rest.saturatingAdd(period) : rest))
        return start..<max(start, start.saturatingAdd(period))
    }
}

/// How far one cap is used up.
package struct SpendStanding: Hashable, Sendable {
    package let cap: SpendCap
    /// The stretch it speaks of, UTC milliseconds; the budget is whole again at its end.
    package let window: Range<Int64>
    /// Nano-dollars of settled requests.
    package let spent: Int64
    /// Nano-dollars held for requests under way.
    package let reserved: Int64

    /// Nano-dollars that may still be reserved, at least 0.
    package var remaining: Int64 {
        let (rest, overflow) = cap.amount.subtractingReportingOverflow(spent.saturatingAdd(reserved))
        return overflow ? 0 : max(0, rest)
    }

    /// What is spent of the amount: 1 is all of it, more is overspent; 1 where the amount is 0.
    package var share: Double { cap.amount == 0 ? 1 : Double(spent) / Double(cap.amount) }
}
