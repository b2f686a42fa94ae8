import Wire

/// A message for a Slack incoming webhook: blocks, and the text that notifications show.
///
/// Limits: header 150 characters, a section's text 3,000, 10 fields of 2,000.
func slackMessage(_ text: NoticeText) -> JSONValue {
    var blocks: [JSONValue] = [
        [
            "type": "header",
            "text": ["type": "plain_text", "text": .string(clipped(text.headline, to: 150))],
        ]
    ]
    if !text.text.isEmpty {
        blocks.append(["type": "section", "text": markdown(escaped(text.text), limit: 3_000)])
    }
    let fields = text.facts.prefix(10).map { markdown("*\($0.label)*\n" + escaped($0.value), limit: 2_000) }
    blocks.append(["type": "section", "fields": .array(fields)])
    if let link = text.link {
        blocks.append(["type": "section", "text": markdown("<\(escaped(link))|Read on>", limit: 3_000)])
    }
    return ["text": .string(clipped(escaped(icon(text) + " " + text.summary), to: 3_000)), "blocks": .array(blocks)]
}

private func markdown(_ text: String, limit: Int) -> JSONValue {
    ["type": "mrkdwn", "text": .string(clipped(text, to: limit))]
}

/// The three characters that Slack reads as its own, so that no text mentions a channel.
private func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": out += "&amp;"
        case "<": out += "&lt;"
        case ">": out += "&gt;"
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out
}

private func icon(_ text: NoticeText) -> String {
    switch (text.notice.state, text.severity) {
    case (.resolved, _): ":white_check_mark:"
    case (.acknowledged, _): ":eyes:"
    case (.triggered, .page): ":rotating_light:"
    case (.triggered, .ticket): ":warning:"
    case (.triggered, .info): ":information_source:"
    }
}
