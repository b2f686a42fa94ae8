import Testing

@testable import Wire

struct CacheControlTests {
    static let headers: [(String?, Bool, Bool, Int64?)] = [
        (nil, false, false, nil), ("", false, false, nil), ("no-cache", true, false, nil),
        ("No-Store", false, true, nil), ("max-age=60", false, false, 60), (" no-cache , max-age=0", true, false, 0),
        ("max-age=\"5\"", false, false, 5), ("max-age", false, false, nil), ("max-age=-1", false, false, nil),
        ("max-age=1e3", false, false, nil), ("max-age=99999999999999999999", false, false, nil),
        ("private, no-transform, x=no-cache", false, false, nil), ("no-cache=\"a\",,=", true, false, nil),
    ]

    @Test("directives", arguments: headers)
    func read(header: String?, mustBeNew: Bool, mustNotStore: Bool, maxAge: Int64?) {
        let control = CacheControl(header)
        #expect(control.mustBeNew == mustBeNew && control.mustNotStore == mustNotStore)
        #expect(control.maxAge == maxAge.map { .seconds($0) })
    }

    private static let long = CacheLifetime(
        ttl: .seconds(10),
        staleWhileRevalidate: .seconds(5),
        staleIfError: .seconds(100)
    )

    static let ages: [(Int, String?, CacheLifetime.Freshness)] = [
        (0, nil, .fresh), (9, nil, .fresh), (10, nil, .whileRevalidating), (14, nil, .whileRevalidating),
        (15, nil, .ifError), (109, nil, .ifError), (110, nil, .expired), (0, "no-cache", .expired),
        (0, "no-store", .expired), (5, "max-age=5", .fresh), (6, "max-age=5", .expired), (12, "max-age=11", .expired),
        (12, "max-age=60", .whileRevalidating),
    ]

    @Test("what an answer of an age is good for", arguments: ages)
    func freshness(age: Int, header: String?, expected: CacheLifetime.Freshness) {
        #expect(Self.long.freshness(at: .seconds(age), CacheControl(header)) == expected)
    }

    @Test func withoutStalenessTheEndIsTheEnd() {
        #expect(CacheLifetime(ttl: .seconds(10)).freshness(at: .seconds(10)) == .expired)
        #expect(CacheLifetime(ttl: .seconds(10)).longest == .seconds(10) && Self.long.longest == .seconds(110))
    }
}
