// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// A tree as the programs of the system see it, attribute by attribute, one line for each path.
///
/// Compared as text, so that a difference shows which path and what; inodes are replaced by the first path that has
/// them, so that hard links compare.
struct TreeListing: Equatable, CustomStringConvertible {
    let lines: [String]

    /// Lists with `find`, `getfattr` and `sha256sum`: ACLs and capabilities are attributes.
    init(_ folder: String) throws {
        let script = """
            set -euo pipefail; cd "$1"
            find . -printf '%P|%y|%#m|%U|%G|%T@|%s|%l|%n\\0' | sort -z | tr '\\0\\n' '\\n?'
            find . ! -type d -links +1 -printf '%i %P\\n' | sort | awk '{ if ($1 != last) first = $2; last = $1; print $2, "is", first }' | sort
            find . -type f -print0 | sort -z | xargs -0r sha256sum --zero | tr '\\0\\n' '\\n?'
            find . -print0 | sort -z | xargs -0r getfattr -h -d -m - -e hex --absolute-names 2>/dev/null || true
            find . \\( -type b -o -type c \\) -print0 | sort -z | xargs -0r stat -c '%n %t:%T'
            """
        let output = try Command.output("bash", "-c", script, "-", folder, environment: ["LC_ALL": "C"])
        // A folder's own size is the file system's affair.
        lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map { line in
            let fields = line.split(separator: "|", omittingEmptySubsequences: false)
            guard fields.count == 9, fields[1] == "d" else { return String(line) }
            return (fields[0..<6]).joined(separator: "|")
        }
    }

    var description: String { lines.joined(separator: "\n") }

    /// The lines that only one of two trees has.
    func difference(from other: TreeListing) -> [String] {
        lines.difference(from: other.lines).map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
    }
}

extension Scratch {
    /// Runs a script in the folder; it must succeed.
    func shell(_ script: String) throws {
        try Command.output("bash", "-c", "set -euo pipefail\n" + script, folder: path)
    }
}

extension Scratch {
    /// A folder below this one, which is removed with it.
    func sub(_ name: String) throws -> Scratch {
        Scratch(below: try makeFolder(name))
    }
}

extension Trait where Self == ConditionTrait {
    /// Devices, files of other owners and capabilities can only be made by root.
    static var needsRoot: Self {
        .enabled(if: geteuid() == 0, "only root can make devices and give files away")
    }
}
