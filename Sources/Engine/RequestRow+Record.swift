package import Console
package import Storage

extension EngineSnapshot.RequestRow {
    /// A settled request as a console shows it.
    package init(_ record: RequestRecord) {
        let outcome: Outcome =
            switch record.outcome {
            case .complete: record.isSaved ? .savedByFailover : .ok
            case .cut: .cut
            case .lost: .lost
            case .rejected: .rejected
            case .cancelled: .cancelled
            }
        self.init(
            id: record.id,
            at: record.at + record.totalMicros / 1_000,
            tenant: record.tenant,
            feature: record.feature,
            group: record.group,
            servedBy: record.deployment,
            outcome: outcome,
            status: record.status,
            attempts: record.attempts,
            stream: record.stream,
            firstToken: record.firstTokenMicros.map { Double($0) / 1_000 },
            total: Double(record.totalMicros) / 1_000,
            tokensIn: record.tokensIn,
            tokensOut: record.tokensOut,
            cost: record.cost,
            isBypass: record.mode == .bypass,
            trail: AttemptStory.sentences(record.knownAttempts.map(AttemptStory.init))
        )
        isValid = record.valid
        isGood = record.good
        costIsEstimated = record.costIsEstimated
        tokensCacheRead = record.tokensCacheRead
        tokensCacheWrite = record.tokensCacheWrite
        degraded = record.degraded
        cache = record.cache.rawValue
        cacheWhy = record.cacheWhy
        savedCost = record.avoidedCost
        savedTime = record.avoidedMicros.map { Double($0) / 1_000 }
        format = record.format.rawValue
        drill = record.drill
        error = record.error
    }
}

extension AttemptStory {
    fileprivate init(_ attempt: AttemptRecord) {
        self.init(
            deployment: attempt.deployment,
            status: attempt.status,
            failure: attempt.failure,
            why: attempt.why,
            start: Double(attempt.startMicros) / 1_000,
            firstToken: attempt.firstTokenMicros.map { Double($0) / 1_000 },
            total: Double(attempt.totalMicros) / 1_000,
            detail: attempt.detail
        )
    }
}

extension RequestRecord {
    /// Every attempt, also the one that succeeded at once and has no row of its own.
    package var knownAttempts: [AttemptRecord] {
        guard attemptRecords.isEmpty, attempts == 1, let deployment else { return attemptRecords }
        var only = AttemptRecord(ordinal: 1, deployment: deployment, provider: provider ?? "")
        only.status = status
        only.firstTokenMicros = firstTokenMicros
        only.totalMicros = totalMicros
        only.why = mode == .bypass ? "bypass" : "first"
        return [only]
    }
}
