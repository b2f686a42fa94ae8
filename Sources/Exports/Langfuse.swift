import Wire

/// The records as OTLP traces in JSON, one span each, with the attributes that Langfuse v4 reads.
///
/// Ids come from the request's id, so that a repeat names the same span. Structured values are JSON in a string; names as in
/// Langfuse's OpenTelemetry guide.
func otlpTraces(_ records: [CallRecord], environment: String) -> JSONValue {
    let resource: JSONValue = ["attributes": .array([attribute("service.name", "nines")])]
    let spans = JSONValue.array(records.map { span($0, environment: environment) })
    let scope: JSONValue = ["scope": ["name": "nines", "version": "1"], "spans": spans]
    return ["resourceSpans": records.isEmpty ? [] : [["resource": resource, "scopeSpans": [scope]]]]
}

private func span(_ record: CallRecord, environment: String) -> JSONValue {
    let identity = fingerprint(record.id)
    var status: [JSONValue.Member] = [.init("code", .whole(record.isFailed ? 2 : 1))]
    if record.isFailed { status.append(.init("message", .string(message(record)))) }
    return [
        "traceId": .string(String(identity.prefix(32))),
        "spanId": .string(String(identity.dropFirst(32).prefix(16))),
        "parentSpanId": "",
        "name": .string("chat " + (record.model ?? record.group)),
        // SPAN_KIND_CLIENT
        "kind": .whole(3),
        "startTimeUnixNano": .string(nanoseconds(record.at, plus: 0)),
        "endTimeUnixNano": .string(nanoseconds(record.at, plus: record.totalMicros)),
        "status": .object(status),
        "attributes": .array(attributes(record, environment: environment)),
    ]
}

private func attributes(_ record: CallRecord, environment: String) -> [JSONValue] {
    let texts: [(String, String?)] = [
        ("langfuse.observation.type", "generation"),
        ("langfuse.trace.name", record.feature.isEmpty ? nil : "feature:\(record.feature)"),
        ("langfuse.user.id", record.tenant),
        ("langfuse.observation.model.name", record.model),
        ("langfuse.observation.usage_details", usageDetails(record)?.text),
        ("langfuse.observation.cost_details", costDetails(record)?.text),
        ("langfuse.observation.completion_start_time", record.firstTokenAt.map(timestamp)),
        ("langfuse.observation.level", level(record)),
        ("langfuse.observation.status_message", record.isFailed ? message(record) : nil),
        ("langfuse.observation.input", record.prompt.map { clipped($0, bytes: textLimit) }),
        ("langfuse.observation.output", record.answer.map { clipped($0, bytes: textLimit) }),
        ("langfuse.environment", environment),
    ]
    var all = texts.compactMap { key, value in value.flatMap { $0.isEmpty ? nil : attribute(key, .string($0)) } }
    if !record.tags.isEmpty {
        let tags = record.tags.map { JSONValue.object([.init("stringValue", .string(tag($0)))]) }
        all.append(["key": "langfuse.trace.tags", "value": ["arrayValue": ["values": .array(tags)]]])
    }
    all.append(attribute("langfuse.trace.metadata.tenant", .string(record.tenant)))
    for (name, value) in record.properties {
        all.append(attribute("langfuse.observation.metadata.\(name)", .string(value)))
    }
    return all
}

/// The records for the batch API of Langfuse v3: a trace and a generation each.
///
/// An event's id is what repeats are told by, so it comes from the request's id too.
func langfuseBatch(_ records: [CallRecord], environment: String) -> JSONValue {
    let events = records.flatMap { record in
        [
            event("trace-create", record, trace(record, environment: environment)),
            event("generation-create", record, generation(record, environment: environment)),
        ]
    }
    return ["batch": .array(events), "metadata": [:]]
}

private func event(_ type: String, _ record: CallRecord, _ body: JSONValue) -> JSONValue {
    [
        "id": .string(uuid(fingerprint(type + " " + record.id))),
        "timestamp": .string(timestamp(record.endedAt)),
        "type": .string(type),
        "body": body,
    ]
}

private func trace(_ record: CallRecord, environment: String) -> JSONValue {
    [
        "id": .string(traceID(record)),
        "timestamp": .string(timestamp(record.at)),
        "name": .string(record.feature.isEmpty ? "chat" : "feature:\(record.feature)"),
        "userId": .optional(record.tenant.isEmpty ? nil : record.tenant),
        "tags": .array(record.tags.map { .string(tag($0)) }),
        "environment": .string(environment),
    ]
}

private func generation(_ record: CallRecord, environment: String) -> JSONValue {
    [
        "id": .string(String(fingerprint(record.id).dropFirst(32).prefix(16))),
        "traceId": .string(traceID(record)),
        "name": .string("chat " + (record.model ?? record.group)),
        "startTime": .string(timestamp(record.at)),
        "endTime": .string(timestamp(record.endedAt)),
        "completionStartTime": .optional(record.firstTokenAt.map(timestamp)),
        "model": .optional(record.model),
        "input": .optional(record.prompt.map { clipped($0, bytes: textLimit) }),
        "output": .optional(record.answer.map { clipped($0, bytes: textLimit) }),
        "usageDetails": usageDetails(record) ?? .null,
        "costDetails": costDetails(record) ?? .null,
        "metadata": .object(record.properties.map { .init($0.name, .string($0.value)) }),
        "level": .string(level(record)),
        "statusMessage": .optional(record.isFailed ? message(record) : nil),
        "environment": .string(environment),
    ]
}

/// Classes that don't overlap, so that their sum is what was billed; nil where nothing is known.
private func usageDetails(_ record: CallRecord) -> JSONValue? {
    let counts: [(String, Int?)] = [
        ("input", record.plainTokensIn), ("cache_read_input_tokens", record.tokensCacheRead),
        ("cache_creation_input_tokens", record.tokensCacheWrite), ("output", record.tokensOut),
    ]
    let known = counts.compactMap { name, count in count.map { JSONValue.Member(name, .whole(max(0, $0))) } }
    return known.isEmpty ? nil : .object(known)
}

private func costDetails(_ record: CallRecord) -> JSONValue? {
    record.cost.map { ["total": .number(dollars(nano: $0))] }
}

private func level(_ record: CallRecord) -> String {
    switch record.outcome {
    case "lost", "cut": "ERROR"
    case "rejected", "cancelled": "WARNING"
    default: "DEFAULT"
    }
}

private func message(_ record: CallRecord) -> String {
    clipped(oneLine(record.error ?? "\(record.outcome), status \(record.status)"), to: 500)
}

private func tag(_ text: String) -> String { clipped(oneLine(text), to: 200) }

private func traceID(_ record: CallRecord) -> String { String(fingerprint(record.id).prefix(32)) }

private func attribute(_ key: String, _ text: JSONValue) -> JSONValue {
    ["key": .string(key), "value": ["stringValue": text]]
}

/// OTLP's JSON has 64-bit numbers in strings; beyond the year 2255 they stop.
private func nanoseconds(_ milliseconds: Int64, plus micros: Int64) -> String {
    let base = min(max(0, milliseconds), 9_000_000_000_000) * 1_000_000
    return "\(base + min(max(0, micros), 200_000_000_000_000) * 1_000)"
}

/// The first 128 bits of a fingerprint in the form of a UUID (version 8, RFC 9562).
private func uuid(_ fingerprint: String) -> String {
    let digits = Array(fingerprint)
    return String(digits[0..<8]) + "-" + String(digits[8..<12]) + "-8" + String(digits[13..<16]) + "-a"
        + String(digits[17..<20]) + "-" + String(digits[20..<32])
}
