import Routing
package import Upstream
import Wire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A service that collects calls, and how it is told.
package enum Collector: Sendable {
    /// Langfuse Cloud and Langfuse v4, over OTLP; `host` such as `https://cloud.langfuse.com`.
    case langfuse(host: String, publicKey: String, secretKey: String)
    /// Langfuse v3 on a server of one's own: v4 refuses it.
    case langfuseLegacy(host: String, publicKey: String, secretKey: String)
    /// Helicone's custom log, one call a request.
    case helicone(key: String, host: String = "https://api.worker.helicone.ai")
}

/// A collector as a sink.
package struct CollectorSink: Sink {
    package let id: String
    package let collector: Collector
    /// `production`, `demo`: what Langfuse files under.
    package let environment: String

    package init(id: String, collector: Collector, environment: String = "production") {
        self.id = id
        self.collector = collector
        self.environment = environment
    }

    package var batchLimit: Int {
        guard case .helicone = collector else { return 50 }
        return 1
    }

    package var secrets: [String] {
        switch collector {
        case .langfuse(_, let publicKey, let secretKey), .langfuseLegacy(_, let publicKey, let secretKey):
            [secretKey, credentials(publicKey, secretKey)]
        case .helicone(let key, _): [key]
        }
    }

    /// Langfuse v4 takes a span twice for two; its legacy API and Helicone do no harm, or no more than one line too many.
    package var probe: UpstreamRequest? {
        guard case .langfuse = collector else { return nil }
        return request(for: [])
    }

    /// As many of the first records as fit into a megabyte, and one at least.
    package func prepare(_ queue: [OutboxItem], now: Int64) -> Parcel {
        var records: [CallRecord] = []
        var size = 0
        for item in queue.prefix(batchLimit) {
            guard let record = CallRecord(payload: item.payload) else { break }
            size += item.payload.count + recordOverhead
            guard records.isEmpty || size <= sizeLimit else { break }
            records.append(record)
        }
        return records.isEmpty ? .unreadable : .request(request(for: records), count: records.count)
    }

    /// The request that holds these records; Helicone takes one, and nothing where there is none.
    package func request(for records: [CallRecord]) -> UpstreamRequest {
        switch collector {
        case .langfuse(let host, let publicKey, let secretKey):
            return post(
                joined(host, "/api/public/otel/v1/traces"),
                otlpTraces(records, environment: environment),
                headers: [
                    HeaderField("authorization", "Basic " + credentials(publicKey, secretKey)),
                    HeaderField("x-langfuse-ingestion-version", "4"),
                ]
            )
        case .langfuseLegacy(let host, let publicKey, let secretKey):
            return post(
                joined(host, "/api/public/ingestion"),
                langfuseBatch(records, environment: environment),
                headers: [HeaderField("authorization", "Basic " + credentials(publicKey, secretKey))]
            )
        case .helicone(let key, let host):
            return post(
                joined(host, "/custom/v1/log"),
                records.first.map(heliconeLog) ?? [:],
                headers: [HeaderField("authorization", "Bearer " + key)]
            )
        }
    }

    /// OTLP's partial success and the errors of a 207.
    package func complaint(in body: [UInt8]) -> String? {
        guard let answer = try? JSONValue(body) else { return nil }
        if case .array(let errors)? = answer["errors"], let first = errors.first {
            return "\(errors.count) not accepted: " + first.text
        }
        guard let partial = answer["partialSuccess"], let rejected = partial["rejectedSpans"],
            rejected != .number("0"), rejected != .string("0")
        else { return nil }
        return "not all accepted: " + partial.text
    }
}

/// Bytes of a request's body, by what is in the outbox; Langfuse takes 3.5 MB, 4.5 MB for OTLP.
private let sizeLimit = 1 << 20
/// What names and repeated values add to a record, bytes.
private let recordOverhead = 2_048

private func credentials(_ publicKey: String, _ secretKey: String) -> String {
    Data("\(publicKey):\(secretKey)".utf8).base64EncodedString()
}

private func joined(_ host: String, _ path: String) -> String {
    (host.last == "/" ? String(host.dropLast()) : host) + path
}
