// SPDX-License-Identifier: Apache-2.0

/// One command line for a POSIX shell that runs exactly these words.
///
/// Words of harmless characters stay as they are, so that logs can be read.
package func shellQuoted(_ argv: [String]) -> String {
    argv.map(shellQuoted).joined(separator: " ")
}

/// One word for a POSIX shell.
package func shellQuoted(_ word: String) -> String {
    let harmless = word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "/._-+,:@%".utf8.contains(byte)
        }
    }
    if harmless, !word.isEmpty { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
        + "'"
}
