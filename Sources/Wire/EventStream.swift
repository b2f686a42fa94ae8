/// Splits a server-sent event stream into whole events as bytes arrive, keeping the original bytes.
///
/// Follows the WHATWG grammar: lines end with LF, CR or CRLF, an empty line ends an event, `:` begins a comment,
/// several `data` lines are joined by LF, a byte order mark at the very start counts for nothing. Bytes of an unfinished
/// event are held back until it is whole; so is a closing CR, until the next byte tells whether it is half of a CRLF.
package struct EventStream: Sendable {
    package struct Event: Equatable, Sendable {
        /// The `event` field; empty where there is none.
        package var name: String
        /// The joined `data` fields; nil for a comment or another event without data.
        package var data: [UInt8]?
        /// The event as it came, its closing empty line included.
        package var raw: [UInt8]
        package init(name: String = "", data: [UInt8]?, raw: [UInt8]) {
            self.name = name
            self.data = data
            self.raw = raw
        }
    }

    /// An event is larger than `limit`.
    package struct Overflow: Error, Equatable { package init() {} }

    private var pending: [UInt8] = []
    /// How much of `pending` has been looked at, so that no byte is scanned twice.
    private var scanned = 0
    private var lineStart = 0
    private var isAtStart = true
    private let limit: Int

    /// - Parameter limit: bytes of one event, its name and comments included.
    package init(limit: Int = 4 << 20) { self.limit = limit }

    /// Whether an unfinished event is held back.
    package var hasRemainder: Bool { !pending.isEmpty }

    /// The events that `bytes` complete, in order.
    ///
    /// Throws as soon as one event is over the limit, however the bytes were cut; the events before it are lost with it.
    package mutating func feed(_ bytes: [UInt8]) throws(Overflow) -> [Event] {
        pending.append(contentsOf: bytes)
        var events: [Event] = []
        var eventStart = 0
        while scanned < pending.count {
            let byte = pending[scanned]
            guard byte == 0x0A || byte == 0x0D else {
                scanned += 1
                continue
            }
            // A CR at the very end may be half of a CRLF: wait for the next byte.
            if byte == 0x0D && scanned + 1 == pending.count { break }
            let isEmptyLine = scanned == lineStart
            scanned += byte == 0x0D && pending[scanned + 1] == 0x0A ? 2 : 1
            lineStart = scanned
            if isEmptyLine {
                guard scanned - eventStart <= limit else { throw Overflow() }
                events.append(Self.parse(Array(pending[eventStart..<scanned]), isFirst: isAtStart))
                isAtStart = false
                eventStart = scanned
            }
        }
        if eventStart > 0 {
            pending.removeFirst(eventStart)
            scanned -= eventStart
            lineStart -= eventStart
        }
        guard pending.count <= limit else { throw Overflow() }
        return events
    }

    private static func parse(_ raw: [UInt8], isFirst: Bool) -> Event {
        var event = Event(data: nil, raw: raw)
        let text = isFirst && raw.starts(with: [0xEF, 0xBB, 0xBF]) ? raw.dropFirst(3) : raw[...]
        for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) where line.first != UInt8(ascii: ":") {
            let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            var value = colon < line.endIndex ? line[(colon + 1)...] : []
            if value.first == 0x20 { value = value.dropFirst() }
            if line[..<colon].elementsEqual("data".utf8) {
                if event.data == nil {
                    event.data = Array(value)
                } else {
                    event.data?.append(0x0A)
                    event.data?.append(contentsOf: value)
                }
            } else if line[..<colon].elementsEqual("event".utf8) {
                event.name = String(decoding: value, as: UTF8.self)
            }
        }
        return event
    }
}
