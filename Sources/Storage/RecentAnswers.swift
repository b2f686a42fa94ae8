/// The answers that were given last, kept in memory: what many ask for is not read from the file each time.
///
/// Two halves, the older of which is forgotten when the newer is full: at least the last `most` / 2 bytes are here.
struct RecentAnswers {
    /// Bytes, of both halves.
    private let most: Int
    private var newer: [[UInt8]: CacheEntry] = [:]
    private var older: [[UInt8]: CacheEntry] = [:]
    /// Of the newer half.
    private var bytes = 0
    /// Counts what emptied it: what was read from the file before that is not kept after it.
    private(set) var purges = 0
    /// What the file said of purges, by whichever program, when it was looked at last, and when that was.
    private var mark = ""
    private var lookedAt: Int64?

    init(most: Int = 2 << 20) { self.most = most }

    mutating func find(_ key: [UInt8]) -> CacheEntry? {
        if let entry = newer[key] { return entry }
        guard let entry = older[key] else { return nil }
        put(entry)
        return entry
    }

    /// Takes what was read from the file when `purges` was so many, unless that is out of date.
    mutating func keep(_ entry: CacheEntry, purges: Int) {
        guard purges == self.purges, find(entry.key).map({ $0.created < entry.created }) ?? true else { return }
        put(entry)
    }

    /// An answer was stored, which replaces that of the same key.
    mutating func put(_ entry: CacheEntry) {
        // One that would fill a half alone drives all others out.
        guard entry.size <= most / 8 else {
            newer[entry.key] = nil
            older[entry.key] = nil
            return
        }
        bytes += entry.size - (newer.updateValue(entry, forKey: entry.key)?.size ?? 0)
        guard bytes > most / 2 else { return }
        (older, newer, bytes) = (newer, [:], 0)
    }

    /// Whether to look again for what another program purged: every second (UTC milliseconds).
    mutating func isToLook(_ now: Int64) -> Bool {
        if let lookedAt, (now - lookedAt).magnitude < 1_000 { return false }
        lookedAt = now
        return true
    }

    /// Empties it where `mark` is not what the file said before.
    mutating func note(mark: String) {
        if mark != self.mark { removeAll() }
        self.mark = mark
    }

    mutating func removeAll() {
        (older, newer, bytes) = ([:], [:], 0)
        purges += 1
    }
}
