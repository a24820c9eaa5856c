// SPDX-License-Identifier: Apache-2.0

/// How far a long piece of work is.
package struct Progress: Hashable, Sendable {
    /// What is being done, such as `backup documents`.
    package var label: String
    package var files: Int
    package var bytes: Int
    /// What there is to do; `nil` while nobody knows.
    package var totalBytes: Int?

    package init(label: String, files: Int, bytes: Int, totalBytes: Int? = nil) {
        self.label = label
        self.files = files
        self.bytes = bytes
        self.totalBytes = totalBytes
    }
}

/// How long work tells of its progress and learns that it should stop.
package struct Supervision: Sendable {
    package let progress: @Sendable (Progress) -> Void
    /// Asked often; once it answers yes the work stops cleanly and says what was kept.
    package let isCancelled: @Sendable () -> Bool

    package init(
        progress: @escaping @Sendable (Progress) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.progress = progress
        self.isCancelled = isCancelled
    }
}
