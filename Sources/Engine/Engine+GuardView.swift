import Console
import Guardrails
import Routing
import Settings

extension Engine {
    /// What a console shows of caps, of what they led to, and of prices.
    func fillFromGuards(_ snapshot: inout EngineSnapshot, now: Int64) {
        snapshot.caps = guards.standings(at: now).map(EngineSnapshot.CapRow.init)
            .sorted { ($1.fill, $0.kind, $0.name) < ($0.fill, $1.kind, $1.name) }
        snapshot.degradations = guards.degradations(now: now)
        snapshot.estimators = guards.estimator.models.map(EngineSnapshot.EstimatorRow.init)
            .sorted { $0.model < $1.model }
        snapshot.warnings += guards.problems + [priceProblem].compactMap { $0 } + library.problems
        snapshot.warnings += table.unpriced(at: now).map {
            "no price for \($0.id) (\($0.pricedModel)): what it costs is unknown and no budget holds it; "
                + "set input_cost_per_token and output_cost_per_token, or see 'nines prices'"
        }
    }
}

extension EngineSnapshot.CapRow {
    fileprivate init(_ standing: SpendStanding) {
        let (kind, name) =
            switch standing.cap.owner {
            case .feature(let name): ("feature", name)
            case .tenant(let name): ("tenant", name)
            case .provider(let name): ("provider", name)
            case .deployment(let name): ("deployment", name)
            case .all: ("all", "")
            }
        self.init(
            kind: kind,
            name: name,
            limit: standing.cap.amount,
            spent: standing.spent,
            reserved: standing.reserved,
            resetsAt: standing.window.upperBound
        )
    }

    /// How much of it is gone, what is held included.
    fileprivate var fill: Double { limit == 0 ? 1 : (Double(spent) + Double(reserved)) / Double(limit) }
}

extension EngineSnapshot.EstimatorRow {
    fileprivate init(model: String, calibration: TokenCalibration) {
        self.init(
            model: model,
            samples: calibration.samples,
            error: calibration.meanError,
            ratio: calibration.ratio
        )
    }
}
