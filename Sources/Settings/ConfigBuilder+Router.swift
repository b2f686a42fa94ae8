import Routing

extension ConfigBuilder {
    /// Reads the limits, aliases and fallbacks; `router_settings` wins over `litellm_settings`.
    mutating func readRouter(_ router: Section?, _ library: Section?) {
        var policy = RoutingPolicy()
        let timeout = router?.duration("timeout") ?? library?.duration("request_timeout")
        policy.numRetries = router?.integer("num_retries") ?? library?.integer("num_retries") ?? policy.numRetries
        policy.allowedFails =
            router?.integer("allowed_fails") ?? library?.integer("allowed_fails") ?? policy.allowedFails
        policy.timeout = timeout ?? policy.timeout
        policy.streamTimeout = router?.duration("stream_timeout") ?? policy.streamTimeout
        policy.cooldown = router?.duration("cooldown_time") ?? policy.cooldown
        config.policy = policy
        noteStrategy(router)
        readAliases(router)
        readFallbacks(router, library)
    }

    private mutating func noteStrategy(_ router: Section?) {
        if let strategy = router?["routing_strategy"], let text = strategy.text, text != "simple-shuffle" {
            reader.warning(
                strategy.place,
                "routing_strategy: \(quoted(text)) is not supported: order and weight decide, as with simple-shuffle"
            )
        }
        if let failover = router?["enable_weighted_failover"], router?.flag("enable_weighted_failover") == false {
            reader.warning(
                failover.place,
                "enable_weighted_failover is always on here: a failed draw goes on to the deployments not yet tried"
            )
        }
    }

    /// The deadline must leave room for an attempt; where the file gives none, it follows the longest timeout.
    mutating func checkTimeouts(deadline: Field?) {
        let timeouts = config.groups.flatMap(\.deployments).compactMap(\.timeout) + [config.policy.timeout]
        let longest = timeouts.max() ?? config.policy.timeout
        if let deadline {
            guard config.policy.deadline < longest else { return }
            reader.warning(
                deadline.place,
                "deadline: \(config.policy.deadline.shortText) is shorter than the timeout of one attempt, "
                    + "\(longest.shortText), which then never acts"
            )
        } else {
            // The defaults' own ratio: 75 s over 30 s.
            config.policy.deadline = max(config.policy.deadline, longest * 2.5)
        }
    }
}
