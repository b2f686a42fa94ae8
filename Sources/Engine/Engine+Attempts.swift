import FrontDoor
import NIOCore
import Routing
import Settings
import Storage
import Synchronization
import Upstream
import Wire

extension Engine {
    /// A course at its start; `ownLimit` is the client's own, in milliseconds.
    func course(of chat: ChatRequest, _ groups: [ModelGroup], _ journey: Journey, ownLimit: Int?) -> Course {
        var policy = config.policy
        if let ownLimit, ownLimit > 0 { policy.deadline = min(policy.deadline, .milliseconds(ownLimit)) }
        let seed = router.withLock { state in
            state.seed &+= 0x9E37_79B9_7F4A_7C15
            return state.seed
        }
        let feature = config.feature(journey.feature)
        let continuation = feature?.streamFailure == .resume ? ChatContinuation(chat) : nil
        let plan = RequestPlan(
            groups: groups,
            policy: policy,
            startedAt: uptime - journey.caching.waited,
            seed: seed,
            shopsRefusals: feature?.policyFailover ?? false,
            continuesStreams: continuation != nil
        )
        let runner = AttemptRunner(
            upstream: upstream,
            loop: loops.any(),
            secrets: table.secrets,
            connectTimeout: policy.connectTimeout,
            wallSeconds: journey.wallTime / 1_000
        )
        return Course(
            chat: chat,
            plan: plan,
            runner: runner,
            journey: journey,
            hasOwnLimit: policy.deadline < config.policy.deadline,
            shopsRefusals: feature?.policyFailover ?? false,
            cacheLifetime: feature?.promptCaching?.rawValue,
            continuation: continuation
        )
    }

    /// Attempts until one speaks or answers, or nobody is left: the one loop that retries.
    func travel(_ course: inout Course) async -> Arrival {
        while true {
            var step = router.withLock { course.plan.next(&$0.breakers, now: uptime) }
            if case .wait(let time) = step {
                await pause(time, unless: course.journey.departure)
                if course.journey.departure.isGone { return .departed }
                let again = router.withLock { course.plan.afterWait(&$0.breakers, now: uptime) }
                if let again { step = .attempt(again) }
            }
            switch step {
            case .wait: continue
            case .giveUp(let end):
                guard end.isRequestFault, let (answer, deployment) = course.rejection else { return .gaveUp(end) }
                return .rejected(answer, deployment)
            case .attempt(let attempt):
                guard let flight = takeOff(attempt, &course) else { continue }
                let landings = await race(flight, &course)
                if let arrival = settle(landings, &course) { return arrival }
            }
        }
    }

    /// Sleeps, but not beyond the moment the client leaves.
    private func pause(_ time: Duration, unless departure: Departure) async {
        let sleep = Task { try? await Task.sleep(for: time) }
        departure.onLeave { sleep.cancel() }
        await withTaskCancellationHandler {
            await sleep.value
        } onCancel: {
            sleep.cancel()
        }
        departure.onLeave(nil)
    }

    /// Opens the attempt's record and says the request in the deployment's format; nil where that can't hold it.
    private func takeOff(_ attempt: RequestPlan.Attempt, _ course: inout Course) -> Flight? {
        let deployment = attempt.deployment
        let number = course.journey.begin(deployment, why: attempt.reason)
        let tampering = faults.tampering(with: deployment, now: .now)
        if tampering != nil { course.journey.caching.tampered.insert(deployment.id.name) }
        let dialect: Dialect
        do throws(Untranslatable) {
            dialect = try Dialect(
                course.request(for: deployment),
                for: tampering?.changed(deployment) ?? deployment,
                id: course.journey.id,
                created: course.journey.wallTime / 1_000,
                cacheLifetime: course.cacheLifetime
            )
        } catch {
            let failure = AttemptFailure(.unsupported, detail: "\(error.parameter): \(error.reason)")
            course.journey.end(number, status: nil, failure: failure)
            release(attempt)
            course.plan.failed(attempt, failure)
            return nil
        }
        changeInFlight(by: 1, of: deployment.id)
        let key = deployment.credential?.secret
        return Flight(
            attempt: attempt,
            dialect: dialect,
            number: number,
            key: tampering.map { $0.key(key) } ?? key,
            tampering: tampering
        )
    }

    // MARK: Two at once

    /// Flies `first`, and where it is late the plan's hedge beside it; the first to speak wins and the other is cancelled.
    ///
    /// In the order in which they ended.
    private func race(_ first: Flight, _ course: inout Course) async -> [Landing] {
        guard let limit = config.policy.hedgeAfter else {
            let departure = course.journey.departure
            let report = await fly(first, course) { exchange in departure.onLeave { exchange.cancel() } }
            return [Landing(flight: first, report: report, isOutrun: false)]
        }
        let exchanges = OpenExchanges()
        course.journey.departure.onLeave { exchanges.cancel() }
        return await withTaskGroup(of: Sighting.self) { group in
            start(first, course, exchanges, &group)
            group.addTask {
                try? await Task.sleep(for: limit)
                return .late
            }
            var landings: [Landing] = []
            var underWay = 1
            for await sighting in group {
                switch sighting {
                case .late:
                    guard underWay == 1, landings.isEmpty, let hedge = hedge(&course) else { continue }
                    underWay += 1
                    start(hedge, course, exchanges, &group)
                case .landed(let flight, let report):
                    underWay -= 1
                    let isOutrun = landings.contains { $0.decides(shopsRefusals: course.shopsRefusals) }
                    let landing = Landing(flight: flight, report: report, isOutrun: isOutrun)
                    landings.append(landing)
                    if underWay == 0 || landing.decides(shopsRefusals: course.shopsRefusals) { group.cancelAll() }
                }
            }
            return landings
        }
    }

    private enum Sighting: Sendable {
        case landed(Flight, AttemptReport)
        /// The first attempt has not spoken within `hedge_after`.
        case late
    }

    private func start(
        _ flight: Flight,
        _ course: Course,
        _ exchanges: OpenExchanges,
        _ group: inout TaskGroup<Sighting>
    ) {
        group.addTask { [self] in
            .landed(flight, await fly(flight, course) { exchanges.add($0) })
        }
    }

    /// The plan's second attempt beside the late first; nil where nobody is free for it.
    private func hedge(_ course: inout Course) -> Flight? {
        guard !course.journey.departure.isGone,
            let attempt = router.withLock({ course.plan.hedge(&$0.breakers, now: uptime) })
        else { return nil }
        return takeOff(attempt, &course)
    }

    private func fly(
        _ flight: Flight,
        _ course: Course,
        _ onOpen: @Sendable (any UpstreamExchange) -> Void
    ) async -> AttemptReport {
        let report = await course.runner.run(
            flight.attempt,
            flight.dialect,
            isStream: course.chat.stream,
            key: flight.key,
            tampering: flight.tampering,
            course.journey,
            onOpen: onOpen,
            onHead: { [self] status in
                // A stream's headers prove the key long before its end does.
                if status == 200 { router.withLock { $0.breakers.proved(flight.deployment, now: uptime) } }
            }
        )
        return report
    }

    // MARK: What came of them

    /// Books every landing; nil where the plan must be asked again.
    private func settle(_ landings: [Landing], _ course: inout Course) -> Arrival? {
        var arrival: Arrival?
        for landing in landings {
            let flight = landing.flight
            guard landing.isOutrun else {
                arrival = arrival ?? book(landing, &course)
                continue
            }
            outrun(landing, &course)
            if case .speaking(let stream) = landing.report.result {
                stream.exchange.cancel()
                stream.watchdog.stop()
            }
            changeInFlight(by: -1, of: flight.deployment.id)
        }
        return arrival
    }

    private func book(_ landing: Landing, _ course: inout Course) -> Arrival? {
        let flight = landing.flight
        let attempt = flight.attempt
        switch landing.report.result {
        case .answer(let answer):
            changeInFlight(by: -1, of: flight.deployment.id)
            course.journey.end(flight.number, status: answer.status)
            course.journey.degraded = course.journey.terms.degraded + flight.dialect.degraded
            succeeded(attempt, course.journey)
            return .answer(answer, attempt)
        case .speaking(var stream):
            stream.attemptNumber = flight.number
            course.journey.degraded = course.journey.terms.degraded + flight.dialect.degraded
            // Only a probe's word is taken before the end: a stream that breaks is no success.
            if attempt.isProbe { succeeded(attempt, course.journey) } else { senseFailover(attempt, course.journey) }
            return .speaking(stream, attempt)
        case .failed(let failure, let answer):
            changeInFlight(by: -1, of: flight.deployment.id)
            course.journey.end(flight.number, status: failure.status, failure: failure)
            course.journey.spend(landing.report.spent, on: flight.deployment, attempt: flight.number)
            if failure.detail.hasPrefix(AttemptRunner.unclassified) { telemetry.noteUnclassified() }
            if failure.kind == .cancelled {
                release(attempt)
                return .departed
            }
            if failure.kind == .unsupported || isCutShort(attempt, failure, isStream: course.chat.stream) {
                release(attempt)
            } else {
                failed(attempt, failure)
            }
            course.plan.failed(attempt, failure)
            guard failure.kind.isClientFault, let answer else { return nil }
            course.rejection = (answer, flight.deployment)
            return nil
        }
    }

    /// Another one spoke first: what it cost is booked, and nothing is held against it, unless it had failed by itself.
    private func outrun(_ landing: Landing, _ course: inout Course) {
        let flight = landing.flight
        var spent = landing.report.spent
        if case .answer(let answer) = landing.report.result {
            spent = Spent(
                usage: answer.facts?.usage,
                contentBytes: answer.facts?.contentBytes ?? 0,
                isWhole: true
            )
        }
        course.journey.spend(spent, on: flight.deployment, attempt: flight.number)
        if case .failed(let failure, _) = landing.report.result, failure.kind != .cancelled {
            course.journey.end(flight.number, status: failure.status, failure: failure)
            failed(flight.attempt, failure)
            return course.plan.failed(flight.attempt, failure)
        }
        course.journey.outrun(flight.number)
        release(flight.attempt)
        course.plan.withdraw(flight.attempt)
    }

    // MARK: What an attempt's end means for the router

    private func succeeded(_ attempt: RequestPlan.Attempt, _ journey: Journey) {
        senseFailover(attempt, journey)
        noteWhole(attempt)
    }

    private func senseFailover(_ attempt: RequestPlan.Attempt, _ journey: Journey) {
        guard journey.drill != nil, attempt.deployment.id != journey.firstDeployment else { return }
        noteDrillFailover(attempt.deployment, after: journey.elapsed)
    }

    /// Books an attempt that came to a whole answer, or a probe that was answered.
    func noteWhole(_ attempt: RequestPlan.Attempt) {
        let closed = router.withLock {
            $0.breakers.succeeded(
                attempt.deployment,
                asProbe: attempt.isProbe,
                policy: config.policy,
                now: uptime,
                sentAt: attempt.startedAt
            )
        }
        noteSuccess(attempt.deployment, closedBreaker: closed, begun: .now - (uptime - attempt.startedAt))
    }

    /// Whether the attempt had less time than the config gives it, because the caller's limit or the deadline was near:
    /// that it did not answer in time then says nothing of the deployment, and must not bench it for others.
    private func isCutShort(_ attempt: RequestPlan.Attempt, _ failure: AttemptFailure, isStream: Bool) -> Bool {
        guard failure.kind == .timeout || failure.kind == .unreachable, failure.status == nil else { return false }
        let deployment = attempt.deployment
        let given = isStream ? attempt.streamTimeout : attempt.timeout
        let configured =
            isStream
            ? min(deployment.streamTimeout ?? config.policy.streamTimeout, deployment.timeout ?? config.policy.timeout)
            : deployment.timeout ?? config.policy.timeout
        // What refuses a connection does so whatever time it had.
        return given < (failure.kind == .timeout ? configured : min(configured, config.policy.connectTimeout))
    }

    /// An attempt that found nothing out gives its probe, if it was one, to the next request, which also finds out whether
    /// the key works.
    private func release(_ attempt: RequestPlan.Attempt) {
        router.withLock {
            $0.breakers.releasePilot(of: attempt.deployment)
            if attempt.isProbe { $0.breakers.releaseProbe(of: attempt.deployment, now: uptime) }
        }
    }

    func failed(_ attempt: RequestPlan.Attempt, _ failure: AttemptFailure, afterContent: Bool = false) {
        let isProbe = attempt.isProbe && !afterContent
        let opened = router.withLock {
            $0.breakers.failed(
                attempt.deployment,
                failure,
                asProbe: isProbe,
                policy: config.policy,
                now: uptime,
                sentAt: attempt.startedAt
            )
        }
        noteFailure(attempt.deployment, failure, opened: opened, wasProbe: isProbe)
    }
}
