extension ConsoleState {
    /// A key while a box or the help page is open.
    ///
    /// Only the keys that the box names do anything, and pasted text never acts.
    mutating func handleOverlay(_ key: Key) -> [Effect] {
        if key == "!", stopsFromHere {
            if case .themes(_, let original)? = overlay { theme = original }
            overlay = .confirm(.abort, openedAt: lastNow)
            return []
        }
        switch overlay {
        case .bypass(let on, _)?: return answerBypass(key, on)
        case .confirm(let what, _)?: return answer(key, what)
        case .themes(let index, let original)?: return chooseTheme(key, index, original)
        case .demo(let index)?: return chooseFault(key, index)
        case .mute(let alert, let index)?: return chooseMute(key, alert, index)
        case .roles(let index)?: return chooseRole(key, index)
        case .finding(let form)?: return fill(form, key)
        case .palette(let palette)?: return choose(palette, key)
        case .help(let top)?: return scrollHelp(key, top)
        case .quit?: return answerQuit(key)
        case nil: return []
        }
    }

    /// Stopping a drill must be possible from anywhere: not where a `!` may be meant as text, and not to answer itself.
    private var stopsFromHere: Bool {
        guard obstacle(to: .abort) == nil else { return false }
        switch overlay {
        case .confirm(.abort, _)?: return false
        case .finding(let form)?: return form.text.isEmpty
        case .palette(let palette)?: return palette.text.isEmpty
        default: return true
        }
    }

    /// `y` acts, and every other key closes the box, so that nothing can stand between the question and the answer.
    private mutating func answerBypass(_ key: Key, _ on: Bool) -> [Effect] {
        overlay = nil
        guard key == .character("y") else { return cancelled(key) }
        if options.readOnly { return refuse() }
        if lost != nil { return unreachable() }
        pending = .bypass(on, at: lastNow)
        message = nil
        return [.send(.bypass(on))]
    }

    private mutating func answer(_ key: Key, _ what: Confirmation) -> [Effect] {
        overlay = nil
        guard key == .character("y") else { return cancelled(key) }
        if lost != nil { return unreachable() }
        switch what {
        case .clearCooldown(let id, let name):
            say("cooldown of \(name): clearing requested…")
            return [.send(.clearCooldown(deployment: id))]
        case .induce:
            guard let step = latest?.drill?.step else { return [] }
            say("putting the fault in…", .drill)
            return [drill(.act(step: step.id, typed: ""))]
        case .abort:
            say("abort requested…", .drill)
            return [drill(.abort(reason: ""))]
        case .closeFinding(let id, _): return [drill(.closeFinding(id: id))]
        case .cancelDeferred(let id, let text):
            say("cancelling \(text)…")
            return [.send(.cancelDeferred(id: id))]
        }
    }

    private mutating func cancelled(_ key: Key) -> [Effect] {
        say("cancelled: nothing was changed", .muted)
        return key == .control("c") ? quit() : []
    }

    private mutating func refuse() -> [Effect] {
        say("read-only: this console was started with --read-only", .muted)
        return []
    }

    mutating func unreachable() -> [Effect] {
        say("the engine can't be reached: nothing was sent", .warning)
        return []
    }

    private mutating func chooseTheme(_ key: Key, _ index: Int, _ original: String) -> [Effect] {
        let names = options.themeNames
        let next: Int
        switch key {
        case .up, .character("k"), .wheel(up: true): next = index - 1
        case .down, .character("j"), .character("t"), .wheel(up: false): next = index + 1
        case .home, .character("g"): next = 0
        case .end, .character("G"): next = names.count - 1
        case .enter, .character("y"):
            overlay = nil
            say("theme: \(theme)")
            return []
        case .escape, .character("q"), .control("c"):
            overlay = nil
            theme = original
            return []
        default: return []
        }
        guard !names.isEmpty else { return [] }
        let place = (next + names.count) % names.count
        overlay = .themes(index: place, original: original)
        theme = names[place]
        return []
    }

    /// What the demo's menu offers: mending first, where something is broken.
    ///
    /// A nil id mends.
    var demoChoices: [(id: String?, label: String)] {
        guard let demo = latest?.demo else { return [] }
        let mend: [(String?, String)] = demo.fault == nil ? [] : [(nil, "mend it: \(demo.target) works again")]
        return mend + demo.faults.filter { $0.id != demo.fault }.map { ($0.id, $0.label) }
    }

    static let muteChoices: [(seconds: Int, label: String)] = [
        (900, "for 15 minutes"), (3_600, "for an hour"), (28_800, "for 8 hours"), (86_400, "for a day"),
        (0, "not at all: unmute it"),
    ]

    enum Pick {
        case nothing
        case moved(to: Int)
        /// By Enter or by its number; what is no choice closes the box.
        case chosen(Int)
    }

    /// What a key does in a box of `count` numbered choices, of which that of `index` is marked.
    static func pick(_ key: Key, _ index: Int, of count: Int) -> Pick {
        switch key {
        case .up, .character("k"), .wheel(up: true): .moved(to: (index - 1 + count) % count)
        case .down, .character("j"), .wheel(up: false): .moved(to: (index + 1) % count)
        case .enter: .chosen(index)
        case .character(let character): .chosen(character.wholeNumberValue.map { $0 - 1 } ?? count)
        case .escape, .control: .chosen(count)
        default: .nothing
        }
    }

    private mutating func chooseMute(_ key: Key, _ alert: String, _ index: Int) -> [Effect] {
        let choices = Self.muteChoices
        let chosen: Int
        switch Self.pick(key, index, of: choices.count) {
        case .nothing: return []
        case .moved(let place):
            overlay = .mute(alert: alert, index: place)
            return []
        case .chosen(let place): chosen = place
        }
        overlay = nil
        guard choices.indices.contains(chosen) else { return [] }
        if lost != nil { return unreachable() }
        say(choices[chosen].seconds == 0 ? "unmuting…" : "muting \(choices[chosen].label)…")
        return [.send(.mute(alert: alert, seconds: choices[chosen].seconds))]
    }

    private mutating func chooseFault(_ key: Key, _ index: Int) -> [Effect] {
        let choices = demoChoices
        var place = index
        switch key {
        case .up, .character("k"), .wheel(up: true): place -= 1
        case .down, .character("j"), .wheel(up: false): place += 1
        case .enter: return breakPrimary(choices, index)
        case .character(let character):
            guard let digit = character.wholeNumberValue else {
                overlay = nil
                return []
            }
            return breakPrimary(choices, digit - 1)
        case .escape, .control:
            overlay = nil
            return []
        default: return []
        }
        overlay = .demo(index: choices.isEmpty ? 0 : (place + choices.count) % choices.count)
        return []
    }

    private mutating func breakPrimary(_ choices: [(id: String?, label: String)], _ index: Int) -> [Effect] {
        guard choices.indices.contains(index) else { return [] }
        overlay = nil
        if lost != nil { return unreachable() }
        say(choices[index].id == nil ? "mending requested…" : "breaking the primary: \(choices[index].label)…")
        return [.send(.demoFault(choices[index].id))]
    }

    private mutating func scrollHelp(_ key: Key, _ top: Int) -> [Effect] {
        var next = top
        switch CommandEntry.byKey[key] {
        case .up?: next -= 1
        case .down?: next += 1
        case .pageUp?: next -= max(1, visibleRows - 1)
        case .pageDown?, .freeze?: next += max(1, visibleRows - 1)
        case .first?: next = 0
        case .last?: next = 1000
        case .help?, .back?, .quit?, .open?:
            overlay = nil
            return []
        default:
            if case .wheel(let up) = key { next += up ? -3 : 3 }
        }
        overlay = .help(top: max(0, min(next, 1000)))
        return []
    }

    private mutating func answerQuit(_ key: Key) -> [Effect] {
        overlay = nil
        switch key {
        case .character("q"), .character("y"), .control("c"): return [.quit]
        default: return []
        }
    }

    /// Typing the filter: every character counts at once.
    mutating func handleFilter(_ key: Key) -> [Effect] {
        switch key {
        case .character("!") where filter.isEmpty && isFaultIn && obstacle(to: .abort) == nil:
            isTypingFilter = false
            overlay = .confirm(.abort, openedAt: lastNow)
        case .character(let character): filter = Text.clean(filter + String(character), limit: 60)
        case .paste(let text): filter = Text.clean(filter + text, limit: 60)
        case .backspace:
            if filter.isEmpty { isTypingFilter = false } else { filter.removeLast() }
        case .control("u"): filter = ""
        case .enter, .tab: isTypingFilter = false
        case .escape:
            isTypingFilter = false
            filter = ""
        case .control("c"):
            isTypingFilter = false
            return quit()
        case .up, .down: move(by: key == .up ? -1 : 1)
        default: break
        }
        return []
    }
}
