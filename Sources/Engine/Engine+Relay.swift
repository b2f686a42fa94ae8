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
    ///
    /// Where the feature opted in, a broken answer goes on at another deployment, as one answer.
    func relay(_ stream: SpeakingStream, _ attempt: RequestPlan.Attempt, _ course: Course) -> OutboundResponse {
        let body: @concurrent @Sendable (inout any BodyWriter) async throws -> Void = { [self] writer in
            var (stream, attempt, course) = (stream, attempt, course)
            let firstToken = stream.firstToken
            var problem: RelayProblem?
            while true {
                problem = await pump(&stream, attempt.deployment, &course, &writer)
                stream.watchdog.stop()
                end(stream, attempt, problem, &course.journey)
                guard case .broken(let failure)? = problem else { break }
                if let next = await goOn(attempt, failure, &course) {
                    (stream, attempt) = next
                    continue
                }
                if course.journey.departure.isGone {
                    problem = Task.isCancelled ? .stopped : .clientLeft
                } else {
                    try? await writer.write(errorEvent(failure, stream.reader, course.journey))
                }
                break
            }
            settle(course.journey, ending(problem, attempt.deployment, firstToken: firstToken))
            // An answer that was stopped must not look like one that ended.
            switch problem {
            case .clientLeft?, .stopped?: throw ClientLeft()
            case .broken?, nil: break
            }
        }
        var headers = headers(course.journey, attempt.deployment, provider: stream.headers)
        headers.append(("cache-control", "no-cache"))
        return OutboundResponse(status: 200, headers: headers, body: .stream(body))
    }

    /// Another deployment that goes on with the answer, and has spoken; nil where it can't be continued or nobody can.
    private func goOn(
        _ attempt: RequestPlan.Attempt,
        _ failure: AttemptFailure,
        _ course: inout Course
    ) async -> (SpeakingStream, RequestPlan.Attempt)? {
        guard course.continuation?.isPossible == true, let broken = course.journey.expenses.last else { return nil }
        let degraded = course.journey.degraded
        course.continuation?.resume(used: broken.spent.tokens(requestBytes: course.journey.requestBytes))
        course.journey.isContinued = true
        course.plan.failed(attempt, AttemptFailure(.midStream, status: 200, detail: failure.detail))
        guard case .speaking(let stream, let next) = await travel(&course) else { return nil }
        let all = degraded + course.journey.degraded + ["continued"]
        course.journey.degraded = all.enumerated().filter { !all[..<$0.offset].contains($0.element) }.map(\.element)
        return (stream, next)
    }

    private enum RelayProblem {
        case clientLeft
        /// Nines was made to stop while the answer was under way.
        case stopped
        case broken(AttemptFailure)
    }

    private struct ClientLeft: Error {}

    /// Keep-alives without an event of the answer's own hold it up for no longer than a whole answer might take.
    @concurrent private func pump(
        _ stream: inout SpeakingStream,
        _ deployment: Deployment,
        _ course: inout Course,
        _ writer: inout any BodyWriter
    ) async -> RelayProblem? {
        let exchange = stream.exchange
        let idle = config.policy.idleTimeout
        let patience = max(idle, deployment.timeout ?? config.policy.timeout)
        // Spent waiting for the provider since the answer went on.
        var waited: Duration = .zero
        let journey = course.journey
        journey.departure.onLeave { exchange.cancel() }
        do {
            // A client that reads slowly is no silence of the provider's.
            stream.watchdog.hold()
            try await writer.write(course.continuation?.pass(stream.held) ?? stream.held)
            stream.held = []
            stream.watchdog.extend(idle)
            while !stream.hasEnded {
                let (steps, asked) = (stream.reader.steps, ContinuousClock.now)
                guard let events = try await exchange.next() else { break }
                let now = ContinuousClock.now
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
                    try await writer.write(course.continuation?.pass(ready) ?? ready)
                }
                let goesOn = stream.reader.steps > steps || stream.reader.isWithinEvent
                waited = goesOn ? .zero : waited + (now - asked)
                stream.watchdog.extend(min(idle, patience - waited))
                if stream.reader.failure != nil { break }
            }
            // After the finish reason everything was said: what goes wrong then breaks nothing off.
            if !stream.reader.isComplete, var failure = stream.reader.failure ?? missingEnd(stream.reader) {
                failure.detail = redacted(failure.detail, secrets: table.secrets)
                exchange.cancel()
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
            let silence =
                patience - waited < idle
                ? "nothing but keep-alives for \(Int(patience.inSeconds)) s" : "silent for \(Int(idle.inSeconds)) s"
            let failure =
                stream.watchdog.hasFired
                ? AttemptFailure(.midStream, status: 200, detail: silence)
                : AttemptFailure(.midStream, status: 200, detail: redacted(error.detail, secrets: table.secrets))
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
        let error = GatewayError(
            status: 502,
            type: "server_error",
            code: "stream_interrupted",
            message: "The answer broke off and is incomplete: \(redacted(failure.detail, secrets: table.secrets)).",
            attempts: journey.errorLines
        )
        return reader.errorEvent(error, requestID: journey.id)
    }

    /// Books the end of one deployment's part of the answer.
    private func end(
        _ stream: SpeakingStream,
        _ attempt: RequestPlan.Attempt,
        _ problem: RelayProblem?,
        _ journey: inout Journey
    ) {
        changeInFlight(by: -1, of: attempt.deployment.id)
        let number = stream.attemptNumber
        let isWhole = problem == nil
        let spent = Spent(usage: stream.reader.usage, contentBytes: stream.reader.contentBytes, isWhole: isWhole)
        journey.spend(spent, on: attempt.deployment, attempt: number, isAnswer: true)
        guard case .broken(let failure)? = problem else {
            journey.end(number, status: 200, firstToken: stream.firstToken)
            if problem == nil, !attempt.isProbe { noteWhole(attempt) }
            return
        }
        let seen = AttemptFailure(.midStream, status: 200, detail: failure.detail)
        journey.end(number, status: 200, firstToken: stream.firstToken, failure: seen)
        failed(attempt, seen, afterContent: true)
    }

    private func ending(_ problem: RelayProblem?, _ deployment: Deployment, firstToken: Duration) -> Ending {
        var ending = Ending(outcome: .complete, status: 200, servedBy: deployment)
        ending.firstToken = firstToken
        ending.isBooked = true
        switch problem {
        case nil: break
        case .clientLeft: ending.outcome = .cancelled
        case .stopped: (ending.outcome, ending.error) = (.cut, "Nines was stopped")
        case .broken(let failure): (ending.outcome, ending.error) = (.cut, failure.detail)
        }
        return ending
    }
}
