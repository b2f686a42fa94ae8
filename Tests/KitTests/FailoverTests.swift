import Kit
import Testing

/// Failing over is promised where it is set up, and nowhere else.
struct FailoverTests {
    private static let both: Set<String> = ["openai", "anthropic"]

    /// Groups with their providers and requests, and what the sender is told.
    @Test(
        "who does not stand behind a group is not promised",
        arguments: [
            ([(both, 0), (both, 9)], true, []),
            ([(both, 9), (["openai"], 0)], true, ["Behind g1 stands one provider alone; "]),
            ([(["openai"], 0), (["anthropic"], 0)], false, ["Behind g0 and g1 stands one provider alone: what"]),
            ([(both, 0), (["openai"], 9)], false, ["Behind g1 stands one provider alone: what"]),
            (nil, false, ["There is no config"]), ([], false, []),
        ] as [([(Set<String>, Int)]?, Bool, [String])]
    )
    func failover(groups: [(Set<String>, Int)]?, isPromised: Bool, told: [String]) throws {
        let input = Self.input(groups?.enumerated().map { ("g\($0.offset)", $0.element.0, $0.element.1) })
        let starts = ["Behind ", "There is no config"]
        let found = warnings(about: input).map(\.text).filter { text in starts.contains { text.hasPrefix($0) } }
        #expect(found.count == told.count && zip(found, told).allSatisfy { $0.hasPrefix($1) }, "\(found)")
        for (name, promise) in [
            ("slo-one-pager", "the next one answers"), ("slo-one-pager", "within the same request"),
            ("proposal-language", "The outage of one supplier does not stop the service"),
            ("proposal-language", "Behind it, requests go"), ("sow-clause", "practises failover between"),
        ] {
            #expect(try Self.text(name, input).contains(promise) == isPromised, "\(name): \(promise)")
        }
    }

    @Test func whereSomeRequestsHaveItThePapersSayWhich() throws {
        let groups = [("chat", Self.both, 900), ("search", Self.both, 73), ("side", ["openai"], 27)]
        let input = Self.input(groups)
        let which = "requests for \"chat\" and \"search\""
        let onePager = try Self.text("slo-one-pager", input)
        #expect(onePager.contains("For \(which) (97.3 % of those in the window), several model providers stand behind"))
        #expect(onePager.contains("For all others it is one provider alone."))
        #expect(onePager.contains("- For \(which) (97.3 % of those in the window), a provider that fails"))
        #expect(
            try Self.text("sow-clause", input).contains(
                "is set up for \(which), and for no others.\nThe provider practises it"
            )
        )
        let proposal = try Self.text("proposal-language", input)
        #expect(proposal.contains("Behind it, \(which) (97.3 % of those in the window) go to the first provider"))
        #expect(proposal.contains("does not stop \(which) (97.3 % of those in the window) while another one answers"))
        let told = warnings(about: input).map(\.text)
        #expect(
            told.contains(
                "Behind side stands one provider alone: the papers promise failing over for the other requests alone."
            )
        )
    }

    @Test func aNameThatTellsTheModelIsInNoClientsPaper() throws {
        var input = Self.input([("gpt-main", Self.both, 1), ("side", ["openai"], 2)])
        input.groups?[0].namesModel = true
        for name in ["slo-one-pager", "sow-clause", "proposal-language"] {
            let text = try Self.text(name, input)
            #expect(!text.contains("gpt-main") && !text.contains("\"side\""), "\(name)")
            let part = name == "sow-clause" ? "**[fill in: which requests]**" : "part of the requests (33.3 % of those"
            #expect(text.contains(part), "\(name)")
        }
    }

    private static func input(_ groups: [(String, Set<String>, Int)]?) -> KitInput {
        var input = Sample.full
        input.groups = groups?.map { KitGroup(name: $0.0, providers: $0.1, requests: $0.2) }
        return input
    }

    private static func text(_ name: String, _ input: KitInput) throws -> String {
        try #require(try papers(input, templates: KitTemplates()).first { $0.name == name }).markdown
    }
}
