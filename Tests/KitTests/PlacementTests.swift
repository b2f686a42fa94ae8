import Kit
import Testing

/// Papers that somebody edited are kept.
struct PlacementTests {
    /// What stands in a folder, what Nines wrote there last, and what becomes of a new `a.md` with the text "new".
    @Test(
        "one paper",
        arguments: [
            ("nothing there", [:], [:], .write, "a.md"),
            ("ours, untouched", ["a.md": "old"], ["a.md": "old"], .write, "a.md"),
            ("the same already", ["a.md": "new"], [:], .keep, "a.md"),
            ("edited", ["a.md": "mine"], ["a.md": "old"], .beside, "a.new.md"),
            ("somebody's own", ["a.md": "mine"], [:], .beside, "a.new.md"),
            (
                "edited, the one beside untouched", ["a.md": "mine", "a.new.md": "old2"],
                ["a.md": "old", "a.new.md": "old2"], .beside, "a.new.md"
            ),
            (
                "both edited", ["a.md": "mine", "a.new.md": "mine2"], ["a.md": "old", "a.new.md": "old2"], .beside,
                "a.new-2.md"
            ),
            (
                "edited, the same already beside", ["a.md": "mine", "a.new.md": "new"], ["a.md": "old"], .beside,
                "a.new.md"
            ),
        ] as [(String, [String: String], [String: String], Placement.Action, String)]
    )
    func one(
        _ name: String,
        existing: [String: String],
        manifest: [String: String],
        action: Placement.Action,
        path: String
    ) {
        let file = PaperFile(path: "a.md", text: "new")
        let plan = PlacementPlan([file], existing: existing, manifest: manifest) { $0 }
        #expect(plan.placements.map(\.action) == [action] && plan.placements.map(\.path) == [path], "\(name)")
        #expect(plan.manifest[path] == "new")
    }

    @Test func aKeptPaperStaysEditedNextTime() {
        let files = [PaperFile(path: "plots/a.svg", text: "v2")]
        let first = PlacementPlan(files, existing: ["plots/a.svg": "mine"], manifest: ["plots/a.svg": "v1"]) { $0 }
        #expect(first.manifest == ["plots/a.svg": "v1", "plots/a.new.svg": "v2"])
        let folder = ["plots/a.svg": "mine", "plots/a.new.svg": "v2"]
        let second = PlacementPlan(
            [PaperFile(path: "plots/a.svg", text: "v3")],
            existing: folder,
            manifest: first.manifest
        ) { $0 }
        #expect(second.placements.map(\.path) == ["plots/a.new.svg"])
    }

    @Test func theManifestIsReadAsItWasWritten() {
        let manifest = ["a b.md": String(repeating: "a", count: 64), "plots/c.svg": String(repeating: "0", count: 64)]
        #expect(PaperManifest.read(PaperManifest.text(manifest)) == manifest)
        #expect(PaperManifest.read("nonsense\nabc  x.md\n\n") == [:])
    }
}
