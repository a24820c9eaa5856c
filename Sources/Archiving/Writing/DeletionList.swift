// SPDX-License-Identifier: Apache-2.0

/// Writes what an incremental deletes: paths, each ended by NUL, what a folder holds before the folder.
///
/// Paths come in component order, a folder first; a stack of the folders that are still open turns the order
/// round, so that whoever goes through the list can remove one path after the other. Not `Sendable`.
final class DeletionListWriter {
    private let makeFile: () throws -> SealedFileWriter
    private var file: SealedFileWriter?
    private let compressor: ZstdCompressor
    private var folders: [[UInt8]] = []
    private var chunk: [UInt8] = []
    private static let chunkSize = 1 << 20

    /// Takes what creates the file when the first path comes.
    init(_ makeFile: @escaping () throws -> SealedFileWriter) throws {
        self.makeFile = makeFile
        compressor = try ZstdCompressor(level: 3)
    }

    /// Adds a path; it must come after the one before in component order.
    func append(_ path: [UInt8], isFolder: Bool) throws {
        while let folder = folders.last, !MemberPath.isBelow(path, folder) {
            folders.removeLast()
            try write(folder)
        }
        if isFolder {
            folders.append(path)
        } else {
            try write(path)
        }
    }

    /// Ends the file; `nil` if nothing is deleted.
    func finish() throws -> SealedFile? {
        for folder in folders.reversed() { try write(folder) }
        folders = []
        guard !chunk.isEmpty || file != nil else { return nil }
        try flush()
        return try file?.finish()
    }

    private func write(_ path: [UInt8]) throws {
        chunk += path
        chunk.append(0)
        if chunk.count >= Self.chunkSize { try flush() }
    }

    private func flush() throws {
        guard !chunk.isEmpty else { return }
        let open = try file ?? makeFile()
        file = open
        let frame = try compressor.frame(of: chunk)
        chunk.removeAll(keepingCapacity: true)
        unsafe try frame.withUnsafeBytes { unsafe try open.write($0) }
    }
}
