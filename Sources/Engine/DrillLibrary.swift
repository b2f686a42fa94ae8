package import Drills
package import Settings

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The scripts and scenarios that a drill is made of: what ships, and the team's own from the folders of the config.
///
/// A file that is wrong is left out and named, as is a scenario with an id in use; of scripts there is one.
package struct DrillLibrary: Sendable {
    package private(set) var script = Script.friday
    package private(set) var scenarios = Scenario.builtIn + Scenario.incidents
    /// What is wrong with files, each with its name.
    package private(set) var problems: [String] = []

    package init(_ settings: NinesConfig.DrillSettings) {
        var first: String?
        for file in files(in: settings.scripts, "nines.drill.scripts") {
            guard let script = read(file, ScriptForm.self, { form throws(FormError) in try form.script() }) else {
                continue
            }
            if let first {
                let advice = "left out, since every drill plays \(first): keep one of them in that folder"
                problems.append("\(file): error: \(advice)")
            } else {
                (first, self.script) = (file, script)
            }
        }
        // Where each id is at home.
        var homes = Dictionary(
            scenarios.map { ($0.id, "a scenario that ships") },
            uniquingKeysWith: { first, _ in first }
        )
        for file in files(in: settings.incidents, "nines.drill.incidents") {
            let taken = homes
            guard
                let scenario = read(
                    file,
                    ScenarioForm.self,
                    { form throws(FormError) in try form.scenario().unless(taken) }
                )
            else { continue }
            homes[scenario.id] = file
            scenarios.append(scenario)
        }
    }

    /// In the order of their names.
    private mutating func files(in folder: String?, _ key: String) -> [String] {
        guard let folder else { return [] }
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            return names.filter { name in [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) }
                .map { "\(folder)/\($0)" }
        } catch {
            problems.append("\(key): \(folder) can't be read")
            return []
        }
    }

    private mutating func read<Form: KeyedForm, Value>(
        _ path: String,
        _ form: Form.Type,
        _ value: (Form) throws(FormError) -> Value
    ) -> Value? {
        var file = FormFile(path: path)
        defer { problems += file.problems.map(\.description) }
        guard let form = file.form(form, keys: Form.keys) else { return nil }
        do throws(FormError) {
            let value = try value(form)
            return file.problems.isEmpty ? value : nil
        } catch {
            for problem in error.problems { file.complain(problem.place, problem.text) }
            return nil
        }
    }
}

extension Scenario {
    /// Itself, unless its id is one of `taken`.
    fileprivate func unless(_ taken: [String: String]) throws(FormError) -> Scenario {
        guard let home = taken[id] else { return self }
        let text = "'\(id)' is in use by \(home): give it another"
        throw FormError(problems: [FormError.Problem(place: "id", text: text)])
    }
}
