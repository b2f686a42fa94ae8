import GRDB

/// A prepared statement that is run once a row, without an array of arguments in between.
struct RowStatement {
    private let statement: Statement
    private var index: CInt = 0

    init(_ db: Database, sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
    }

    /// Forgets the last row.
    mutating func start() {
        // Marks the (empty) arguments as given, so that `execute()` runs with what `bind` put there.
        statement.setUncheckedArguments(StatementArguments())
        index = 0
    }

    /// Gives the next argument.
    mutating func bind(_ value: some StatementBinding) throws {
        index += 1
        let code = value.bind(to: statement.sqliteStatement, at: index)
        guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }

    func execute() throws {
        try statement.execute()
    }
}
