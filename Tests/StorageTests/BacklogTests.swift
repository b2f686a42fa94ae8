import Testing

@testable import Storage

struct BacklogTests {
    private let trouble = LedgerError(.full, path: "x.db", detail: "disk full")

    private func ids(_ batch: Backlog.Batch) -> [String] { batch.requests.map(\.id) }

    @Test func memoryIsBoundedAndTheLostAreCounted() {
        var backlog = Backlog(most: 3)
        for id in ["a", "b"] { backlog.add(goodRequest(id), corrections: 0) }
        let batch = backlog.take()
        for id in ["c", "d", "e"] { backlog.add(goodRequest(id), corrections: 2) }
        #expect(backlog.report.backlog == 3)
        #expect(backlog.report.lost == 2)
        #expect(backlog.report.corrected == 6)
        backlog.giveBack(batch, because: trouble)
        #expect(ids(backlog.take()) == ["a", "b", "c"])
    }

    @Test func usesOfAnswersLeaveRoomForDeliveries() {
        var backlog = Backlog()
        for number in 0..<Backlog.mostErrands { backlog.add(.touch(key: [], at: Int64(number))) }
        backlog.add(.event(EventRecord(at: 1, kind: "k", text: "kept")))
        #expect(backlog.report.lostErrands == 0)
        if case .event? = backlog.take().errands.last {} else { Issue.record("the event is lost") }
    }

    @Test func whatFailsComesBackInFront() {
        var backlog = Backlog()
        for id in ["a", "b", "c"] { backlog.add(goodRequest(id), corrections: 0) }
        backlog.add(.event(EventRecord(at: 1, kind: "k", text: "first")))
        var batch = backlog.take()
        backlog.add(goodRequest("d"), corrections: 0)
        backlog.add(.event(EventRecord(at: 2, kind: "k", text: "second")))
        backlog.wrote(1, repeated: 0, at: 7)
        batch.requests = batch.requests.dropFirst()
        #expect(backlog.report.backlog == 3)
        backlog.giveBack(batch, because: trouble)
        #expect(backlog.report.error?.contains("free some space") == true)
        #expect(backlog.report.lastWrite == 7)
        let again = backlog.take()
        #expect(ids(again) == ["b", "c", "d"])
        #expect(again.errands.count == 2)
        if case .event(let event) = again.errands.first { #expect(event.text == "first") }
        backlog.wrote(3, repeated: 1, at: 8)
        #expect(backlog.report == LedgerHealth(lastWrite: 8, repeated: 1))
        #expect(backlog.isEmpty)
    }
}
