/// Where the config is, and where it was looked for.
package struct ConfigLocation: Sendable, Equatable {
    /// Nil where there is none; what was named outright is given without looking whether it is there.
    package let path: String?
    /// Every place in the order of looking.
    package let searched: [String]

    package init(path: String?, searched: [String]) {
        self.path = path
        self.searched = searched
    }
}

/// Finds the config: `--config`, `$NINES_CONFIG`, `./nines.yaml`, `$XDG_CONFIG_HOME/nines/nines.yaml`.
///
/// Empty variables count as not set; so does a relative `$XDG_CONFIG_HOME`, as its specification asks. Its default is `~/.config`.
package func locateConfig(
    option: String?,
    environment: [String: String],
    currentDirectory: String,
    fileExists: (String) -> Bool
) -> ConfigLocation {
    if let option { return ConfigLocation(path: option, searched: [option]) }
    if let path = environment.nonEmpty("NINES_CONFIG") { return ConfigLocation(path: path, searched: [path]) }
    var candidates = [joinPath(currentDirectory, "nines.yaml")]
    if let folder = environment.baseFolder("XDG_CONFIG_HOME", default: ".config") {
        candidates.append("\(folder)/nines/nines.yaml")
    }
    return ConfigLocation(path: candidates.first(where: fileExists), searched: candidates)
}

/// Finds the database: `--db`, the config's `nines.database`, `$XDG_STATE_HOME/nines/nines.db` with `~/.local/state` as its default.
///
/// Nil where nothing names one and there is no home folder either.
package func locateDatabase(option: String?, config: NinesConfig?, environment: [String: String]) -> String? {
    if let path = option ?? config?.database { return path }
    return environment.baseFolder("XDG_STATE_HOME", default: ".local/state").map { "\($0)/nines/nines.db" }
}

extension [String: String] {
    fileprivate func nonEmpty(_ name: String) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }

    /// A base folder of the XDG specification, without a trailing slash.
    fileprivate func baseFolder(_ name: String, default folder: String) -> String? {
        if let value = nonEmpty(name), value.hasPrefix("/") {
            return value.count > 1 && value.hasSuffix("/") ? String(value.dropLast()) : value
        }
        return nonEmpty("HOME").map { joinPath($0, folder[...]) }
    }
}
