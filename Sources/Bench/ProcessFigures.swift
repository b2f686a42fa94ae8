#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the operating system says of a process.
struct ProcessFigures {
    let id: Int32

    /// Resident memory in bytes; nil where it is not known.
    var residentBytes: Int? {
        #if os(Linux)
            let line = file("status")?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            return line.flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first }.flatMap { Int($0) }
                .map { $0 << 10 }
        #else
            var usage = rusage_info_v2()
            return withRusage(&usage) ? Int(usage.ri_resident_size) : nil
        #endif
    }

    /// Time on a processor so far, of all threads; nil where it is not known.
    var processorTime: Duration? {
        #if os(Linux)
            guard let tasks = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task") else {
                return nil
            }
            return tasks.compactMap { scheduled("task/\($0)/schedstat") }.reduce(.zero, +)
        #else
            var usage = rusage_info_v2()
            guard withRusage(&usage) else { return nil }
            return .nanoseconds(Int64(usage.ri_user_time + usage.ri_system_time))
        #endif
    }

    /// The same of the threads of that name alone; nil where the system does not tell.
    func processorTime(ofThread name: String) -> Duration? {
        #if os(Linux)
            guard let tasks = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task") else {
                return nil
            }
            let times = tasks.filter { file("task/\($0)/comm") == "\(name)\n" }.compactMap {
                scheduled("task/\($0)/schedstat")
            }
            return times.isEmpty ? nil : times.reduce(.zero, +)
        #else
            nil
        #endif
    }

    #if os(Linux)
        /// The first number of a `schedstat`: nanoseconds on a processor.
        private func scheduled(_ name: String) -> Duration? {
            file(name)?.split(separator: " ").first.flatMap { Int64($0) }.map { .nanoseconds($0) }
        }

        private func file(_ name: String) -> String? {
            try? String(contentsOfFile: "/proc/\(id)/\(name)", encoding: .utf8)
        }
    #else
        private func withRusage(_ usage: inout rusage_info_v2) -> Bool {
            withUnsafeMutablePointer(to: &usage) { pointer in
                pointer.withMemoryRebound(to: rusage_info_t?.self, capacity: 1) {
                    proc_pid_rusage(id, RUSAGE_INFO_V2, $0) == 0
                }
            }
        }
    #endif
}
