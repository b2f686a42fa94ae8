import Testing

/// Who may import whom: what neither the compiler nor the package's dependency check sees.
struct ImportTests {
    /// Each C module and each outside library that decides something has one owner, so that none of its types travels.
    ///
    /// `Bench` is a program of its own and may take what it needs.
    @Test(
        "one owner each",
        arguments: [
            ("CNcurses", "Terminal"), ("CCurl", "Upstream"), ("GRDB", "Storage"), ("Yams", "Settings"),
            ("HummingbirdCore", "FrontDoor"), ("Hummingbird", "FrontDoor"), ("HTTPTypes", "FrontDoor"),
            ("NIOHTTPTypes", "FrontDoor"),
            ("Mustache", "Kit"), ("ArgumentParser", "nines"), ("UnixSignals", "nines"),
        ]
    )
    func owner(module: String, owner: String) {
        let others = sources.filter { $0.imports.contains(module) && $0.target != owner && $0.target != "Bench" }
        #expect(others.map(\.path) == [])
    }

    static let values: Set = ["SLO", "Routing", "Guardrails", "Wire", "Drills"]
    static let renderers: Set = ["Console", "Kit"]
    static let edges: Set = ["Settings", "Upstream", "Storage", "FrontDoor", "Exports", "Terminal", "Simulator"]

    /// Of our own targets, what each may import: rows above it, never beside or below.
    static let allowed: [String: Set<String>] = {
        var allowed: [String: Set<String>] = [:]
        for target in values { allowed[target] = [] }
        for target in renderers { allowed[target] = values }
        for target in edges { allowed[target] = values.union(renderers) }
        allowed["Kit"] = ["SLO", "Guardrails"]
        allowed["Terminal"]?.insert("CNcurses")
        allowed["Upstream"]?.insert("CCurl")
        allowed["Exports"]?.insert("Upstream")
        allowed["Engine"] = values.union(renderers).union(edges).subtracting(["Terminal", "Simulator"])
        allowed["nines"] = values.union(renderers).union(edges).union(["Engine"])
        allowed["TerminalProbe"] = ["Console", "Terminal"]
        allowed["Bench"] = ["Simulator", "Storage", "SLO"]
        return allowed
    }()

    static let ours = values.union(renderers).union(edges).union(["Engine", "nines", "CNcurses", "CCurl"])

    @Test("a row imports rows above it", arguments: allowed.keys.sorted())
    func rows(target: String) {
        for source in sources where source.target == target {
            let wrong = Set(source.imports).intersection(Self.ours).subtracting(Self.allowed[target] ?? [])
            #expect(wrong.sorted() == [], "\(source.path)")
        }
    }

    /// No I/O, no clock, no C: nothing is imported that could give it to them.
    ///
    /// Mustache makes text of text.
    @Test("values and renderers import nothing from outside", arguments: values.union(renderers).sorted())
    func pure(target: String) {
        for source in sources where source.target == target {
            #expect(
                Set(source.imports).subtracting(Self.ours).subtracting(["Mustache"]).sorted() == [],
                "\(source.path)"
            )
        }
    }

    /// A new target gets its row here before it gets code.
    @Test func everyTargetHasItsRow() {
        #expect(sources.count > 100)
        #expect(Set(sources.map(\.target)).subtracting(Self.allowed.keys).sorted() == [])
        #expect(Set(Self.allowed.keys).subtracting(sources.map(\.target)).sorted() == [])
    }

    @Test(
        "how an import is read",
        arguments: [
            ("import Wire", "Wire"), ("package import Routing", "Routing"), ("@testable import Wire", "Wire"),
            ("    import Glibc", "Glibc"),
            ("@preconcurrency internal import Dispatch", "Dispatch"), ("import struct Foundation.URL", "Foundation"),
            ("import Foundation.NSURL // why", "Foundation"), ("// import Foundation", nil), ("/// import x", nil),
            ("let import = 1", nil), ("", nil),
        ] as [(String, String?)]
    )
    func reading(line: String, module: String?) { #expect(importedModule(line) == module) }
}
