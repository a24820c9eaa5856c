// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Reads lines from a terminal, and learns of Ctrl-C while it waits.
struct LineReader {
    private var rest: [UInt8] = []

    var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// The next line without its end; `nil` when there will be none, or somebody asked to stop.
    mutating func line() -> String? {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeSubrange(...end)
                return line
            }
            guard wait(), more() else { return nil }
        }
    }

    private func wait() -> Bool {
        while !Interrupt.wasAsked {
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            // Ten times a second is soon enough for a person.
            if poll(&input, 1, 100) > 0 { return true }
        }
        return false
    }

    private mutating func more() -> Bool {
        var piece = [UInt8](repeating: 0, count: 4_096)
        let count = read(STDIN_FILENO, &piece, piece.count)
        guard count > 0, rest.count < 1 << 20 else { return false }
        rest += piece[..<count]
        return true
    }
}
