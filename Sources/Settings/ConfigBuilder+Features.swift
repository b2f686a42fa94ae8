import Guardrails

extension ConfigBuilder {
    mutating func readCache(_ nines: Section) {
        guard let section = nines.section("cache") else { return }
        config.cache.policy = cachePolicy(nines, over: config.cache.policy)
        config.cache.maxSize = section.bytes("max_size") ?? config.cache.maxSize
        config.cache.maxEntrySize = section.bytes("max_entry_size") ?? config.cache.maxEntrySize
        guard config.cache.maxEntrySize > config.cache.maxSize else { return }
        guard let field = section["max_entry_size"] else {
            config.cache.maxEntrySize = config.cache.maxSize
            return
        }
        reader.error(field.place, "max_entry_size: one answer can't be larger than the whole cache, max_size")
    }

    /// What the key `cache` of a section says, over what holds otherwise.
    private func cachePolicy(_ owner: Section, over usual: NinesConfig.CachePolicy) -> NinesConfig.CachePolicy {
        var policy = usual
        if owner.isOff("cache") { policy.isEnabled = false }
        guard let section = owner.section("cache") else { return policy }
        policy.isEnabled = section.flag("enabled") ?? true
        policy.ttl = section.duration("ttl") ?? policy.ttl
        policy.staleWhileRevalidate = section.durationOrOff("stale_while_revalidate") ?? policy.staleWhileRevalidate
        policy.staleIfError = section.durationOrOff("stale_if_error") ?? policy.staleIfError
        policy.level = section.choice("level") ?? policy.level
        return policy
    }

    mutating func readFeature(_ name: String, _ section: Section) {
        var feature = Feature(name: name)
        feature.maxCostPerRequest = section.nanodollars("max_cost_per_request")
        feature.maxInputTokens = section.integer("max_input_tokens")
        feature.maxOutputTokens = section.integer("max_output_tokens")
        feature.budget = section.section("budget").flatMap { budget($0, "amount", "per") }
        feature.onExceed = section.texts("on_exceed").compactMap(LadderStep.init)
        feature.streamFailure = section.choice("stream_failure") ?? feature.streamFailure
        feature.promptCaching = section.choice("prompt_caching")
        feature.policyFailover = section.flag("policy_failover") ?? feature.policyFailover
        feature.cache = cachePolicy(section, over: config.cache.policy)
        if let cheaper = section["cheaper"], let target = cheaper.text {
            feature.cheaper = group(target, at: cheaper.place, "cheaper")
        }
        checkLadder(feature, section)
        config.features.append(feature)
    }

    private mutating func checkLadder(_ feature: Feature, _ section: Section) {
        guard let steps = section["on_exceed"] else { return }
        let name = quoted(feature.name)
        if feature.onExceed.contains(.cheaper), !section.given.contains("cheaper") {
            reader.error(
                steps.place,
                "on_exceed: 'cheaper' needs a group to go to: set cheaper in feature \(name)"
            )
        }
        if feature.onExceed.contains(.cached), !feature.cache.isEnabled {
            reader.warning(
                steps.place,
                "on_exceed: 'cached' never has an answer: the cache is off for feature \(name); set nines.cache"
            )
        }
    }
}
