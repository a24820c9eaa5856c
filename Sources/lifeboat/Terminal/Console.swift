// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Glibc
import Operations
import Reporting

/// Nobody reads standard output any more.
struct ClosedOutput: Error {}

/// Where a command speaks: results to standard output, everything else to standard error.
final class Console: Sendable {
    let wantsJSON: Bool
    let isQuiet: Bool
    private let progressLine: ProgressLine

    init(_ options: CommonOptions) {
        wantsJSON = options.json
        isQuiet = options.quiet
        progressLine = ProgressLine(isShown: !options.quiet)
    }

    /// Whether colours may be used in results: a terminal, and nobody said no (https://no-color.org).
    var usesColour: Bool {
        isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
            && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Columns of the terminal; `nil` when results go elsewhere and need no fitting.
    var width: Int? {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
        else { return nil }
        return Int(size.ws_col)
    }

    /// Lines of the terminal; `nil` when results go elsewhere.
    var height: Int? {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0
        else { return nil }
        return Int(size.ws_row)
    }

    /// How results are laid out for where they go.
    var style: TextStyle { TextStyle(width: width, usesColour: usesColour) }

    // MARK: - Results

    /// Writes one line of the result.
    ///
    /// - Throws: `ClosedOutput` when the reader has gone, `OperationError` when the disk will not have it.
    func print(_ text: String) throws {
        endProgress()
        try write(Array((text + "\n").utf8))
    }

    /// Writes a question, and leaves the cursor behind it.
    func ask(_ text: String) throws {
        endProgress()
        try write(Array(text.utf8))
    }

    /// Writes the result as JSON when that is asked for, else as text.
    func print(_ value: some Encodable, _ text: () -> String) throws {
        if wantsJSON {
            try print(String(decoding: CanonicalJSON.encodePretty(value), as: UTF8.self))
        } else {
            try print(text())
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                if errno == EPIPE { throw ClosedOutput() }
                throw OperationError(
                    .ioFailed, "cannot write to standard output: \(String(cString: strerror(errno)))")
            }
            rest = rest.dropFirst(count)
        }
    }

    // MARK: - Everything else

    /// Says something beside the result; silent with `--quiet`.
    func say(_ text: String) {
        guard !isQuiet else { return }
        err(text)
    }

    func warn(_ text: String, hint: String? = nil) {
        err("lifeboat: warning: \(Escaping.visible(text))")
        if let hint { err("lifeboat: hint: \(hint)") }
    }

    func err(_ text: String) {
        endProgress()
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// Says why the command failed, with what to do about it.
    func report(_ error: any Error) -> ExitStatus {
        // What the parser lets through and a command then finds wrong is a wrong use all the same.
        let misuse = (error as? ValidationError).map { OperationError(.unknownName, $0.message) }
        let failure = misuse ?? OperationError(describing: error)
        let status = ExitStatus(failure.code)
        if wantsJSON, let json = try? CanonicalJSON.encodePretty(FailureOutput(failure, status)) {
            try? print(String(decoding: json, as: UTF8.self))
        }
        err("lifeboat: error: \(Escaping.visible(failure.detail))")
        if let hint = failure.hint { err("lifeboat: hint: \(Escaping.visible(hint))") }
        return status
    }

    // MARK: - Progress

    /// How long work tells of itself and learns of Ctrl-C.
    var supervision: Supervision {
        Supervision(
            progress: { [progressLine] in progressLine.show($0) }, isCancelled: { Interrupt.wasAsked })
    }

    func endProgress() {
        progressLine.end()
    }
}

/// A failure as `--json` prints it.
private struct FailureOutput: Encodable {
    var error: String
    var hint: String?
    var exitStatus: Int32

    init(_ failure: OperationError, _ status: ExitStatus) {
        error = failure.detail
        hint = failure.hint
        exitStatus = status.rawValue
    }
}

extension ExitStatus {
    init(_ code: OperationError.Code) {
        self =
            switch code {
            case .noWorkspace, .noSuchFile, .ambiguous, .unknownName: .usage
            case .badInput: .badInput
            case .refused: .refused
            case .unreachable: .unreachable
            case .damaged, .failed: .failed
            case .permissionDenied: .permissionDenied
            case .ioFailed: .ioFailed
            case .cancelled: .interrupted
            }
    }
}
