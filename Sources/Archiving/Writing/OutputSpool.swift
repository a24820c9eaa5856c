// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Bytes of unknown number as a source: a command's output that becomes one member.
///
/// A tar header says how long its member is, so the bytes are first kept in a file of this machine, in a private
/// folder, and read from there as a tree of one file. That costs their size on disk for as long as the run takes.
/// Not `Sendable`: it owns the file.
@safe package final class OutputSpool {
    private let folder: String
    private let path: String
    private var isEmpty = true

    /// Makes the folder and, in it, the file.
    ///
    /// - Parameters:
    ///   - folder: Where the bytes are kept; made here with mode 0700, and removed with the spool.
    ///   - name: The member's name: one component, such as `accounts.dump`.
    /// - Throws: `hostile` for a name that is none, `ioFailed` if the folder is there or cannot be made.
    package init(folder: String, name: String) throws {
        guard MemberPath.isSafe(Array(name.utf8)), !name.isEmpty, !name.contains("/") else {
            throw ArchiveError(
                .hostile, "keep a command's output as", name, detail: "that is not a file's name")
        }
        guard unsafe mkdir(folder, 0o700) == 0 else { throw ArchiveError.system("make", folder) }
        self.folder = folder
        path = folder + "/" + name
    }

    deinit {
        // Only what was made here; what is not there need not be removed.
        unsafe unlink(path)
        unsafe rmdir(folder)
    }

    /// Takes in everything that a reader gives, until it gives nothing more.
    ///
    /// The reader fills the buffer and says how many bytes it put there; 0 ends. It throws if what it read is
    /// not whole, as when the command ended with another status than 0: then nothing of it may be used.
    package func fill(
        from read: (UnsafeMutableRawBufferPointer) throws -> Int, isCancelled: () -> Bool = { false }
    ) throws {
        precondition(isEmpty, "a spool is filled once")
        isEmpty = false
        let file = try OutputFile(path: path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { unsafe buffer.deallocate() }
        while true {
            guard !isCancelled() else {
                throw ArchiveError(.cancelled, "read the source", detail: "asked to end early")
            }
            let count = unsafe try read(buffer)
            guard count > 0 else { break }
            unsafe try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        file.keep()
    }

    /// The source to give to a `PointWriter`, once the spool is filled.
    package var source: TreeSource { TreeSource(root: folder) }
}
