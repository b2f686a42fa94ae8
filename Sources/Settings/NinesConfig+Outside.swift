package import Routing

extension NinesConfig {
    /// Where alerts go.
    package struct Pager: Sendable, Hashable {
        package enum Sink: Sendable, Hashable {
            case pagerDuty(routingKey: Credential, url: Secret)
            case slack(url: Secret)
            /// `url` ends with the topic.
            case ntfy(url: Secret, token: Credential?)
            case webhook(url: Secret, secret: Credential?)
            /// Bell, title and desktop notification of the console's terminal.
            case terminal
        }

        /// Unique and safe to show, as `SinkNames` has it.
        package var name: String
        package var sink: Sink
        /// What is less severe stays away.
        package var leastSeverity = Alerts.Severity.ticket

        package init(name: String, sink: Sink) {
            self.name = name
            self.sink = sink
        }
    }

    /// Where the ledger is copied to.
    package struct Export: Sendable, Hashable {
        package enum Service: Sendable, Hashable {
            case langfuse(publicKey: String, secretKey: Credential, mode: LangfuseMode)
            case helicone(key: Credential)
        }

        package enum LangfuseMode: String, Sendable, Hashable, CaseIterable {
            /// OTLP over HTTP: Langfuse 4, the cloud included.
            case otlp
            /// The batch of Langfuse 3, self-hosted.
            case legacy
        }

        /// Unique and safe to show, as `SinkNames` has it.
        package var name: String
        package var service: Service
        /// Without a trailing slash.
        package var host: String

        package init(name: String, service: Service, host: String) {
            self.name = name
            self.service = service
            self.host = host
        }
    }
}
