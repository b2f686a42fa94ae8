import Routing
import Upstream
import Wire

/// A message to an ntfy topic, as JSON to the server's root, since headers can't hold every character.
///
/// Limits: 4,096 bytes of message, beyond which ntfy makes an attachment of it.
func ntfyRequest(_ text: NoticeText, url: String, token: String?) -> UpstreamRequest {
    let (root, topic) = address(url)
    var message: [JSONValue.Member] = [
        .init("topic", .string(topic)),
        .init("title", .string(clipped(text.headline, bytes: 250))),
        .init("message", .string(clipped(text.body, bytes: 3_900))),
        .init("priority", .whole(priority(text))),
        .init("tags", .array(tags(text))),
    ]
    if let link = text.link { message.append(.init("click", .string(link))) }
    let headers = token.map { [HeaderField("authorization", "Bearer \($0)")] } ?? []
    return post(root, .object(message), headers: headers)
}

/// `https://host/a/topic?q` is the topic `topic` of the server `https://host/a/?q`.
private func address(_ url: String) -> (root: String, topic: String) {
    let halves = url.split(separator: "?", maxSplits: 1)
    var path = halves.first.map(String.init) ?? url
    while path.last == "/" { path.removeLast() }
    guard let slash = path.lastIndex(of: "/") else { return (url, "") }
    let query = halves.count > 1 ? "?" + halves[1] : ""
    return (path[...slash] + query, String(path[path.index(after: slash)...]))
}

/// 5 gets through "do not disturb", 3 is ntfy's default, 2 makes no sound.
private func priority(_ text: NoticeText) -> Int {
    switch (text.notice.state, text.severity) {
    case (.triggered, .page): 5
    case (.triggered, .ticket): 4
    case (.triggered, .info): text.isOver ? 2 : 3
    case (.acknowledged, _): 2
    case (.resolved, _): 3
    }
}

/// Those that are names of emoji become the emoji.
private func tags(_ text: NoticeText) -> [JSONValue] {
    let icon: JSONValue =
        switch (text.notice.state, text.severity) {
        case (.resolved, _): "white_check_mark"
        case (.acknowledged, _): "eyes"
        case (.triggered, .page): "rotating_light"
        case (.triggered, .ticket): "warning"
        case (.triggered, .info): "information_source"
        }
    return [icon] + (text.notice.drill == nil ? [] : ["drill"]) + (text.notice.isTest ? ["test"] : [])
}
