import SLO
import Testing

struct MaintenancePlanTests {
    private static let hour: Int64 = 3_600_000

    @Test(
        "from, to in hours from now, and why not",
        arguments: [
            (1, 2, "upgrade", nil), (1, 5, "upgrade", nil), (0, 1, "upgrade", .inThePast),
            (-1, 1, "upgrade", .inThePast),
            (2, 2, "upgrade", .empty), (3, 2, "upgrade", .empty), (1, 6, "upgrade", .tooLong),
            (9_000, 9_001, "upgrade", .tooFar), (1, 2, "", .noReason), (1, 2, "  \n", .noReason),
            (1, 2, "a\nb", .longReason), (1, 2, String(repeating: "x", count: 201), .longReason),
        ] as [(Int64, Int64, String, MaintenancePlan.Refusal?)]
    )
    func declares(from: Int64, to: Int64, reason: String, refusal: MaintenancePlan.Refusal?) {
        let now: Int64 = 1_800_000_000_000
        var refused: MaintenancePlan.Refusal?
        do throws(MaintenancePlan.Refusal) {
            let window = try MaintenancePlan(
                from: now + from * Self.hour,
                to: now + to * Self.hour,
                reason: reason,
                now: now
            )
            #expect(window.span.from > now && window.span.duration == .milliseconds((to - from) * Self.hour))
        } catch {
            refused = error
            #expect(!error.text.isEmpty)
        }
        #expect(refused == refusal)
    }

    @Test(
        "far-off numbers are refused",
        arguments: [(Int64.min, Int64.max), (1, .max), (.max, .max), (.max - 1, .max)]
    )
    func ends(from: Int64, to: Int64) {
        for now in [Int64.min, -1, 0] {
            #expect(throws: MaintenancePlan.Refusal.self) {
                try MaintenancePlan(from: from, to: to, reason: "r", now: now)
            }
        }
    }

    @Test(
        "how much of 0...100 spans cover",
        arguments: [
            ([], 0), ([(0, 100)], 100), ([(10, 20), (15, 30)], 20), ([(15, 30), (10, 20)], 20),
            ([(-50, 10), (90, 500)], 20),
            ([(10, 50), (20, 30)], 40), ([(30, 10)], 0), ([(200, 300)], 0), ([(-9, -5)], 0),
        ] as [([(Int64, Int64)], Int64)]
    )
    func covered(spans: [(Int64, Int64)], milliseconds: Int64) {
        let covered = spans.map { TimeSpan(from: $0.0, to: $0.1) }.covered(of: TimeSpan(from: 0, to: 100))
        #expect(covered == .milliseconds(milliseconds))
    }
}
