import GRDB

/// Ids of series: those known to be in the file are kept in memory, missing ones are made.
///
/// Names come from clients, so that both the memory and the sums are bounded: a name beyond the limit keeps its request
/// rows, but is counted under `(other)`.
struct SeriesBook {
    /// Where names are counted that came after the limit.
    static let other = "(other)"

    /// Distinct names of one kind (tenant, feature, ...) that are counted apart.
    private let mostNames: Int
    /// Distinct combinations of names that are counted apart.
    private let mostCombinations: Int
    /// A bound on memory, not on the file.
    private static let mostKnown = 50_000

    private var ids: [SeriesKey: Int64] = [:]
    /// Where what happens to a combination of names is counted: its own series, and the sums that it is part of.
    private struct Family {
        let own: Int64
        let sums: [Int64]
    }
    private var families: [Family] = []
    /// Index in `families`.
    private var counted: [SeriesKey: Int64] = [:]
    /// By scope, the names that are counted apart; empty until first asked for.
    private var names: [SeriesKey.Scope: Set<String>] = [:]
    private var combinations: Int?

    init(mostNames: Int = 1_000, mostCombinations: Int = 10_000) {
        self.mostNames = mostNames
        self.mostCombinations = mostCombinations
    }

    /// Must follow a rolled back transaction.
    mutating func forget() {
        self = Self(mostNames: mostNames, mostCombinations: mostCombinations)
    }

    /// Forgets all when there is too much of it; call between batches.
    mutating func bound() {
        if ids.count + counted.count > Self.mostKnown { forget() }
    }

    /// The id of exactly this series.
    mutating func id(of key: SeriesKey, in db: Database) throws -> Int64 {
        if let id = ids[key] { return id }
        let arguments: StatementArguments = [
            key.scope.rawValue, key.traffic.rawValue, key.mode, key.tenant, key.feature, key.group, key.deployment,
            key.provider,
        ]
        let columns = "scope, traffic, mode, tenant, feature, grp, deployment, provider"
        let known = try db.cachedStatement(
            sql: "SELECT id FROM series WHERE (\(columns)) = (?, ?, ?, ?, ?, ?, ?, ?)"
        )
        if let id = try Int64.fetchOne(known, arguments: arguments) {
            ids[key] = id
            return id
        }
        let sql = "INSERT INTO series (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
        ids[key] = db.lastInsertedRowID
        return db.lastInsertedRowID
    }

    /// A number for `own` and `sums`, good until the next `forget` or `bound`, for requests of these names.
    mutating func family(of key: SeriesKey, in db: Database) throws -> Int64 {
        if let known = counted[key] { return known }
        var bounded = key
        bounded.tenant = try bound(key.tenant, .tenant, in: db)
        bounded.feature = try bound(key.feature, .feature, in: db)
        bounded.group = try bound(key.group, .group, in: db)
        bounded.provider = try bound(key.provider, .provider, in: db)
        let sums = try bounded.sums.map { try id(of: $0, in: db) }
        let known = try combinations ?? Int.fetchOne(db, sql: Self.countCombinations) ?? 0
        combinations = known + 1
        if known >= mostCombinations {
            (bounded.tenant, bounded.feature, bounded.group) = (Self.other, Self.other, Self.other)
            (bounded.deployment, bounded.provider) = (Self.other, Self.other)
        }
        families.append(Family(own: try id(of: bounded, in: db), sums: sums))
        counted[key] = Int64(families.count - 1)
        return Int64(families.count - 1)
    }

    func own(_ family: Int64) -> [Int64] { [families[Int(family)].own] }
    func sums(_ family: Int64) -> [Int64] { families[Int(family)].sums }

    private mutating func bound(_ name: String, _ scope: SeriesKey.Scope, in db: Database) throws -> String {
        if names[scope] == nil {
            let sql = "SELECT DISTINCT \(scope.column) FROM series WHERE scope = ?"
            names[scope] = Set(try String.fetchAll(db, sql: sql, arguments: [scope.rawValue]))
        }
        if names[scope, default: []].contains(name) { return name }
        guard names[scope, default: []].count < mostNames else { return Self.other }
        names[scope, default: []].insert(name)
        return name
    }

    /// Series of that scope also name rows: those that count something have days.
    private static let countCombinations = """
        SELECT count(*) FROM series AS s WHERE scope = 'request' AND EXISTS (SELECT 1 FROM sli_day WHERE series = s.id)
        """
}
