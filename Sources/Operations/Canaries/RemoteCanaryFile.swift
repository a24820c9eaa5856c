// SPDX-License-Identifier: Apache-2.0
import Continuity

/// A canary's file at another host, written by that host's own shell and stamped by its own clock.
struct RemoteCanaryFile: CanaryFile {
    let path: String
    let shell: any HostShell

    /// GNU date has nanoseconds; others print `%N` as it is, and then whole seconds must do.
    private static let clock = #"""
        t=$(date -u +%Y-%m-%dT%H:%M:%S.%N)
        case $t in *[!0-9T:.-]*) date -u +%Y-%m-%dT%H:%M:%SZ ;; *) printf '%sZ\n' "$t" ;; esac
        """#

    /// `sync FILE` syncs one file with coreutils; elsewhere everything is synced.
    private static let add = #"""
        set -eu
        if [ -s "$1" ] && [ "$(tail -c 1 -- "$1" | od -An -tx1 | tr -d ' ')" != 0a ]; then printf '\n' >>"$1"; fi
        printf '%s\n' "$2" >>"$1"
        sync -- "$1" 2>/dev/null || sync
        """#

    private static let cut = #"""
        set -eu
        lines=$(wc -l <"$1")
        [ "$lines" -gt $(($2 * 5 / 4)) ] || exit 0
        tail -n "$2" -- "$1" >"$1.new-$$"
        sync -- "$1.new-$$" 2>/dev/null || sync
        mv -- "$1.new-$$" "$1"
        """#

    func now() throws -> Moment {
        let text = try shell.demand("read the clock", Self.clock)
        guard let moment = Moment(text) else {
            throw OperationError(.failed, "the clock of \(shell.host) says '\(text.prefix(40))'")
        }
        return moment
    }

    func tail() throws -> [String] {
        let script = #"[ -e "$1" ] || exit 0; tail -n 500 -- "$1""#
        return try shell.demand("read the canary", script, [path]).split(separator: "\n").map(String.init)
    }

    func append(_ line: String) throws {
        _ = try shell.demand("write the canary", Self.add, [path, line])
    }

    func sync() throws {
        _ = try shell.demand("sync the canary", #"sync -- "$1" 2>/dev/null || sync"#, [path])
    }

    func trim(to count: Int) throws {
        _ = try shell.demand("trim the canary", Self.cut, [path, "\(count)"])
    }
}
