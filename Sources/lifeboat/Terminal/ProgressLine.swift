// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Operations

/// One line on the terminal that is overwritten five times a second; without a terminal, one line a minute.
final class ProgressLine: @unchecked Sendable {
    // Unchecked: everything mutable is only touched while `lock` is held.
    private let lock = NSLock()
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let isShown: Bool
    private var label = ""
    private var begunAt = Duration.zero
    private var shownAt: Duration?
    private var isOpen = false

    init(isShown: Bool) {
        self.isShown = isShown
    }

    func show(_ progress: Operations.Progress) {
        guard isShown else { return }
        lock.withLock {
            let now = TimeSource.system.sinceBoot()
            if progress.label != label {
                label = progress.label
                begunAt = now
                shownAt = isTerminal ? nil : now
            }
            if let shownAt, now - shownAt < (isTerminal ? .milliseconds(200) : .minutes(1)) { return }
            shownAt = now
            let text = Self.text(progress, elapsed: now - begunAt)
            write(isTerminal ? "\r\u{1b}[K\(text)" : text + "\n")
            isOpen = isTerminal
        }
    }

    /// Clears the line, so that what is said next begins at the left.
    func end() {
        lock.withLock {
            if isOpen { write("\r\u{1b}[K") }
            isOpen = false
        }
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// `backup documents: 12,345 files, 1.2 GiB of 3.4 GiB, 120 MiB/s, 19s left`.
    static func text(_ progress: Operations.Progress, elapsed: Duration) -> String {
        var parts: [String] = []
        if progress.files > 0 { parts.append("\(grouped(progress.files)) files") }
        let total = progress.totalBytes.map { " of \(ByteText.of($0))" } ?? ""
        parts.append("\(ByteText.of(progress.bytes))\(total)")
        let seconds = elapsed.inSeconds
        if seconds >= 1 {
            let rate = Double(progress.bytes) / seconds
            parts.append("\(ByteText.of(Int(rate)))/s")
            if let total = progress.totalBytes, total > progress.bytes, rate > 0 {
                parts.append(
                    "\(Duration.seconds(Int((Double(total - progress.bytes) / rate).rounded(.up))).text) left"
                )
            }
        }
        return "\(progress.label): \(parts.joined(separator: ", "))"
    }

    private static func grouped(_ number: Int) -> String {
        var digits = Array(String(number))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return String(digits)
    }
}
