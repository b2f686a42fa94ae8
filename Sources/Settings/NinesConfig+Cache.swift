extension NinesConfig {
    /// Which answers are cached and for how long: for all features, or for one.
    package struct CachePolicy: Sendable, Hashable {
        /// How far two prompts may differ and still be the same.
        package enum Level: String, Sendable, Hashable, CaseIterable {
            /// Equal JSON values.
            case exact
            /// Also after Unicode NFC, with one kind of line break, without blanks at the ends of lines or of the text.
            case safe
            /// Also with other case and inner blanks: not for code, YAML or poetry.
            case aggressive
        }

        package var isEnabled = false
        /// How long an answer is fresh.
        package var ttl: Duration = .seconds(86_400)
        /// Beyond `ttl`: how long it is served while a new one is fetched; nil never.
        package var staleWhileRevalidate: Duration?
        /// Beyond `ttl`: how long it stands in when every route fails; nil never.
        package var staleIfError: Duration? = .seconds(7 * 86_400)
        package var level = Level.safe
        package init() {}
    }

    /// The response cache: what holds for features that say nothing themselves, and its bounds.
    package struct Cache: Sendable, Hashable {
        package var policy = CachePolicy()
        /// Bytes on disk.
        package var maxSize: Int64 = 512_000_000
        /// Bytes of one answer; a larger one is not stored.
        package var maxEntrySize: Int64 = 1_000_000
        package init() {}
    }
}
