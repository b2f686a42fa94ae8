import FrontDoor
import Wire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Engine {
    /// The model groups and their aliases, as the client's API lists models.
    func models(_ request: InboundRequest) -> OutboundResponse {
        if case .refused = table.caller(key: request.key) { return refuse(.wrongKey, api: request.api) }
        let rows = table.modelNames.map { modelObject($0, request.api) }.joined(separator: ",")
        switch request.api {
        case .openAI: return .json("{\"object\":\"list\",\"data\":[\(rows)]}")
        case .anthropic:
            let ends = [("first_id", table.modelNames.first), ("last_id", table.modelNames.last)]
                .map { "\"\($0)\":\($1.map(jsonString) ?? "null")" }.joined(separator: ",")
            return .json("{\"data\":[\(rows)],\"has_more\":false,\(ends)}")
        }
    }

    func model(_ name: String, _ request: InboundRequest) -> OutboundResponse {
        if case .refused = table.caller(key: request.key) { return refuse(.wrongKey, api: request.api) }
        // SDKs send the slash of `openai/gpt-5.4` as %2F.
        let name = percentDecoded(name) ?? name
        guard table.modelNames.contains(name) else {
            return refuse(.unknownModel(String(name.prefix(100)), table.modelNames), api: request.api)
        }
        return .json(modelObject(name, request.api))
    }

    private func modelObject(_ name: String, _ api: ClientAPI) -> String {
        let name = jsonString(name)
        let seconds = identity.startedAt / 1_000
        let since = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        return switch api {
        case .openAI: "{\"id\":\(name),\"object\":\"model\",\"created\":\(seconds),\"owned_by\":\"nines\"}"
        case .anthropic:
            "{\"type\":\"model\",\"id\":\(name),\"display_name\":\(name),\"created_at\":\"\(since)\"}"
        }
    }
}

/// `text` with each `%41` as the byte that it stands for; nil where that is no text.
private func percentDecoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let digits = String(rest.prefix(2)), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else {
            return nil
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}
