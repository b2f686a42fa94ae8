import Dispatch

/// A thread of one's own for tasks that may wait for the ledger's file.
///
/// The shared pool has as many threads as there are cores: a few waits for a locked file would stop all else that runs
/// there, new connections included. A serial queue gets a thread however many others wait; it is made when it is needed
/// and costs nothing while idle. Jobs of one executor run one after the other.
package final class WaitingExecutor: TaskExecutor {
    private let queue: DispatchQueue

    package init(_ name: String = "call") { queue = DispatchQueue(label: "nines.waiting.\(name)") }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
