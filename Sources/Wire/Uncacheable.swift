/// Why a request does not go through the cache, or its answer is not stored: a word for the ledger.
package enum Uncacheable: String, Error, Sendable, CaseIterable {
    /// Only conversations are cached: chat and messages.
    case endpoint
    /// Nested too deeply, or with text that is no Unicode: two such requests can't be told apart.
    case unreadable
    /// More than one answer is asked for, since the client wants variety.
    case choices
    /// Tools, or a conversation in which they were used: to give the answer again would act again.
    case tools
    /// The answer depends on the day.
    case webSearch = "web_search"
    case audio
    /// A file that stands behind an address: what it holds may change.
    case remoteFile = "remote_file"
    /// The answer was cut, by the provider or by a limit.
    case unfinished
    case refusal
    /// The answer is empty, or not text alone.
    case notText = "not_text"
}

extension Uncacheable {
    /// What in a request is unsafe to cache; nil where nothing is.
    init?(request tree: JSONValue) {
        if Self.usesTools(tree) {
            self = .tools
        } else if ["web_search_options", "plugins", "search_parameters"].contains(where: { tree[$0] != nil }) {
            self = .webSearch
        } else if tree["audio"] != nil || tree["modalities"]?.elements?.contains("audio") == true {
            self = .audio
        } else if parts(of: tree).contains(where: Self.isRemote) {
            self = .remoteFile
        } else {
            return nil
        }
    }

    private static func usesTools(_ tree: JSONValue) -> Bool {
        let offered = ["tools", "functions", "mcp_servers", "container"].contains { key in
            tree[key].map { $0.elements?.isEmpty != true } ?? false
        }
        return offered
            || (tree["messages"]?.elements ?? []).contains { message in
                ["tool", "function"].contains(message["role"]?.text ?? "") || message["tool_calls"] != nil
                    || message["function_call"] != nil
            }
            || parts(of: tree).contains { part in
                let kind = part["type"]?.text ?? ""
                return kind.contains("tool") || kind.contains("mcp")
            }
    }

    /// OpenAI's `image_url` and its like, and Anthropic's sources; a `data:` address holds the file itself.
    private static func isRemote(_ part: JSONValue) -> Bool {
        (part.members ?? []).contains { member in
            let isAddress = member.key == "url" || member.key.hasSuffix("_url")
            guard isAddress, let address = member.value.text else { return isRemote(member.value) }
            return !address.hasPrefix("data:")
        }
    }
}

/// The parts of all messages that are written as parts.
private func parts(of tree: JSONValue) -> [JSONValue] {
    (tree["messages"]?.elements ?? []).flatMap { $0["content"]?.elements ?? [] } + (tree["system"]?.elements ?? [])
}
