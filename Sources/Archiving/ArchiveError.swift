// SPDX-License-Identifier: Apache-2.0

/// Why an archive, a key or a signature could not be made, read or trusted.
package struct ArchiveError: Error, Hashable, Sendable {
    /// What went wrong, for code that decides what to do next.
    package enum Code: Hashable, Sendable {
        /// Bytes are not those that were written: a hash, a MAC or an authenticated chunk does not match.
        case damaged
        /// Bytes end before they should.
        case truncated
        /// A key, a document or a record does not follow its format.
        case malformed
        /// The format is right, but it asks for something this program does not do.
        case unsupported
        /// The bytes are not an age file at all.
        case notAgeFile
        /// None of the identities at hand opens the file.
        case wrongKey
        /// A signature does not fit the message, the namespace or the key it names.
        case badSignature
        /// The signature is sound, but nobody who may sign here, now and for this purpose made it.
        case unknownSigner
        /// An archive tries to write where it must not.
        case hostile
        /// Something that is needed is not there.
        case missing
        /// A folder that must be empty is not.
        case notEmpty
        /// The caller asked to end early.
        case cancelled
        /// The operating system refused, with its `errno`.
        case ioFailed(errno: Int32)
        /// A library (libarchive, libzstd, the crypto library) refused.
        case libraryFailed
    }

    package let code: Code
    /// What was tried, such as `decrypt` or `read the manifest`.
    package let operation: String
    /// The file, member or key it was tried on; empty when there is only one.
    package let subject: String
    /// The other side's own words, or what was found and what was expected.
    package let detail: String
    /// What to do about it, if we know.
    package let hint: String?

    package init(
        _ code: Code, _ operation: String, _ subject: String = "", detail: String, hint: String? = nil
    ) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.detail = detail
        self.hint = hint
    }

    /// The same failure, said of the named file or member.
    package func about(_ subject: String) -> ArchiveError {
        ArchiveError(code, operation, subject, detail: detail, hint: hint)
    }
}

extension ArchiveError: CustomStringConvertible {
    /// One line without the hint, such as `decrypt 00001.tar.zst.age: chunk 3 is damaged`.
    package var description: String {
        let action = subject.isEmpty ? operation : "\(operation) \(subject)"
        return "\(action): \(detail)"
    }
}
