import Foundation
import Testing

@testable import Wire

struct GatewayErrorTests {
    @Test func hasOpenAIsShape() {
        let error = GatewayError(
            status: 400,
            type: "invalid_request_error",
            message: "No \"model\".",
            parameter: "model"
        )
        #expect(
            error.openAIBody()
                == #"{"error":{"message":"No \"model\".","type":"invalid_request_error","param":"model","code":null}}"#
        )
    }

    @Test func namesEveryAttempt() {
        let error = GatewayError(
            status: 503,
            type: "service_unavailable_error",
            code: "all_routes_failed",
            message: "m",
            attempts: [
                GatewayError.Attempt(deployment: "a", failure: "credential", status: 401, milliseconds: 12),
                GatewayError.Attempt(deployment: "b", failure: "unreachable", status: nil, milliseconds: 0),
            ]
        )
        #expect(
            error.openAIBody(requestID: "req_1")
                == #"{"error":{"message":"m","type":"service_unavailable_error","param":null,"code":"all_routes_failed","nines":{"request_id":"req_1","attempts":[{"deployment":"a","class":"credential","status":401,"ms":12},{"deployment":"b","class":"unreachable","status":null,"ms":0}]}}}"#
        )
    }

    /// It also goes out as one `data:` line of a stream, so it must hold no line break.
    @Test func isOneLineOfValidJSONForAnyText() throws {
        var random = Seeded(6)
        for _ in 0..<500 {
            let text = (0..<random.below(10)).map { _ in
                random.pick(["\"", "\\", "\n", "\r", "\u{0}", "\u{1B}", "é", "😀", "\u{2028}", "</script>", "\u{301}"])
            }.joined()
            let error = GatewayError(
                status: 500,
                type: text,
                code: text,
                message: text,
                parameter: text,
                attempts: [GatewayError.Attempt(deployment: text, failure: text, status: nil, milliseconds: -1)]
            )
            let json = error.openAIBody(requestID: text)
            #expect(!json.utf8.contains { $0 < 0x20 })
            let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: [String: Any]]
            let message = document?["error"]?["message"] as? String
            #expect(message.map { Array($0.utf8) } == Array(text.utf8))
        }
    }
}
