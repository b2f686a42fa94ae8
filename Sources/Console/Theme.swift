/// What every role looks like.
package struct Theme: Sendable, Equatable {
    package enum Background: String, Sendable { case dark, light }

    package enum Color: Sendable, Equatable, Hashable {
        case terminalDefault
        /// An index of the xterm palette.
        case palette(UInt8)
    }

    package struct Style: Sendable, Equatable {
        package var foreground: Color
        package var background: Color
        package var bold: Bool
        package var dim: Bool
        package var underline: Bool
        package var reverse: Bool

        package init(
            foreground: Color = .terminalDefault,
            background: Color = .terminalDefault,
            bold: Bool = false,
            dim: Bool = false,
            underline: Bool = false,
            reverse: Bool = false
        ) {
            self.foreground = foreground
            self.background = background
            self.bold = bold
            self.dim = dim
            self.underline = underline
            self.reverse = reverse
        }
    }

    /// How much colour the terminal has.
    package enum Depth: Sendable { case mono, eight, sixteen, full }

    package var name: String
    /// The kind of terminal that the theme is meant for.
    package var background: Background
    /// Behind every role that names no background of its own.
    package var canvas: Color
    /// One for every role.
    package var styles: [Role: Style]

    package init(name: String, background: Background, canvas: Color = .terminalDefault, styles: [Role: Style]) {
        self.name = name
        self.background = background
        self.canvas = canvas
        self.styles = styles
    }

    /// The style of `role` on a terminal of that depth.
    ///
    /// Below 256 colours a foreground becomes the nearest of the 16 by hue (of 8 with bold for the bright ones) and a
    /// background the terminal's own, with reverse where it carried the meaning; without colour only attributes stay.
    package func style(_ role: Role, depth: Depth) -> Style {
        let full = styles[role] ?? Style()
        switch depth {
        case .full: return full
        case .mono: return Self.mono(role)
        case .sixteen, .eight:
            var style = full
            style.background = .terminalDefault
            style.reverse = full.reverse || role == .selection || role == .bar
            if style.reverse, !full.reverse {
                style.foreground = .terminalDefault
            } else if case .palette(let index) = full.foreground {
                style.foreground = Self.sixteen(nearest: index, role: role)
            }
            if depth == .eight, case .palette(let index) = style.foreground, index >= 8 {
                style.foreground = index == 8 ? .terminalDefault : .palette(index - 8)
                style.bold = style.bold || index != 8
                style.dim = style.dim || index == 8
            }
            return style
        }
    }

    /// Attributes that keep the roles apart without any colour.
    private static func mono(_ role: Role) -> Style {
        switch role {
        case .text, .border, .graph, .ok: Style()
        case .muted: Style(dim: true)
        case .strong, .title, .key, .warning, .graphOver, .focus: Style(bold: true)
        case .critical, .bypass, .drill: Style(bold: true, reverse: true)
        case .selection, .bar: Style(reverse: true)
        }
    }

    /// Greys by lightness; colours by their strong channels, bright ones only, since the dark six are hard to read.
    private static func sixteen(nearest index: UInt8, role: Role) -> Color {
        if index < 16 { return .palette(index) }
        if role == .text || role == .strong || role == .title { return .terminalDefault }
        let (red, green, blue) = Palette.components(index)
        let (low, high) = (min(red, green, blue), max(red, green, blue))
        if Int(high) - Int(low) < 32 {
            return switch high {
            case ..<64: .palette(0)
            case ..<160: .palette(8)
            case ..<224: .palette(7)
            default: .palette(15)
            }
        }
        let middle = (Int(low) + Int(high)) / 2
        let hue: UInt8 = (Int(red) > middle ? 1 : 0) | (Int(green) > middle ? 2 : 0) | (Int(blue) > middle ? 4 : 0)
        return .palette(high > 140 ? hue + 8 : hue)
    }
}

/// The xterm palette: what a colour index looks like.
package enum Palette {
    /// Red, green and blue of an index.
    ///
    /// The first 16 are xterm's own; terminals let their users change those.
    package static func components(_ index: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
        switch index {
        case ..<16:
            let base: [UInt32] = [
                0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5, 0x7F7F7F, 0xFF0000,
                0x00FF00,
                0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
            ]
            let value = base[Int(index)]
            return (UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF))
        case ..<232:
            let steps: [UInt8] = [0, 95, 135, 175, 215, 255]
            let cube = Int(index) - 16
            return (steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
        default:
            let grey = UInt8(8 + 10 * (Int(index) - 232))
            return (grey, grey, grey)
        }
    }
}
