import CCurl

/// Sets options of one easy handle and keeps the first error.
struct OptionSetter: ~Copyable {
    private let easy: UnsafeMutableRawPointer
    private(set) var outcome = CURLE_OK

    init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }

    mutating func set(_ option: CURLoption, _ value: String?) { note(ccurl_set_string(easy, option, value)) }

    mutating func set(_ option: CURLoption, _ value: Int) { note(ccurl_set_long(easy, option, value)) }

    mutating func setOffset(_ option: CURLoption, _ value: Int) {
        note(ccurl_set_offset(easy, option, curl_off_t(value)))
    }

    mutating func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
        note(ccurl_set_pointer(easy, option, value))
    }

    /// For options of which libcurl copies the bytes.
    mutating func set(_ option: CURLoption, _ value: [UInt8]) { note(ccurl_set_bytes(easy, option, value)) }

    mutating func set(_ option: CURLoption, _ value: UnsafeMutablePointer<curl_slist>?) {
        note(ccurl_set_list(easy, option, value))
    }

    mutating func set(_ option: CURLoption, _ value: @escaping curl_write_callback) {
        note(ccurl_set_write(easy, option, value))
    }

    mutating func setBeforeRequest(_ value: @escaping curl_prereq_callback, _ context: UnsafeMutableRawPointer) {
        note(ccurl_set_before_request(easy, value, context))
    }

    private mutating func note(_ code: CURLcode) {
        if outcome == CURLE_OK { outcome = code }
    }
}
