import Dispatch
import Engine
import Testing

struct WaitingExecutorTests {
    /// More waits than the machine has cores, and everything else goes on.
    @Test func whoWaitsForTheFileHoldsUpNobodyElse() async {
        let file = DispatchSemaphore(value: 0)
        let waits = (0..<64).map { _ in
            Task.detached(executorPreference: WaitingExecutor()) { hold(file) }
        }
        let others = (0..<64).map { number in Task.detached { number } }
        var sum = 0
        for other in others { sum += await other.value }
        #expect(sum == 63 * 32)
        for _ in waits { file.signal() }
        for wait in waits { await wait.value }
    }
}

private func hold(_ file: DispatchSemaphore) { file.wait() }
