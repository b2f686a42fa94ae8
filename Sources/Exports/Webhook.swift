import Routing
import Upstream
import Wire

/// A notice as JSON for a receiver of the user's own.
///
/// Headers: `Idempotency-Key`, the notice's id, the same on every try; `X-Timestamp`, Unix seconds of this try; and, with a
/// secret, `X-Signature: sha256=HEX`, the HMAC-SHA256 under the secret of the timestamp, a full stop and the body's bytes.
/// A receiver refuses what is minutes old or wrongly signed, and ignores an id that it knows.
func webhookRequest(_ text: NoticeText, url: String, secret: String?) -> UpstreamRequest {
    let body = webhookBody(text).bytes
    let seconds = "\(text.sentAt / 1_000)"
    var headers = [
        HeaderField("idempotency-key", headerValue(text.notice.id)), HeaderField("x-timestamp", seconds),
    ]
    if let secret {
        let sum = signature(of: Array("\(seconds).".utf8) + body, key: secret)
        headers.append(HeaderField("x-signature", "sha256=\(sum)"))
    }
    return post(url, body, headers: headers)
}

private func webhookBody(_ text: NoticeText) -> JSONValue {
    let notice = text.notice
    return [
        "id": .string(notice.id),
        "dedup_key": .string(notice.dedupKey),
        "status": .string(status(notice)),
        "severity": .string(text.severity.rawValue),
        "rule": .string(notice.rule),
        "title": .string(clipped(text.headline, to: 1_024)),
        "text": .string(text.text),
        "unit": .string(notice.unit.rawValue),
        "value": .real(notice.value),
        "threshold": .real(notice.threshold),
        "window_s": notice.windowSeconds.map { .whole($0) } ?? .null,
        "n": notice.samples.map { .whole($0) } ?? .null,
        "started_at": .string(timestamp(notice.startedAt)),
        "at": .string(timestamp(notice.at)),
        "sent_at": .string(timestamp(text.sentAt)),
        "link": .optional(text.link),
        "drill_id": .optional(notice.drill),
        "test": .bool(notice.isTest),
    ]
}

private func status(_ notice: AlertNotice) -> String {
    switch notice.state {
    case .triggered: notice.hasNoData ? "nodata" : "firing"
    case .acknowledged: "acknowledged"
    case .resolved: "resolved"
    }
}

/// What may stand in a header; an id in any other form is told by its fingerprint.
private func headerValue(_ id: String) -> String {
    id.utf8.allSatisfy { (0x21...0x7E).contains($0) } && id.utf8.count <= 255 ? id : fingerprint(id)
}
