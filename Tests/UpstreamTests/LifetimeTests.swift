import Foundation
import Routing
import Synchronization
import Testing

@testable import Upstream

/// Cancelling, pooling, pausing and stopping.
@Suite(.timeLimit(.minutes(2)))
struct LifetimeTests {
    // MARK: cancelling

    @Test(
        "the server sees at once that the reader left",
        arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"]
    )
    func cancelClosesTheConnection(afterSending sent: String) async throws {
        let (asked, closed) = (Signal(), Signal())
        try await withServer({ connection in
            _ = connection.request()
            connection.send(sent)
            asked.send()
            connection.waitUntilClosed()
            closed.send()
        }) { server, upstream in
            let exchange = upstream.open(UpstreamRequest(url: server.url(), timeout: .seconds(600)))
            await asked.seen()
            if !sent.isEmpty { _ = await exchange.answer { !$0.body.isEmpty } }
            exchange.cancel()
            await closed.seen()
            let answer = await exchange.answer()
            #expect(answer.error?.kind == .cancelled)
            let afterwards = try await exchange.next()
            #expect(afterwards == nil)
            exchange.cancel()
        }
    }

    @Test func cancellingTheWaitingTaskCancelsTheExchange() async throws {
        let (asked, closed) = (Signal(), Signal())
        try await withServer({ connection in
            _ = connection.request()
            asked.send()
            connection.waitUntilClosed()
            closed.send()
        }) { server, upstream in
            let url = server.url()
            let reader = Task { await upstream.open(UpstreamRequest(url: url, timeout: .seconds(600))).answer() }
            await asked.seen()
            reader.cancel()
            #expect(await reader.value.error?.kind == .cancelled)
            await closed.seen()
        }
    }

    @Test func cancelWhileConnecting() async throws {
        let hole = try BlackHole()
        let upstream = try CurlUpstream()
        let exchange = upstream.open(
            UpstreamRequest(url: hole.url, connectTimeout: .seconds(600), timeout: .seconds(600))
        )
        exchange.cancel()
        #expect(await exchange.answer().error?.kind == .cancelled)
        await upstream.shutdown()
        #expect(upstream.statistics.inFlight == 0)
    }

    @Test func cancelAfterTheEndKeepsTheAnswerAndTheConnection() async throws {
        try await withServer(always(ok)) { server, upstream in
            for _ in 0..<3 {
                let exchange = upstream.open(UpstreamRequest(url: server.url()))
                let answer = await exchange.answer()
                exchange.cancel()
                #expect(answer.text == "ok")
            }
            #expect(server.connections == 1)
        }
    }

    // MARK: pooling

    @Test func oneConnectionCarriesRequestsInTurn() async throws {
        try await withServer(always(ok)) { server, upstream in
            for turn in 0..<20 {
                let answer = await upstream.open(UpstreamRequest(url: server.url())).answer()
                #expect(answer.timings?.reusedConnection == (turn > 0))
            }
            #expect(server.connections == 1)
            let statistics = upstream.statistics
            #expect(statistics.started == 20 && statistics.opened == 1 && statistics.reused == 19)
        }
    }

    /// How a server ends a connection that it had promised to keep.
    enum Ending: String, CaseIterable { case closesAfterAnswer, closesOnNextRequest, resetsOnNextRequest }

    /// What was sent may have been acted on: sending it again is the engine's decision.
    @Test("a post on a connection that the server gives up is sent once", arguments: Ending.allCases)
    func staleConnection(ending: Ending) async throws {
        let requests = Atomic(0)
        try await withServer({ connection in
            guard connection.request() != nil else { return }
            requests.add(1, ordering: .relaxed)
            guard connection.send(ok), ending != .closesAfterAnswer, connection.request() != nil else { return }
            requests.add(1, ordering: .relaxed)
            if ending == .resetsOnNextRequest { connection.reset() }
        }) { server, upstream in
            var answered = 0
            for _ in 0..<50 {
                let answer = await upstream.open(UpstreamRequest(url: server.url(), body: Array("{}".utf8))).answer()
                answered += answer.text == "ok" ? 1 : 0
                #expect(answer.text == "ok" || answer.error?.kind == .reset, "\(String(describing: answer.error))")
            }
            // Who closes after the answer is mostly seen to have done so.
            #expect(ending == .closesAfterAnswer ? answered > 0 : answered == 25)
            #expect(requests.load(ordering: .relaxed) == (ending == .closesAfterAnswer ? answered : 50))
        }
    }

    @Test func fiveHundredAtOnceCompleteAndLeaveNoDescriptor() async throws {
        try await withServer(always(ok)) { server, upstream in
            let url = server.url()
            let good = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<500 {
                    group.addTask {
                        let request = UpstreamRequest(url: url, connectTimeout: .seconds(60), timeout: .seconds(60))
                        return await upstream.open(request).answer().text == "ok"
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(good == 500)
            #expect(server.connections <= 500)
            #expect(descriptors(connectedTo: server.port) <= 256)
            await upstream.shutdown()
            #expect(descriptors(connectedTo: server.port) == 0)
            #expect(upstream.statistics.inFlight == 0)
        }
    }

    @Test func cancelledAndFailedExchangesLeaveNoDescriptor() async throws {
        try await withServer({ connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            connection.waitUntilClosed()
        }) { server, upstream in
            for turn in 0..<40 {
                let exchange = upstream.open(
                    UpstreamRequest(url: server.url(), timeout: .milliseconds(turn % 2 == 0 ? 20 : 60_000))
                )
                _ = await exchange.answer { _ in turn % 2 == 1 }
                exchange.cancel()
            }
            // A cancelled exchange ends before its connection does: one that completes comes after them all.
            let last = upstream.open(UpstreamRequest(url: server.url(), timeout: .milliseconds(20)))
            #expect(await last.answer().error?.kind == .timeout)
            #expect(descriptors(connectedTo: server.port) <= 1)
        }
    }

    // MARK: pausing

    @Test func aReaderThatStopsHoldsBoundedMemoryAndThenGetsEverything() async throws {
        let size = 24 << 20
        try await withServer({ connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            let block = [UInt8](repeating: 7, count: 1 << 20)
            for _ in 0..<(size >> 20) where !connection.send(block) { return }
        }) { server, upstream in
            let exchange = try #require(
                upstream.open(UpstreamRequest(url: server.url(), timeout: .seconds(60))) as? CurlExchange
            )
            while !exchange.isPaused { await Task.yield() }
            // Other exchanges of the thread go on meanwhile.
            try await withServer(always(ok)) { other, _ in
                #expect(await upstream.open(UpstreamRequest(url: other.url())).answer().text == "ok")
            }
            #expect(exchange.bufferedBytes >= CurlTransfer.bufferLimit)
            #expect(exchange.bufferedBytes <= CurlTransfer.bufferLimit + (16 << 10))
            let answer = await exchange.answer()
            #expect(answer.body.count == size && answer.timings != nil)
            #expect(answer.steps > 24)
        }
    }

    @Test func aPausedExchangeStillTimesOutAndCancels() async throws {
        let body = [UInt8](repeating: 7, count: 24 << 20)
        try await withServer({ connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
            connection.send(body)
        }) { server, upstream in
            let slow = try #require(
                upstream.open(UpstreamRequest(url: server.url(), timeout: .milliseconds(300))) as? CurlExchange
            )
            while !slow.isEnded { await Task.yield() }
            let answer = await slow.answer()
            #expect(answer.error?.kind == .timeout && answer.body.count >= CurlTransfer.bufferLimit)
            let left = try #require(
                upstream.open(UpstreamRequest(url: server.url(), timeout: .seconds(60))) as? CurlExchange
            )
            while !left.isPaused { await Task.yield() }
            left.cancel()
            #expect(await left.answer().error?.kind == .cancelled)
        }
    }

    // MARK: names and stopping

    @Test func lookupsThatFailDoNotHinderOthers() async throws {
        try await withServer(always(ok)) { server, upstream in
            let lost = (0..<50).map {
                upstream.open(UpstreamRequest(url: "http://name\($0).invalid/", timeout: .seconds(60)))
            }
            for _ in 0..<50 { #expect(await upstream.open(UpstreamRequest(url: server.url())).answer().text == "ok") }
            for (place, exchange) in lost.enumerated() where place % 2 == 0 { exchange.cancel() }
            for exchange in lost {
                let kind = await exchange.answer().error?.kind
                #expect([.dns, .cancelled, .connectTimeout].contains(kind))
            }
        }
    }

    @Test("shutdown ends what is under way, and what comes after it", arguments: [1, 3])
    func shutdown(threads: Int) async throws {
        try await withServer({ $0.waitUntilClosed() }, configuration: .init(threads: threads)) { server, upstream in
            let open = (0..<10).map { _ in upstream.open(UpstreamRequest(url: server.url(), timeout: .seconds(600))) }
            await upstream.shutdown()
            for exchange in open { #expect(await exchange.answer().error?.kind == .cancelled) }
            #expect(await upstream.open(UpstreamRequest(url: server.url())).answer().error?.kind == .cancelled)
            #expect(upstream.statistics.inFlight == 0)
            #expect(descriptors(connectedTo: server.port) == 0)
            await upstream.shutdown()
        }
    }
}
