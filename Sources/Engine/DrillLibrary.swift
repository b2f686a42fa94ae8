package import Drills
package import Settings

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The scripts and scenarios that a drill is made of: what ships, and the team's own from the folders of the config.
///
/// A file that is wrong is left out and named. A scenario with the id of another replaces it; of scripts there is one.
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
                problems.append("\(file): left out, since every drill plays \(first): keep one of them in that folder")
            } else {
                (first, self.script) = (file, script)
            }
        }
        for file in files(in: settings.incidents, "nines.drill.incidents") {
            guard let scenario = read(file, ScenarioForm.self, { form throws(FormError) in try form.scenario() }) else {
                continue
            }
            scenarios.removeAll { $0.id == scenario.id }
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

    private mutating func read<Form: Decodable, Value>(
        _ path: String,
        _ form: Form.Type,
        _ value: (Form) throws(FormError) -> Value
    ) -> Value? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            problems.append("\(path): can't be read")
            return nil
        }
        do throws(FormError) {
            guard let form = decodeYAML(form, text) else {
                problems.append(
                    "\(path): not in the form of a drill's script or scenario: see 'nines drill sop --format json'"
                )
                return nil
            }
            return try value(form)
        } catch {
            problems.append("\(path): \(error.description)")
            return nil
        }
    }
}
