// SPDX-License-Identifier: Apache-2.0
package import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// A temporary folder that lasts as long as one closure.
///
///     try Scratch.with { folder in
///         let file = try folder.write("hello", to: "a/b.txt")
///     }
///
/// The folder is private (0700), empty, and removed when the closure ends, also
/// when it throws. Its path has no symbolic links and is short enough for unix sockets.
package struct Scratch: Hashable, Sendable {
    /// The absolute path of the folder.
    package let path: String

    /// The folder as a URL.
    package var url: URL { URL(fileURLWithPath: path, isDirectory: true) }

    /// The absolute path of something in the folder.
    package func path(_ name: String) -> String { path + "/" + name }

    /// The URL of something in the folder.
    package func url(_ name: String) -> URL { URL(fileURLWithPath: path(name)) }

    /// Runs `body` with a fresh folder, then removes the folder.
    package static func with<Result>(_ body: (Scratch) throws -> Result) throws -> Result {
        let scratch = try Scratch()
        defer { scratch.remove() }
        return try body(scratch)
    }

    /// Runs `body` with a fresh folder, then removes the folder.
    package static func with<Result>(_ body: (Scratch) async throws -> Result) async throws -> Result {
        let scratch = try Scratch()
        defer { scratch.remove() }
        return try await body(scratch)
    }

    /// A folder that somebody else has made and removes.
    package init(below path: String) {
        self.path = path
    }

    private init() throws {
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        guard let real = realpath(base, nil) else { throw ScratchError(doing: "find", base) }
        defer { free(real) }
        let template = String(cString: real) + "/lifeboat-XXXXXX"
        guard let made = strdup(template) else { throw ScratchError(doing: "allocate", template) }
        defer { free(made) }
        guard mkdtemp(made) != nil else { throw ScratchError(doing: "create", template) }
        path = String(cString: made)
    }
}

extension Scratch {
    /// Makes a folder, with the folders above it.
    @discardableResult
    package func makeFolder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
        return path(name)
    }

    /// Writes a file, makes the folders above it, and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String, mode: Int = 0o644) throws -> String {
        try write(Data(text.utf8), to: name, mode: mode)
    }

    /// Writes a file, makes the folders above it, and returns its path.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String, mode: Int = 0o644) throws -> String {
        try write(Data(bytes), to: name, mode: mode)
    }

    /// Writes a file, makes the folders above it, and returns its path.
    @discardableResult
    package func write(_ data: Data, to name: String, mode: Int = 0o644) throws -> String {
        let target = url(name)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        guard mode & 0o111 == 0 else { return try install(data, at: target.path, mode: mode) }
        try data.write(to: target)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: target.path)
        return target.path
    }

    /// Has another process write a program.
    ///
    /// A child that is forked while this process has the file open for writing holds it open until its own
    /// exec, and until then the kernel refuses to run it ("text file busy").
    private func install(_ data: Data, at target: String, mode: Int) throws -> String {
        let source = target + ".source"
        try data.write(to: URL(fileURLWithPath: source))
        defer { try? FileManager.default.removeItem(atPath: source) }
        try Command.output("install", "-m", String(mode, radix: 8), source, target)
        return target
    }

    /// The contents of a file in the folder.
    package func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url(name)))
    }

    /// The contents of a text file in the folder.
    package func text(_ name: String) throws -> String {
        String(decoding: try read(name), as: UTF8.self)
    }

    /// Whether something of this name is in the folder; a broken link counts.
    package func contains(_ name: String) -> Bool {
        var status = stat()
        return lstat(path(name), &status) == 0
    }
}

extension Scratch {
    /// Removes everything; folders that a test made unreadable are opened first.
    ///
    /// A removal that fails leaves litter and must not hide the test's own error.
    private func remove() {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            openFolders(path)
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private func openFolders(_ folder: String) {
        chmod(folder, 0o700)
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for name in names {
            var status = stat()
            let child = folder + "/" + name
            guard lstat(child, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
            openFolders(child)
        }
    }
}

/// Why no temporary folder could be made.
private struct ScratchError: Error, CustomStringConvertible {
    let description: String

    init(doing: String, _ path: String) {
        description = "cannot \(doing) \(path): \(String(cString: strerror(errno)))"
    }
}
