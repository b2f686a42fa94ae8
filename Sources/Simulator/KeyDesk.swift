import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A provider's keys as its administrator switches them: Anthropic's "Update API key", of which a drill needs the status.
///
/// Whatever format the provider speaks: what it looks like from outside is the same, a call that revokes for real.
struct KeyDesk: Sendable {
    private static let path = "/v1/organizations/api_keys/"

    private let admin: SimulatedProviderConfiguration.Admin?
    /// Ids of the keys that are switched off.
    private var inactive: Set<String> = []

    init(_ admin: SimulatedProviderConfiguration.Admin?) { self.admin = admin }

    /// Whether `key` was switched off.
    func isOff(_ key: String?) -> Bool { !inactive.isEmpty && inactive.contains { admin?.keys[$0] == key } }

    /// Nil for what is no call of the administrator.
    mutating func answer(_ request: ProviderRequest, id requestID: String) -> ErrorAnswer? {
        guard let admin, request.method == "POST", request.path.hasPrefix(Self.path) else { return nil }
        let id = String(request.path.dropFirst(Self.path.count))
        guard request.key == admin.key else {
            return .anthropic(401, "authentication_error", "invalid x-api-key", request: requestID)
        }
        guard let key = admin.keys[id] else {
            return .anthropic(404, "not_found_error", "api_key: \(id)", request: requestID)
        }
        let wanted = try? JSONDecoder().decode(Update.self, from: Data(request.body.readableBytesView))
        guard let status = wanted?.status, ["active", "inactive"].contains(status) else {
            let message = "status: Input should be 'active' or 'inactive'"
            return .anthropic(400, "invalid_request_error", message, request: requestID)
        }
        if status == "active" { inactive.remove(id) } else { inactive.insert(id) }
        let hint = "\(key.prefix(3))...\(key.suffix(4))"
        let body =
            #"{"id":\#(quoted(id)),"type":"api_key","name":"simulated","status":"\#(status)","#
            + #""partial_key_hint":\#(quoted(hint)),"workspace_id":null,"created_at":"2026-01-01T00:00:00Z","#
            + #""created_by":{"id":"user_simulated","type":"user"}}"#
        return ErrorAnswer(status: 200, body: body)
    }

    private struct Update: Decodable { var status: String }
}
