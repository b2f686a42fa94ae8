import Logging
import Simulator

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A provider that answers at once, in a process of its own; it prints its port and serves until it is killed.
func serveUpstream() async throws {
    let provider = try await SimulatedProvider.start(
        SimulatedProviderConfiguration(name: "bench", fixedAnswer: true),
        logger: Logger(label: "upstream", factory: { _ in SwiftLogNoOpLogHandler() })
    )
    print(provider.baseURL.split(separator: "/")[1].split(separator: ":")[1])
    fflush(nil)
    try await Task.sleep(for: .seconds(3_600))
}
