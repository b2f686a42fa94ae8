import Testing

@testable import Kit

/// What the running config may show.
struct ConfigTextTests {
    @Test(
        "secrets are taken out, whatever was forgotten before",
        arguments: [
            ("api_key: abc", "api_key: \"[removed]\""),
            ("  master_key: \"abc\"  # mine", "  master_key: \"[removed]\"  # mine"),
            ("{ key: abc, model: b }", "{ key: \"[removed]\", model: b }"),
            ("# api_key: abc", "# api_key: \"[removed]\""),
            ("- { type: slack, url: \"https://a/b\" }", "- { type: slack, url: \"[removed]\" }"),
            ("api_key: os.environ/A_KEY", "api_key: os.environ/A_KEY"),
            ("api_key: 'os.environ/A_KEY'", "api_key: 'os.environ/A_KEY'"),
            ("{\"api_key\":\"a,b\",\"c\":1}", "{\"api_key\": \"[removed]\",\"c\":1}"),
            ("api_key: a,b}c", "api_key: \"[removed]\""),
            ("aws_access_key_id: A", "aws_access_key_id: \"[removed]\""),
            ("key: 'a # b' # c", "key: \"[removed]\" # c"),
            ("a:\n  secret: |\n    one\n\n    two\n  b: 1", "a:\n  secret: \"[removed]\"\n  b: 1"),
            ("key: \"unclosed", "key: \"[removed]\""), ("key: # none", "key: # none"),
            ("max_tokens: 5", "max_tokens: 5"), ("key:", "key:"), ("listen: 127.0.0.1:4000", "listen: 127.0.0.1:4000"),
            ("", ""),
        ]
    )
    func masking(line: String, shown: String) { #expect(ConfigText.shown(line, notes: [:]) == shown) }

    @Test func notesStandBehindTheirKeys() {
        let yaml = "a:\n  b: 1\nb: 3 # said\nc:\n  - b: 4\n    d: 5"
        let notes = ["a.b": "one", "b": "two", "c.b": "three"]
        #expect(
            ConfigText.shown(yaml, notes: notes)
                == "a:\n  b: 1  # one\nb: 3 # said\nc:\n  - b: 4  # three\n    d: 5"
        )
    }
}
