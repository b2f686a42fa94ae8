#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads and loads a config file; what can't be read becomes a diagnostic at its first character.
///
/// Takes pipes and devices too; refuses folders, more than 4 MB and what is not UTF-8.
package func loadConfig(
    path: String,
    environment: [String: String],
    purpose: ConfigPurpose,
    home: String
) -> LoadedConfig {
    let text: String
    do {
        text = try readText(path)
    } catch {
        let diagnostic = Diagnostic(severity: .error, file: path, line: error.line, column: 1, message: error.message)
        return LoadedConfig(config: nil, diagnostics: [diagnostic])
    }
    return loadConfig(
        text: text,
        file: path,
        environment: environment,
        purpose: purpose,
        home: home,
        folder: String(folderOf(absolutePath(path)))
    )
}

private let maxBytes = 4 * 1024 * 1024

struct Unreadable: Error {
    var line = 1
    let message: String
}

func readText(_ path: String) throws(Unreadable) -> String {
    guard let file = fopen(path, "rb") else { throw Unreadable(message: "can't be opened: \(reason(errno))") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= maxBytes {
        let count = fread(&chunk, 1, chunk.count, file)
        bytes += chunk[..<count]
        if count < chunk.count { break }
    }
    guard ferror(file) == 0 else { throw Unreadable(message: "can't be read: \(reason(errno))") }
    guard bytes.count <= maxBytes else { throw Unreadable(message: "is larger than 4 MB: this is no config file") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Unreadable(line: lineOfFirstInvalidByte(bytes), message: "is not UTF-8: save it with that encoding")
    }
    return text
}

private func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file; 'nines init' writes one to start from"
    case EACCES: "no permission to read it"
    case EISDIR: "it is a folder"
    default: String(cString: strerror(code))
    }
}

private func lineOfFirstInvalidByte(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var line = 1
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
        if scalar == "\n" { line += 1 }
    }
    return line
}

/// The path from the root, with the current folder before a relative one.
private func absolutePath(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return joinPath(String(cString: folder), path[...])
}
