// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import SecureShell

/// A restore to another host: decrypted and checked here, unpacked by that host's own tar, then hashed there.
///
/// The identity never leaves this machine. GNU tar, `find` and `sha256sum` are what the target must have.
struct HostRestore {
    let desk: CopyDesk
    let chain: OpenChain
    let paths: [[UInt8]]?
    let host: String
    let folder: String

    private static let prepare = #"""
        set -eu
        tar --version 2>/dev/null | head -n 1 | grep -q 'GNU tar' || { echo 'GNU tar is needed to restore here' >&2; exit 69; }
        if [ -e "$1" ] || [ -L "$1" ]; then
            [ -d "$1" ] && [ ! -L "$1" ] || { echo "$1 is not a folder" >&2; exit 73; }
            [ -z "$(ls -A -- "$1")" ] || { echo "$1 is not empty" >&2; exit 73; }
        else
            mkdir -p -- "$1"
        fi
        """#

    func restore(_ run: inout RestoreRun, _ supervision: Supervision) throws {
        guard folder.hasPrefix("/") else {
            throw OperationError(
                .badInput, "a folder at another host must begin with '/', and '\(folder)' does not")
        }
        guard let entry = desk.plan.host(host) else {
            throw OperationError(
                .unknownName, "the plan has no host \(host)",
                hint: Spelling.suggestion(for: host, among: desk.plan.hosts.map(\.id)))
        }
        let connector = desk.connector
        let shell = SessionShell(host: host, becomes: entry.become) { try connector.open(entry) }
        let prepared = try shell.run(Self.prepare, [folder])
        guard prepared.status == 0 else {
            throw OperationError(
                prepared.status == 73 ? .refused : .failed, "restore to \(host): \(prepared.reason)")
        }
        let summary = try unpack(entry, supervision)
        run.note(summary)
        guard summary.isWhole else { return try removeDamaged(summary, shell) }
        try compare(shell, &run)
    }

    /// A large file may have gone out before its damage was met: nothing that is wrong stays at the target.
    private func removeDamaged(_ summary: RestoreSummary, _ shell: any HostShell) throws {
        let names = summary.faults.map(\.path).filter(MemberPath.isSafe).flatMap { path -> [UInt8] in
            Array("./".utf8) + path + [0]
        }
        guard !names.isEmpty else { return }
        let result = try shell.run(#"cd -- "$1" && xargs -0 rm -f --"#, [folder], input: names)
        guard result.status == 0 else {
            throw OperationError(
                .damaged, "damaged files may stand in \(folder) at \(host): \(result.reason)")
        }
    }

    // MARK: - Unpacking

    private func unpack(_ entry: Host, _ supervision: Supervision) throws -> RestoreSummary {
        let session = try desk.connector.open(entry)
        defer { session.disconnect() }
        let watch = CancellationWatch(supervision.isCancelled) { [cutter = session.cutter] in cutter.cut() }
        defer { watch.end() }
        let command = try session.begin(line(entry))
        let label = "restore \(chain.choice.point.name) to \(host)"
        do {
            let summary = try chain.reader.writeTar(
                paths, options: RestoreOptions(isTrusted: chain.isTrusted),
                progress: { supervision.progress(Progress(label: label, files: $0.files, bytes: $0.bytes)) },
                isCancelled: supervision.isCancelled, to: { try command.write($0) })
            let status = try command.finish()
            guard status.isSuccess else { throw tarFailure(command, "\(status)") }
            return summary
        } catch let error as RestoreInterrupted where error.cause is RemoteError {
            guard !supervision.isCancelled() else {
                throw OperationError(.cancelled, "stopped; what had come stays in \(folder) at \(host)")
            }
            // tar that has ended says why, which is worth more than that nobody read on.
            let words = ShellResult.trimmed(command.errorOutput)
            guard words.isEmpty else { throw tarFailure(command, "it ended early") }
            throw error
        }
    }

    private func tarFailure(_ command: RemoteCommand, _ status: String) -> OperationError {
        let words = ShellResult.trimmed(command.errorOutput)
        return OperationError(
            words.contains("No space left") ? .ioFailed : .failed,
            "tar at \(host): \(words.isEmpty ? status : String(words.suffix(400)))")
    }

    private func line(_ entry: Host) -> String {
        var words = [
            "tar", "-C", folder, "-xf", "-", "--warning=no-unknown-keyword", "--delay-directory-restore",
        ]
        if chain.isTrusted {
            words += ["-p", "--numeric-owner", "--acls", "--xattrs", "--xattrs-include=*"]
        } else {
            words += ["-p", "--no-same-owner"]
        }
        guard let become = entry.become else { return "exec " + shellQuoted(words) }
        return "exec " + shellQuoted([become, "-n"] + words)
    }

    // MARK: - Comparing

    /// The target's own hashes of everything that came, beside the index.
    private func compare(_ shell: any HostShell, _ run: inout RestoreRun) throws {
        let expected = try TreeHashes(reader: chain.reader, paths: paths, workspace: desk.workspace).files()
        guard !expected.isEmpty else { return }
        let comparison = try TreeHashing.compare(folder, at: shell, with: expected)
        run.membersVerified = comparison.files - comparison.mismatched
        guard comparison.isGood else {
            run.succeeded = false
            let words =
                "\(comparison.mismatched) changed, \(comparison.missing) missing, \(comparison.unexpected) unexpected at \(host)"
                + (comparison.faults.first.map { ", the first: \($0)" } ?? "")
            run.detail = run.detail.map { "\($0); \(words)" } ?? words
            return
        }
    }
}
