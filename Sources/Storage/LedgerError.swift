import GRDB

/// Why the ledger can't be opened, read or written: what failed, where, and what to do.
package struct LedgerError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Kind: Equatable, Sendable {
        /// Not SQLite at all.
        case notADatabase
        /// SQLite, but some other program's.
        case foreign
        /// Written by a newer version of Nines.
        case newer
        /// Another program holds the lock.
        case locked
        case readOnly
        /// The file or its folder can't be reached or made.
        case unreachable
        case full
        /// SQLite found the file damaged.
        case corrupt
        /// Anything else; SQLite's own words say more.
        case failed
    }

    package let kind: Kind
    package let path: String
    /// The system's own words.
    package let detail: String

    package var description: String {
        "the ledger \(path) \(problem) (\(detail)): \(advice)"
    }

    private var problem: String {
        switch kind {
        case .notADatabase: "is not an SQLite database"
        case .foreign: "is an SQLite database of another program"
        case .newer: "was written by a newer version of Nines"
        case .locked: "is locked by another program"
        case .readOnly: "can't be written"
        case .unreachable: "can't be opened"
        case .full: "has no room left to grow"
        case .corrupt: "is damaged"
        case .failed: "failed"
        }
    }

    private var advice: String {
        switch kind {
        case .notADatabase, .foreign: "nothing was changed; name another file with --db"
        case .newer: "nothing was changed; run that version, or name another file with --db"
        case .locked: "stop the other program, such as a second nines or an open sqlite3 transaction"
        case .readOnly: "give yourself write permission to the file and its folder, or name another file with --db"
        case .unreachable: "make its folder, with write permission, or name another file with --db"
        case .full: "free some space on that disk"
        case .corrupt: "keep a copy, then rescue it with `sqlite3 FILE .recover`, or name another file with --db"
        case .failed: "see SQLite's message, or name another file with --db"
        }
    }

    init(_ kind: Kind, path: String, detail: String) {
        self.kind = kind
        self.path = path
        self.detail = detail
    }

    init(_ error: any Error, path: String) {
        switch error {
        case let known as Self:
            self = known
        case let error as DatabaseError:
            // The SQL that failed is left out: its arguments are the client's.
            self.init(Self.kind(of: error.resultCode), path: path, detail: error.message ?? "\(error.resultCode)")
        default:
            self.init(.failed, path: path, detail: "\(error)")
        }
    }

    private static func kind(of code: ResultCode) -> Kind {
        switch code {
        case .SQLITE_NOTADB: .notADatabase
        case .SQLITE_BUSY, .SQLITE_LOCKED: .locked
        case .SQLITE_READONLY, .SQLITE_PERM: .readOnly
        case .SQLITE_CANTOPEN: .unreachable
        case .SQLITE_FULL: .full
        case .SQLITE_CORRUPT: .corrupt
        default: .failed
        }
    }
}
