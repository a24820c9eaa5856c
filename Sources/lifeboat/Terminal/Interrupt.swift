// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// Whether a signal has come; a global, since a signal handler can reach nothing else.
private let asked = Atomic<Bool>(false)

/// Ctrl-C and a polite kill: the first asks the work to end cleanly, the second ends the program at once.
enum Interrupt {
    /// Must run before any work: the handler may only touch what exists already.
    static func install() {
        asked.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM, SIGHUP] where !(number == SIGHUP && isIgnored(number)) {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                if asked.exchange(true, ordering: .relaxed) {
                    signal(number, SIG_DFL)
                    raise(number)
                }
            }
            action.sa_flags = SA_RESTART
            sigaction(number, &action, nil)
        }
        unblock()
    }

    /// Whoever began the program may have blocked signals in it, as Foundation's `Process` does; then neither
    /// Ctrl-C nor a service manager could end it.
    private static func unblock() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        sigprocmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Whether whoever started the program wants it to go on without a terminal, as nohup does.
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    static var wasAsked: Bool {
        asked.load(ordering: .relaxed)
    }
}
