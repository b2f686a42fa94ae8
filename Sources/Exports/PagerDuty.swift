import Wire

/// An event of PagerDuty's Events API v2.
///
/// Limits: `dedup_key` 255 characters, `summary` 1,024, an event 512 KB.
func pagerDutyEvent(_ text: NoticeText, routingKey: String, source: String) -> JSONValue {
    let notice = text.notice
    var event: [JSONValue.Member] = [
        .init("routing_key", .string(routingKey)),
        .init("event_action", .string(action(notice.state))),
        .init("dedup_key", .string(dedupKey(notice.dedupKey))),
    ]
    if notice.state == .triggered {
        event.append(.init("payload", payload(text, source: source)))
        event.append(.init("client", "Nines"))
        if let link = text.link {
            event.append(.init("links", [["href": .string(clipped(link, to: 2_048)), "text": "Read on"]]))
        }
    }
    return .object(event)
}

private func payload(_ text: NoticeText, source: String) -> JSONValue {
    let details = text.facts.map { JSONValue.Member($0.label.lowercased(), .string(clipped($0.value, to: 1_024))) }
    let more = JSONValue.Member("text", .string(text.text))
    return [
        "summary": .string(clipped(text.summary, to: 1_024)),
        "source": .string(oneLine(clipped(source, to: 255))),
        "severity": .string(severity(text.severity)),
        "timestamp": .string(timestamp(text.notice.startedAt)),
        "component": "llm-router",
        "class": .string(oneLine(clipped(text.notice.rule, to: 255))),
        "custom_details": .object(details + [more]),
    ]
}

private func action(_ state: AlertNotice.State) -> String {
    switch state {
    case .triggered: "trigger"
    case .acknowledged: "acknowledge"
    case .resolved: "resolve"
    }
}

private func severity(_ severity: AlertNotice.Severity) -> String {
    switch severity {
    case .page: "critical"
    case .ticket: "warning"
    case .info: "info"
    }
}

/// A key that is too long keeps its start and gets its fingerprint, so that two such keys stay two.
private func dedupKey(_ key: String) -> String {
    guard key.unicodeScalars.count > 255 else { return key }
    return String(String.UnicodeScalarView(key.unicodeScalars.prefix(190))) + "-" + fingerprint(key)
}
