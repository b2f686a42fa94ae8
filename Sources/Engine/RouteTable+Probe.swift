package import Routing
import Settings
package import Upstream
import Wire

/// What one tiny request to one deployment came to.
package struct ProbeAnswer: Sendable {
    /// HTTP status; 0 where no answer came.
    package var status = 0
    package var elapsed = Duration.zero
    /// Nil where the deployment answered as it should.
    package var failure: AttemptFailure?
    /// As the provider counted them; nil where it did not.
    var usage: TokenUsage?
}

extension RouteTable {
    /// Asks `deployment` one thing with its own key, past the router's choice: some 15 tokens in, 16 out at most.
    ///
    /// A model with `embed` in its name is asked for an embedding. One attempt, within the deployment's time limit; nothing
    /// is booked. `wall` is UTC milliseconds. What the provider says is redacted.
    package func probe(_ deployment: Deployment, over upstream: any Upstream, wall: Int64) async -> ProbeAnswer {
        let start = ContinuousClock.now
        var probe = ProbeAnswer()
        do {
            let dialect = try Dialect(question(for: deployment), for: deployment, id: "probe", created: wall / 1_000)
            let answer = try await upstream.collect(
                UpstreamRequest(
                    url: dialect.url,
                    headers: dialect.headers(key: deployment.credential?.secret, isStream: false),
                    body: dialect.body,
                    connectTimeout: config.policy.connectTimeout,
                    timeout: deployment.timeout ?? config.policy.timeout
                ),
                limit: 1 << 20
            )
            let facts = answer.status == 200 ? try? dialect.answer(answer.body).facts : nil
            probe.status = answer.status
            probe.usage = facts?.usage
            probe.failure = failure(answer.status, facts, facts?.error ?? ProviderErrorBody(answer.body))
        } catch let error as TransportError {
            probe.failure = AttemptFailure(
                error.kind.failureClass,
                detail: redacted(error.detail, secrets: secrets)
            )
        } catch {
            probe.failure = AttemptFailure(.unsupported, detail: "\(error)")
        }
        probe.elapsed = ContinuousClock.now - start
        return probe
    }

    private func question(for deployment: Deployment) throws -> ChatRequest {
        if deployment.model.lowercased().contains("embed") {
            return try ChatRequest(Array(#"{"model":"probe","input":"ready"}"#.utf8), endpoint: .embeddings)
        }
        let body = #"{"model":"probe","messages":[{"role":"user","content":"Answer with one word: ready."}]}"#
        return try ChatRequest(Array(body.utf8)).limitingOutput(to: 16, field: deployment.outputField(of: .chat))
    }

    /// An answer that its sixteen tokens cut short is one: models that think first have no more.
    private func failure(_ status: Int, _ facts: ChatAnswer?, _ error: ProviderErrorBody?) -> AttemptFailure? {
        if status == 200, facts != nil, error == nil { return nil }
        let words = [error?.code ?? error?.type, error?.message].compactMap { $0 }.joined(separator: ": ")
        let kind =
            status == 200 && error == nil
            ? .badAnswer : classify(status: status, type: error?.type, code: error?.code, message: error?.message)
        let detail = words.isEmpty && status == 200 ? "the answer is no completion" : words
        return AttemptFailure(kind, status: status, detail: redacted(detail, secrets: secrets))
    }
}
