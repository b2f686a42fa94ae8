import Testing

@testable import Wire

struct RedactionTests {
    @Test(
        "what goes",
        arguments: [
            (
                "Incorrect API key provided: sk-abcdEFGH1234. You can find",
                "Incorrect API key provided: *** You can find"
            ),
            ("sk-proj-abc_DEF-123", "***"), ("key=sk-abc123&x=1", "key=***&x=1"),
            (#"{"key":"sk-ant-api03-abc"}"#, #"{"key":"***"}"#),
            ("sk-***************abcd", "***"), ("sk-…abcd", "***"), ("sk-••••abcd is wrong", "*** is wrong"),
            (
                "first sk-aaa then gsk_bbb, xai-ccc; AIzaSyD pplx-d r8_e hf_f",
                "first *** then ***, ***; *** *** *** ***"
            ),
            ("csk-abc nvapi-abc tgp_v1_abc sess-abc ya29.abc eyJhbGciOi.J9.x-y_z", "*** *** *** *** *** ***"),
            (#"line\nsk-abc"#, #"line\n***"#), ("密钥sk-abcdef无效。请检查", "密钥***。请检查"),
            ("xsk-0123456789abcdef0123", "x***"), ("sk-a\u{301}bc\u{200B}def", "***"),
            ("Authorization: Bearer abc12345", "Authorization: Bearer ***"),
            ("bearer   0123abcd, x", "bearer   ***, x"),
            ("BEARER abcdefghijklmnopqrst", "BEARER ***"), ("Bearer sk-abc", "Bearer ***"),
        ]
    )
    func goes(text: String, expected: String) { #expect(redacted(text) == expected) }

    @Test(
        "what stays",
        arguments: [
            "", "risk-free disk-full", "the desk-lamp is a task-force", "Bearer token required", "bearer", "Bearer ",
            "model gpt-5.4-mini does not exist", "a key starts with sk- always", "é日本😀",
        ]
    )
    func stays(text: String) { #expect(redacted(text) == text) }

    @Test(
        "secrets that are known",
        arguments: [
            (["abcd"], "xabcdy abcd", "x***y ***"), (["abcd", "abcd1234"], "is abcd1234 ok", "is *** ok"),
            (["abcd1234", "abcd"], "abcd1234 abcd", "*** ***"), (["key", ""], "key", "key"),
            (["p@ss/w0rd+="], "u:p@ss/w0rd+=@h", "u:***@h"),
            (["abcd"], "abcd\u{301}", "***\u{301}"), (["abcd"], "ab\ncd", "ab cd"),
            (["schlüssel"], "der schlüssel", "der ***"),
            (["aaaa"], "aaaaaaaaa", "******a"),
        ]
    )
    func secrets(secrets: [String], text: String, expected: String) {
        #expect(redacted(text, secrets: secrets) == expected)
    }

    @Test(
        "always one line of plain characters",
        arguments: [
            ("a\nb\r\nc\rd", "a b  c d"), ("a\u{2028}b\u{2029}c\u{85}d\u{B}e", "a b c d e"),
            ("\u{1B}[31mred\u{7}", " [31mred "),
        ]
    )
    func line(text: String, expected: String) { #expect(redacted(text) == expected) }

    @Test(
        "length",
        arguments: [
            (300, "abc", "abc"), (3, "abc", "abc"), (3, "abcd", "ab…"), (1, "ab", "…"), (0, "ab", "…"), (-5, "ab", "…"),
            (Int.max, "ab", "ab"), (3, "e\u{301}\u{301}\u{301}", "e\u{301}…"), (5, "é日😀", "é日😀"),
        ]
    )
    func length(limit: Int, text: String, expected: String) {
        #expect(Array(redacted(text, limit: limit).unicodeScalars) == Array(expected.unicodeScalars))
    }

    /// Wherever a huge text is cut, no part of a key is left.
    @Test func noHalfKeyAtTheCut() {
        let key = "sk-abcdefghijklmnop"
        for length in 0..<60 {
            let text =
                String(repeating: "sk-x ", count: length) + String(repeating: "-", count: length) + " \(key) \(key)"
            for limit in [4, 10, 16, 20] {
                let shown = redacted(text, secrets: ["abcdefghijklmnop"], limit: limit)
                #expect(!shown.contains("abc") && shown.unicodeScalars.count <= limit)
            }
        }
    }

    @Test func noSecretSurvivesAnySurroundings() {
        var random = Seeded(5)
        let secret = "Zq7-plain.key_without+prefix/="
        for _ in 0..<1_000 {
            let noise = { (random: inout Seeded) in
                (0..<random.below(8)).map { _ in
                    random.pick(["a", "sk-", " ", "\n", "\u{301}", "é", "\"", "\u{200D}", "***", "=", "Bearer "])
                }.joined()
            }
            let text = noise(&random) + secret + noise(&random) + secret + noise(&random)
            #expect(
                !Array(redacted(text, secrets: [secret]).utf8).asText.contains("plain.key"),
                "\(text.debugDescription)"
            )
        }
    }
}
