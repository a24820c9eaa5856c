// SPDX-License-Identifier: Apache-2.0

/// A POSIX shell at one host of a drill.
///
/// Blocking; each thread uses a shell of its own.
package protocol HostShell: AnyObject {
    var host: String { get }

    /// Runs a script to its end, with its arguments as `$1 $2 …`.
    ///
    /// - Throws: `RemoteError` when the host could not be asked. The script may then have run or not, so
    ///   what is sent this way must bear to be sent again.
    func run(_ script: String, _ arguments: [String], input: [UInt8]) throws -> ShellResult
}

extension HostShell {
    package func run(_ script: String, _ arguments: [String] = []) throws -> ShellResult {
        try run(script, arguments, input: [])
    }

    /// Runs a script that must succeed, and gives what it printed without the last line's end.
    func demand(_ doing: String, _ script: String, _ arguments: [String] = [], input: [UInt8] = []) throws
        -> String
    {
        let result = try run(script, arguments, input: input)
        guard result.status == 0 else {
            throw OperationError(.failed, "\(doing) at \(host): \(result.reason)")
        }
        return result.text
    }
}

/// How a script ended, and what it printed.
package struct ShellResult: Hashable, Sendable {
    package var status: Int
    package var output: [UInt8]
    package var error: [UInt8]

    package init(status: Int, output: [UInt8], error: [UInt8]) {
        self.status = status
        self.output = output
        self.error = error
    }

    /// The output as text, without white space at its end.
    package var text: String {
        Self.trimmed(output)
    }

    /// The host's own words, else the status.
    package var reason: String {
        let words = Self.trimmed(error)
        return words.isEmpty ? "exit status \(status)" : words
    }

    static func trimmed(_ bytes: [UInt8]) -> String {
        let end = bytes.lastIndex { !Set<UInt8>([9, 10, 13, 32]).contains($0) }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}

/// Opens shells at the hosts of a plan.
package protocol HostReaching: Sendable {
    func shell(at host: String) throws -> any HostShell
}
