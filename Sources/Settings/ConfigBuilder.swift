import Guardrails
import Routing
import SLO

/// Turns the checked tree into a `NinesConfig`, section by section, and says what does not fit together.
struct ConfigBuilder {
    var reader: Reader
    var config = NinesConfig()
    let home: String
    /// Relative paths of the file start here.
    let folder: String
    /// The deployments in the order of the file, with the places that later messages need.
    var entries: [DeploymentEntry] = []
    /// Every `model_name` of the file, also of deployments that are wrong or left out.
    var namedGroups: [(name: String, place: Place, isBlocked: Bool)] = []

    mutating func build(_ root: YAMLNode) {
        setVariables(of: root)
        guard let top = reader.section(root, at: Path()) else { return }
        readModelList(top)
        makeGroups()
        readRouter(top.section("router_settings"), top.section("litellm_settings"))
        readDeploymentBudgets()
        readProviderBudgets(top.section("router_settings"))
        readCallers(top.section("general_settings"))
        if let nines = top.section("nines") { readNines(nines) }
        checkTimeouts(deadline: top.section("nines")?.section("routing")?["deadline"])
        checkListener(top)
        reader.sayWhatIsNotInEffect()
    }

    /// `environment_variables`, before anything refers to one.
    private mutating func setVariables(of root: YAMLNode) {
        guard case .map(let entries) = root.content,
            case .map(let variables)? = entries.first(where: { $0.key == "environment_variables" })?.value.content
        else { return }
        for variable in variables {
            guard case .scalar(let written, _) = variable.value.content, !variable.value.isNull else { continue }
            let isSecret = ["KEY", "SECRET", "TOKEN", "PASSWORD"].contains { variable.key.uppercased().contains($0) }
            if isSecret, written.environmentReference == nil {
                reader.warning(
                    variable.value.place,
                    "\(quoted(variable.key)) looks like a secret and stands in the file: set it in the environment"
                )
            }
            let value = written.environmentReference.map { reader.variable($0) } ?? written
            if let value { reader.setVariable(variable.key, to: value) }
        }
    }

    private mutating func readCallers(_ general: Section?) {
        config.masterKey = general?.secret("master_key")
    }

    /// Without a key only this machine may call.
    private mutating func checkListener(_ top: Section) {
        let tenants = top.section("nines")?.list("tenants") ?? []
        let asksForKey = top.section("general_settings")?.given.contains("master_key") == true || !tenants.isEmpty
        guard !asksForKey, !isLoopback(config.host), let listen = top.section("nines")?["listen"] else { return }
        reader.error(
            listen.place,
            "listen: \(config.host) can be reached from other machines and no key is required of callers: "
                + "set general_settings.master_key or nines.tenants, or listen on 127.0.0.1"
        )
    }

    /// A path with `~` expanded, relative ones taken from the file's folder.
    func absolute(_ path: String) -> String {
        if path == "~" { return home }
        if path.hasPrefix("~/") { return joinPath(home, path.dropFirst(2)) }
        if path.hasPrefix("/") { return path }
        return joinPath(folder, path[...])
    }
}

/// `folder/path` without `./` in between.
func joinPath(_ folder: String, _ path: Substring) -> String {
    var rest = path
    while rest.hasPrefix("./") { rest = rest.dropFirst(2).drop { $0 == "/" } }
    if rest.isEmpty || rest == "." { return folder.isEmpty ? "." : folder }
    if folder.isEmpty { return String(rest) }
    return folder.hasSuffix("/") ? folder + rest : "\(folder)/\(rest)"
}
