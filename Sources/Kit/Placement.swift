/// What becomes of one file of the kit in a folder that may hold older papers.
package struct Placement: Sendable, Hashable {
    package enum Action: String, Sendable {
        /// Nothing stands there, or what Nines itself wrote and nobody edited.
        case write
        /// The same text stands there already.
        case keep
        /// Somebody edited what stands there: it stays, and the new file goes beside it.
        case beside
    }

    package let file: PaperFile
    package let action: Action
    /// Where the text stands after that, relative to the folder.
    package let path: String
}

/// Where the papers go in a folder; nothing is touched yet.
///
/// Edited papers are kept. `hash` gives a text's digest in the form that `existing` and `manifest` use: files in the folder
/// by path, and what Nines wrote there last. A file that isn't in the manifest is somebody's own.
package struct PlacementPlan: Sendable {
    package let placements: [Placement]
    /// To be written as the folder's manifest when all is done.
    package let manifest: [String: String]

    package init(
        _ files: [PaperFile],
        existing: [String: String],
        manifest old: [String: String],
        hash: (String) -> String
    ) {
        var manifest = old.filter { existing[$0.key] != nil }
        var taken = Set(files.map(\.path))
        placements = files.map { file in
            let digest = hash(file.text)
            let isFree = { (path: String) in existing[path] == nil || existing[path] == old[path] }
            if existing[file.path] == digest {
                manifest[file.path] = digest
                return Placement(file: file, action: .keep, path: file.path)
            }
            guard !isFree(file.path) else {
                manifest[file.path] = digest
                return Placement(file: file, action: .write, path: file.path)
            }
            let path = Self.beside(file.path) { !taken.contains($0) && (isFree($0) || existing[$0] == digest) }
            taken.insert(path)
            manifest[path] = digest
            return Placement(file: file, action: .beside, path: path)
        }
        self.manifest = manifest
    }

    /// `paper.new.md`, `paper.new-2.md`: the first that `isFree`.
    private static func beside(_ path: String, isFree: (String) -> Bool) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let ending = name.lastIndex(of: ".").map { String(name[$0...]) } ?? ""
        let stem = path.dropLast(ending.count)
        var number = 1
        while true {
            let candidate = "\(stem).new\(number > 1 ? "-\(number)" : "")\(ending)"
            if isFree(candidate) { return candidate }
            number += 1
        }
    }
}

/// The manifest as a file: what `sha256sum --check` reads.
package enum PaperManifest {
    /// Where it stands in the folder.
    package static let path = "SHA256SUMS"

    /// One line a file, by path.
    package static func text(_ manifest: [String: String]) -> String {
        manifest.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }.joined()
    }

    /// Lines that are none of ours are left out.
    package static func read(_ text: String) -> [String: String] {
        let entries = text.split(separator: "\n").compactMap { line -> (String, String)? in
            let digest = line.prefix { $0.isHexDigit }
            let path = line.dropFirst(digest.count + 2)
            guard digest.count == 64, line.dropFirst(64).hasPrefix("  "), !path.isEmpty else { return nil }
            return (String(path), String(digest))
        }
        return Dictionary(entries) { $1 }
    }
}
