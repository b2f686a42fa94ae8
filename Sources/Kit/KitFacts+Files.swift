extension KitFacts {
    /// The cache, the configs and the service worker.
    static func files(_ input: KitInput) -> [String: Any] {
        let running = input.config.map { ConfigText.shown($0, notes: input.configNotes) }
        let worker = input.worker
        return [
            "cache": cache(input.cache).merging(["off": input.cache == nil && input.groups != nil]) { $1 },
            "config": ["known": running != nil, "block": running.map { Markup.block($0, of: "yaml") } ?? ""]
                as [String: Any],
            "starter": [
                "known": input.starter != nil, "block": input.starter.map { Markup.block($0, of: "yaml") } ?? "",
            ]
                as [String: Any],
            "worker": [
                "known": worker != nil, "mark_header": worker?.markHeader ?? "", "mark_value": worker?.markValue ?? "",
                "on_ready": worker?.onReady ?? "", "on_sign_out": worker?.onSignOut ?? "",
                "snippet": worker.map { Markup.block(snippet($0), of: "js") } ?? "",
            ] as [String: Any],
        ]
    }

    /// Where there is none, the settings are those to start with.
    private static func cache(_ known: KitCache?) -> [String: Any] {
        let cache = known ?? KitCache(fresh: .seconds(86_400), staleIfError: .seconds(7 * 86_400))
        let ifError = cache.staleIfError.flatMap { $0 > .zero ? $0 : nil }
        let revalidating = cache.staleWhileRevalidate.flatMap { $0 > .zero ? $0 : nil }
        return [
            "known": known != nil, "serves_stale": ifError != nil,
            "revalidates": revalidating.map(KitText.span) ?? false,
            "fresh": KitText.span(cache.fresh), "stale": ifError.map(KitText.span) ?? "",
            "ttl_text": setting(cache.fresh), "stale_text": ifError.map(setting) ?? "off",
            "revalidate_text": revalidating.map(setting) ?? false,
        ]
    }

    private static func snippet(_ worker: KitWorker) -> String {
        """
        const tell = (worker, message) => new Promise((done, failed) => {
          const channel = new MessageChannel();
          channel.port1.onmessage = ({ data }) => (data.ok ? done() : failed(new Error(data.error)));
          worker.postMessage(message, [channel.port2]);
        });
        await navigator.serviceWorker.register("/sw.js");
        const worker = (await navigator.serviceWorker.ready).active;
        // On every page, before its first question; userId is whatever tells your users apart.
        \(worker.onReady)

        // When the user signs out:
        \(worker.onSignOut)
        """
    }

    /// `24h`, as the config writes it.
    private static func setting(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        for (unit, length) in [("d", 86_400), ("h", 3_600), ("m", 60)] as [(String, Int64)]
        where seconds > length && seconds.isMultiple(of: length) {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }
}
