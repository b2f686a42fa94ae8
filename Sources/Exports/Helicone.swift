import Wire

/// One record as Helicone's custom log wants it.
///
/// `meta` holds texts only; a time's `milliseconds` are what is left over from its seconds.
func heliconeLog(_ record: CallRecord) -> JSONValue {
    [
        "providerRequest": [
            "url": "custom-model-nopath",
            "json": ["model": .string(record.model ?? record.group), "messages": messages(record)],
            "meta": .object(meta(record)),
        ],
        "providerResponse": [
            "status": .whole(record.status), "headers": [:], "json": answer(record),
        ],
        "timing": timing(record),
    ]
}

private func messages(_ record: CallRecord) -> JSONValue {
    guard let prompt = record.prompt else { return [] }
    if prompt.utf8.count <= textLimit, case .array(let messages)? = try? JSONValue(Array(prompt.utf8)) {
        return .array(messages)
    }
    return [["role": "user", "content": .string(clipped(prompt, bytes: textLimit))]]
}

private func meta(_ record: CallRecord) -> [JSONValue.Member] {
    let tenant = JSONValue.Member("Helicone-User-Id", .string(clipped(oneLine(record.tenant), to: 200)))
    let properties = record.properties.map { property in
        JSONValue.Member("Helicone-Property-\(capitalised(property.name))", .string(property.value))
    }
    let tags = record.tags.isEmpty ? nil : oneLine(record.tags.joined(separator: ","))
    let tagged = tags.map { [JSONValue.Member("Helicone-Property-Tags", .string(clipped($0, to: 500)))] } ?? []
    return (record.tenant.isEmpty ? [] : [tenant]) + properties + tagged
}

private func answer(_ record: CallRecord) -> JSONValue {
    var usage: [JSONValue.Member] = []
    if let tokensIn = record.tokensIn, let tokensOut = record.tokensOut {
        let total = tokensIn.addingReportingOverflow(tokensOut).partialValue
        usage = [
            .init("prompt_tokens", .whole(tokensIn)), .init("completion_tokens", .whole(tokensOut)),
            .init("total_tokens", .whole(total)),
        ]
        if let read = record.tokensCacheRead {
            usage.append(.init("prompt_tokens_details", ["cached_tokens": .whole(read)]))
        }
    }
    let choices: JSONValue =
        record.answer.map {
            let message: JSONValue = ["role": "assistant", "content": .string(clipped($0, bytes: textLimit))]
            return [["index": .whole(0), "message": message]]
        } ?? []
    var members: [JSONValue.Member] = [
        .init("id", .string(record.id)), .init("model", .string(record.model ?? record.group)),
        .init("choices", choices), .init("usage", .object(usage)),
    ]
    if let error = record.error {
        members.append(.init("error", ["message": .string(clipped(oneLine(error), to: 500))]))
    }
    return .object(members)
}

private func timing(_ record: CallRecord) -> JSONValue {
    var members: [JSONValue.Member] = [
        .init("startTime", instant(record.at)), .init("endTime", instant(record.endedAt)),
    ]
    if let first = record.firstTokenMicros { members.append(.init("timeToFirstToken", .whole(max(0, first) / 1_000))) }
    return .object(members)
}

private func instant(_ milliseconds: Int64) -> JSONValue {
    let milliseconds = max(0, milliseconds)
    return ["seconds": .whole(milliseconds / 1_000), "milliseconds": .whole(milliseconds % 1_000)]
}

/// `failover_from` is `FailoverFrom`.
private func capitalised(_ name: String) -> String {
    name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
}
