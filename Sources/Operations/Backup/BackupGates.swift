// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Glibc

/// What must hold before a run may count: an unmounted share is an empty folder and not a backup.
struct BackupGates {
    let dataset: Dataset
    /// What the last whole point counted.
    let before: BackupCounts?
    /// What was looked at, for the manifest.
    private(set) var results: [Manifest.Gate] = []

    init(dataset: Dataset, before: BackupCounts?) {
        self.dataset = dataset
        self.before = before
    }

    private mutating func demand(_ name: String, _ passed: Bool, _ detail: String, hint: String? = nil) throws
    {
        results.append(Manifest.Gate(name: name, passed: passed, detail: String(detail.prefix(400))))
        guard passed else {
            throw OperationError(.refused, "\(dataset.id): \(detail)", hint: hint)
        }
    }

    /// Looks at the source before anything is read or written.
    mutating func before(_ source: any BackupSource) throws {
        let found = try source.look(countingTo: leastFiles)
        try demand(
            "source_exists", found.exists,
            found.exists ? "\(source.place) is there" : "\(source.place) is not there")
        if dataset.source.mustBeMount {
            try demand(
                "must_be_mount", found.isMount,
                found.isMount ? "\(source.place) is a mount point" : "\(source.place) is no mount point",
                hint: "is the share mounted?")
        }
        // A quick count with an early end; excluded files are among them, so it can only refuse what is sure.
        if let files = found.files, let least = leastFiles, files < least {
            try judge(files: files, bytes: nil)
        }
    }

    /// Judges what was read.
    mutating func after(_ counts: PointCounts) throws {
        try judge(files: counts.totalFiles, bytes: counts.totalBytes)
    }

    /// Fewer files than this are refused by one gate or the other.
    private var leastFiles: Int? {
        [dataset.source.atLeastFiles, shrunk.map { $0 }].compactMap { $0 }.max()
    }

    private var shrunk: Int? {
        guard let limit = dataset.source.shrinkLimit, let before, before.totalFiles > 0 else { return nil }
        return Int((Double(before.totalFiles) * (1 - limit)).rounded(.up))
    }

    private mutating func judge(files: Int, bytes: Int?) throws {
        if let least = dataset.source.atLeastFiles {
            try demand("at_least_files", files >= least, "\(files) files, at least \(least) are expected")
        }
        if let least = dataset.source.atLeastBytes, let bytes {
            try demand("at_least_bytes", bytes >= least, "\(bytes) bytes, at least \(least) are expected")
        }
        if let least = shrunk, let before {
            try demand(
                "shrink_limit", files >= least,
                "\(files) files, \(before.totalFiles) at the last run",
                hint:
                    "if that is meant, raise shrink_limit for one run, or run with --full after looking at the source"
            )
        }
    }
}
