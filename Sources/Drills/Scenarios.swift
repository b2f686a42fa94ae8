extension Scenario {
    /// What ships, the three plain ways first.
    package static let builtIn: [Scenario] = [
        Scenario(id: "revoke-key", title: "Revoke the primary's key", .revokeKey(.inRouterMemory)),
        Scenario(id: "block-host", title: "Block the primary's host", .blockHost(.refused)),
        Scenario(id: "slow-first-token", title: "Slow the first token", .slowFirstToken(.seconds(30))),
        Scenario(id: "revoke-key-at-provider", title: "Revoke the key at the provider", .revokeKey(.atProvider)),
        Scenario(id: "revoke-key-by-hand", title: "Revoke the key by hand", .revokeKey(.byHand)),
        Scenario(id: "black-hole", title: "Black hole", .blockHost(.blackHole)),
        Scenario(id: "dns-failure", title: "The name no longer resolves", .blockHost(.dns)),
        Scenario(id: "rate-limited", title: "Rate limited", .status(429)),
        Scenario(id: "server-error", title: "Server errors", .status(500)),
        Scenario(id: "unavailable", title: "Unavailable", .status(503)),
        Scenario(id: "overloaded", title: "Overloaded", .status(529)),
        Scenario(id: "mid-stream-cut", title: "Streams cut in the middle", .cutMidStream(afterChunks: 3)),
        Scenario(id: "model-not-found", title: "The model is gone", .modelNotFound),
        Scenario(id: "partial-errors", title: "A quarter of the requests fail", .status(500), share: 0.25),
    ]
}
