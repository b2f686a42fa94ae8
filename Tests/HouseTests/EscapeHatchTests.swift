import Testing

/// What switches the compiler's or the user's protection off needs its reason on the line above.
struct EscapeHatchTests {
    static let hatches = [
        "try!", "as!", "fatalError(", "preconditionFailure(", "@unchecked Sendable", "nonisolated(unsafe)",
        "unsafeBitCast(",
    ]

    @Test("each has its reason above it", arguments: hatches)
    func reasons(hatch: String) {
        let places = sources.flatMap { source in unexplained(hatch, in: source.lines).map { "\(source.path):\($0)" } }
        #expect(places == [])
    }

    @Test func aHatchWithoutAReasonIsFound() {
        #expect(unexplained("try!", in: ["let a = try! b()"]) == [1])
        #expect(unexplained("try!", in: ["// b never throws here.", "let a = try! b()"]) == [])
        #expect(unexplained("try!", in: ["/// Says try! in words.", "", "x as y // not try!"]) == [])
        #expect(unexplained("as!", in: ["", "let c = x as! C"]) == [2])
        #expect(unexplained("as!", in: ["let c = x alas!"]) == [])
    }
}

/// Numbers of the lines with `hatch` in their code, and no comment on the line above.
private func unexplained(_ hatch: String, in lines: [String]) -> [Int] {
    lines.indices.filter { index in
        let code = lines[index].split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let isWord = code.ranges(of: hatch).contains { range in
            range.lowerBound == code.startIndex || !code[code.index(before: range.lowerBound)].isLetter
        }
        let above = index > 0 ? lines[index - 1].drop { $0 == " " } : ""
        return isWord && !above.hasPrefix("//")
    }.map { $0 + 1 }
}
