// SPDX-License-Identifier: Apache-2.0

/// The content of `SHA256SUMS`: what `sha256sum -c --strict` checks in one store.
///
/// Parts in order, then the index, then the deletions, under the names that the files have in this store.
package struct Checksums: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let sha256: SHA256Digest
        package let file: StoreFile

        package init(sha256: SHA256Digest, file: StoreFile) {
            self.sha256 = sha256
            self.file = file
        }
    }

    package let lines: [Line]

    /// The lines for a point, with the attempts that count in this store.
    ///
    /// Roles for which no attempt is given are first attempts.
    package init(_ manifest: Manifest, attempts names: [StoreFile.Role: Int] = [:]) {
        func line(_ role: StoreFile.Role, _ sha256: SHA256Digest) -> Line {
            Line(sha256: sha256, file: StoreFile(role, attempt: names[role] ?? 1))
        }
        var lines = manifest.parts.map { line(.part($0.number), $0.sha256) }
        lines.append(line(.index, manifest.index.sha256))
        if let deleted = manifest.deleted { lines.append(line(.deleted, deleted.sha256)) }
        self.lines = lines
    }

    /// Reads a store's file; a line of any other form makes it `malformed`.
    package init(parsing text: String) throws(ArchiveError) {
        var lines: [Line] = []
        guard text.hasSuffix("\n") else {
            throw ArchiveError(.truncated, "read SHA256SUMS", detail: "its last line has no end")
        }
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.utf8.count > 66, let file = StoreFile(name: String(line.dropFirst(66))),
                line.dropFirst(64).prefix(2) == "  ",
                let sha256 = try? SHA256Digest(hex: String(line.prefix(64)))
            else {
                throw ArchiveError(
                    .malformed, "read SHA256SUMS", detail: "'\(line.prefix(120))' is not a line of it")
            }
            lines.append(Line(sha256: sha256, file: file))
        }
        self.lines = lines
    }

    /// The file's text.
    package var text: String {
        lines.map { "\($0.sha256.hex)  \($0.file.name)\n" }.joined()
    }
}
