// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
import Glibc

/// What came of one question that the orchestrator asked by itself.
package struct ProbeAnswer: Hashable, Sendable {
    /// How long each phase of an HTTP question took; a phase that did not happen is zero.
    package struct Phases: Hashable, Sendable {
        package var lookup: Duration
        package var connect: Duration
        /// The TLS handshake.
        package var secure: Duration
        /// From the request to the first byte of the answer.
        package var firstByte: Duration
        package var transfer: Duration

        package init(
            lookup: Duration, connect: Duration, secure: Duration, firstByte: Duration, transfer: Duration
        ) {
            self.lookup = lookup
            self.connect = connect
            self.secure = secure
            self.firstByte = firstByte
            self.transfer = transfer
        }
    }

    package var state: ProbeRun.State
    package var word: String
    package var phases: Phases?

    package init(_ state: ProbeRun.State, _ word: String, phases: Phases? = nil) {
        self.state = state
        self.word = word
        self.phases = phases
    }
}

extension ProbeAnswer {
    /// Asks once; blocks no longer than the time-out.
    ///
    /// What the other side does wrong is `down`; only a question that could not be asked at all is `unknown`.
    package static func ask(_ question: [String], timeout: Duration) -> ProbeAnswer {
        switch (question.first, question.count) {
        case ("http", 2): CurlRequest.ask(question[1], timeout: timeout)
        case ("tcp", 3): TCPQuestion.ask(question[1], port: question[2], timeout: timeout)
        case ("command", 2...): command(Array(question.dropFirst()), timeout: timeout)
        default: ProbeAnswer(.unknown, "no_question")
        }
    }

    /// By coreutils' `timeout`, with its statuses.
    private static func command(_ words: [String], timeout: Duration) -> ProbeAnswer {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
        process.arguments = ["--kill-after=1", String(timeout.inSeconds)] + words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            return ProbeAnswer(.unknown, "no_timeout_program")
        }
        process.waitUntilExit()
        return switch process.terminationStatus {
        case 0: ProbeAnswer(.up, "0")
        case 124, 137: ProbeAnswer(.down, "timeout")
        case 125, 126, 127: ProbeAnswer(.unknown, "exit_\(process.terminationStatus)")
        default: ProbeAnswer(.down, "exit_\(process.terminationStatus)")
        }
    }
}
