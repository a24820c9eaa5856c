// SPDX-License-Identifier: Apache-2.0
import Continuity
import SecureShell

/// The run's own folder at one host: `~/.lifeboat-drills/RUN.HOST`, marked with the run's name.
///
/// Everything that a drill starts at the host lives here: supervised units, heal timers, probers.
package struct RunPlace {
    package let shell: any HostShell
    package let run: String
    /// The folder's real path at the host.
    package let folder: String

    /// Makes the folder, or finds the one that an earlier controller of this run made, or another thread is
    /// making at this moment.
    package init(at shell: any HostShell, run: String) throws {
        self.shell = shell
        self.run = run
        folder = try shell.demand(
            "make the run's folder", HostScripts.prepare, [run, shell.host],
            input: Array((HostScripts.supervisor + "\n").utf8))
        guard folder.hasPrefix("/"), !folder.contains("\n") else {
            throw OperationError(.failed, "make the run's folder at \(shell.host): it answered '\(folder)'")
        }
    }

    package func unit(_ name: String) -> RemoteUnit {
        RemoteUnit(shell: shell, folder: folder + "/" + name)
    }

    package func timer(_ name: String) -> HealTimer {
        HealTimer(shell: shell, folder: folder + "/" + name)
    }

    /// Forgets a registered undo once it is done.
    package func dropUndo(of step: String) throws {
        _ = try shell.run("rm -rf -- \"$1/undo/$2\"", [folder, step])
    }

    /// Removes the folder at the run's end.
    package func remove() throws {
        let script = #"""
            [ ! -e "$1" ] && exit 0
            [ ! -L "$1" ] && [ "$(cat "$1/marker")" = "$2" ] || { echo "not this run's" >&2; exit 1; }
            rm -rf -- "$1" && rmdir "${1%/*}" 2>/dev/null
            [ ! -e "$1" ]
            """#
        _ = try shell.demand("remove the run's folder", script, [folder, run])
    }
}

/// A command under the supervisor at a host.
///
/// It outlives the connection and the controller, keeps its times on the host's own clock, is begun at
/// most once however often it is asked for, and can be killed with all that it began.
package struct RemoteUnit {
    package enum State: Hashable {
        /// Never asked for at this host.
        case absent
        /// Asked for, and not begun: the supervisor did not come up.
        case waiting
        case running(begun: Duration)
        /// The supervisor or the host died with it: nobody knows its end.
        case lost(begun: Duration)
        case ended(Ending)
    }

    package struct Ending: Hashable {
        package var status: Int
        /// Since the host's boot, cut to 10 ms.
        package var begun: Duration
        package var ended: Duration
        package var timedOut: Bool
    }

    package let shell: any HostShell
    package let folder: String

    /// Begins the command and returns when it runs, with its begin on the host's clock.
    ///
    /// `command`: a command line for `sh`; the script, if any, lies beside it as `./script`.
    /// `limit`: after which it is killed with all that it began.
    package func begin(_ command: String, script: [UInt8] = [], limit: Duration?) throws -> Duration {
        let seconds = limit.map { max(1, Int($0.inSeconds.rounded(.up))) } ?? 0
        let text = try shell.demand(
            "begin", HostScripts.begin, [folder, String(seconds), command, String(script.count)],
            input: script)
        guard let begun = text.split(separator: " ").last.flatMap({ HostTime.duration($0) }) else {
            throw OperationError(.failed, "begin at \(shell.host): it answered '\(text)'")
        }
        return begun
    }

    /// How far it is, after waiting up to `patience` for its end.
    package func look(patience: Duration = .zero) throws -> State {
        let tenths = String(Int(patience.inSeconds * 10))
        let words = try shell.demand("look", HostScripts.look, [folder, tenths]).split(separator: " ")
        let begun = words.count > 2 ? HostTime.duration(words[2]) : nil
        switch (words.first ?? "", begun) {
        case ("absent", _): return .absent
        case ("waiting", _): return .waiting
        case ("running", let begun?): return .running(begun: begun)
        case ("lost", let begun?): return .lost(begun: begun)
        case ("ended", let begun?) where words.count >= 5:
            guard let status = Int(words[3]), let ended = HostTime.duration(words[4]) else { break }
            return .ended(
                Ending(status: status, begun: begun, ended: ended, timedOut: words.last == "timed_out"))
        default: break
        }
        throw OperationError(
            .failed, "look at \(folder) at \(shell.host): it answered '\(words.joined(separator: " "))'")
    }

    /// Ends it with all that it began; nothing when it has ended.
    package func kill() throws {
        _ = try shell.run(HostScripts.kill, [folder])
    }

    /// The size and the end of what it printed.
    package func output(_ stream: String, atMost bytes: Int) throws -> (size: Int, tail: [UInt8]) {
        let result = try shell.run(HostScripts.output, [folder, stream, String(bytes)])
        let line = result.output.firstIndex(of: 10) ?? result.output.endIndex
        let size = Int(ShellResult.trimmed(Array(result.output[..<line])).drop { $0 == " " }) ?? 0
        return (size, Array(result.output[line...].dropFirst()))
    }
}

/// A timer at a host that heals a fault by itself, armed before the fault is made.
package struct HealTimer {
    package let shell: any HostShell
    package let folder: String

    /// `ttl`: `nil` only leaves the heal at the host, for a sweep.
    package func arm(_ heal: String, script: [UInt8] = [], after ttl: Duration?) throws {
        let seconds = ttl.map { String(max(1, Int($0.inSeconds.rounded(.up)))) } ?? "never"
        _ = try shell.demand(
            "arm the heal timer", HostScripts.arm, [folder, seconds, heal, String(script.count)],
            input: script)
    }

    /// The command that heals, one at a time with the timer's own.
    package var healCommand: String {
        "exec sh \(shellQuoted([folder + "/heal", folder]))"
    }

    package func disarm() throws {
        let result = try shell.run(HostScripts.disarm, [folder])
        guard result.status == 0 else {
            throw OperationError(.failed, "the heal timer at \(shell.host) is still there")
        }
    }

    /// The end of the timer's own heal; `nil` when it never fired.
    package func fired() throws -> (status: Int, at: Duration)? {
        let words = try shell.run(HostScripts.fired, [folder]).text.split(separator: " ")
        guard words.count == 2, let status = Int(words[0]), let at = HostTime.duration(words[1]) else {
            return nil
        }
        return (status, at)
    }
}

/// The seconds that `/proc/uptime` prints.
enum HostTime {
    /// Linux prints hundredths, cut and not rounded.
    static let resolution: Duration = .milliseconds(10)

    /// Reads a decimal number exactly: `3184.32` is 3184 s 320 ms.
    static func duration(_ text: some StringProtocol) -> Duration? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int64(parts[0]), whole >= 0 else { return nil }
        guard parts.count == 2 else { return .seconds(whole) }
        let digits = parts[1].prefix(9)
        guard let fraction = Int64(digits), fraction >= 0, !digits.isEmpty else { return nil }
        let scale = (digits.count..<9).reduce(Int64(1)) { scale, _ in scale * 10 }
        return .seconds(whole) + .nanoseconds(fraction * scale)
    }
}
