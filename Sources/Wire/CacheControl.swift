/// What a request's `cache-control` header asks of the cache (RFC 9111, section 5.2.1).
package struct CacheControl: Sendable, Equatable {
    /// The answer must be new.
    package var mustBeNew = false
    /// Neither is a stored answer wanted, nor may this one be stored.
    package var mustNotStore = false
    /// The oldest answer that is wanted.
    package var maxAge: Duration?

    /// Reads the header; what is unknown or makes no sense in it counts for nothing.
    package init(_ header: String? = nil) {
        for directive in (header ?? "").split(separator: ",") {
            let halves = directive.split(separator: "=", maxSplits: 1).map {
                $0.drop { $0 == " " || $0 == "\"" }.prefix { $0 != " " && $0 != "\"" }.lowercased()
            }
            switch halves.first {
            case "no-cache"?: mustBeNew = true
            case "no-store"?: mustNotStore = true
            case "max-age"?:
                if halves.count > 1, let seconds = Int64(halves[1]), seconds >= 0 { maxAge = .seconds(seconds) }
            default: continue
            }
        }
    }
}

/// How long a stored answer may be given (RFC 9111; the two beyond `ttl` are RFC 5861's).
package struct CacheLifetime: Sendable, Equatable {
    package var ttl: Duration
    /// Beyond `ttl`, while a new one is fetched; nil never.
    package var staleWhileRevalidate: Duration?
    /// Beyond `ttl`, when every route fails; nil never.
    package var staleIfError: Duration?

    package init(ttl: Duration, staleWhileRevalidate: Duration? = nil, staleIfError: Duration? = nil) {
        self.ttl = ttl
        self.staleWhileRevalidate = staleWhileRevalidate
        self.staleIfError = staleIfError
    }

    /// What an answer is good for.
    package enum Freshness: Sendable, Equatable { case fresh, whileRevalidating, ifError, expired }

    /// What an answer of that age is good for, to a client that asks so.
    package func freshness(at age: Duration, _ control: CacheControl = CacheControl()) -> Freshness {
        if control.mustBeNew || control.mustNotStore { return .expired }
        if let oldest = control.maxAge, age > oldest { return .expired }
        if age < ttl { return .fresh }
        if let time = staleWhileRevalidate, age < ttl + time { return .whileRevalidating }
        if let time = staleIfError, age < ttl + time { return .ifError }
        return .expired
    }

    /// The age beyond which nobody wants it.
    package var longest: Duration { ttl + max(staleWhileRevalidate ?? .zero, staleIfError ?? .zero) }
}
