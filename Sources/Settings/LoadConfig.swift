/// Settings: one YAML file in, a `NinesConfig` and diagnostics with line and column out.
///
/// The file is a LiteLLM proxy config with our own keys under `nines:`. `KeyReference` has every key.
/// Nothing here opens a connection, reads the process's environment by itself, or shows what a key or a variable holds.
///
/// `file` is how diagnostics name the file, `folder` where its relative paths start (nil: the folder of `file`),
/// `home` what `~` stands for.
package func loadConfig(
    text: String,
    file: String,
    environment: [String: String],
    purpose: ConfigPurpose,
    home: String,
    folder: String? = nil
) -> LoadedConfig {
    let reader = Reader(file: file, purpose: purpose, environment: environment, lastLine: lineCount(text))
    var builder = ConfigBuilder(reader: reader, home: home, folder: folder ?? String(folderOf(file)))
    do throws(YAMLFailure) {
        try builder.start(parseYAML(text))
    } catch {
        builder.reader.error(error.place, error.message)
    }
    builder.config.path = file
    return LoadedConfig(
        config: builder.reader.hasErrors ? nil : builder.config,
        diagnostics: builder.reader.diagnostics.inFileOrder
    )
}

/// At least 1: what a parser places behind the last line break is shown on the last line.
func lineCount(_ text: String) -> Int {
    max(1, text.unicodeScalars.count { $0 == "\n" } + (text.unicodeScalars.last == "\n" ? 0 : 1))
}

extension ConfigBuilder {
    fileprivate mutating func start(_ root: YAMLNode?) {
        guard let root, !root.isNull else {
            reader.error(Place(), "the config is empty: 'nines init' writes one to start from")
            return
        }
        guard case .map = root.content else {
            reader.error(
                root.place,
                "expected a mapping of keys (model_list, router_settings, nines, ...), found \(root.found)"
            )
            return
        }
        build(root)
    }
}

extension [Diagnostic] {
    /// By place, and as they came where several stand at one.
    var inFileOrder: [Diagnostic] {
        enumerated().sorted { a, b in
            (a.element.line, a.element.column, a.offset) < (b.element.line, b.element.column, b.offset)
        }
        .map(\.element)
    }
}

/// All before the last slash; empty for a name alone, `/` for what is at the root.
func folderOf(_ path: String) -> Substring {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : path[..<slash]
}
