import Testing

@testable import Kit

struct MarkdownTests {
    @Test(
        "a text is never markup",
        arguments: [
            ("plain", "plain"), ("burn_rate_1h", "burn_rate_1h"), ("_a_", "\\_a\\_"), ("a*b", "a\\*b"),
            ("<b>", "\\<b\\>"),
            ("a|b", "a\\|b"), ("[x](y)", "\\[x\\](y)"), ("&lt;", "\\&lt;"), ("Smith & Co", "Smith & Co"),
            ("# a", "\\# a"),
            ("a\nb\r\nc", "a b c"), ("a\\b", "a\\\\b"), ("\u{1B}[1m\u{202E}", "\\[1m"), ("", ""),
        ]
    )
    func escaping(text: String, expected: String) { #expect(Markup.markdown(text) == expected) }

    @Test(
        "what was escaped is shown as it was",
        arguments: [
            "<script>", "a|b*c_d`e`[f](g)~h~ & &amp; \\ # {{i}}", "**", "burn_rate_1h _x_",
        ]
    )
    func roundTrip(text: String) {
        #expect(MarkdownPage.html("x " + Markup.markdown(text)) == "<p>x \(Markup.html(text))</p>")
        let table = MarkdownPage.html("| a |\n| --- |\n| \(Markup.markdown(text)) |")
        #expect(table.contains("<td>\(Markup.html(text))</td>"))
    }

    @Test(
        "blocks",
        arguments: [
            ("# A *b*", "<h1>A <em>b</em></h1>"), ("a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>"),
            ("- a\n  b\n- c", "<ul>\n<li>a\nb</li>\n<li>c</li>\n</ul>"),
            ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
            ("> a\n> b", "<blockquote>\n<p>a\nb</p>\n</blockquote>"), ("4. a", "<ol start=\"4\">\n<li>a</li>\n</ol>"),
            ("---", "<hr>"),
            ("```yaml\na: <b>\n\n# c\n```\nd", "<pre><code>a: &lt;b&gt;\n\n# c\n</code></pre>\n<p>d</p>"),
            ("````\n```\n````", "<pre><code>```\n</code></pre>"),
            (
                "| a | b |\n| --- | ---: |\n| 1 | 2 | 3 |\n| 4 |",
                "<table>\n<thead>\n<tr><th>a</th><th class=\"number\">b</th></tr>\n</thead>\n<tbody>\n"
                    + "<tr><td>1</td><td class=\"number\">2</td></tr>\n<tr><td>4</td><td class=\"number\"></td></tr>\n"
                    + "</tbody>\n</table>"
            ),
            ("![a](b.svg)", "<div class=\"figures\">\n<figure>\n<p>a</p>\n</figure>\n</div>"), ("", ""),
        ]
    )
    func blocks(markdown: String, html: String) { #expect(MarkdownPage.html(markdown) == html) }

    @Test(
        "lines",
        arguments: [
            ("**a *b* c**", "<strong>a <em>b</em> c</strong>"), ("`a*b*<`", "<code>a*b*&lt;</code>"),
            ("a * b", "a * b"),
            ("[a](b.md)", "<a href=\"B.MD\">a</a>"), ("[a](javascript:b)", "[a](javascript:b)"), ("[a]", "[a]"),
            ("[a] (b)", "[a] (b)"), ("**a", "**a"), ("\\*a\\*", "*a*"), ("a\\", "a\\"), ("`a", "`a"),
            ("99 % x%", "99\u{A0}% x%"), ("**[fill in: x]**", "<strong>[fill in: x]</strong>"),
        ]
    )
    func lines(markdown: String, html: String) {
        #expect(MarkdownLine.html(markdown) { $0.uppercased() } == html)
    }

    @Test(
        "cells of a CSV",
        arguments: [
            ("a", "a"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("=1+1", "'=1+1"), ("-a,b", "\"'-a,b\""),
            ("a\nb", "\"a\nb\""),
        ]
    )
    func csv(text: String, cell: String) { #expect(Markup.csv(text) == cell) }

    @Test(
        "a fence is longer than what it holds",
        arguments: [("a", "```x\na\n```"), ("````\n", "`````x\n````\n`````")]
    )
    func fences(code: String, block: String) { #expect(Markup.block(code, of: "x") == block) }
}
