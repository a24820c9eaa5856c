// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Threads that do blocking work side by side, never on Swift's cooperative pool.
final class Crew {
    private let failure = Monitor<(any Error)?>(nil)
    private var threads: [ArchiveThread] = []

    /// Begins the work on each of `count` threads.
    ///
    /// With fewer threads than asked for it is slower and not wrong; without any it is an error.
    init(_ count: Int, _ work: @escaping @Sendable () throws -> Void) throws {
        for number in 0..<count {
            do {
                threads.append(
                    try ArchiveThread { [failure] in
                        do {
                            try work()
                        } catch {
                            failure.change { if $0 == nil { $0 = error } }
                        }
                    })
            } catch {
                if number == 0 { throw error }
                return
            }
        }
    }

    /// Waits for all of them; throws what the first to fail threw.
    func join() throws {
        for thread in threads { thread.join() }
        threads = []
        if let error = failure.change({ $0 }) { throw error }
    }

    /// The processors of this machine.
    static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
