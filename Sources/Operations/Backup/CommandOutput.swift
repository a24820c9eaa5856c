// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import SecureShell

/// A command whose output is the data, run here or at a host of the plan.
///
/// The output is first kept in the run's own folder, and only when the command has ended well is anything sent:
/// a dump that breaks off never becomes a point, and no store gets parts of it (Decisions/0041).
struct CommandOutput: BackupSource {
    let source: Source
    let desk: CopyDesk

    var place: String {
        let words = source.command.joined(separator: " ")
        return source.host.map { "\($0): \(words)" } ?? words
    }

    /// A command is there when it can be run, which its status says.
    func look(countingTo limit: Int?) throws -> SourceLook {
        SourceLook(exists: true, isMount: true, files: nil)
    }

    func write(
        previous: String?, recipients: [AgeRecipient], settings: WriterSettings, to sink: any PartSink,
        mergedIndexTo merged: String, label: String, supervision: Supervision
    ) throws -> WrittenPoint {
        let folder = settings.workFolder + "/output"
        try Workspace.makeFolder(folder, mode: 0o700)
        let name = try self.name()
        try collect(into: "\(folder)/\(name)", label: label, supervision)
        let writer = PointWriter(
            source: TreeSource(root: folder), previous: nil, recipients: recipients, settings: settings)
        return try writer.write(to: sink, mergedIndexTo: merged, isCancelled: supervision.isCancelled)
    }

    private func name() throws -> String {
        guard let name = source.name, MemberPath.isSafe(Array(name.utf8)), !name.contains("/") else {
            throw OperationError(.badInput, "'\(source.name ?? "")' is no name for the output of a command")
        }
        return name
    }

    private func collect(into path: String, label: String, _ supervision: Supervision) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw OperationError(.ioFailed, "cannot make \(path): \(PrivateFile.reason())")
        }
        defer { close(file) }
        var bytes = 0
        func take(_ piece: UnsafeRawBufferPointer) throws {
            guard !supervision.isCancelled() else { throw OperationError(.cancelled, "stopped") }
            var done = 0
            while done < piece.count {
                let count = Glibc.write(file, piece.baseAddress?.advanced(by: done), piece.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    throw OperationError(
                        .ioFailed, "cannot keep the output of \(source.command[0]): \(PrivateFile.reason())",
                        hint: "the spool needs room for the whole output: \(path)")
                }
                done += count
            }
            bytes += piece.count
            supervision.progress(Progress(label: label, files: 0, bytes: bytes))
        }
        if let host = source.host {
            try collect(at: host, take)
        } else {
            try collectHere(take, supervision)
        }
        guard bytes > 0 else {
            throw OperationError(.failed, "\(place) ended well and printed nothing, which is no backup")
        }
    }

    private func collectHere(_ take: (UnsafeRawBufferPointer) throws -> Void, _ supervision: Supervision)
        throws
    {
        let child = try ChildProcess(source.command, output: .piped, notes: .dropped)
        // While the command is silent nobody asks whether to stop; ending it ends the reading.
        let watch = CancellationWatch(supervision.isCancelled) { child.interrupt() }
        defer { watch.end() }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        do {
            while let count = try child.output?.read(into: buffer), count > 0 {
                try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        } catch {
            _ = child.end()
            throw error
        }
        let exit = try child.wait(isCancelled: supervision.isCancelled)
        guard exit.status == 0 else {
            throw OperationError(.failed, "\(place): \(exit.reason)")
        }
    }

    private func collect(at host: String, _ take: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let entry = desk.plan.host(host) else {
            throw OperationError(.unknownName, "the plan has no host \(host)")
        }
        let session = try desk.connector.open(entry)
        defer { session.disconnect() }
        var errors: [UInt8] = []
        let status = try session.run(
            "exec " + shellQuoted(source.command), onOutput: { try take($0) },
            onError: { errors = Array((errors + Array($0)).suffix(64 << 10)) })
        guard status.isSuccess else {
            let words = ShellResult.trimmed(errors)
            throw OperationError(
                .failed, "\(place): \(status)" + (words.isEmpty ? "" : ": \(words.suffix(400))"))
        }
    }
}
