/// One line of a drill's journal: what happened, who did it, when.
///
/// Flat, so that it is a row of the ledger as it stands; a drill can be rebuilt from its lines alone.
package struct JournalRecord: Codable, Equatable, Sendable {
    /// From 0, without gaps.
    package let number: Int
    /// For a note, when the key was pressed; so times may step back a little.
    package let elapsed: Duration
    /// UTC milliseconds.
    package let wall: Int64
    package let kind: Kind
    /// Name of the person; nil for what Nines sensed or did by itself.
    package let who: String?
    package let role: DrillRole?
    /// What it is about: a step's id, a piece of evidence, a stop rule, a finding's id.
    package let subject: String
    /// The value or the words.
    package let text: String
    /// More, by name.
    package let fields: [String: String]

    package enum Kind: String, Codable, CaseIterable, Sendable {
        case opened, crew, phase, ticked, confirmed, declined, correction, skipped, hold, release
        case note, todo, decision, finding
        case findingClosed = "finding_closed"
        case evidence, intent, restore, stop, abort, restart, problem, signed, closed
    }

    package init(
        number: Int,
        elapsed: Duration,
        wall: Int64,
        kind: Kind,
        who: String? = nil,
        role: DrillRole? = nil,
        subject: String = "",
        text: String = "",
        fields: [String: String] = [:]
    ) {
        self.number = number
        // What is stored has milliseconds; a drill that is rebuilt must come out the same.
        self.elapsed = .milliseconds(elapsed.inMilliseconds)
        self.wall = wall
        self.kind = kind
        self.who = who
        self.role = role
        self.subject = subject
        self.text = text
        self.fields = fields
    }

    package var moment: Moment { Moment(elapsed: elapsed, wall: wall) }

    /// What the chain is over: every field in a fixed order, each as its length in bytes, a colon and its UTF-8.
    ///
    /// The lengths make it unambiguous whatever the texts hold.
    package var canonicalBytes: [UInt8] {
        var parts = [
            "\(number)", "\(elapsed.inMilliseconds)", "\(wall)", kind.rawValue, who ?? "", role?.rawValue ?? "",
            subject,
            text,
        ]
        for name in fields.keys.sorted() { parts += [name, fields[name] ?? ""] }
        return parts.flatMap { Array("\($0.utf8.count):".utf8) + Array($0.utf8) }
    }
}

/// One line with its place in the chain.
package struct JournalEntry: Codable, Equatable, Sendable {
    package let record: JournalRecord
    /// Of the entry before; empty for the first.
    package let previous: [UInt8]
    /// Of `previous` followed by the record's canonical bytes.
    package let hash: [UInt8]

    /// In hexadecimal, as a report seals it.
    package var seal: String { Words.hex(hash) }

    package init(record: JournalRecord, previous: [UInt8], hash: [UInt8]) {
        self.record = record
        self.previous = previous
        self.hash = hash
    }
}

/// The chain over a drill's lines.
package enum Journal {
    /// A collision-proof hash, handed in by who has one: SHA-256.
    package typealias Hash = ([UInt8]) -> [UInt8]

    /// The next entry of a chain whose last one is `last`.
    package static func entry(_ record: JournalRecord, after last: JournalEntry?, hash: Hash) -> JournalEntry {
        let previous = last?.hash ?? []
        return JournalEntry(record: record, previous: previous, hash: hash(previous + record.canonicalBytes))
    }

    /// The whole chain of a drill's lines.
    package static func entries(_ records: [JournalRecord], hash: Hash) -> [JournalEntry] {
        records.reduce(into: []) { $0.append(entry($1, after: $0.last, hash: hash)) }
    }

    /// Where a chain is broken.
    package struct Break: Error, Equatable, Sendable {
        /// Position of the first entry that is not what was written, from 0.
        package let index: Int
        package let reason: String
    }

    /// Recomputes every hash.
    ///
    /// An end that was cut off leaves a chain that is whole: compare the count and the last hash with the report's.
    /// - Returns: the first broken entry; nil where all is as it was written.
    package static func verify(_ entries: [JournalEntry], hash: Hash) -> Break? {
        var previous: [UInt8] = []
        for (index, entry) in entries.enumerated() {
            if entry.record.number != index {
                return Break(index: index, reason: "it says number \(entry.record.number): lines are missing or moved")
            }
            if entry.previous != previous { return Break(index: index, reason: "it does not follow the line before") }
            if hash(previous + entry.record.canonicalBytes) != entry.hash {
                return Break(index: index, reason: "its content was changed after it was written")
            }
            previous = entry.hash
        }
        return nil
    }
}
