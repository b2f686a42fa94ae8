import FrontDoor
import Routing
import Settings
import Storage
import Synchronization
import Upstream
import Wire

extension Engine {
    /// The stream has spoken: sends what was held back, then bytes as they come, and never pretends that a broken answer
    /// is whole: no finish reason, no end mark, an error event in their place.
    func relay(_ stream: SpeakingStream, _ attempt: RequestPlan.Attempt, _ journey: Journey) -> OutboundResponse {
        let deployment = attempt.deployment
        let idle = config.policy.idleTimeout
        let body: @concurrent @Sendable (inout any BodyWriter) async throws -> Void = { [self] writer in
            var stream = stream
            let problem = await pump(&stream, idle: idle, journey, &writer)
            stream.watchdog.stop()
            finish(stream, attempt, journey, problem)
            if case .clientLeft? = problem { throw ClientLeft() }
        }
        var headers = headers(journey, deployment, provider: stream.headers)
        headers.append(("cache-control", "no-cache"))
        return OutboundResponse(status: 200, headers: headers, body: .stream(body))
    }

    private enum RelayProblem {
        case clientLeft
        /// Nines was made to stop while the answer was under way.
        case stopped
        case broken(AttemptFailure)
    }

    private struct ClientLeft: Error {}

    @concurrent private func pump(
        _ stream: inout SpeakingStream,
        idle: Duration,
        _ journey: Journey,
        _ writer: inout any BodyWriter
    ) async -> RelayProblem? {
        let exchange = stream.exchange
        journey.departure.onLeave { exchange.cancel() }
        do {
            // A client that reads slowly is no silence of the provider's.
            stream.watchdog.hold()
            try await writer.write(stream.held)
            stream.held = []
            stream.watchdog.extend(idle)
            while !stream.hasEnded {
                guard let events = try await exchange.next() else { break }
                for event in events {
                    switch event {
                    case .head: continue
                    case .bytes(let bytes): stream.reader.feed(bytes)
                    case .end: stream.hasEnded = true
                    }
                }
                let ready = stream.reader.takeReady()
                if !ready.isEmpty {
                    stream.watchdog.hold()
                    try await writer.write(ready)
                }
                stream.watchdog.extend(idle)
                if stream.reader.failure != nil { break }
            }
            if var failure = stream.reader.failure ?? missingEnd(stream.reader) {
                failure.detail = redacted(failure.detail, secrets: table.secrets)
                exchange.cancel()
                try await writer.write(errorEvent(failure, stream.reader, journey))
                return .broken(failure)
            }
            let closing = stream.reader.closing()
            if !closing.isEmpty { try await writer.write(closing) }
            return nil
        } catch let error as TransportError {
            if Task.isCancelled { return .stopped }
            if journey.departure.isGone { return .clientLeft }
            if stream.reader.isComplete {
                // Everything was said; only the end mark, or the connection's end, is missing.
                let closing = stream.reader.closing()
                if !closing.isEmpty { try? await writer.write(closing) }
                return nil
            }
            let failure =
                stream.watchdog.hasFired
                ? AttemptFailure(.midStream, status: 200, detail: "silent for \(Int(idle.inSeconds)) s")
                : AttemptFailure(.midStream, status: 200, detail: redacted(error.detail, secrets: table.secrets))
            try? await writer.write(errorEvent(failure, stream.reader, journey))
            return .broken(failure)
        } catch {
            exchange.cancel()
            return Task.isCancelled ? .stopped : .clientLeft
        }
    }

    private func missingEnd(_ reader: StreamReader) -> AttemptFailure? {
        reader.isComplete
            ? nil : AttemptFailure(.midStream, status: 200, detail: "the stream ended without a finish reason")
    }

    private func errorEvent(_ failure: AttemptFailure, _ reader: StreamReader, _ journey: Journey) -> [UInt8] {
        var journey = journey
        journey.end(status: 200, failure: AttemptFailure(.midStream, status: 200, detail: failure.detail))
        let error = GatewayError(
            status: 502,
            type: "server_error",
            code: "stream_interrupted",
            message: "The answer broke off and is incomplete: \(redacted(failure.detail, secrets: table.secrets)).",
            attempts: journey.errorLines
        )
        return reader.errorEvent(error, requestID: journey.id)
    }

    private func finish(
        _ stream: SpeakingStream,
        _ attempt: RequestPlan.Attempt,
        _ journey: Journey,
        _ problem: RelayProblem?
    ) {
        let deployment = attempt.deployment
        var journey = journey
        var ending = Ending(outcome: .complete, status: 200, servedBy: deployment)
        ending.usage = stream.reader.usage
        ending.contentBytes = stream.reader.contentBytes
        ending.firstToken = stream.firstToken
        changeInFlight(by: -1, of: deployment.id)
        switch problem {
        case nil:
            journey.end(status: 200, firstToken: stream.firstToken)
            if !attempt.isProbe { noteWhole(attempt) }
        case .clientLeft:
            ending.outcome = .cancelled
            journey.end(status: 200, firstToken: stream.firstToken)
        case .stopped:
            ending.outcome = .cut
            ending.error = "Nines was stopped"
            journey.end(status: 200, firstToken: stream.firstToken)
        case .broken(let failure):
            let seen = AttemptFailure(.midStream, status: 200, detail: failure.detail)
            ending.outcome = .cut
            ending.error = failure.detail
            journey.end(status: 200, firstToken: stream.firstToken, failure: seen)
            let opened = router.withLock {
                $0.breakers.failed(
                    deployment,
                    seen,
                    asProbe: false,
                    policy: config.policy,
                    now: uptime,
                    sentAt: attempt.startedAt
                )
            }
            noteFailure(deployment, seen, opened: opened, wasProbe: false)
        }
        settle(journey, ending)
    }
}
