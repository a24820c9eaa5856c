// SPDX-License-Identifier: Apache-2.0

/// Reads a chain of points - a full one and the incrementals on it - as the tree that the newest holds.
///
/// Opening fetches every index and list of deletions whole, compares each with its manifest's hash and sees whether
/// an identity opens it; parts are read in ranges and only when needed. What comes out is compared with the index, so
/// that nothing has to be believed of a part. Whether the manifests are to be believed is the caller's to know.
package final class ChainReader: Sendable {
    /// The manifests, the full one first.
    package let manifests: [Manifest]

    let points: [ResolvedPoint]
    let identities: [AgeIdentity]
    let threads: Int
    private let indexes: [VerifiedFile]
    private let deletions: [PathSet?]
    private let openings = PartOpenings()

    /// Opens a chain.
    ///
    /// - Parameters:
    ///   - points: The full point first, then each incremental on the one before.
    ///   - identities: One of them must open every point.
    ///   - threads: How many work side by side; as many as there are processors if `nil`.
    /// - Throws: `malformed` when the points are no chain, `missing` or `damaged` for an index that is not what its
    ///   manifest says, `wrongKey`, and whatever the stores throw.
    package init(_ points: [ChainPoint], identities: [AgeIdentity], threads: Int? = nil) throws {
        try Self.check(points)
        self.identities = identities
        self.threads = max(1, threads ?? Crew.processors)
        manifests = points.map(\.manifest)
        self.points = try points.map { try ResolvedPoint($0) }
        indexes = try self.points.map { point in
            try VerifiedFile(
                point.index, of: point, sha256: point.manifest.index.sha256, identities: identities)
        }
        deletions = try self.points.map { point in
            guard let name = point.deleted, let file = point.manifest.deleted else { return nil }
            return try VerifiedFile(name, of: point, sha256: file.sha256, identities: identities).deletions()
        }
    }

    private static func check(_ points: [ChainPoint]) throws(ArchiveError) {
        func malformed(_ detail: String) -> ArchiveError {
            ArchiveError(.malformed, "read a chain of points", detail: detail)
        }
        guard let first = points.first else { throw malformed("there is no point") }
        guard first.manifest.kind == .full else {
            throw malformed("\(first.manifest.point) stands first and is not full")
        }
        for (before, point) in zip(points, points.dropFirst()) {
            let parent = point.manifest.parent
            guard parent?.point == before.manifest.point else {
                throw malformed("\(point.manifest.point) does not build on \(before.manifest.point)")
            }
            guard parent?.manifestSHA256 == before.manifestSHA256 else {
                throw ArchiveError(
                    .hostile, "read a chain of points", point.manifest.point.text,
                    detail: "the manifest of \(before.manifest.point) is not the one it was built on")
            }
            guard point.manifest.dataset == first.manifest.dataset,
                point.manifest.workspace == first.manifest.workspace
            else { throw malformed("\(point.manifest.point) is of another dataset") }
        }
    }

    /// The stores' parts.
    var parts: StoredParts { StoredParts(points: points, openings: openings) }

    /// Index readers for one thread.
    func openIndexes() throws -> [IndexReader] {
        try indexes.map { try $0.index() }
    }

    /// A walk through the chosen part of the merged tree, for one thread.
    func tree(_ paths: [[UInt8]]?) throws -> ChosenTree {
        try ChosenTree(openIndexes(), deletions, paths)
    }

    /// Parts that are not there, or not of the right size.
    var gaps: [ArchiveError] {
        points.flatMap { point in point.gaps.sorted { $0.key < $1.key }.map(\.value) }
    }
}

// MARK: - Looking

extension ChainReader {
    /// Gives the records of the merged tree in component order, deletions applied.
    ///
    /// - Parameters:
    ///   - paths: Only what lies at or below these, with the folders above them; everything if `nil`.
    ///   - body: Is called with each record; what it throws ends the walk.
    /// - Throws: `missing` for a path that the tree does not have.
    package func records(under paths: [[UInt8]]? = nil, _ body: (IndexRecord) throws -> Void) throws {
        let tree = try tree(paths)
        while let member = try tree.next() { try body(member.record) }
    }

    /// The record of one path of the merged tree; `nil` if the tree does not have it.
    package func record(at path: [UInt8]) throws -> IndexRecord? {
        try MemberPath.check(path)
        return try tree([]).find(path)?.record
    }

    /// What a restore of some paths would read and write; reads the indexes only.
    package func estimate(_ paths: [[UInt8]]? = nil) throws -> ChainEstimate {
        let tree = try tree(paths)
        var estimate = ChainEstimate()
        var last = [Int](repeating: -1, count: points.count)
        var missing: Set<StoreName> = []
        while let member = try tree.next() {
            estimate.members += 1
            guard member.record.kind == .file else { continue }
            estimate.files += 1
            estimate.bytes += member.record.size - member.record.holes
            guard let location = member.record.location else { continue }
            // Members come in the order of their frames, so each frame is counted once.
            try tree.frames(of: location, ofPoint: member.point) { number, frame in
                guard number > last[member.point] else { return }
                last[member.point] = number
                estimate.bytesFetched += frame.compressedSize
                if points[member.point].gaps[frame.part] != nil {
                    missing.insert(StoreName(point: member.point, part: frame.part))
                }
            }
        }
        estimate.missing = missing.sorted { ($0.point, $0.part) < ($1.point, $1.part) }
            .compactMap { points[$0.point].gaps[$0.part] }
        return estimate
    }

    private struct StoreName: Hashable {
        let point: Int
        let part: Int
    }
}

/// What a restore would take.
package struct ChainEstimate: Hashable, Sendable {
    /// Paths of all kinds.
    package var members = 0
    package var files = 0
    /// Bytes of files to be written, without holes.
    package var bytes = 0
    /// Bytes to be read from the parts; indexes are read already.
    package var bytesFetched = 0
    /// Parts that are needed and not there, each with its file's name.
    package var missing: [ArchiveError] = []
}
