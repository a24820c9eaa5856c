// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Foundation
import Glibc
import Ledger

/// Applies keep rules to a store at its own site, by that site's own clock: the one way in which a vault gets smaller.
///
/// There is no ledger here and no plan, so nothing is believed but signed manifests, bytes that were hashed, and the
/// times at which files arrived on this disk. Marks lie in `_expiry` in the store, in a folder that belongs to whoever
/// expires: the account that writes copies can neither make a mark nor change one.
package struct StoreExpirer: Sendable {
    let store: String
    let dataset: String
    let rules: RetentionRules
    let quarantine: Duration
    let signers: AllowedSigners
    let time: TimeSource

    /// Takes a store's folder, and the `allowed_signers` file by which points are judged.
    ///
    /// - Throws: `ArchiveError` when the file cannot be read.
    package init(
        store: String, dataset: String, rules: RetentionRules, quarantine: Duration, signersFile: String,
        time: TimeSource = .system
    ) throws {
        self.store = store
        self.dataset = dataset
        self.rules = rules
        self.quarantine = quarantine
        let text = String(decoding: try FileBytes(path: signersFile).allBytes(), as: UTF8.self)
        signers = try AllowedSigners(parsing: text)
        self.time = time
    }

    private var marksFolder: String { "\(store)/_expiry" }
    private var marksPath: String { "\(marksFolder)/\(dataset).json" }
    private func folder(_ point: String) -> String { "\(store)/\(dataset)/\(point)" }

    /// Marks what the rules let go, and removes what was marked long enough ago.
    ///
    /// Before anything is removed the newest kept point with all it builds on is hashed here.
    ///
    /// - Throws: `OperationError`: `.noSuchFile` when the store has no such dataset, `.permissionDenied` when the
    ///   marks may have been written by others, `.refused` while another expiry is under way.
    package func expire(dryRun: Bool = false) throws -> ExpiryReport {
        guard MemberPath.isSafe(Array(dataset.utf8)), !dataset.contains("/"), !dataset.hasPrefix("_") else {
            throw OperationError(.badInput, "'\(dataset)' is no name of a dataset")
        }
        let points = try points()
        let now = time.now()
        let decision = rules.decide(points.map(\.judged), at: now)
        var report = ExpiryReport(dataset: dataset, store: store, decision: decision)
        guard decision.refusal == nil else { return report }
        try prepareMarks()
        guard let lock = try FileLock.take("\(marksFolder)/lock") else {
            throw OperationError(.refused, "another expiry of \(store) is under way")
        }
        defer { withExtendedLifetime(lock) {} }
        var marks = try readMarks()
        let going = decision.expired + decision.deferred
        report.spared = marks.keys.filter { !going.contains($0) }.sorted()
        report.marked = decision.expired.filter { marks[$0] == nil }
        let due = decision.expired.filter { name in marks[name].map { $0 + quarantine <= now } ?? false }
        guard !dryRun else {
            report.removed = due
            return report
        }
        for name in report.spared { marks[name] = nil }
        for name in report.marked { marks[name] = now }
        try writeMarks(marks)
        guard !due.isEmpty else { return report }
        try proveNewest(points, decision)
        for name in due {
            try remove(name)
            marks[name] = nil
            try writeMarks(marks)
            report.removed.append(name)
        }
        return report
    }

    // MARK: - Looking

    private struct Found {
        var sealed: SealedManifest
        var judged: RetentionPoint
    }

    private func points() throws -> [Found] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "\(store)/\(dataset)") else {
            throw OperationError(.noSuchFile, "\(store) has no dataset \(dataset)")
        }
        var found: [Found] = []
        var isVerified: [String: Bool] = [:]
        // A parent's name begins with an earlier time, so it comes first.
        for name in names.sorted() where PointName(name) != nil {
            let files = PointDirectory(path: folder(name))
            // A folder without a manifest that a known signer has signed is no point, and is left alone.
            guard let sealed = try? files.sealedManifest(among: signers), sealed.manifest.point.text == name,
                sealed.manifest.dataset == dataset, let arrived = try arrival(name, files)
            else { continue }
            let manifest = sealed.manifest
            let parent = manifest.parent?.point.text
            isVerified[name] =
                try isComplete(sealed, files) && (parent == nil || isVerified[parent ?? ""] ?? false)
            found.append(
                Found(
                    sealed: sealed,
                    judged: RetentionPoint(
                        name: name, kind: manifest.kind == .full ? .full : .incremental, parent: parent,
                        claimedAt: Moment(nanoseconds: manifest.consistencyAt.nanoseconds),
                        arrivedAt: arrived,
                        isVerified: isVerified[name] ?? false,
                        isWhole: BackupOutcome(manifest.outcome).isWhole,
                        totalFiles: manifest.counts.totalFiles)))
        }
        return found
    }

    /// When the manifest's inode last changed, which nobody can set.
    private func arrival(_ point: String, _ files: PointDirectory) throws -> Moment? {
        let manifests = try files.names().filter { StoreFile(name: $0.name)?.role == .manifest }
        return manifests.compactMap { file -> Moment? in
            var status = stat()
            guard lstat("\(folder(point))/\(file.name)", &status) == 0 else { return nil }
            return Moment(
                nanoseconds: Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec))
        }.max()
    }

    private func isComplete(_ sealed: SealedManifest, _ files: PointDirectory) throws -> Bool {
        let names = try files.names()
        return StoredPoint.files(of: sealed.manifest).allSatisfy { wanted in
            names.contains { StoreFile(name: $0.name)?.role == wanted.role && $0.size == wanted.bytes }
        }
    }

    private func proveNewest(_ points: [Found], _ decision: RetentionDecision) throws {
        let kept = points.filter {
            decision.kept[$0.judged.name] != nil && $0.judged.isVerified && $0.judged.isWhole
        }
        var next = kept.max { $0.judged.claimedAt < $1.judged.claimedAt }
        guard next != nil else {
            throw OperationError(.refused, "no whole point would stay, so nothing is removed")
        }
        while let point = next {
            let files = PointDirectory(path: folder(point.judged.name))
            for wanted in StoredPoint.files(of: point.sealed.manifest) {
                let names = try files.names().filter {
                    StoreFile(name: $0.name)?.role == wanted.role && $0.size == wanted.bytes
                }
                guard
                    try names.contains(where: {
                        try FileBytes(path: "\(files.place)/\($0.name)").sha256() == wanted.sha256
                    })
                else {
                    throw OperationError(
                        .damaged,
                        "\(StoreFile(wanted.role).name) of \(point.judged.name) is not what its manifest says, so nothing is removed"
                    )
                }
            }
            next = point.judged.parent.flatMap { parent in points.first { $0.judged.name == parent } }
        }
    }

    // MARK: - Marks

    private func prepareMarks() throws {
        if mkdir(marksFolder, 0o700) != 0, errno != EEXIST {
            throw OperationError(.ioFailed, "cannot make \(marksFolder): \(PrivateFile.reason())")
        }
        var status = stat()
        guard lstat(marksFolder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == geteuid(),
            status.st_mode & 0o022 == 0
        else {
            throw OperationError(
                .permissionDenied, "\(marksFolder) belongs to others, who could have written marks into it",
                hint: "look at what it holds, move it away, and run this as the account that expires")
        }
    }

    private func readMarks() throws -> [String: Moment] {
        guard access(marksPath, F_OK) == 0 else { return [:] }
        return try CanonicalJSON.decode([String: Moment].self, from: Data(PrivateFile.read(marksPath).utf8))
    }

    private func writeMarks(_ marks: [String: Moment]) throws {
        try PrivateFile.replace(
            marksPath, String(decoding: CanonicalJSON.encode(marks), as: UTF8.self), mode: 0o600)
    }

    // MARK: - Removing

    /// Removes the manifests first: without one the rest is litter, and no half point is ever listed.
    private func remove(_ point: String) throws {
        let path = folder(point)
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw OperationError(.ioFailed, "cannot open \(path): \(PrivateFile.reason())")
        }
        defer { close(descriptor) }
        let names = try PointDirectory(path: path).names().map(\.name)
        let known = names.filter { StoreFile(name: $0) != nil }
        for name in known.sorted(by: { (Self.rank($0), $0) < (Self.rank($1), $1) })
        where unlinkat(descriptor, name, 0) != 0 {
            throw OperationError(.ioFailed, "cannot remove \(path)/\(name): \(PrivateFile.reason())")
        }
        guard fsync(descriptor) == 0, rmdir(path) == 0 else {
            throw OperationError(
                .ioFailed, "cannot remove \(path): \(PrivateFile.reason())", hint: "something else lies in it"
            )
        }
    }

    private static func rank(_ name: String) -> Int {
        switch StoreFile(name: name)?.role {
        case .manifest: 0
        case .signature: 1
        default: 2
        }
    }
}
