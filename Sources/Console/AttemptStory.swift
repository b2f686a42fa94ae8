/// One attempt as a sentence: `openai 401 credential after 12 ms (first choice): invalid_api_key: no such key`.
package struct AttemptStory: Equatable, Sendable {
    package var deployment: String
    /// HTTP status; nil where no answer came.
    package var status: Int?
    /// Failure class; nil for the attempt that succeeded.
    package var failure: String?
    /// Why this deployment was chosen, in the ledger's word: `first`, `retry`, `failover`.
    package var why: String
    /// Milliseconds since the request was accepted.
    package var start: Double
    /// Milliseconds since the attempt's start; nil where no content came.
    package var firstToken: Double?
    package var total: Double
    package var detail: String?

    package init(
        deployment: String,
        status: Int?,
        failure: String?,
        why: String,
        start: Double,
        firstToken: Double?,
        total: Double,
        detail: String?
    ) {
        self.deployment = deployment
        self.status = status
        self.failure = failure
        self.why = why
        self.start = start
        self.firstToken = firstToken
        self.total = total
        self.detail = detail
    }

    /// A sentence for each of `attempts`, in their order; each knows what went before it.
    package static func sentences(_ attempts: [AttemptStory]) -> [String] {
        attempts.indices.map { index in
            let before = attempts[..<index]
            return attempts[index].sentence(after: before.last { $0.failure != nil } ?? before.last)
        }
    }

    private func sentence(after before: AttemptStory?) -> String {
        var parts = ["\(deployment) \(result)"]
        if let firstToken { parts.append("first token \(Numbers.elapsed(milliseconds: firstToken)),") }
        parts.append("after \(Numbers.elapsed(milliseconds: total))")
        let reason = start >= 1 ? "\(reason(after: before)); sent at +\(Numbers.elapsed(milliseconds: start))" : nil
        parts.append("(\(reason ?? self.reason(after: before)))")
        let text = parts.joined(separator: " ")
        guard let detail, !detail.isEmpty else { return text }
        return "\(text): \(detail)"
    }

    /// `401 credential`; `200` for a success.
    private var result: String {
        let words = [status.map { String($0) }, failure.map { $0.split(separator: "_").joined(separator: " ") }]
        let text = words.compactMap { $0 }.joined(separator: " ")
        return text.isEmpty ? "answered" : text
    }

    private func reason(after before: AttemptStory?) -> String {
        let cause = before.map { ", after \($0.deployment): \($0.result)" } ?? ": the first choice was out"
        return switch why {
        case "first": "first choice: lowest order, then drawn by weight"
        case "retry": "retry at once\(cause)"
        case "failover": "failover\(cause)"
        case "fallback": "fallback to another model group\(cause)"
        case "probe": "probe: finds out whether it works again"
        case "ramp": "part of the ramp back to it"
        case "wait": "after a short wait, since nobody else was left"
        case "hedge": "hedge: \(before?.deployment ?? "the first choice") had not spoken in time"
        case "continue": "continues the answer that broke off at \(before?.deployment ?? "the first choice")"
        case "bypass": "bypass: straight to the primary"
        case "": "no reason kept"
        default: why
        }
    }
}
