#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// UTC milliseconds since 1970.
package func wallMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
}
