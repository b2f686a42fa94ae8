package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A provider that isn't there: a real HTTP server on loopback that answers as OpenAI or Anthropic would, and breaks on demand.
///
/// OpenAI's format serves `POST` of `/v1/chat/completions`, `/v1/completions`, `/v1/responses` and `/v1/embeddings`,
/// Anthropic's that of `/v1/messages` and `/v1/messages/count_tokens`; both `GET /v1/models`. A wrong or missing key is always 401, whatever fault is in.
/// Runs on NIO's shared threads; `stop` must be called.
package final class SimulatedProvider: Sendable {
    private let configuration: SimulatedProviderConfiguration
    private let behaviour: ProviderBehaviour
    private let logger: Logger
    private let listener: Listener
    private let state: Mutex<State>

    private struct State {
        var fault: ProviderFault?
        /// Requests that the fault still strikes; nil until it is mended.
        var strikesLeft: Int?
        var log = CallLog()
        var keys: KeyDesk
    }

    private init(_ configuration: SimulatedProviderConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        behaviour = ProviderBehaviour(configuration)
        state = Mutex(State(keys: KeyDesk(configuration.admin)))
        listener = Listener(host: configuration.host, logger: logger)
    }

    /// Listens when it returns.
    /// - Throws: NIO's error where the port is taken or the host isn't ours.
    package static func start(
        _ configuration: SimulatedProviderConfiguration,
        logger: Logger
    ) async throws -> SimulatedProvider {
        let provider = SimulatedProvider(configuration, logger: logger)
        try await provider.listener.start(port: configuration.port) { ProviderConnection(provider: provider) }
        logger.info(
            "simulated provider listens",
            metadata: ["name": "\(configuration.name)", "url": "\(provider.baseURL)"]
        )
        return provider
    }

    /// What an SDK takes as base: with `/v1` for OpenAI's format, without for Anthropic's.
    package var baseURL: String { configuration.format == .openAI ? adminURL + "/v1" : adminURL }

    /// Base of its administrator's calls.
    package var adminURL: String { "http://\(configuration.host):\(listener.port)" }

    /// Breaks the provider for requests that arrive from now on; nil mends it.
    ///
    /// Answers under way go on as they began. `refuseConnections` also closes every open connection. Listening stops and begins a moment after the call; `settle`
    /// waits for it. In that moment a new connection is closed without an answer.
    package func inject(_ fault: ProviderFault?) { inject(fault, strikes: nil) }

    /// Breaks the provider for the next `times` requests that the fault can strike, then mends it.
    ///
    /// `refuseConnections` sees no request and stays until it is mended.
    package func inject(_ fault: ProviderFault, times: Int) {
        inject(times > 0 ? fault : nil, strikes: fault == .refuseConnections ? nil : times)
    }

    /// The fault that is in.
    package var fault: ProviderFault? { state.withLock { $0.fault } }

    /// Waits until the listener does what the last `inject` asked for.
    package func settle() async { await listener.settle() }

    /// Every call that arrived, oldest first; of very many, the last ten thousand at least.
    package var calls: [Call] { state.withLock { $0.log.calls } }
    /// Calls since the start.
    package var callCount: Int { state.withLock { $0.log.count } }

    /// Closes the port and every connection; answers under way are cut.
    package func stop() async { await listener.stop() }

    private func inject(_ fault: ProviderFault?, strikes: Int?) {
        state.withLock {
            $0.fault = fault
            $0.strikesLeft = strikes
        }
        listener.listens(fault != .refuseConnections)
        logger.info(
            "simulated provider: \(fault?.description ?? "mended")",
            metadata: ["name": "\(configuration.name)"]
        )
    }
}

// What a connection asks for and reports.
extension SimulatedProvider {
    func answer(_ request: ProviderRequest, isTooLarge: Bool) -> (ordinal: Int, script: Script) {
        let arrived = ContinuousClock.now
        var request = request
        let arrival = state.withLock { state in
            request.isRevoked = state.keys.isOff(request.key)
            let fault = state.fault.flatMap { behaviour.isSubject(request, to: $0) ? $0 : nil }
            if fault != nil, let left = state.strikesLeft {
                state.strikesLeft = left > 1 ? left - 1 : nil
                if left <= 1 { state.fault = nil }
            }
            let call = Call(at: arrived, method: request.method, path: request.path, key: request.key, fault: fault)
            return Arrival(ordinal: state.log.append(call), fault: fault)
        }
        if let answer = state.withLock({ $0.keys.answer(request, id: "req_\(arrival.ordinal)") }) {
            return (arrival.ordinal, behaviour.refusal(answer, arrival))
        }
        // Outside the lock: a long answer must not hold up other connections.
        let decision = isTooLarge ? behaviour.refuseBody(request, arrival) : behaviour.decide(request, arrival)
        state.withLock {
            $0.log.update(arrival.ordinal) { call in
                call.model = decision.model
                call.streams = decision.streams
                call.status = decision.script.status
            }
        }
        return (arrival.ordinal, decision.script)
    }

    func ended(_ ordinal: Int, _ ending: Call.Ending) {
        let now = ContinuousClock.now
        state.withLock {
            $0.log.update(ordinal) { call in
                call.ending = ending
                call.duration = now - call.at
            }
        }
    }
}
