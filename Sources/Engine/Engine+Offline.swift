import Console
import FrontDoor
import Logging
import Routing
import Settings
import Synchronization
import Upstream

extension Engine {
    /// Between two looks at whether there is anything to do; while offline it doubles up to the longest.
    private static let networkPause: Duration = .seconds(2)
    private static let longestNetworkPause: Duration = .seconds(30)

    /// Since when no provider can be reached, in UTC milliseconds; nil where one can.
    var offlineSince: Int64? { network.withLock { $0.offlineSince } }

    var onlineSince: Int64 { network.withLock { $0.onlineSince } ?? identity.startedAt }

    /// Finds out when the network is gone and back; until cancelled.
    ///
    /// Asks while requests leave it in doubt whether hosts answer, and while offline with growing pauses.
    package func watchNetwork() async {
        var pause = Self.networkPause
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            guard !Task.isCancelled else { return }
            await probeNetwork()
            pause = offlineSince == nil ? Self.networkPause : min(pause * 2, Self.longestNetworkPause)
        }
    }

    /// Asks hosts whether they are there, where that is in doubt: without a key, and whatever they say is a yes.
    package func probeNetwork() async {
        for address in network.withLock({ $0.questions }) {
            let request = UpstreamRequest(
                method: "HEAD",
                url: address,
                headers: [],
                body: [],
                connectTimeout: .seconds(5),
                timeout: .seconds(10)
            )
            do throws(TransportError) {
                _ = try await upstream.collect(request, limit: 1 << 16)
                return noteReachable(address)
            } catch {
                if error.kind.failureClass == .unreachable { noteUnreachable(address) }
            }
        }
    }

    /// What an attempt's failure says about the network.
    func noteNetwork(_ deployment: Deployment, _ failure: AttemptFailure) {
        // What a drill answers, or keeps from being reached, says nothing of the network.
        guard !faults.meets(deployment, now: .now) else { return }
        if failure.status != nil {
            noteReachable(deployment.apiBase)
        } else if failure.kind == .unreachable {
            noteUnreachable(deployment.apiBase)
        }
    }

    func noteReachable(_ apiBase: String) {
        let since = network.withLock { network in
            let since = network.offlineSince
            return network.answered(apiBase, at: wallMilliseconds()) ? since : nil
        }
        guard let since else { return }
        router.withLock { $0.breakers.networkIsBack() }
        say(.good, "online again after \((wallMilliseconds() - since) / 1_000) s", kind: "online")
        alerts.kick()
        hub.kick()
    }

    private func noteUnreachable(_ apiBase: String) {
        guard network.withLock({ $0.failed(apiBase, at: wallMilliseconds()) }) else { return }
        say(.critical, "offline: no provider can be reached; \(offlineService)", kind: "offline")
        hub.kick()
    }

    /// What clients get while offline.
    var offlineService: String {
        let policies = [config.cache.policy] + config.features.map(\.cache)
        let hasCache = policies.contains { $0.isEnabled }
        return hasCache ? "stored answers; the rest is refused or deferred" : "every request is refused or deferred"
    }
}
