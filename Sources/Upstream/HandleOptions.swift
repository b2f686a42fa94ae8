import CCurl

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What every request of a thread has in common.
struct HandleOptions: Sendable {
    let userAgent: String
    let proxy: String?
    /// Hosts that are reached without a proxy: the environment's, which setting our own switches off, and loopback.
    let directHosts: String
    /// PEM file of the certificates to trust; nil for the system's.
    let caFile: String?
    /// Whether that file, or libcurl's own, is all that is trusted.
    ///
    /// Only then does libcurl read it once for all connections. Where it looks into a folder besides, each new connection
    /// parses hundreds of certificates, and every transfer of the thread waits meanwhile: a burst of connections would take
    /// seconds, and cost healthy providers their first-token limits.
    let trustsFileAlone: Bool

    init(
        _ configuration: CurlUpstream.Configuration,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        userAgent = configuration.userAgent
        proxy = configuration.proxy
        caFile = configuration.caFile ?? environment["SSL_CERT_FILE"]
        trustsFileAlone = caFile != nil || curl_version_info(CURLVERSION_SEVENTH)?.pointee.cainfo != nil
        let loopback = "localhost,127.0.0.0/8,::1"
        // In libcurl's order of preference; its "*" only means "all" when it stands alone.
        let own = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        directHosts = own.isEmpty ? loopback : own == "*" ? own : "\(own),\(loopback)"
    }
}

extension OptionSetter {
    mutating func set(_ options: HandleOptions) {
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_NOSIGNAL, 1)
        // Without it, removing a handle joins its resolver thread, and one stuck name server stops every transfer.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_DNS_CACHE_TIMEOUT, 60)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_TCP_NODELAY, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        // Below the 60 s after which common load balancers drop an idle connection.
        set(CURLOPT_MAXAGE_CONN, 50)
        // Old connections go, so that a provider's moved address is found.
        set(CURLOPT_MAXLIFETIME_CONN, 600)
        set(CURLOPT_USERAGENT, options.userAgent)
        set(CURLOPT_NOPROXY, options.directHosts)
        if let proxy = options.proxy { set(CURLOPT_PROXY, proxy) }
        if let file = options.caFile { set(CURLOPT_CAINFO, file) }
        if options.trustsFileAlone { set(CURLOPT_CAPATH, String?.none) }
    }
}
