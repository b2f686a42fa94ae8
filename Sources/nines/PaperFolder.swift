import Crypto
import Kit

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A folder of papers: what somebody edited stays, and the new one goes beside it.
struct PaperFolder {
    private let root: URL
    private let name: String

    init(_ path: String) {
        name = path
        root = URL(fileURLWithPath: path, isDirectory: true)
    }

    /// Writes what is new, and prints where it stands.
    /// - Throws: where the folder can't be made, read or written, in words; what was written until then is noted.
    func place(_ files: [PaperFile]) throws {
        try make(root)
        let before = manifest()
        let plan = PlacementPlan(files, existing: existing(files, before), manifest: before, hash: Self.digest)
        var written = before.filter { plan.manifest[$0.key] != nil }
        func note() throws { try write(PaperManifest.text(written), to: PaperManifest.path) }
        do {
            for placement in plan.placements {
                if placement.action != .keep { try write(placement.file.text, to: placement.path) }
                written[placement.path] = plan.manifest[placement.path]
                say(placement)
            }
        } catch {
            try? note()
            throw error
        }
        try note()
        let path = PaperManifest.path
        print(
            "wrote      \(name)/\(path): check the others there with 'sha256sum -c \(path)', on macOS 'shasum -a 256 -c \(path)'"
        )
    }

    private func say(_ placement: Placement) {
        switch placement.action {
        case .write: print("wrote      \(name)/\(placement.path)")
        case .keep: print("unchanged  \(name)/\(placement.path)")
        case .beside:
            print("wrote      \(name)/\(placement.path), beside \(placement.file.path): that one was edited and stays")
        }
    }

    private func manifest() -> [String: String] {
        let url = root.appendingPathComponent(PaperManifest.path)
        return PaperManifest.read((try? String(contentsOf: url, encoding: .utf8)) ?? "")
    }

    /// Digests of all that stands where a paper may go.
    private func existing(_ files: [PaperFile], _ manifest: [String: String]) -> [String: String] {
        var paths = Set(files.map(\.path)).union(manifest.keys)
        for folder in Set(files.map { folderName($0.path) }) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder)) ?? []
            paths.formUnion(names.filter { $0.contains(".new") }.map { folder + $0 })
        }
        var digests: [String: String] = [:]
        for path in paths {
            let url = root.appendingPathComponent(path)
            guard FileManager.default.fileExists(atPath: url.path) else { continue }
            // A folder, or a file that can't be read, is somebody's own.
            digests[path] = (try? Data(contentsOf: url)).map { Self.hex(SHA256.hash(data: $0)) } ?? "unreadable"
        }
        return digests
    }

    /// With its slash; empty for what stands in the folder itself.
    private func folderName(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    static func digest(_ text: String) -> String { hex(SHA256.hash(data: Data(text.utf8))) }

    private static func hex(_ digest: SHA256.Digest) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func make(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure("can't make the folder \(folder.path): \(reason(error)); name another one")
        }
    }

    private func write(_ text: String, to path: String) throws {
        let url = root.appendingPathComponent(path)
        try make(url.deletingLastPathComponent())
        do {
            try Data(text.utf8).write(to: url, options: .atomic)
        } catch {
            throw Failure("can't write \(name)/\(path): \(reason(error)); name another folder")
        }
    }

    /// The system's own words: Foundation's go over several lines.
    private func reason(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        if let cause = error.underlying as? POSIXError { return String(cString: strerror(cause.code.rawValue)) }
        return switch error.code {
        case .fileWriteNoPermission, .fileReadNoPermission: "no permission"
        case .fileWriteFileExists: "a file of that name is there"
        default: "error \(error.code.rawValue)"
        }
    }
}
