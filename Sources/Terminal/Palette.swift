/// A style as one terminal can show it.
struct Look: Equatable {
    var foreground: Int
    var background: Int
    var bold: Bool
    var dim: Bool
    var underline: Bool
    var reverse: Bool
}

/// How many colours to use.
enum ColorDepth: Equatable, Sendable {
    case mono, eight, sixteen, full

    /// `NO_COLOR` gives way to a colour asked for by name, not to `auto` (https://no-color.org).
    init(terminalColors: Int, noColor: Bool, wish: TerminalOptions.Color) {
        let most: ColorDepth =
            switch terminalColors {
            case 256...: .full
            case 16..<256: .sixteen
            case 8..<16: .eight
            default: .mono
            }
        switch wish {
        case .never: self = .mono
        case .auto: self = noColor ? .mono : most
        case .sixteen: self = most == .full ? .sixteen : most
        case .full: self = most
        }
    }
}

extension ColorDepth {
    /// The nearest look that the terminal has.
    ///
    /// Indexes below 16 are the terminal's own colours and stay what they are. `base` is the style of plain text: without
    /// colours, a role on another background than that is reversed, so that a selection still shows.
    func look(of style: ScreenStyle, over base: ScreenStyle) -> Look {
        var look = Look(
            foreground: -1,
            background: -1,
            bold: style.bold,
            dim: style.dim,
            underline: style.underline,
            reverse: style.reverse
        )
        switch self {
        case .full:
            look.foreground = style.foreground
            look.background = style.background
        case .sixteen:
            look.foreground = ansi(style.foreground)
            look.background = ansi(style.background)
        case .eight:
            let foreground = ansi(style.foreground)
            // Bright is bold there; but bold black, the dark grey of sixteen colours, can't be read on black.
            look.bold = style.bold || foreground > 8
            look.foreground = foreground == 8 ? 7 : foreground > 8 ? foreground - 8 : foreground
            look.background = ansi(style.background)
            if look.background >= 8 { look.background -= 8 }
        case .mono:
            if style.background != base.background { look.reverse = true }
        }
        if self != .full, look.foreground >= 0, look.foreground == look.background {
            // Two shades fell together; text must stay readable.
            look.foreground = look.background == 0 ? 7 : 0
        }
        return look
    }
}

/// The ANSI colour (0 to 15) nearest to a colour of the 256-colour palette; -1 stays -1.
func ansi(_ index: Int) -> Int {
    guard index >= 16 else { return index }
    let (red, green, blue) = components(index)
    let most = max(red, green, blue)
    let least = min(red, green, blue)
    // By hue, not by distance: the nearest by distance to most soft colours is a grey, which says nothing.
    guard most - least > 40 else {
        switch (most + least) / 2 {
        case ..<64: return 0
        case ..<140: return 8
        case ..<220: return 7
        default: return 15
        }
    }
    // What is more blue than green reads as blue, though its hue may be nearer to cyan.
    let middle = least + (most - least) * (blue == most ? 60 : 50) / 100
    let bits = (red > middle ? 1 : 0) | (green > middle ? 2 : 0) | (blue > middle ? 4 : 0)
    return most > 215 ? bits + 8 : bits
}

/// Red, green and blue, 0 to 255, of palette index 16 to 255, as xterm defines them.
private func components(_ index: Int) -> (Int, Int, Int) {
    if index >= 232 {
        let grey = 8 + 10 * (index - 232)
        return (grey, grey, grey)
    }
    let cube = index - 16
    func level(_ step: Int) -> Int { step == 0 ? 0 : 55 + 40 * step }
    return (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
}
