import CCurl

extension TransportError.Kind {
    /// What a failed transfer means.
    ///
    /// `connected`: the connection stood and the request could be sent. Codes that HTTP cannot give, and new ones, count as `reset`: the exchange broke, and that is all we know.
    init(_ code: CURLcode, connected: Bool) {
        self =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .dns
            case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_INTERFACE_FAILED, CURLE_NO_CONNECTION_AVAILABLE: .refused
            case CURLE_OPERATION_TIMEDOUT: connected ? .timeout : .connectTimeout
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
                CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND,
                CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
                CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
                .tls
            case CURLE_PARTIAL_FILE: .truncated
            case CURLE_ABORTED_BY_CALLBACK: .cancelled
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
                CURLE_BAD_FUNCTION_ARGUMENT, CURLE_TOO_MANY_REDIRECTS, CURLE_WRITE_ERROR, CURLE_FILESIZE_EXCEEDED:
                .malformed
            default: .reset
            }
    }
}
