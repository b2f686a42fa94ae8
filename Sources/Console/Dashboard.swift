/// Where the panes of the dashboard stand.
struct DashboardLayout: Equatable {
    var panes: [(pane: Pane, rect: Rect)] = []

    static func == (one: Self, other: Self) -> Bool {
        one.panes.map(\.pane) == other.panes.map(\.pane) && one.panes.map(\.rect) == other.panes.map(\.rect)
    }

    /// Four headline panes in a row; below, providers beside events, and requests beside spend over alerts.
    ///
    /// Under 76 columns the events go, under 100 the spend and the alerts; their digits open them in full. Heights: the
    /// headline and the middle row grow by steps, the requests take what is left. `deployments` is how many rows the
    /// providers would like, `spenders` the spend; nil where the whole column is wanted for it.
    init(_ body: Rect, deployments: Int, spenders: Int? = nil) {
        let (width, height) = (body.width, body.height)
        let head = Self.headline(height: height)
        let middle = min(Self.middle(height: height, deployments: deployments), max(4, height - head - 4))
        var x = body.x
        for (index, pane) in [Pane.latency, .success, .cost, .budget].enumerated() {
            let next = body.x + (index + 1) * width / 4
            panes.append((pane, Rect(x: x, y: body.y, width: next - x, height: head)))
            x = next
        }
        let (second, third) = (body.y + head, body.y + head + middle)
        let events = width < 76 ? 0 : width * 2 / 5
        panes.append((.providers, Rect(x: body.x, y: second, width: width - events, height: middle)))
        if events > 0 {
            panes.append((.events, Rect(x: body.x + width - events, y: second, width: events, height: middle)))
        }
        let spend = width < 100 ? 0 : max(26, width * 6 / 25)
        let rest = height - head - middle
        panes.append((.requests, Rect(x: body.x, y: third, width: width - spend, height: rest)))
        guard spend > 0 else { return }
        let column = Rect(x: body.x + width - spend, y: third, width: spend, height: rest)
        let upper = spenders.map { min($0 + 4, rest / 2) } ?? rest
        guard upper >= 5, rest - upper >= 4 else {
            panes.append((.spend, column))
            return
        }
        panes.append((.spend, Rect(x: column.x, y: third, width: spend, height: upper)))
        panes.append((.alerts, Rect(x: column.x, y: third + upper, width: spend, height: rest - upper)))
    }

    private static func headline(height: Int) -> Int {
        switch height {
        case ..<18: 5
        case ..<25: 6
        case ..<31: 9
        case ..<34: 10
        case ..<42: 11
        default: 15
        }
    }

    private static func middle(height: Int, deployments: Int) -> Int {
        let (least, most) =
            switch height {
            case ..<16: (4, 4)
            case ..<20: (5, 6)
            case ..<25: (6, 7)
            case ..<34: (7, 9)
            case ..<42: (9, 12)
            default: (11, 16)
            }
        // A head row, two rows a deployment where there is room, and what happened last to it.
        return min(most, max(least, 2 + 1 + 3 * deployments))
    }
}

extension Screen {
    mutating func drawDashboard(_ body: Rect, _ snapshot: EngineSnapshot) {
        let layout = DashboardLayout(
            body,
            deployments: snapshot.providers.count,
            spenders: snapshot.drill == nil && !snapshot.alerts.isEmpty ? snapshot.spend.count : nil
        )
        for (pane, rect) in layout.panes {
            var rect = rect
            // The cache has no pane of its own: it stands below the alerts where they leave room.
            if pane == .alerts, let cache = snapshot.cache, rect.height >= 10 {
                rect.height -= 5
                drawCacheSummary(Rect(x: rect.x, y: rect.y + rect.height, width: rect.width, height: 5), cache)
            }
            drawPane(pane, rect, snapshot)
        }
    }
}
