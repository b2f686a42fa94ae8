/// Money held for a request under way.
package struct Reservation: Hashable, Sendable {
    fileprivate let number: UInt64
    /// When the request was accepted, UTC milliseconds: its cost counts in the stretches of that moment.
    package let at: Int64
    /// Nano-dollars by owner; owners without a cap are not in it.
    package let amounts: [SpendOwner: Int64]
}

/// Spend under caps: what is spent, and what is held for requests under way.
///
/// Holding before the call and correcting after it is what keeps any number of concurrent requests inside a cap. It is a
/// value: guard it with one lock, and decide and reserve under that lock. After a restart it is made again from the
/// ledger's sums: reservations of the process that ended are no more, and what its last requests cost is not known.
package struct SpendBook: Sendable, Equatable {
    private struct Sums: Equatable {
        var spent: Int64 = 0
        var reserved: Int64 = 0
    }

    private struct Account: Equatable {
        let cap: SpendCap
        /// By start of the stretch; more than one, since a request counts where it began, and a clock may jump back.
        var windows: [Int64: Sums] = [:]

        subscript(at: Int64) -> Sums {
            get { windows[cap.window(at: at).lowerBound] ?? Sums() }
            set {
                windows[cap.window(at: at).lowerBound] = newValue
                forget()
            }
        }

        /// Keeps the last few stretches, and those in which something is under way.
        private mutating func forget() {
            guard windows.count > 4 else { return }
            if let oldest = windows.filter({ $0.value.reserved == 0 }).keys.min() { windows[oldest] = nil }
        }
    }

    private var accounts: [SpendOwner: [Account]] = [:]
    private var open: Set<UInt64> = []
    private var reservations: UInt64 = 0

    package init(caps: [SpendCap] = []) {
        for cap in caps { accounts[cap.owner, default: []].append(Account(cap: cap)) }
    }

    /// The stretches whose spend counts at that moment: sum the ledger's costs of requests accepted in each, by cap.
    package func windows(at milliseconds: Int64) -> [(cap: SpendCap, window: Range<Int64>)] {
        accounts.values.joined().map { ($0.cap, $0.cap.window(at: milliseconds)) }
    }

    /// Sets what is spent under one cap in the stretch of that moment, as the ledger has it.
    package mutating func restore(_ cap: SpendCap, spent: Int64, at milliseconds: Int64) {
        for index in accounts[cap.owner]?.indices ?? 0..<0 where accounts[cap.owner]?[index].cap == cap {
            accounts[cap.owner]?[index][milliseconds].spent = max(0, spent)
        }
    }

    /// How the caps of `owners` stand; owners without one have none.
    package func standings(of owners: some Sequence<SpendOwner>, at milliseconds: Int64) -> [SpendStanding] {
        owners.flatMap { accounts[$0] ?? [] }.map { account in
            let sums = account[milliseconds]
            return SpendStanding(
                cap: account.cap,
                window: account.cap.window(at: milliseconds),
                spent: sums.spent,
                reserved: sums.reserved
            )
        }
    }

    /// How all caps stand.
    package func standings(at milliseconds: Int64) -> [SpendStanding] { standings(of: accounts.keys, at: milliseconds) }

    /// Holds all of `amounts` (nano-dollars; below 0 counts as 0), or, where one cap can't take its part, nothing: nil.
    package mutating func reserve(_ amounts: [SpendOwner: Int64], at milliseconds: Int64) -> Reservation? {
        let held = amounts.filter { accounts[$0.key] != nil }.mapValues { max(0, $0) }
        let fits = standings(of: held.keys, at: milliseconds).allSatisfy {
            held[$0.cap.owner, default: 0] <= $0.remaining
        }
        guard fits else { return nil }
        reservations += 1
        open.insert(reservations)
        add(held, at: milliseconds) { $0.reserved = $0.reserved.saturatingAdd($1) }
        return Reservation(number: reservations, at: milliseconds, amounts: held)
    }

    /// Puts in place of a reservation what was spent; an owner that isn't named spent nothing.
    ///
    /// Nil where the cost is unknown: then what was held counts as spent. Money is booked as it was spent, even beyond a cap.
    /// A reservation counts once; a second time changes nothing.
    package mutating func correct(_ reservation: Reservation, to spent: [SpendOwner: Int64]?) {
        guard open.remove(reservation.number) != nil else { return }
        add(reservation.amounts, at: reservation.at) { $0.reserved = $0.reserved.saturatingAdd(-$1) }
        book(spent ?? reservation.amounts, at: reservation.at)
    }

    /// Gives back all that was held.
    package mutating func release(_ reservation: Reservation) { correct(reservation, to: [:]) }

    /// Books spend of a request that held nothing, such as one past the router.
    package mutating func book(_ spent: [SpendOwner: Int64], at milliseconds: Int64) {
        add(spent, at: milliseconds) { $0.spent = $0.spent.saturatingAdd(max(0, $1)) }
    }

    private mutating func add(
        _ amounts: [SpendOwner: Int64],
        at milliseconds: Int64,
        _ change: (inout Sums, Int64) -> Void
    ) {
        for (owner, amount) in amounts {
            for index in accounts[owner]?.indices ?? 0..<0 {
                guard var sums = accounts[owner]?[index][milliseconds] else { continue }
                change(&sums, amount)
                accounts[owner]?[index][milliseconds] = sums
            }
        }
    }
}
