/// Turns a finished draft into the steps of a connection: at the profile's pace, broken where a fault breaks it.
struct Performance: Sendable {
    var writer: any AnswerWriter
    var pieces: [String]
    var headers: [String]
    /// JSON of the error that goes out under status 200.
    var error: String
    var firstToken: Duration
    var latency: LatencyProfile

    /// The faults that need no answer to break; nil for the others.
    static func silence(_ fault: ProviderFault) -> Script? {
        var script = Script()
        switch fault {
        case .hang: script.end(with: .hang)
        case .reset: script.end(with: .reset)
        // A connection that was accepted before the listener was gone.
        case .closeWithoutAnswer, .refuseConnections: script.end(with: .close)
        default: return nil
        }
        return script
    }

    func stream(_ fault: ProviderFault?, using random: inout SeededRandom) -> Script {
        if let script = fault.flatMap(Self.silence) ?? fault.flatMap({ wrongDocument($0) }) { return script }
        var script = Script()
        begin(&script, fault)
        switch fault {
        case .hangAfterHeaders: script.end(with: .hang)
        case .roleDeltaThenSilence:
            script.body(writer.opening)
            script.bodyForever(writer.keepAlive, every: Self.keepAlivePause)
        case .emptyStream: script.finish()
        case .errorEventFirst:
            script.body(writer.event(error: error))
            script.finish()
        default:
            script.body(writer.opening)
            let count = min(fault?.piecesBefore ?? pieces.count, pieces.count)
            send(pieces[..<count], fault, &script, &random)
            end(&script, fault, pieces[count...], &random)
        }
        return script
    }

    func document(_ fault: ProviderFault?, using random: inout SeededRandom) -> Script {
        let generation = pieces.dropFirst().reduce(firstToken) { time, _ in time + gap(fault, &random) }
        return BareDocument(body: writer.document, headers: headers, delay: generation, error: error).script(fault)
    }

    /// Up to the headers, and the wait for the first event.
    private func begin(_ script: inout Script, _ fault: ProviderFault?) {
        if case .slowHeaders(let delay)? = fault { script.wait(delay) }
        script.wait(firstToken)
        script.streamHead(headers: headers)
        switch fault {
        case .slowFirstToken(let delay): script.wait(delay)
        case .keepAlivesThenAnswer(let delay):
            for _ in 0..<max(1, Int(delay / Self.keepAlivePause)) {
                script.body(writer.keepAlive)
                script.wait(Self.keepAlivePause)
            }
        default: break
        }
    }

    private func send(
        _ pieces: ArraySlice<String>,
        _ fault: ProviderFault?,
        _ script: inout Script,
        _ random: inout SeededRandom
    ) {
        for (index, piece) in zip(pieces.indices, pieces) {
            if index > pieces.startIndex || fault?.isDrip == true { script.wait(gap(fault, &random)) }
            script.body(writer.event(piece: piece, at: index))
        }
    }

    /// What comes after the pieces that the fault allows; `rest` are the others.
    private func end(
        _ script: inout Script,
        _ fault: ProviderFault?,
        _ rest: ArraySlice<String>,
        _ random: inout SeededRandom
    ) {
        switch fault {
        case .cutAfter: script.end(with: .close)
        case .stallAfter: script.end(with: .hang)
        case .keepAlivesAfter: script.bodyForever(writer.keepAlive, every: Self.keepAlivePause)
        case .cutJSON:
            let event = writer.event(piece: rest.first ?? "", at: rest.startIndex)
            script.body(String(event.prefix(event.count / 2)))
            script.end(with: .close)
        case .errorEventAfter:
            script.body(writer.event(error: error))
            script.finish()
        case .cleanEndWithoutFinish: script.finish()
        case .doneWithoutFinish:
            script.body(writer.done)
            script.finish()
        case .malformedChunkAfter:
            let event = writer.event(piece: rest.first ?? "", at: rest.startIndex)
            script.body(event.prefix(event.count / 2) + "\n\n")
            send(rest.dropFirst(), fault, &script, &random)
            script.body(writer.closing)
            script.finish()
        default:
            script.body(writer.closing)
            script.finish()
        }
    }

    private func wrongDocument(_ fault: ProviderFault) -> Script? {
        BareDocument(body: "", headers: headers, delay: firstToken, error: error).wrong(fault)
    }

    private func gap(_ fault: ProviderFault?, _ random: inout SeededRandom) -> Duration {
        if case .slowDrip(let pause)? = fault { return pause }
        return latency.gap(using: &random)
    }

    private static let keepAlivePause = Duration.milliseconds(500)
}

extension ProviderFault {
    fileprivate var isDrip: Bool {
        if case .slowDrip = self { true } else { false }
    }
}

extension Performance {
    /// A body that is sent whole after a delay, and what each fault makes of it.
    struct BareDocument: Sendable {
        var body: String
        var headers: [String]
        var delay: Duration
        /// JSON that goes out under status 200.
        var error: String

        func script(_ fault: ProviderFault?) -> Script {
            guard let fault else { return whole(body) }
            if let script = Performance.silence(fault) ?? wrong(fault) { return script }
            switch fault {
            case .hangAfterHeaders: return part("", then: .hang)
            case .roleDeltaThenSilence: return script(.hang)
            case .slowHeaders(let more), .slowFirstToken(let more), .keepAlivesThenAnswer(let more):
                return whole(body, after: more)
            case .cutAfter, .cutJSON: return part(half, then: .close)
            case .stallAfter, .keepAlivesAfter: return part(half, then: .hang)
            case .malformedChunkAfter, .cleanEndWithoutFinish, .doneWithoutFinish: return whole(half)
            case .errorEventFirst, .errorEventAfter: return whole(error)
            case .emptyStream: return whole("")
            default: return whole(body)
            }
        }

        /// The faults that answer 200 with something else, streams included; nil for the others.
        func wrong(_ fault: ProviderFault) -> Script? {
            switch fault {
            case .emptyBody: whole("")
            case .html200: whole(Self.page, type: "text/html; charset=utf-8")
            default: nil
            }
        }

        private var half: String { String(body.prefix(body.count / 2)) }

        private func whole(_ text: String, type: String = "application/json", after more: Duration = .zero) -> Script {
            var script = Script()
            script.wait(delay + more)
            script.head(200, type: type, length: text.utf8.count, headers: headers)
            script.body(text)
            script.finish()
            return script
        }

        /// The head promises the whole body.
        private func part(_ text: String, then step: Script.Step) -> Script {
            var script = Script()
            script.wait(delay)
            script.head(200, length: body.utf8.count, headers: headers)
            script.body(text)
            script.end(with: step)
            return script
        }

        private static let page =
            "<!DOCTYPE html>\n<html><head><title>Welcome</title></head>"
            + "<body><h1>Sign in to use this network</h1></body></html>\n"
    }
}
