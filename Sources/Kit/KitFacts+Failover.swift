import Mustache

extension KitFacts {
    /// Which requests a second provider stands behind: none, all, or those that `partly` names.
    static func failover(_ input: KitInput) -> [String: Any] {
        let used = input.usedGroups
        let covered = used.filter { !$0.isLone }
        let isPartly = !covered.isEmpty && covered.count < used.count
        return [
            "failover": [
                "any": !covered.isEmpty, "partly": isPartly ? partly(covered, of: used) : false,
            ] as [String: Any]
        ]
    }

    /// By the names that clients ask for, unless one of them says who serves it.
    private static func partly(_ covered: [KitGroup], of used: [KitGroup]) -> [String: Any] {
        let requests = used.reduce(0) { $0 + $1.requests }
        let part = Double(covered.reduce(0) { $0 + $1.requests }) / Double(max(1, requests))
        let share = requests > 0 ? " (\(KitText.percent(part, places: 1)) of those in the window)" : ""
        guard !used.contains(where: \.namesModel) else {
            return ["covered": "part of the requests" + share, "exact": blank("which requests")]
        }
        let names = "requests for " + KitText.listed(covered.map { "\"\($0.name)\"" })
        return ["covered": names + share, "exact": names]
    }
}
