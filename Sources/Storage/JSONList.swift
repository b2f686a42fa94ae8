#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Lists of texts as JSON, which SQLite's `json_each` reads.
enum JSONList {
    static func text(_ list: [String]) -> String? {
        (try? JSONEncoder().encode(list)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Empty for what is no list.
    static func list(_ text: String?) -> [String] {
        guard let text else { return [] }
        return (try? JSONDecoder().decode([String].self, from: Array(text.utf8).asData)) ?? []
    }
}

extension [UInt8] {
    var asData: Data { Data(self) }
}
