// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// Hashes the files of a tree at a host, with the host's own `sha256sum`, and compares.
package enum TreeHashing {
    /// Every regular file below the folder; a link to one is not followed.
    ///
    /// A path that `sha256sum` had to escape begins with a backslash; it is read back exactly.
    private static let script = #"""
        cd "$1" && find . -xdev -type f -exec sha256sum -- {} +
        """#

    package struct Comparison: Hashable {
        package var files = 0
        package var mismatched = 0
        package var missing = 0
        package var unexpected = 0
        /// The first twenty, for a person.
        package var faults: [String] = []

        package var isGood: Bool {
            mismatched == 0 && missing == 0 && unexpected == 0 && files > 0
        }

        mutating func fault(_ what: String, _ path: [UInt8]) {
            guard faults.count < 20 else { return }
            faults.append("\(what): \(String(decoding: path, as: UTF8.self))")
        }
    }

    /// Compares a tree at a host with what it should hold.
    ///
    /// `ignored`: paths that may be there and do not count, such as the run's marker.
    package static func compare(
        _ folder: String, at shell: any HostShell, with expected: [FileHash],
        ignoring ignored: Set<[UInt8]> = []
    ) throws -> Comparison {
        let result = try shell.run(script, [folder])
        var found = try parse(result.output, host: shell.host)
        var comparison = Comparison()
        for file in expected {
            guard let hash = found.removeValue(forKey: file.path) else {
                comparison.missing += 1
                comparison.fault("missing", file.path)
                continue
            }
            comparison.files += 1
            guard hash != file.sha256 else { continue }
            comparison.mismatched += 1
            comparison.fault("changed", file.path)
        }
        for path in found.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) where !ignored.contains(path)
        {
            comparison.unexpected += 1
            comparison.fault("unexpected", path)
        }
        // Whatever find or sha256sum could not read is missing above; words without that are an error.
        if result.status != 0, comparison.isGood {
            throw OperationError(.failed, "hash \(folder) at \(shell.host): \(result.reason)")
        }
        return comparison
    }

    /// Reads `HASH  ./path` lines, with a backslash in front where the path is escaped.
    static func parse(_ output: [UInt8], host: String) throws -> [[UInt8]: String] {
        var found: [[UInt8]: String] = [:]
        for line in output.split(separator: 10) {
            let isEscaped = line.first == UInt8(ascii: "\\")
            let body = isEscaped ? line.dropFirst() : line
            guard body.count > 68 else {
                throw OperationError(
                    .failed,
                    "hash at \(host): it answered '\(String(decoding: line.prefix(100), as: UTF8.self))'")
            }
            let path = Array(body.dropFirst(66))
            let plain = isEscaped ? unescaped(path) : path
            guard plain.starts(with: Array("./".utf8)) else {
                throw OperationError(.failed, "hash at \(host): a path without its folder")
            }
            found[Array(plain.dropFirst(2))] = String(decoding: body.prefix(64), as: UTF8.self)
        }
        return found
    }

    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isEscaped = false
        for byte in bytes {
            if isEscaped {
                result.append(byte == UInt8(ascii: "n") ? 10 : byte == UInt8(ascii: "r") ? 13 : byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                result.append(byte)
            }
        }
        return result
    }

    // MARK: - Going red

    /// Copies one file into a folder of the run, as the tree that is to be spoiled.
    private static let copyOne = #"""
        set -eu
        umask 077
        rm -rf -- "$2"
        mkdir -p "$2"
        case $3 in */*) mkdir -p "$2/${3%/*}" ;; esac
        cp -- "$1/$3" "$2/$3"
        """#

    private static let flip = #"""
        set -eu
        chmod u+w "$1/$2"
        byte=$(dd if="$1/$2" bs=1 count=1 2>/dev/null | od -An -tu1 | tr -d ' ')
        printf "\\$(printf %03o $(((byte + 1) % 256)))" | dd of="$1/$2" bs=1 count=1 conv=notrunc 2>/dev/null
        """#

    private static let drop = #"""
        rm -f -- "$1/$2"
        """#

    /// Proves that the comparison can fail: good on a copy of one file, red on the same copy spoiled.
    ///
    /// Only the copy is spoiled, in the run's own folder at the host, and it is removed afterwards.
    ///
    /// - Returns: the spoils on which it went red.
    /// - Throws: when it stayed good on one of them, or there is no file to try it on.
    package static func proveRed(
        _ spoils: [Verification.Spoil], of tree: String, in folder: String, at shell: any HostShell,
        expected: [FileHash]
    ) throws -> [String] {
        // 16 MiB: copying more would only take time.
        guard let file = expected.first(where: { $0.size > 0 && $0.size <= 16 << 20 && isPlain($0.path) })
        else {
            throw OperationError(.failed, "no file in the point is fit to be spoiled")
        }
        let name = String(decoding: file.path, as: UTF8.self)
        defer { _ = try? shell.run("rm -rf -- \"$1\"", [folder]) }
        return try spoils.map { spoil in
            _ = try shell.demand("copy a file to be spoiled", copyOne, [tree, folder, name])
            guard try compare(folder, at: shell, with: [file]).isGood else {
                throw OperationError(.failed, "the check is red on an unspoiled copy of \(name)")
            }
            switch spoil {
            case .flipByte: _ = try shell.demand("flip a byte", flip, [folder, name])
            case .dropFile: _ = try shell.demand("drop a file", drop, [folder, name])
            }
            guard try !compare(folder, at: shell, with: [file]).isGood else {
                throw OperationError(.failed, "the check stayed green on a spoiled copy (\(spoil.text))")
            }
            return spoil.text
        }
    }

    /// Whether a path goes through a shell's words unharmed.
    private static func isPlain(_ path: [UInt8]) -> Bool {
        String(validating: path, as: UTF8.self) != nil && !path.contains { $0 < 32 }
    }
}
