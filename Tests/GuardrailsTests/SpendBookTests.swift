import Testing

@testable import Guardrails

private let summarise = SpendOwner.feature("summarise")

/// An hourly cap for one feature.
private func bookOf(_ amount: Int64) -> SpendBook {
    SpendBook(caps: [SpendCap(owner: summarise, amount: amount, period: .seconds(3_600))])
}

private struct Refused: Error {}

extension SpendBook {
    fileprivate mutating func hold(_ amounts: [SpendOwner: Int64], at milliseconds: Int64) throws -> Reservation {
        guard let reservation = reserve(amounts, at: milliseconds) else { throw Refused() }
        return reservation
    }

    fileprivate func sums(_ owner: SpendOwner = summarise, at: Int64 = 0) -> [Int64] {
        standings(of: [owner], at: at).flatMap { [$0.spent, $0.reserved] }
    }
}

struct SpendCapTests {
    @Test(
        "stretches are fixed and aligned to UTC",
        arguments: [
            (3_600, 0, 0), (3_600, 3_599_999, 0), (3_600, 3_600_000, 3_600_000), (86_400, 90_000_000, 86_400_000),
            (3_600, -1, -3_600_000), (3_600, -3_600_000, -3_600_000), (2_592_000, 2_592_000_001, 2_592_000_000),
        ] as [(Int64, Int64, Int64)]
    )
    func window(seconds: Int64, at: Int64, start: Int64) {
        let cap = SpendCap(owner: .all, amount: 1, period: .seconds(seconds))
        #expect(cap.window(at: at) == start..<start + seconds * 1_000)
    }

    @Test(
        "no moment and no length traps",
        arguments: [Int64.min, -1, 0, 1, .max],
        [Duration.zero, .seconds(Int64.max)]
    )
    func extremes(at: Int64, period: Duration) {
        let window = SpendCap(owner: .all, amount: -1, period: period).window(at: at)
        #expect(window.lowerBound <= at)
    }
}

struct SpendBookTests {
    @Test func fortyAtOnceAgainstACapForFive() {
        var book = bookOf(50)
        let passed = (0..<40).compactMap { _ in book.reserve([summarise: 10], at: 0) }
        #expect(passed.count == 5)
        #expect(book.sums() == [0, 50])
        for reservation in passed { book.correct(reservation, to: [summarise: 4]) }
        #expect(book.sums() == [20, 0])
        // What was held and not spent is free again: three more fit.
        let held10 = (0..<40).compactMap { _ in book.reserve([summarise: 10], at: 0) }
        #expect(held10.count == 3)
    }

    @Test("any interleaving keeps every cap, and blocks only what doesn't fit", arguments: 0..<20)
    func interleavings(seed: UInt64) {
        var random = Seeded(seed)
        let owners: [SpendOwner] = [summarise, .tenant("acme"), .provider("openai"), .all]
        let caps = owners.map { SpendCap(owner: $0, amount: Int64(200 + random.below(800)), period: .seconds(3_600)) }
        var book = SpendBook(caps: caps)
        var model = [SpendOwner: (spent: Int64, reserved: Int64)]()
        var open: [Reservation] = []
        for _ in 0..<2_000 {
            if random.below(2) == 0 || open.isEmpty {
                var amounts: [SpendOwner: Int64] = [:]
                for owner in owners where random.below(4) > 0 { amounts[owner] = Int64(random.below(60)) }
                let fits = caps.allSatisfy { cap in
                    let sums = model[cap.owner] ?? (0, 0)
                    return amounts[cap.owner, default: 0] == 0
                        || sums.spent + sums.reserved + amounts[cap.owner, default: 0] <= cap.amount
                }
                let reservation = book.reserve(amounts, at: Int64(random.below(3_600_000)))
                #expect((reservation != nil) == fits)
                guard let reservation else { continue }
                open.append(reservation)
                for (owner, amount) in amounts { model[owner, default: (0, 0)].reserved += amount }
            } else {
                let reservation = open.remove(at: random.below(open.count))
                let actual = random.below(3) == 0 ? [:] : reservation.amounts.mapValues { $0 / 2 }
                if actual.isEmpty { book.release(reservation) } else { book.correct(reservation, to: actual) }
                for (owner, amount) in reservation.amounts { model[owner, default: (0, 0)].reserved -= amount }
                for (owner, amount) in actual { model[owner, default: (0, 0)].spent += amount }
            }
            for owner in owners {
                #expect(book.sums(owner) == [model[owner]?.spent ?? 0, model[owner]?.reserved ?? 0])
            }
            for standing in book.standings(at: 0) {
                #expect(standing.spent + standing.reserved <= standing.cap.amount)
            }
        }
    }

    @Test func allOrNothing() {
        var book = SpendBook(caps: [
            SpendCap(owner: summarise, amount: 100, period: .seconds(60)),
            SpendCap(owner: .tenant("acme"), amount: 5, period: .seconds(60)),
        ])
        let held1 = book.reserve([summarise: 10, .tenant("acme"): 6], at: 0)
        #expect(held1 == nil)
        #expect(book.sums() == [0, 0])
        let held2 = book.reserve([summarise: 10, .tenant("other"): 6], at: 0)
        #expect(held2 != nil)
    }

    @Test func twoCapsOfOneOwnerBothHold() {
        var book = SpendBook(caps: [
            SpendCap(owner: .all, amount: 10, period: .seconds(3_600)),
            SpendCap(owner: .all, amount: 15, period: .seconds(86_400)),
        ])
        let held11 = (0..<3).compactMap { _ in book.reserve([.all: 5], at: 0) }
        #expect(held11.count == 2)
        let held12 = (0..<3).compactMap { _ in book.reserve([.all: 5], at: 3_600_000) }
        #expect(held12.count == 1)
    }

    @Test func aReservationCountsOnce() throws {
        var book = bookOf(100)
        let reservation = try book.hold([summarise: 10], at: 0)
        book.correct(reservation, to: [summarise: 3])
        book.correct(reservation, to: [summarise: 3])
        book.release(reservation)
        #expect(book.sums() == [3, 0])
    }

    @Test func anUnknownCostCountsAsWhatWasHeld() throws {
        var book = bookOf(100)
        book.correct(try book.hold([summarise: 10], at: 0), to: nil)
        #expect(book.sums() == [10, 0])
    }

    @Test func moreThanWasHeldIsBookedEvenBeyondTheCap() throws {
        var book = bookOf(100)
        book.correct(try book.hold([summarise: 90], at: 0), to: [summarise: 150])
        #expect(book.sums() == [150, 0])
        let held3 = book.reserve([summarise: 1], at: 0)
        #expect(held3 == nil)
        let held4 = book.reserve([summarise: 0], at: 0)
        #expect(held4 != nil)
        #expect(book.standings(at: 0).map(\.remaining) == [0])
    }

    @Test func aRequestCountsWhereItBegan() throws {
        var book = bookOf(100)
        let late = try book.hold([summarise: 60], at: 3_599_999)
        // The next stretch is whole.
        let held5 = book.reserve([summarise: 100], at: 3_600_000)
        #expect(held5 != nil)
        book.correct(late, to: [summarise: 50])
        #expect(book.sums(at: 3_599_999) == [50, 0])
        #expect(book.sums(at: 3_600_000) == [0, 100])
    }

    @Test func aClockThatJumpsAheadAndBackForgetsNothing() throws {
        var book = bookOf(100)
        book.book([summarise: 80], at: 0)
        for hour in 1...2 { book.book([summarise: 1], at: Int64(hour) * 3_600_000_000) }
        let held6 = book.reserve([summarise: 100], at: .max)
        #expect(held6 != nil)
        book.book([summarise: 90], at: 5)
        let held7 = book.reserve([summarise: 20], at: 10)
        #expect(held7 == nil)
    }

    @Test func afterARestartTheLedgersSumsCount() throws {
        var before = bookOf(100)
        before.correct(try before.hold([summarise: 40], at: 5_000), to: [summarise: 37])
        _ = before.reserve([summarise: 40], at: 6_000)
        var after = bookOf(100)
        for (cap, window) in after.windows(at: 7_000) {
            #expect(window == 0..<3_600_000)
            after.restore(cap, spent: 37, at: 7_000)
        }
        // No reservation is stuck.
        #expect(after.sums(at: 7_000) == [37, 0])
        let held8 = after.reserve([summarise: 63], at: 7_000)
        #expect(held8 != nil)
        let held9 = after.reserve([summarise: 1], at: 7_000)
        #expect(held9 == nil)
    }

    @Test("huge amounts are bounded", arguments: [Int64.max, .max - 1, .min, -1])
    func huge(amount: Int64) {
        var book = SpendBook(caps: [SpendCap(owner: summarise, amount: .max, period: .seconds(60))])
        for _ in 0..<3 {
            if let reservation = book.reserve([summarise: amount], at: 0) { book.correct(reservation, to: nil) }
            book.book([summarise: amount], at: 0)
        }
        let standing = book.standings(at: 0).first
        #expect(standing.map { $0.remaining >= 0 && $0.spent >= 0 && $0.reserved == 0 && $0.share >= 0 } == true)
    }

    @Test func withoutACapNothingIsHeld() {
        var book = SpendBook()
        let reservation = book.reserve([.all: .max], at: 0)
        #expect(reservation?.amounts == [:])
        #expect(book.standings(at: 0) == [])
    }
}
