/// What clients ask for, and who may answer.
package struct KitGroup: Sendable {
    package var name: String
    /// Different ones, those of its fallbacks with them.
    package var providers: Set<String>
    /// Of the window, in the traffic that the papers are about.
    package var requests: Int
    /// The name is a model's or a provider's: papers for clients don't say it.
    package var namesModel: Bool

    package init(name: String, providers: Set<String>, requests: Int = 0, namesModel: Bool = false) {
        self.name = name
        self.providers = providers
        self.requests = requests
        self.namesModel = namesModel
    }

    /// One provider alone can stop it.
    var isLone: Bool { providers.count < 2 }
}

extension KitInput {
    /// What is said of failing over is said of these: where the window has traffic those that it went to, else all.
    var usedGroups: [KitGroup] {
        let used = (groups ?? []).filter { $0.requests > 0 }
        return used.isEmpty ? groups ?? [] : used
    }
}
