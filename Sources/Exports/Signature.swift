import Crypto

/// HMAC-SHA256 (RFC 2104) of `message`, in lower-case hexadecimal.
func signature(of message: [UInt8], key: String) -> String {
    hexadecimal(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: Array(key.utf8))))
}

/// SHA-256 of `text`, 64 lower-case hexadecimal digits: the same identifier whenever it is asked for.
func fingerprint(_ text: String) -> String {
    hexadecimal(SHA256.hash(data: Array(text.utf8)))
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
