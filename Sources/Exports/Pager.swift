package import Upstream
import Routing

/// Where notices go, and how each is said there.
package enum Pager: Sendable {
    /// Events API v2; the routing key is that of a service's integration.
    case pagerDuty(routingKey: String, endpoint: String = "https://events.pagerduty.com/v2/enqueue")
    /// An incoming webhook; its address is a secret.
    case slack(url: String)
    /// A topic's address, on ntfy.sh or elsewhere; a token where the topic is protected.
    case ntfy(url: String, token: String? = nil)
    /// Signed where there is a secret; see `webhookRequest`.
    case webhook(url: String, secret: String? = nil)
}

/// A pager as a sink.
package struct PagerSink: Sink {
    package let id: String
    package let pager: Pager
    /// What incidents name as their origin: the host's name, say.
    package let source: String
    package let batchLimit = 1

    package init(id: String, pager: Pager, source: String = "nines") {
        self.id = id
        self.pager = pager
        self.source = source
    }

    /// Slack takes about one message a second for each webhook.
    package var spacing: Duration {
        guard case .slack = pager else { return .zero }
        return .seconds(1)
    }

    package var secrets: [String] {
        switch pager {
        case .pagerDuty(let key, _): [key]
        case .slack(let url): parts(of: url)
        case .ntfy(let url, let token): parts(of: url) + [token].compactMap(\.self)
        case .webhook(let url, let secret): parts(of: url) + [secret].compactMap(\.self)
        }
    }

    /// The first notice; a trigger whose resolution waits behind it (the sink was down) is said quietly.
    package func prepare(_ queue: [OutboxItem], now: Int64) -> Parcel {
        guard let first = queue.first, let notice = AlertNotice(payload: first.payload) else { return .unreadable }
        let isOver =
            notice.state == .triggered
            && queue.dropFirst().contains {
                let later = AlertNotice(payload: $0.payload)
                return later?.dedupKey == notice.dedupKey && later?.state == .resolved
            }
        return .request(request(for: notice, sentAt: now, isOver: isOver), count: 1)
    }

    /// How this pager is told; `sentAt` is UTC milliseconds.
    package func request(for notice: AlertNotice, sentAt: Int64, isOver: Bool = false) -> UpstreamRequest {
        let text = NoticeText(notice: notice, sentAt: sentAt, isOver: isOver)
        switch pager {
        case .pagerDuty(let key, let endpoint):
            return post(endpoint, pagerDutyEvent(text, routingKey: key, source: source))
        case .slack(let url): return post(url, slackMessage(text))
        case .ntfy(let url, let token): return ntfyRequest(text, url: url, token: token)
        case .webhook(let url, let secret): return webhookRequest(text, url: url, secret: secret)
        }
    }
}

/// An address and each part of its path and query that is long enough to be a token.
private func parts(of url: String) -> [String] {
    let afterHost = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst(2)
    let pieces = afterHost.flatMap { $0.split { "?&=#".contains($0) } }
    return [url] + pieces.filter { $0.count >= 6 }.map(String.init)
}
