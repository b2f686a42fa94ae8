// The console: an engine's snapshot, a size and the keys pressed go in; styled rows and effects come out.
//
// It knows no terminal, no clock, no socket and no colour. `ConsoleState` and its extensions say what a key does, `Screen` and
// its extensions draw, `Theme` says what a role looks like, and `CommandEntry.all` is the one table behind keys, footer and
// help.

/// What the console is told once, at its start.
package struct ConsoleOptions: Sendable {
    package var glyphs: GlyphSet
    /// Whether the engine runs elsewhere; else it ends with this console.
    package var isAttached: Bool
    /// What the theme picker offers.
    package var themeNames: [String]
    package var theme: String
    /// Whether nothing may be asked of the engine.
    package var readOnly: Bool
    /// By this name the user takes part in drills.
    package var person: String

    package init(
        glyphs: GlyphSet = .unicode,
        isAttached: Bool = false,
        themeNames: [String] = Themes.builtIn.map(\.name),
        theme: String = Themes.defaultName,
        readOnly: Bool = false,
        person: String = ""
    ) {
        self.glyphs = glyphs
        self.isAttached = isAttached
        self.themeNames = themeNames.map { Text.clean($0, limit: 40) }
        self.theme = theme
        self.readOnly = readOnly
        self.person = Text.clean(person, limit: 40)
    }
}

/// The console between two keys: what it knows of the engine, and where its user is.
///
/// A value with no clock and no I/O: snapshots, replies and keys go in; frames and effects come out. It never shows as done
/// what the engine hasn't reported.
package struct ConsoleState: Sendable {
    let options: ConsoleOptions
    /// The theme to draw with; it changes while the picker is open.
    package internal(set) var theme: String

    /// The newest snapshot, and the one held while the display is frozen.
    var latest: EngineSnapshot?
    var held: EngineSnapshot?
    var frozenAt: Int64?
    var lost: Loss?
    /// Deployment ids as they came, beside `latest.providers`, whose texts are cleaned.
    var deploymentIDs: [String] = []
    /// Pages that were announced on this terminal.
    var announced: Set<String> = []

    var focus = Pane.requests
    var isZoomed = false
    var isInDrill = false
    var detail: Detail?
    var overlay: Overlay?
    var filter = ""
    var isTypingFilter = false
    var message: Message?
    var pending: Pending?
    var hasBrokenPrimary = false

    /// The user's name in drills.
    var person: String
    /// What is being typed for a drill.
    var entry: Entry?
    /// What Tab chose to stand beside the step; nil is what the phase makes useful.
    var drillSide: DrillSide?
    var scenarioIndex = 0
    /// Of the deployments that the next drill may break.
    var targetIndex = 0
    /// Of the open findings.
    var findingIndex = 0
    /// Of the deferred requests.
    var deferredIndex = 0
    var isCompressed = true
    /// The drill that is over has been looked at: the next one is chosen.
    var wantsNewDrill = false

    /// Seconds of the window that was asked for; nil is that of the objectives.
    var window: Int?
    var selectedRequestID: String?
    /// The row of the table that the selected request stands on, so that the list stays still under the eye.
    var selectedLine = 0
    var providerIndex = 0
    var eventIndex = 0
    var alertIndex = 0
    var detailTop = 0

    // What the last frame showed: pages, places and clicks refer to it.
    var lastNow: Int64 = 0
    var visibleRows = 1
    var visiblePanes: Set<Pane> = []
    /// Those of the dashboard, when it was last drawn.
    var dashboardPanes: Set<Pane> = []
    var hits: [Hit] = []
    /// What Tab can bring beside the drill's step, and what stands there.
    var drillSides: [DrillSide] = []
    var shownSide: DrillSide?

    struct Loss: Equatable { var reason: String, at: Int64 }
    struct Message: Equatable { var text: String, role: Role, at: Int64 }
    /// Something asked of the engine that no snapshot has shown yet.
    enum Pending: Equatable {
        case bypass(Bool, at: Int64)
        case drill(at: Int64)
    }

    enum Detail: Equatable {
        case request(id: String)
        case provider(index: Int)
        case alert(id: String)
        case cache
        var isProvider: Bool { if case .provider = self { true } else { false } }
        var isAlert: Bool { if case .alert = self { true } else { false } }
    }

    enum Overlay: Equatable {
        case help(top: Int)
        case bypass(on: Bool, openedAt: Int64)
        case confirm(Confirmation, openedAt: Int64)
        case themes(index: Int, original: String)
        case demo(index: Int)
        case mute(alert: String, index: Int)
        case roles(index: Int)
        case finding(FindingForm)
        case palette(CommandPalette)
        case quit

        /// When a box that asks was opened; nil for the others.
        var openedAt: Int64? {
            switch self {
            case .bypass(_, let time), .confirm(_, let time): time
            default: nil
            }
        }
    }

    enum Confirmation: Equatable {
        case clearCooldown(id: String, name: String)
        case induce, abort
        case closeFinding(id: String, text: String)
        case cancelDeferred(id: String, text: String)
    }

    struct Hit: Equatable {
        enum Target: Equatable {
            case pane(Pane), request(id: String, line: Int), provider(Int), event(Int), alert(Int)
        }
        var rect: Rect
        var target: Target
    }

    /// `inDrill`: on the drill's screen from the start.
    package init(options: ConsoleOptions, inDrill: Bool = false) {
        self.options = options
        isInDrill = inDrill
        theme = options.theme
        person = options.person.isEmpty ? "operator" : options.person
    }

    /// Whether the display is held still.
    package var isFrozen: Bool { frozenAt != nil }

    /// What the loop may print after the terminal was given back: what goes on without this console.
    ///
    /// Nil when nothing does.
    package var farewell: String? {
        switch latest?.mode {
        case .bypass?: "the bypass is still on: end it with nines bypass off"
        case .drill? where options.isAttached: "the drill goes on: nines attach takes you back to it"
        default: nil
        }
    }

    /// What is drawn: the newest snapshot, or the one held while frozen.
    var shown: EngineSnapshot? { held ?? latest }

    var isFollowing: Bool { selectedRequestID == nil }

    var isFaultIn: Bool { latest?.drill?.isFaultIn ?? false }
    var isDrillOpen: Bool { latest?.drill.map { !$0.isOver } ?? false }
    /// There is something to abort: neither over nor ended already.
    var canAbort: Bool { latest?.drill?.canAbort ?? false }
    /// The drill's screen offers scenarios in place of a drill.
    var isChoosingDrill: Bool { latest?.drill == nil || (latest?.drill?.isOver == true && wantsNewDrill) }

    /// The newest snapshot; while frozen it is kept aside.
    ///
    /// Returns what a page that began to fire asks of the terminal: once for each, on this console.
    @discardableResult
    package mutating func receive(_ snapshot: EngineSnapshot) -> [Effect] {
        let before = latest
        latest = snapshot.cleaned()
        if before?.drill?.id != latest?.drill?.id { (drillSide, findingIndex) = (nil, 0) }
        deploymentIDs = snapshot.providers.prefix(200).map(\.id)
        lost = nil
        settle(from: before?.mode)
        return announcePages()
    }

    private mutating func announcePages() -> [Effect] {
        let pages = latest?.alerts.filter { $0.state == .firing && $0.severity == .page } ?? []
        let new = pages.filter { !announced.contains($0.id) }
        announced = Set(pages.map(\.id))
        guard !new.isEmpty else { return [] }
        return [.bell] + new.map { .notify("nines: " + $0.summary) }
    }

    /// Draws the consequences of a new snapshot for what was asked and for the boxes that are open.
    private mutating func settle(from before: EngineSnapshot.Mode?) {
        guard let latest else { return }
        switch pending {
        case .bypass(let on, _)? where (latest.mode == .bypass) == on:
            pending = nil
            say(
                on ? "the bypass is on, and stays on until you end it" : "the bypass is off: the router decides again",
                .ok
            )
        case .drill? where isDrillOpen: (pending, wantsNewDrill) = (nil, false)
        default: break
        }
        if case .bypass(let on, _)? = overlay, (latest.mode == .bypass) == on {
            overlay = nil
            say("somebody else has just turned the bypass \(on ? "on" : "off")", .warning)
        }
        if case .demo? = overlay, latest.demo == nil { overlay = nil }
        if case .confirm(.induce, _)? = overlay, latest.drill?.step?.act != "induce" { overlay = nil }
        if case .confirm(.abort, _)? = overlay, !canAbort { overlay = nil }
        if case .roles? = overlay, !isDrillOpen { overlay = nil }
        if case .finding? = overlay, !isDrillOpen { overlay = nil }
        if case .confirm(.closeFinding(let id, _), _)? = overlay, !openFindings.contains(where: { $0.id == id }) {
            overlay = nil
        }
        if case .confirm(.cancelDeferred(let id, _), _)? = overlay,
            latest.cache?.deferred.contains(where: { $0.id == id }) != true
        {
            overlay = nil
        }
        if let entry, !entry.stillFits(latest.drill) { self.entry?.outlive() }
        if latest.demo?.fault != nil { hasBrokenPrimary = true }
    }

    /// The engine's answer to a command, shown in the message row.
    package mutating func receive(_ reply: CommandReply) {
        if !reply.ok {
            pending = nil
        }
        say(Text.clean(reply.message), reply.ok ? .ok : .warning)
    }

    /// The engine can't be reached: the last snapshot stays, marked stale.
    package mutating func lost(reason: String, at time: Int64) {
        if lost == nil { lost = Loss(reason: Text.clean(reason, limit: 120), at: time.asTime) }
    }

    mutating func say(_ text: String, _ role: Role = .text) {
        message = Message(text: text, role: role, at: lastNow)
    }

    // MARK: Selection

    var filteredRequests: [EngineSnapshot.RequestRow] {
        let rows = shown?.requests ?? []
        let isNegated = filter.hasPrefix("!")
        let wanted = isNegated ? String(filter.dropFirst()) : filter
        if wanted.isEmpty { return rows }
        return rows.filter { Text.holds($0.searchText, wanted) != isNegated }
    }

    var selectedProvider: EngineSnapshot.ProviderRow? {
        guard let rows = shown?.providers, !rows.isEmpty else { return nil }
        return rows[min(max(0, providerIndex), rows.count - 1)]
    }

    var selectedDeferred: EngineSnapshot.CacheView.Deferred? {
        guard let rows = shown?.cache?.deferred, !rows.isEmpty else { return nil }
        return rows[min(max(0, deferredIndex), rows.count - 1)]
    }

    var openFindings: [EngineSnapshot.DrillView.Finding] { latest?.drill?.findings.filter(\.isOpen) ?? [] }

    /// The loudest alert that nobody has taken yet.
    var firingAlert: EngineSnapshot.AlertRow? { latest?.alerts.first { $0.state == .firing } }

    var selectedAlert: EngineSnapshot.AlertRow? {
        guard let rows = shown?.alerts, !rows.isEmpty else { return nil }
        if case .alert(let id)? = detail { return rows.first { $0.id == id } }
        return rows[min(max(0, alertIndex), rows.count - 1)]
    }

    /// The selected row as text, for the clipboard.
    var selectedText: String? {
        if case .request(let id)? = detail { return shown?.requests.first { $0.id == id }?.searchText }
        switch focus {
        case .providers: return selectedProvider.map { "\($0.id) \($0.state.word) \($0.lastFailure ?? "")" }
        case .events:
            guard let events = shown?.events, events.indices.contains(eventIndex) else { return nil }
            return Clock.seconds(events[eventIndex].at) + " " + events[eventIndex].text
        case .requests: return shown?.requests.first { $0.id == selectedRequestID }?.searchText
        case .alerts: return selectedAlert.map { "\($0.state.word) \($0.summary)" }
        default: return nil
        }
    }
}

extension EngineSnapshot.RequestRow {
    /// Every column, as the filter and the clipboard see them.
    var searchText: String {
        [
            Clock.millis(at), id, tenant, feature, group, servedBy ?? "", String(status), note,
            tokensIn.map { String($0) } ?? "", tokensOut.map { String($0) } ?? "",
            cost.map { Numbers.price(Double($0)) } ?? "",
            trail.joined(separator: "; "),
        ]
        .filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// What was out of the ordinary; empty for a plain success.
    var note: String {
        let first = trail.first?.split(separator: " ").prefix(2).joined(separator: " ") ?? ""
        switch outcome {
        case .ok: return isBypass ? "bypass" : ""
        case .savedByFailover: return first.isEmpty ? "saved" : "saved: " + first
        case .rejected: return "rejected \(status)"
        case .cancelled: return "client left"
        case .cut: return "cut off mid-answer"
        case .lost: return "LOST \(status)"
        }
    }

    var noteRole: Role {
        switch outcome {
        case .ok: isBypass ? .bypass : .muted
        case .savedByFailover: .warning
        case .rejected, .cancelled: .muted
        case .cut, .lost: .critical
        }
    }
}
