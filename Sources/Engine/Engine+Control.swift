package import Console
package import FrontDoor
import Routing
package import Storage
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Engine {
    /// The setting that holds since when the bypass is on, in UTC milliseconds; absent while it is off.
    package static let bypassKey = "bypass"

    /// Carries out what a console or the control socket asks; a drill's wishes go through `carryOut`, which waits.
    package func perform(_ command: EngineCommand) -> CommandReply {
        switch command {
        case .bypass(let isOn): return setBypass(isOn)
        case .clearCooldown(let name): return clearCooldown(name)
        case .demoFault(let fault): return setDemoFault(fault)
        case .drill: return CommandReply(ok: false, message: "a drill's step takes time: ask for it at /drill")
        case .acknowledge(let alert, let person): return acknowledge(alert, by: person)
        case .mute(let alert, let seconds): return mute(alert, seconds: seconds)
        case .cancelDeferred(let id): return cancelDeferred(id)
        case .purgeCache(let tenant, let feature): return purgeCache(tenant: tenant, feature: feature)
        }
    }

    /// The same, without holding a thread where a drill must wait for the disk.
    package func carryOut(_ command: EngineCommand) async -> CommandReply {
        if case .drill(let drill) = command { return await performDrill(drill) }
        return perform(command)
    }

    /// The switch that a person left, from the ledger; called once at the start, before the door opens.
    ///
    /// `override` is what `BYPASS_ROUTER` says: a use of the switch like any other.
    package func restoreSwitches(override: Bool?) {
        if let since = Self.bypassSince(in: ledger) {
            switches.withLock { ($0.isBypassOn, $0.bypassSince) = (true, since) }
        }
        if let override { _ = setBypass(override) }
        resumeDrills()
        let rows = (try? ledger.recentRequests()) ?? []
        let events = (try? ledger.recentEvents()) ?? []
        telemetry.restore(
            rows: rows,
            events: events.map { EngineSnapshot.Event(at: $0.at, weight: .info, text: $0.text) }
        )
    }

    /// Since when the bypass is on, as the ledger has it; nil when it is off.
    ///
    /// UTC milliseconds.
    package static func bypassSince(in ledger: Ledger) -> Int64? {
        guard let text = try? ledger.setting(bypassKey) else { return nil }
        return Int64(text)
    }

    /// Sets the durable switch where no engine runs.
    package static func storeBypass(_ isOn: Bool, in ledger: Ledger, now: Int64) throws(LedgerError) {
        try ledger.set(bypassKey, value: isOn ? String(now) : nil)
    }

    private func setBypass(_ isOn: Bool) -> CommandReply {
        let now = wallMilliseconds()
        let was = switches.withLock { $0.isBypassOn }
        guard was != isOn else {
            return CommandReply(ok: true, message: isOn ? "the bypass is on already" : "the bypass is off already")
        }
        // The switch acts at once; that it survives a restart is the ledger's part, and said where it can't.
        switches.withLock { ($0.isBypassOn, $0.bypassSince) = (isOn, now) }
        // Somebody wants the router gone: a drill must not stand in the way.
        if isOn { restoreAll(because: "the bypass went on") }
        say(
            isOn ? .warning : .good,
            isOn ? "bypass ON: every request goes straight to the primary" : "bypass off: the router decides again",
            kind: "bypass"
        )
        hub.kick()
        do throws(LedgerError) {
            try Self.storeBypass(isOn, in: ledger, now: now)
            return CommandReply(ok: true, message: isOn ? "bypass is on" : "bypass is off")
        } catch {
            return CommandReply(
                ok: true,
                message: "bypass is \(isOn ? "on" : "off"), but would not survive a restart: \(error)"
            )
        }
    }

    private func clearCooldown(_ name: String) -> CommandReply {
        guard let deployment = table.deployments.values.first(where: { $0.id.name == name }) else {
            return CommandReply(ok: false, message: "there is no deployment '\(name)'")
        }
        let wasOut = router.withLock { state in
            defer { state.breakers.clear(deployment) }
            return state.breakers.openBreaker(of: deployment) != nil
        }
        guard wasOut else { return CommandReply(ok: false, message: "\(name) is not cooling down") }
        say(.info, "\(name): cooldown cleared by hand", kind: "cleared")
        hub.kick()
        return CommandReply(ok: true, message: "\(name) may be tried again")
    }

    private func setDemoFault(_ fault: String?) -> CommandReply {
        guard let demo else { return CommandReply(ok: false, message: "only the demo can break its providers") }
        guard demo.inject(fault) else {
            return CommandReply(ok: false, message: "the demo knows no fault '\(fault ?? "")'")
        }
        let view = demo.view
        let label = view.faults.first { $0.id == fault }?.label
        say(
            fault == nil ? .good : .warning,
            label.map { "demo: \(view.target) broken: \($0)" } ?? "demo: \(view.target) mended",
            kind: "demo"
        )
        hub.kick()
        return CommandReply(ok: true, message: label ?? "mended")
    }
}

/// The body of `POST /drill/NAME`: who wishes it, and what it needs.
private struct DrillWish: Decodable {
    let by: String?
    let scenario: String?
    let compressed: Bool?
    let group: String?
    let role: String?
    let name: String?
    let step: String?
    let value: String?
    let reason: String?
    let kind: String?
    let text: String?
    let pressedAt: Int64?
    let owner: String?
    let due: String?
    let id: String?

    static let names: Set = [
        "open", "assign", "confirm", "act", "restore", "undo", "skip", "hold", "release", "note", "finding",
        "close-finding", "abort",
    ]

    /// Nil where something is missing.
    func command(_ path: String) -> DrillCommand? {
        guard let by, !by.isEmpty else { return nil }
        return action(path).map { DrillCommand(by: by, $0) }
    }

    private func action(_ path: String) -> DrillCommand.Action? {
        switch path {
        case "open": scenario.map { .open(scenario: $0, isCompressed: compressed ?? false, group: group) }
        case "assign": role.flatMap { role in name.map { .assign(role: role, to: $0) } }
        case "confirm": step.map { .confirm(step: $0, value: value ?? "") }
        case "act": step.map { .act(step: $0, typed: value ?? "") }
        case "restore": .restore
        case "undo": step.map { .undo(step: $0, reason: reason ?? "") }
        case "skip": step.map { .skip(step: $0, reason: reason ?? "") }
        case "hold": .hold(reason: reason ?? "")
        case "release": .release
        case "note": text.map { .note(kind: kind ?? "note", text: $0, pressedAt: pressedAt ?? wallMilliseconds()) }
        case "finding":
            text.map { .finding(text: $0, owner: owner ?? "", kind: kind ?? "process", due: due ?? "") }
        case "close-finding": id.map { .closeFinding(id: $0) }
        case "abort": .abort(reason: reason ?? "")
        default: nil
        }
    }
}

/// The engine's control socket: snapshots out, commands in, as JSON over HTTP.
///
/// Whoever can open the socket may use it.
package struct ControlGateway: Gateway {
    let engine: Engine

    package init(_ engine: Engine) { self.engine = engine }

    /// On no event loop: a snapshot reads the file, and takes longer than any request should wait.
    package func answer(_ request: InboundRequest) async -> OutboundResponse {
        await withTaskExecutorPreference(WaitingExecutor()) { await route(request) }
    }

    private func route(_ request: InboundRequest) async -> OutboundResponse {
        switch (request.method, request.path) {
        case ("GET", "/snapshot"): return json(engine.snapshot())
        case ("GET", "/events"): return events()
        case ("POST", "/command"):
            return await decode(EngineCommand.self, request) { await engine.carryOut($0) }
        case ("POST", "/bypass"): return await decode(Switch.self, request) { engine.perform(.bypass($0.on)) }
        case ("POST", let path) where path.hasPrefix("/drill/"):
            let name = String(path.dropFirst("/drill/".count))
            guard DrillWish.names.contains(name) else { return unknown }
            return await decode(DrillWish.self, request) { wish in
                guard let command = wish.command(name) else {
                    return CommandReply(
                        ok: false,
                        message: "\(name) needs \"by\", the person's name, and its own fields"
                    )
                }
                return await engine.performDrill(command)
            }
        case ("POST", let path) where path.hasPrefix("/alerts/"):
            return await alert(path.dropFirst("/alerts/".count), request)
        default: return unknown
        }
    }

    private struct Switch: Decodable { let on: Bool }
    private struct Acknowledgement: Decodable { let by: String? }
    private struct Mute: Decodable { let seconds: Int }

    /// `ID/ack` and `ID/mute`; an alert's id may be percent-encoded, and holds colons, or a slash of a feature's name.
    private func alert(_ rest: Substring, _ request: InboundRequest) async -> OutboundResponse {
        guard let slash = rest.lastIndex(of: "/"), let id = percentDecoded(rest[..<slash]), !id.isEmpty
        else { return unknown }
        switch rest[slash...] {
        case "/ack":
            if request.body.isEmpty { return reply(engine.perform(.acknowledge(alert: id))) }
            return await decode(Acknowledgement.self, request) { engine.perform(.acknowledge(alert: id, by: $0.by)) }
        case "/mute":
            return await decode(Mute.self, request) { engine.perform(.mute(alert: id, seconds: $0.seconds)) }
        default: return unknown
        }
    }

    private var unknown: OutboundResponse {
        .json("{\"ok\":false,\"message\":\"unknown path: see the README on the control socket\"}", status: 404)
    }

    private func events() -> OutboundResponse {
        let snapshots = engine.watch()
        return OutboundResponse(
            status: 200,
            headers: [("content-type", "text/event-stream")],
            body: .stream { writer in
                for await snapshot in snapshots {
                    let data = await withTaskExecutorPreference(globalConcurrentExecutor) {
                        try? JSONEncoder().encode(snapshot)
                    }
                    guard let data else { continue }
                    try await writer.write(Array("data: ".utf8) + data + Array("\n\n".utf8))
                }
            }
        )
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type,
        _ request: InboundRequest,
        _ act: (Value) async -> CommandReply
    ) async -> OutboundResponse {
        guard let value = try? JSONDecoder().decode(type, from: Data(request.body)) else {
            return .json("{\"ok\":false,\"message\":\"the body is not what this path expects\"}", status: 400)
        }
        return reply(await act(value))
    }

    private func reply(_ reply: CommandReply) -> OutboundResponse { json(reply, status: reply.ok ? 200 : 409) }

    private func json(_ value: some Encodable, status: Int = 200) -> OutboundResponse {
        guard let data = try? JSONEncoder().encode(value) else { return .json("{}", status: 500) }
        return .json(String(decoding: data, as: UTF8.self), status: status)
    }
}

/// Nil for what is no percent-encoding, or no UTF-8 behind it.
private func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard rest.count >= 2, rest.prefix(2).allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(code)
        rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}
