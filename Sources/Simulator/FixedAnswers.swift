import NIOCore

/// Two answers made once, given to every request: what the simulator costs a benchmark is little more than a copy.
struct FixedAnswers: Sendable {
    private let document: Script
    private let stream: Script

    init(of configuration: SimulatedProviderConfiguration) {
        var plain = configuration
        plain.fixedAnswer = false
        plain.latency = .zero
        plain.models = []
        plain.acceptedKeys = nil
        let behaviour = ProviderBehaviour(plain)
        let path = configuration.format == .openAI ? "/v1/chat/completions" : "/v1/messages"
        func script(stream: Bool) -> Script {
            let body = #"""
                {"model":"simulated","max_tokens":1000,"stream":\#(stream),"stream_options":{"include_usage":true},
                "messages":[{"role":"user","content":"simulated"}]}
                """#
            let request = ProviderRequest(method: "POST", path: path, body: ByteBuffer(string: body))
            return behaviour.decide(request, Arrival(ordinal: 0)).script
        }
        document = script(stream: false)
        stream = script(stream: true)
    }

    func decide(_ request: ProviderRequest) -> ProviderBehaviour.Decision {
        let streams = request.asksForStream
        return ProviderBehaviour.Decision(script: streams ? stream : document, streams: streams)
    }
}

extension ProviderRequest {
    /// Finds `"stream": true` without reading the JSON.
    ///
    /// Within a string the quotation marks would be escaped.
    fileprivate var asksForStream: Bool {
        body.withUnsafeReadableBytes { bytes in
            Self.streamMarks.contains { mark in
                bytes.indices.dropLast(mark.count - 1).contains { start in
                    bytes[start] == mark[0] && bytes[start..<start + mark.count].elementsEqual(mark)
                }
            }
        }
    }

    private static let streamMarks = [Array("\"stream\":true".utf8), Array("\"stream\": true".utf8)]
}
