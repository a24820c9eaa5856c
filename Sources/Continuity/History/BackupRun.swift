// SPDX-License-Identifier: Apache-2.0

/// How much of a dataset a recovery point holds by itself.
package enum PointKind: String, Hashable, Sendable, Codable, CaseIterable {
    case full
    case incremental
}

/// The six ways in which a scheduled backup can come out (archive.md, "Outcomes").
package enum BackupOutcome: String, Hashable, Sendable, Codable, CaseIterable {
    case complete
    /// Some file changed while it was read; both readings are kept.
    case completeWithChanges = "complete_with_changes"
    /// Some paths could not be read; the point does not satisfy the objective for them.
    case partial
    case failed
    /// A gate refused the run before anything was written.
    case refused
    case didNotRun = "did_not_run"

    /// Whether the point may stand as a recovery point of the whole dataset.
    package var isWhole: Bool {
        self == .complete || self == .completeWithChanges
    }
}

/// One run of a backup, from its beginning to its committed point or its failure.
package struct BackupRun: Hashable, Sendable, Codable {
    package var run: String
    package var dataset: String
    package var kind: PointKind
    package var outcome: BackupOutcome
    package var begunAt: Moment
    package var endedAt: Moment
    /// The name of the point; `nil` when none was committed.
    package var point: String?
    /// The point this incremental builds on.
    package var parent: String?
    /// The instant whose state the point holds: the snapshot, else when reading began.
    package var consistencyAt: Moment?
    /// SHA-256 of the manifest, in hex.
    package var manifestSha256: String?
    package var sequence: Int?
    package var counts: BackupCounts
    /// What became of each store the run was to reach, by store name: `verified`, `claimed`, or the reason it lags.
    package var stores: [StoreResult]
    /// Paths that could not be read, changed or vanished; bounded, control characters escaped.
    package var findings: [String]
    /// Why it failed or was refused, in words for a person.
    package var detail: String?
    /// What went wrong with the `after` hook; the point counts all the same, and somebody must look.
    package var hookTrouble: String?

    package init(
        run: String, dataset: String, kind: PointKind, outcome: BackupOutcome, begunAt: Moment,
        endedAt: Moment,
        point: String? = nil, parent: String? = nil, consistencyAt: Moment? = nil,
        manifestSha256: String? = nil,
        sequence: Int? = nil, counts: BackupCounts = BackupCounts(), stores: [StoreResult] = [],
        findings: [String] = [], detail: String? = nil, hookTrouble: String? = nil
    ) {
        self.run = run
        self.dataset = dataset
        self.kind = kind
        self.outcome = outcome
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.point = point
        self.parent = parent
        self.consistencyAt = consistencyAt
        self.manifestSha256 = manifestSha256
        self.sequence = sequence
        self.counts = counts
        self.stores = stores
        self.findings = findings
        self.detail = detail
        self.hookTrouble = hookTrouble
    }
}

extension BackupRun {
    /// How a run is judged where one word must do: in exit statuses, and by a pass over what is due.
    package enum Standing: String, Hashable, Sendable, Codable, CaseIterable {
        case good
        /// Complete, and something is still to be looked at: changed files, a store to catch up, a hook that failed.
        case warnings
        /// Some paths are missing, it did not run, or fewer stores hold the point than the policy asks for.
        case partial
        case failed
        case refused
    }

    /// The judgement of archive.md, "Outcomes"; `atLeast` is how many copies the policy asks for.
    package func standing(atLeast: Int) -> Standing {
        switch outcome {
        case .failed: return .failed
        case .refused: return .refused
        case .partial, .didNotRun: return .partial
        case .complete, .completeWithChanges:
            // A claimed copy is there and does not count yet.
            if stores.count(where: { $0.state == .verified }) < atLeast { return .partial }
            let held = stores.count { $0.state != .behind }
            let isClean = held == stores.count && outcome == .complete && hookTrouble == nil
            return isClean ? .good : .warnings
        }
    }
}

/// What a run read and wrote.
///
/// Bytes are counted before compression unless they say otherwise.
package struct BackupCounts: Hashable, Sendable, Codable {
    /// Files, folders and other members that this point holds by itself.
    package var files = 0
    package var folders = 0
    package var others = 0
    package var added = 0
    package var changed = 0
    package var deleted = 0
    package var unreadable = 0
    package var skippedSockets = 0
    /// Files of the whole tree at that time, changed or not, and their bytes.
    package var totalFiles = 0
    package var totalBytes = 0
    package var bytesRead = 0
    /// Bytes of the parts as they lie in one store.
    package var bytesStored = 0
    package var parts = 0

    package init() {}
}

/// How one store fared in a run.
package struct StoreResult: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable {
        case verified
        case claimed
        /// The store left the run and is to be caught up.
        case behind
    }

    package var store: String
    package var state: State
    package var detail: String?

    package init(store: String, state: State, detail: String? = nil) {
        self.store = store
        self.state = state
        self.detail = detail
    }
}
