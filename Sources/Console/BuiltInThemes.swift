/// The files of the `themes` folder, compiled in so that one binary is the whole program.
///
/// Generated: run the tests with UPDATE_GOLDENS=1 after a change in that folder.
enum BuiltInThemes {
    static let files: [(name: String, text: String)] = [
        (
            "cvd-dark.yaml",
            #"""
            # Blue, yellow and red keep apart under every colour blindness that could be simulated. Text and background are the
            # terminal's own, so the theme is readable, if pale, on a light one too.
            name: cvd-dark
            background: dark
            roles:
              text: default
              strong: { fg: default, bold: true }
              muted: 246
              border: 240
              focus: 75
              title: { fg: default, bold: true }
              key: 220
              ok: 75
              warning: 220
              critical: { fg: 203, bold: true, reverse: true }
              bypass: { fg: 225, bold: true, reverse: true }
              drill: { fg: 183, bold: true }
              graph: 75
              graphOver: 203
              selection: { fg: 255, bg: 238 }
              bar: { fg: 255, bg: 237, bold: true }

            """#
        ),
        (
            "cvd-light.yaml",
            #"""
            # The colour-blind-safe theme for light terminals; it paints its own white.
            name: cvd-light
            background: light
            canvas: 231
            roles:
              text: 235
              strong: { fg: 16, bold: true }
              muted: 241
              border: 250
              focus: 25
              title: { fg: 16, bold: true }
              key: { fg: 94, bold: true }
              ok: 25
              warning: { fg: 94, bold: true }
              critical: { fg: 88, bold: true, reverse: true }
              bypass: { fg: 90, bold: true, reverse: true }
              drill: { fg: 90, bold: true }
              graph: 25
              graphOver: 160
              selection: { fg: 16, bg: 189 }
              bar: { fg: 16, bg: 254, bold: true }

            """#
        ),
        (
            "high-contrast.yaml",
            #"""
            # Nothing under 9:1 on its own black but the frames.
            name: high-contrast
            background: dark
            canvas: 16
            roles:
              text: 231
              strong: { fg: 231, bold: true }
              muted: 250
              border: 245
              focus: { fg: 226, bold: true }
              title: { fg: 231, bold: true }
              key: { fg: 226, bold: true }
              ok: 81
              warning: { fg: 226, bold: true }
              critical: { fg: 210, bold: true, reverse: true }
              bypass: { fg: 219, bold: true, reverse: true }
              drill: { fg: 219, bold: true }
              graph: 81
              graphOver: { fg: 210, bold: true }
              selection: { fg: 16, bg: 231 }
              bar: { fg: 16, bg: 231, bold: true }

            """#
        ),
        (
            "mono.yaml",
            #"""
            # No colour at all: attributes, glyphs and words carry everything.
            name: mono
            background: dark
            roles:
              text: default
              strong: { bold: true }
              muted: { dim: true }
              border: { dim: true }
              focus: { bold: true }
              title: { bold: true }
              key: { bold: true }
              ok: default
              warning: { bold: true }
              critical: { bold: true, reverse: true }
              bypass: { bold: true, reverse: true }
              drill: { bold: true, reverse: true }
              graph: default
              graphOver: { bold: true }
              selection: { reverse: true }
              bar: { reverse: true }

            """#
        ),
        (
            "catppuccin-mocha.yaml",
            #"""
            # Catppuccin Mocha on the nearest entries of the palette. 'canvas: default' keeps the terminal's own background.
            name: catppuccin-mocha
            background: dark
            canvas: 235
            roles:
              text: 189
              strong: { fg: 231, bold: true }
              muted: 146
              border: 240
              focus: 111
              title: { fg: 231, bold: true }
              key: 223
              ok: 114
              warning: 223
              critical: { fg: 211, bold: true, reverse: true }
              bypass: { fg: 183, bold: true, reverse: true }
              drill: { fg: 183, bold: true }
              graph: 114
              graphOver: 211
              selection: { fg: 231, bg: 239 }
              bar: { fg: 231, bg: 238, bold: true }

            """#
        ),
        (
            "dracula.yaml",
            #"""
            # Dracula, its comment blue lifted to be readable. 'canvas: default' keeps the terminal's own background.
            name: dracula
            background: dark
            canvas: 236
            roles:
              text: 255
              strong: { fg: 231, bold: true }
              muted: 146
              border: 61
              focus: 141
              title: { fg: 231, bold: true }
              key: 228
              ok: 84
              warning: 215
              critical: { fg: 210, bold: true, reverse: true }
              bypass: { fg: 212, bold: true, reverse: true }
              drill: { fg: 141, bold: true }
              graph: 84
              graphOver: 210
              selection: { fg: 231, bg: 240 }
              bar: { fg: 231, bg: 239, bold: true }

            """#
        ),
        (
            "gruvbox-dark.yaml",
            #"""
            # Gruvbox dark, its comment grey lifted to be readable. 'canvas: default' keeps the terminal's own background.
            name: gruvbox-dark
            background: dark
            canvas: 235
            roles:
              text: 223
              strong: { fg: 230, bold: true }
              muted: 246
              border: 240
              focus: 109
              title: { fg: 230, bold: true }
              key: 214
              ok: 142
              warning: 214
              critical: { fg: 203, bold: true, reverse: true }
              bypass: { fg: 175, bold: true, reverse: true }
              drill: { fg: 175, bold: true }
              graph: 142
              graphOver: 203
              selection: { fg: 230, bg: 239 }
              bar: { fg: 230, bg: 238, bold: true }

            """#
        ),
        (
            "nord.yaml",
            #"""
            # Nord, its comment grey lifted to be readable. 'canvas: default' keeps the terminal's own background.
            name: nord
            background: dark
            canvas: 236
            roles:
              text: 253
              strong: { fg: 255, bold: true }
              muted: 248
              border: 242
              focus: 110
              title: { fg: 255, bold: true }
              key: 222
              ok: 108
              warning: 222
              critical: { fg: 174, bold: true, reverse: true }
              bypass: { fg: 182, bold: true, reverse: true }
              drill: { fg: 182, bold: true }
              graph: 108
              graphOver: 174
              selection: { fg: 255, bg: 240 }
              bar: { fg: 255, bg: 239, bold: true }

            """#
        ),
        (
            "solarized-dark.yaml",
            #"""
            # Solarized dark: the accents are its own, the base tones the nearest greys. 'canvas: default' keeps the terminal's own.
            name: solarized-dark
            background: dark
            canvas: 235
            roles:
              text: 248
              strong: { fg: 254, bold: true }
              muted: 246
              border: 240
              focus: 37
              title: { fg: 254, bold: true }
              key: 136
              ok: 106
              warning: 136
              critical: { fg: 203, bold: true, reverse: true }
              bypass: { fg: 175, bold: true, reverse: true }
              drill: { fg: 104, bold: true }
              graph: 106
              graphOver: 203
              selection: { fg: 254, bg: 238 }
              bar: { fg: 254, bg: 237, bold: true }

            """#
        ),
        (
            "tokyo-night.yaml",
            #"""
            # Tokyo Night, its comment blue lifted to be readable. 'canvas: default' keeps the terminal's own background.
            name: tokyo-night
            background: dark
            canvas: 234
            roles:
              text: 153
              strong: { fg: 189, bold: true }
              muted: 146
              border: 60
              focus: 111
              title: { fg: 189, bold: true }
              key: 179
              ok: 149
              warning: 179
              critical: { fg: 211, bold: true, reverse: true }
              bypass: { fg: 141, bold: true, reverse: true }
              drill: { fg: 141, bold: true }
              graph: 149
              graphOver: 211
              selection: { fg: 189, bg: 238 }
              bar: { fg: 189, bg: 237, bold: true }

            """#
        ),
    ]
}
