/// What the console does about a notice where the terminal is the pager.
///
/// A value: `Terminal` owns the screen and writes it.
package struct TerminalNotice: Sendable, Equatable {
    /// The bell is rung.
    package var rings: Bool
    /// One line for the window's title, free of control characters.
    package var title: String
    /// A desktop notification; nil where it would be noise.
    package var notification: DesktopNotification?

    /// Triggers ring unless they are `info`; an acknowledgement changes the title only.
    package init(_ notice: AlertNotice, now: Int64) {
        let text = NoticeText(notice: notice, sentAt: now)
        rings = notice.state == .triggered && notice.severity != .info
        title = clipped(text.headline, to: 120)
        if notice.state != .acknowledged {
            let body = clipped(text.figures ?? oneLine(text.text), to: 200)
            notification = DesktopNotification(title: title, body: body)
        }
    }
}

/// A notification that some terminals pass on to the desktop.
package struct DesktopNotification: Sendable, Equatable {
    package var title: String
    package var body: String

    package init(title: String, body: String) {
        self.title = title
        self.body = body
    }

    /// The sequence of iTerm2, Windows Terminal, kitty, WezTerm and Ghostty: one text.
    ///
    /// A text that starts with a digit and a semicolon means something else there, so a blank stands first.
    package var osc9: String {
        let text = body.isEmpty ? title : "\(title): \(body)"
        return "\u{1B}]9;" + (text.first?.isNumber == true ? " " : "") + oneLine(text) + "\u{1B}\\"
    }

    /// The sequence of urxvt, foot, WezTerm and Ghostty: title and body, which a semicolon divides.
    package var osc777: String {
        let head = String(oneLine(title).map { $0 == ";" ? "," : $0 })
        return "\u{1B}]777;notify;\(head);" + oneLine(body) + "\u{1B}\\"
    }
}
