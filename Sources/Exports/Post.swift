import Routing
import Upstream
import Wire

/// A JSON request with the limits that suit a service that should answer at once.
func post(_ url: String, _ body: JSONValue, headers: [HeaderField] = []) -> UpstreamRequest {
    post(url, body.bytes, headers: headers)
}

func post(_ url: String, _ body: [UInt8], headers: [HeaderField] = []) -> UpstreamRequest {
    var request = UpstreamRequest(
        url: url,
        headers: [HeaderField("content-type", "application/json")] + headers,
        body: body,
        connectTimeout: .seconds(5),
        timeout: .seconds(15)
    )
    request.usesOwnConnection = true
    return request
}
