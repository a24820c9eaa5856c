// SPDX-License-Identifier: Apache-2.0

/// One file of a point in a store, and what is wrong with it.
package struct FileCheck: Hashable, Sendable {
    /// The name in this store; the first attempt's when no attempt fits.
    package let name: String
    /// As the manifest says.
    package let bytes: Int
    /// `missing`, `truncated` or `damaged`, with the file as its subject; `nil` when the file is the manifest's.
    package let error: ArchiveError?

    package init(name: String, bytes: Int, error: ArchiveError?) {
        self.name = name
        self.bytes = bytes
        self.error = error
    }
}

/// What a verification of one point in one store found.
package struct PointVerification: Hashable, Sendable {
    package let point: PointName
    /// Every file that the manifest names.
    package var files: [FileCheck] = []
    /// Members that were read and compared with the index; 0 unless everything was read.
    package var members = 0
    /// Bytes of files that were read and compared.
    package var contentBytes = 0
    /// The first of the members that are not what the index says; the path is empty for what concerns no member.
    package private(set) var faults: [RestoreFault] = []
    package private(set) var faultCount = 0

    init(_ point: PointName) {
        self.point = point
    }

    /// Whether everything that was looked at is what was written.
    package var isSound: Bool { faultCount == 0 && files.allSatisfy { $0.error == nil } }

    mutating func record(_ fault: RestoreFault) {
        faultCount += 1
        if faults.count < RestoreSummary.faultLimit { faults.append(fault) }
    }

    mutating func add(_ other: PointVerification) {
        members += other.members
        contentBytes += other.contentBytes
        faultCount += other.faultCount
        faults += other.faults.prefix(RestoreSummary.faultLimit - faults.count)
    }

    mutating func sort() {
        faults.sort { MemberPath.compare($0.path, $1.path) < 0 }
    }
}

/// Verifies one point in one store, whatever its kind; its chain is not needed.
package struct PointVerifier: Sendable {
    private let point: ChainPoint
    private let threads: Int

    /// Takes the point; as many threads as there are processors if `nil`.
    package init(_ point: ChainPoint, threads: Int? = nil) {
        self.point = point
        self.threads = max(1, threads ?? Crew.processors)
    }

    // MARK: - Hashes

    /// Compares the SHA-256 of every file with the manifest; needs no key.
    ///
    /// - Parameters:
    ///   - progress: Called with the bytes hashed so far, from several threads.
    ///   - isCancelled: Asked for each piece of 4 MiB.
    /// - Returns: Each file that the manifest names, with what is wrong with it.
    /// - Throws: `cancelled`, or what the store throws when it cannot be reached; files that are missing or wrong are
    ///   in the result.
    package func hashes(
        progress: @escaping @Sendable (Int) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> PointVerification {
        let wanted = Self.files(of: point.manifest)
        let names = try point.files.names()
        let state = Monitor((next: 0, bytes: 0, checks: [FileCheck?](repeating: nil, count: wanted.count)))
        let crew = try Crew(min(threads, wanted.count)) { [point] in
            while true {
                let number = state.change { state in
                    state.next += 1
                    return state.next - 1
                }
                guard number < wanted.count else { return }
                let check = unsafe try Self.check(wanted[number], among: names, point.files) { piece in
                    guard !isCancelled() else {
                        throw ArchiveError(.cancelled, "verify", detail: "asked to end early")
                    }
                    progress(
                        state.change { state in
                            state.bytes += piece.count
                            return state.bytes
                        })
                }
                state.change { $0.checks[number] = check }
            }
        }
        try crew.join()
        var result = PointVerification(point.manifest.point)
        result.files = state.change { $0.checks }.compactMap(\.self)
        return result
    }

    private struct WantedFile {
        let role: StoreFile.Role
        let bytes: Int
        let sha256: SHA256Digest
    }

    private static func files(of manifest: Manifest) -> [WantedFile] {
        var files = manifest.parts.map {
            WantedFile(role: .part($0.number), bytes: $0.bytes, sha256: $0.sha256)
        }
        files.append(WantedFile(role: .index, bytes: manifest.index.bytes, sha256: manifest.index.sha256))
        if let deleted = manifest.deleted {
            files.append(WantedFile(role: .deleted, bytes: deleted.bytes, sha256: deleted.sha256))
        }
        return files
    }

    /// Looks for the attempt with the right hash.
    private static func check(
        _ wanted: WantedFile, among names: [StoredFile], _ files: any PointFiles,
        each: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> FileCheck {
        let attempts = names.filter { StoreFile(name: $0.name)?.role == wanted.role }
        var error = ArchiveError(
            .missing, "find", "\(files.place)/\(StoreFile(wanted.role).name)", detail: "it is not there")
        var name = StoreFile(wanted.role).name
        for attempt in attempts.sorted(by: { $0.name < $1.name }) {
            let subject = "\(files.place)/\(attempt.name)"
            guard attempt.size == wanted.bytes else {
                guard error.code != .damaged else { continue }
                name = attempt.name
                error = ArchiveError(
                    .truncated, "check", subject,
                    detail: "it has \(attempt.size) bytes, and the manifest says \(wanted.bytes)")
                continue
            }
            let found = unsafe try FileHashing.sha256(of: files.open(attempt.name), each: each)
            if found == wanted.sha256 {
                return FileCheck(name: attempt.name, bytes: wanted.bytes, error: nil)
            }
            name = attempt.name
            error = ArchiveError(
                .damaged, "check", subject,
                detail: "its SHA-256 is \(found), and the manifest says \(wanted.sha256)")
        }
        return FileCheck(name: name, bytes: wanted.bytes, error: error)
    }

    // MARK: - Full read

    /// Fetches every part once, hashes and decrypts it, and compares every member with the index.
    ///
    /// Also finds bytes that the index does not name. Each thread may keep a part of up to its full size on disk in the
    /// temporary folder.
    ///
    /// - Throws: `wrongKey`, `cancelled`, an index that cannot be read, or what the store throws when it cannot be
    ///   reached; everything else is in the result.
    package func fullRead(
        identities: [AgeIdentity], progress: @escaping @Sendable (PointVerification) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> PointVerification {
        let resolved = try ResolvedPoint(point)
        let index = try VerifiedFile(
            resolved.index, of: resolved, sha256: point.manifest.index.sha256, identities: identities)
        if let name = resolved.deleted, let file = point.manifest.deleted {
            _ = try VerifiedFile(name, of: resolved, sha256: file.sha256, identities: identities).deletions()
        }
        let parts = SpooledParts(resolved, keeping: threads + 1)
        var result = try VerifyRun(
            point.manifest, index.index(), parts, identities, threads, progress, isCancelled
        ).run()
        // Parts that no member lies in were never asked for, and those that are not there could not be.
        let seen = Set(parts.checks.map(\.name))
        for part in point.manifest.parts {
            if let name = resolved.parts[part.number - 1] {
                if !seen.contains(name) { _ = try parts.open(point: 0, part: part.number) }
            } else if let gap = resolved.gaps[part.number] {
                parts.record(gap, ofPart: part.number)
            }
        }
        result.files = parts.checks
        result.files.append(FileCheck(name: resolved.index, bytes: point.manifest.index.bytes, error: nil))
        if let name = resolved.deleted, let file = point.manifest.deleted {
            result.files.append(FileCheck(name: name, bytes: file.bytes, error: nil))
        }
        return result
    }
}
