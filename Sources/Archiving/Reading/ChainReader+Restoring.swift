// SPDX-License-Identifier: Apache-2.0

extension ChainReader {
    /// Restores the tree, or some paths of it with the folders above them, into a folder of this machine.
    ///
    /// The folder must be empty or not there. Files are written on all cores; each one's content is compared with the
    /// index while it is written, and one that differs is removed again. Damage in a part does not throw: what can be
    /// brought back is, and the summary names every path that was not; look at its `isWhole`.
    ///
    /// - Parameters:
    ///   - paths: Relative to the tree; everything if `nil`.
    ///   - folder: Where the tree's root goes.
    ///   - options: What may come back.
    ///   - progress: Called now and then from several threads.
    ///   - isCancelled: Asked often from several threads.
    /// - Returns: What came back and what did not.
    /// - Throws: Before anything is written: `notEmpty`, `missing` for a path that the tree does not have or a part that
    ///   is not there (unless gaps are accepted). Afterwards `RestoreInterrupted` with what was done until then.
    package func restore(
        _ paths: [[UInt8]]? = nil, into folder: String, options: RestoreOptions,
        progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> RestoreSummary {
        try refuseGaps(paths, options)
        let tree = try tree(paths)
        let root = try SafeFolder(emptyAt: folder)
        let shared = RestoreShared(options, progress: progress, isCancelled: isCancelled)
        return try RestoreRun(self, tree, root, shared).run()
    }

    /// Refuses a restore that would need a part that is not there.
    func refuseGaps(_ paths: [[UInt8]]?, _ options: RestoreOptions) throws {
        guard !options.acceptsGaps, !gaps.isEmpty else { return }
        guard let gap = try estimate(paths).missing.first else { return }
        throw ArchiveError(
            gap.code, gap.operation, gap.subject, detail: gap.detail,
            hint: "nothing was written; take another store, or accept that what lies in it does not come back"
        )
    }
}
