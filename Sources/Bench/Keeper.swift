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

/// Outlives the bench by a moment, whatever ended it: kills the children that are left and removes its folder.
///
/// Standard input carries one line a child: its process id when it starts, the same with a minus when it has ended.
func keep(_ folder: String) {
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
    var alive: Set<pid_t> = []
    while let line = readLine() {
        guard let id = pid_t(line) else { continue }
        if id > 0 { alive.insert(id) } else { alive.remove(-id) }
    }
    for id in alive { kill(id, SIGKILL) }
    // A child that is being killed may still be writing into it.
    for _ in 0..<20 where (try? FileManager.default.removeItem(atPath: folder)) == nil {
        guard FileManager.default.fileExists(atPath: folder) else { return }
        usleep(50_000)
    }
}
