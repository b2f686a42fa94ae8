/// What waits for a sink, in a store that outlives the program.
///
/// The engine adapts the ledger's outbox table to it. Whoever puts an item in rings `DeliveryWorker.wake` afterwards.
package protocol Outbox: Sendable {
    /// The sink's oldest items, at most `limit`, in the order in which they were put in.
    ///
    /// Ends before the first whose time (`retry`) is still to come, so that nothing overtakes it; a time more than an hour
    /// ahead of `now` (UTC milliseconds) counts as come, as the clock was set back. Counts nothing as taken: there is
    /// one worker.
    func due(sink: String, now: Int64, limit: Int) async throws -> [OutboxItem]
    /// They were delivered.
    func done(_ ids: [Int64]) async throws
    /// They were tried in vain; not before `at` (UTC milliseconds) again.
    ///
    /// Adds one to their `attempts`. `error` is one line for people, free of secrets.
    func retry(_ ids: [Int64], at: Int64, error: String) async throws
    /// They will not be delivered; the reason is to be shown.
    func drop(_ ids: [Int64], reason: String) async throws
}

/// One thing to deliver to one sink.
package struct OutboxItem: Sendable, Equatable {
    /// Rises in the order in which items are put in.
    package var id: Int64
    /// `Sink.id`.
    package var sink: String
    /// What it belongs to: an alert's `dedupKey`, a call's id.
    ///
    /// Items of one key never overtake each other.
    package var key: String
    /// UTC milliseconds.
    package var createdAt: Int64
    /// Failed ones so far, for people to see.
    package var attempts: Int
    /// `AlertNotice.payload` or `CallRecord.payload`: never a rendered request, which may hold a secret.
    package var payload: [UInt8]

    package init(id: Int64, sink: String, key: String, createdAt: Int64, attempts: Int = 0, payload: [UInt8]) {
        self.id = id
        self.sink = sink
        self.key = key
        self.createdAt = createdAt
        self.attempts = attempts
        self.payload = payload
    }
}
