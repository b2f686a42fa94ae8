import Routing

/// A checked value of the file: where it stands, how its place is called, and what it is.
struct Field: Sendable {
    let place: Place
    /// `model_list[0].litellm_params.weight`.
    let path: String
    let value: Value
}

/// What a text of the file means once its type is known.
indirect enum Value: Sendable {
    case text(String)
    case secret(Credential)
    case address(WebAddress)
    case listen(host: String, port: Int)
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case duration(Duration)
    /// Nano-dollars; for a price per token, nano-dollars per million tokens.
    case nanodollars(Int64)
    /// A fraction.
    case share(Double)
    case bytes(Int64)
    /// `off`, where a value may be switched off.
    case off
    /// The environment variable it refers to is not set.
    case unset
    case list([Field])
    case section(Section)
    /// A mapping whose keys are the user's own names.
    case named([(name: String, place: Place, field: Field)])
    /// A shape that its own reader looks into.
    case raw(YAMLNode)
}

/// A mapping whose keys were checked against `KeyReference`; what was wrong or absent is not in it.
struct Section: Sendable {
    let place: Place
    let path: String
    /// The place in the table of keys: `nines.tenants[]`.
    let pattern: String
    var fields: [String: Field] = [:]
    /// Keys that have a value, be it right or wrong.
    var given: Set<String> = []

    subscript(_ key: String) -> Field? { fields[key] }

    func section(_ key: String) -> Section? {
        guard case .section(let section)? = self[key]?.value else { return nil }
        return section
    }

    func list(_ key: String) -> [Field]? {
        guard case .list(let items)? = self[key]?.value else { return nil }
        return items
    }

    func named(_ key: String) -> [(name: String, place: Place, field: Field)]? {
        guard case .named(let entries)? = self[key]?.value else { return nil }
        return entries
    }

    func text(_ key: String) -> String? { self[key]?.text }
    func texts(_ key: String) -> [String] { (list(key) ?? []).compactMap(\.text) }

    func secret(_ key: String) -> Credential? {
        guard case .secret(let credential)? = self[key]?.value else { return nil }
        return credential
    }

    func address(_ key: String) -> WebAddress? {
        guard case .address(let address)? = self[key]?.value else { return nil }
        return address
    }

    func flag(_ key: String) -> Bool? {
        guard case .flag(let flag)? = self[key]?.value else { return nil }
        return flag
    }

    func integer(_ key: String) -> Int? {
        guard case .integer(let integer)? = self[key]?.value else { return nil }
        return integer
    }

    func number(_ key: String) -> Double? {
        guard case .number(let number)? = self[key]?.value else { return nil }
        return number
    }

    func duration(_ key: String) -> Duration? {
        guard case .duration(let duration)? = self[key]?.value else { return nil }
        return duration
    }

    func nanodollars(_ key: String) -> Int64? {
        guard case .nanodollars(let amount)? = self[key]?.value else { return nil }
        return amount
    }

    func bytes(_ key: String) -> Int64? {
        guard case .bytes(let bytes)? = self[key]?.value else { return nil }
        return bytes
    }

    func share(_ key: String) -> Double? {
        guard case .share(let share)? = self[key]?.value else { return nil }
        return share
    }
}

extension Section {
    /// The word of a choice as its type.
    func choice<Choice: RawRepresentable<String>>(_ key: String) -> Choice? { text(key).flatMap(Choice.init) }

    /// Whether the value was switched off.
    func isOff(_ key: String) -> Bool {
        guard case .off? = self[key]?.value else { return false }
        return true
    }

    /// A duration that may be switched off: nil inside where it is off, nil outside where nothing is said.
    func durationOrOff(_ key: String) -> Duration?? {
        isOff(key) ? .some(nil) : duration(key).map { .some($0) }
    }
}

extension Field {
    var share: Double? {
        guard case .share(let share) = value else { return nil }
        return share
    }

    var text: String? {
        guard case .text(let text) = value else { return nil }
        return text
    }
}

/// An `http` or `https` address, taken apart as far as the config asks.
struct WebAddress: Hashable, Sendable {
    /// As written, without a trailing slash.
    let text: String
    /// In lower case, without brackets.
    let host: String
    /// With its leading slash and no trailing one; empty for the root.
    let path: String
}

/// Whether a host is this machine itself: `localhost`, `127.0.0.0/8`, `::1`.
func isLoopback(_ host: String) -> Bool {
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    let isIPv4 = octets.count == 4 && octets.allSatisfy { UInt8($0) != nil }
    return host == "localhost" || host.hasSuffix(".localhost") || host == "::1" || (isIPv4 && octets[0] == "127")
}
