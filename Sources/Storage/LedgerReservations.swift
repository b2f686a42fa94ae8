import GRDB

/// Money set aside for a request under way, so that many at once don't pass a cap that fits few.
package struct SpendReservation: Sendable, Equatable {
    package var request: String
    /// Which cap: a word of the guardrails', such as `feature/summarise`.
    package var cap: String
    /// Start of the cap's period: UTC milliseconds.
    package var period: Int64
    /// Nano-dollars.
    package var amount: Int64
    /// The run of the program (`beginRun`) that made it, and must end it.
    package var run: String

    package init(request: String, cap: String, period: Int64, amount: Int64, run: String) {
        self.request = request
        self.cap = cap
        self.period = period
        self.amount = amount
        self.run = run
    }
}

/// The file's copy, for the auditor and other processes: who decides holds the sums in memory.
extension Ledger {
    /// Sets money aside, or corrects how much; in the file after the next batch.
    ///
    /// A negative amount counts as none.
    package func reserve(_ reservation: SpendReservation) {
        var reservation = reservation
        reservation.amount = max(reservation.amount, 0)
        add(.reserve(reservation))
    }

    /// Ends a request's reservations under every cap, since its spend is booked or there was none.
    package func release(request: String) { add(.release(request: request)) }

    /// Nano-dollars set aside under a cap in one period.
    package func reserved(cap: String, period: Int64) throws(LedgerError) -> Int64 {
        try read { db in
            let sql = "SELECT coalesce(sum(amount_nano), 0) FROM spend_reservation WHERE cap = ? AND period = ?"
            return try Int64.fetchOne(db, sql: sql, arguments: [cap, period]) ?? 0
        }
    }

    /// All of them, in the order of caps.
    package func reservations() throws(LedgerError) -> [SpendReservation] {
        try read { db in
            let sql =
                "SELECT request, cap, period, amount_nano, run FROM spend_reservation ORDER BY cap, period, request"
            return try Row.fetchAll(db, sql: sql).map {
                SpendReservation(request: $0[0], cap: $0[1], period: $0[2], amount: $0[3], run: $0[4])
            }
        }
    }
}

enum ReservationTable {
    static let sql = """
        -- Money set aside for requests under way; a dead run's are cleared by the next run.
        CREATE TABLE spend_reservation (
            request TEXT NOT NULL,
            cap TEXT NOT NULL,
            period INTEGER NOT NULL,
            amount_nano INTEGER NOT NULL,
            run TEXT NOT NULL,
            PRIMARY KEY (request, cap)
        ) WITHOUT ROWID;
        CREATE INDEX spend_reservation_cap ON spend_reservation (cap, period);

        """

    static func upsert(_ reservation: SpendReservation, in db: Database) throws {
        let sql = """
            INSERT INTO spend_reservation (request, cap, period, amount_nano, run) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET period = excluded.period, amount_nano = excluded.amount_nano, run = excluded.run
            """
        try db.cachedStatement(sql: sql)
            .execute(
                arguments: [
                    reservation.request, reservation.cap, reservation.period, reservation.amount, reservation.run,
                ]
            )
    }

    static func delete(request: String, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM spend_reservation WHERE request = ?").execute(arguments: [request])
    }
}
