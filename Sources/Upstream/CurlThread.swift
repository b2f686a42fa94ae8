import CCurl
import Foundation

/// One thread with one multi handle: every transfer of its mailbox, and nothing else, runs here.
///
/// It sleeps in `curl_multi_poll` until the network, one of libcurl's timers or the mailbox wakes it.
final class CurlThread {
    /// Handles kept for the next burst: 64 at about 7 KB.
    private static let idleLimit = 64

    private let options: HandleOptions
    private let mailbox: Mailbox
    private let counters: TransferCounters
    private let multi: UnsafeMutableRawPointer
    private let touched = TouchedTransfers()
    private var active: [ObjectIdentifier: CurlTransfer] = [:]
    private var idle: [CurlTransfer] = []

    private init(
        _ configuration: CurlUpstream.Configuration,
        mailbox: Mailbox,
        counters: TransferCounters,
        multi: UnsafeMutableRawPointer
    ) {
        options = HandleOptions(configuration)
        self.mailbox = mailbox
        self.counters = counters
        self.multi = multi
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maxIdleConnections)
        ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maxConnectionsPerHost)
    }

    /// Starts a thread that serves `mailbox` until it is stopped.
    static func start(
        _ configuration: CurlUpstream.Configuration,
        mailbox: Mailbox,
        counters: TransferCounters
    ) throws(CurlUnavailable) {
        guard let multi = curl_multi_init().map(MultiHandle.init) else {
            throw CurlUnavailable("no memory for a multi handle")
        }
        let thread = Thread {
            blockBrokenPipeSignal()
            CurlThread(configuration, mailbox: mailbox, counters: counters, multi: multi.pointer).run()
            mailbox.end()
        }
        thread.name = "curl"
        thread.start()
    }

    private func run() {
        var commands: [CurlCommand] = []
        while mailbox.take(into: &commands) {
            for command in commands { perform(command) }
            commands.removeAll(keepingCapacity: true)
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            finishCompleted()
            touched.flush()
            // libcurl shortens the wait to its own next timer.
            if mailbox.mayStartSleeping(in: MultiHandle(pointer: multi)) {
                curl_multi_poll(multi, nil, 0, 3_600_000, nil)
            }
        }
        end(unstarted: commands)
    }

    private func perform(_ command: CurlCommand) {
        switch command {
        case .start(let exchange): start(exchange)
        case .cancel(let exchange):
            guard let transfer = active[ObjectIdentifier(exchange)] else { return }
            counters.ended()
            release(transfer)
        case .resume(let exchange):
            guard let transfer = active[ObjectIdentifier(exchange)] else { return }
            // Calls back at once with what libcurl kept.
            let code = curl_easy_pause(transfer.easy, CURLPAUSE_CONT)
            if code != CURLE_OK { finish(transfer, code) }
        }
    }

    private func start(_ exchange: CurlExchange) {
        guard !exchange.isEnded else { return counters.ended() }
        guard let transfer = idle.popLast() ?? CurlTransfer(options, touched: touched) else {
            exchange.deliver([], size: 0, outcome: .failed(TransportError(.reset, "libcurl gave no handle")))
            return counters.ended()
        }
        active[ObjectIdentifier(exchange)] = transfer
        let code = transfer.start(exchange)
        guard code == CURLE_OK else { return finish(transfer, code) }
        guard curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
            return finish(transfer, CURLE_FAILED_INIT)
        }
    }

    private func finishCompleted() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = CurlTransfer.owning(easy)
            else { continue }
            finish(transfer, message.pointee.data.result)
        }
    }

    private func finish(_ transfer: CurlTransfer, _ code: CURLcode) {
        counters.connected(transfer.connectionsMade, succeeded: code == CURLE_OK)
        counters.ended()
        // The reader first: it runs while we tidy up.
        transfer.finish(code)
        release(transfer)
    }

    private func release(_ transfer: CurlTransfer) {
        // Closes the connection unless the answer was complete.
        curl_multi_remove_handle(multi, transfer.easy)
        if let exchange = transfer.exchange { active[ObjectIdentifier(exchange)] = nil }
        transfer.recycle()
        if idle.count < Self.idleLimit { idle.append(transfer) }
    }

    private func end(unstarted: [CurlCommand]) {
        for case .start(let exchange) in unstarted {
            counters.ended()
            exchange.deliver([], size: 0, outcome: .failed(.stopping))
        }
        for transfer in active.values {
            counters.ended()
            transfer.flush(.failed(.stopping))
            release(transfer)
        }
        touched.flush()
        idle = []
        curl_multi_cleanup(multi)
    }
}

/// A peer that left must be an error code here; libcurl with NOSIGNAL does not see to it.
private func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
}
