#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The sequences that terminfo has no name for.
enum Escapes {
    static let beginFrame = "\u{1B}[?2026h"
    static let endFrame = "\u{1B}[?2026l"
    static let pasteOn = "\u{1B}[?2004h"
    static let pasteOff = "\u{1B}[?2004l"
    /// Keeps the title on the terminal's own stack.
    static let pushTitle = "\u{1B}[22;0;0t"
    static let popTitle = "\u{1B}[23;0;0t"
    static let bell = "\u{07}"

    /// Undoes everything that a console may have switched on, in an order that ends on the user's own screen.
    static let restore =
        "\u{1B}[?2026l\u{1B}[?1006l\u{1B}[?1003l\u{1B}[?1002l\u{1B}[?1000l\u{1B}[?2004l"
        + "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l\u{1B}[?1l\u{1B}>"

    static func title(_ text: String, asciiOnly: Bool) -> String {
        "\u{1B}]2;" + CellText.clip(text, to: 200, asciiOnly: asciiOnly).text + "\u{07}"
    }

    /// Bytes of text that go to the clipboard in one sequence: k9s' limit, which is what terminals are known to take.
    static let longestCopy = 74_994

    /// Puts text on the clipboard (OSC 52); nil where it is too long, since half a copy is worse than none.
    ///
    /// Under tmux it is sent twice: to tmux, which heeds it with `set-clipboard on`, and through tmux, which lets it pass
    /// with `allow-passthrough on`.
    static func copy(_ text: String, isTmux: Bool) -> String? {
        guard text.utf8.count <= longestCopy else { return nil }
        let plain = "\u{1B}]52;c;" + Data(text.utf8).base64EncodedString() + "\u{07}"
        return isTmux ? plain + throughTmux(plain) : plain
    }

    private static func throughTmux(_ sequence: String) -> String { "\u{1B}Ptmux;\u{1B}" + sequence + "\u{1B}\\" }

    /// A desktop notification, for terminals that show one (OSC 9); others pass it over.
    ///
    /// What could end the sequence early is left out of the text.
    static func notify(_ text: String, isTmux: Bool) -> String {
        let safe = String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F && !(0x80...0x9F).contains($0.value) }
            )
        )
        let plain = "\u{1B}]9;" + safe.prefix(200) + "\u{07}"
        return isTmux ? throughTmux(plain) : plain
    }
}
