// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

/// Keeps the parts of a point as files in a folder, under the names they have in a store.
final class FolderSink: PartSink {
    let folder: String
    private(set) var parts: [PartSummary] = []
    /// Called when a part begins, before anything of it is taken.
    var onBegin: (Int) throws -> Void = { _ in }
    private var file: FileHandle?
    private var hasher = SHA256Hasher()

    init(_ folder: String) {
        self.folder = folder
    }

    func begin(part number: Int) throws {
        #expect(number == parts.count + 1 && file == nil)
        try onBegin(number)
        let path = folder + "/" + StoreFile(.part(number)).name
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        file = FileHandle(forWritingAtPath: path)
        hasher = SHA256Hasher()
    }

    func append(_ block: Block) throws {
        try block.withUnsafeBytes { bytes in
            hasher.update(bytes)
            try file?.write(contentsOf: Data(bytes))
        }
    }

    func end(part: PartSummary) throws {
        #expect(part.sha256 == hasher.finalize())
        try file?.close()
        file = nil
        parts.append(part)
    }
}

/// A store with one dataset: points are written into it as an orchestrator would, without the network.
final class PointFixture {
    /// The folder of the dataset in the store.
    let store: String
    let identity = AgeIdentity.generate()
    let signer = SSHSigningKey.generate(comment: "writer")
    private let work: String
    private(set) var points: [(sealed: SealedManifest, folder: String, written: WrittenPoint)] = []
    /// Changes the settings of each run.
    var adjust: (inout WriterSettings) -> Void = { _ in }
    /// Called when a part begins, while the source is being read.
    var onBegin: (Int) throws -> Void = { _ in }

    init(_ scratch: Scratch) throws {
        store = try scratch.makeFolder("store")
        work = try scratch.makeFolder("work")
        try scratch.write(identity.fileText, to: "key.txt", mode: 0o600)
        try scratch.write("writer \(signer.publicKey.text)\n", to: "allowed_signers")
    }

    /// The merged index of the newest point.
    var mergedIndex: String { work + "/merged-\(points.count)" }

    /// Writes the next point: the first one full, every other incremental.
    @discardableResult
    func write(_ source: TreeSource, isCancelled: @escaping @Sendable () -> Bool = { false }) throws
        -> WrittenPoint
    {
        try write(isCancelled) { previous, recipients, settings in
            PointWriter(source: source, previous: previous, recipients: recipients, settings: settings)
        }
    }

    /// Writes the next point of another machine's tree.
    @discardableResult
    func write(far tree: FarTree) throws -> WrittenPoint {
        try write({ false }) { previous, recipients, settings in
            PointWriter(source: tree, previous: previous, recipients: recipients, settings: settings)
        }
    }

    private func write(
        _ isCancelled: @escaping @Sendable () -> Bool,
        _ make: (String?, [AgeRecipient], WriterSettings) -> PointWriter
    ) throws -> WrittenPoint {
        let kind: PointName.Kind = points.isEmpty ? .full : .incremental
        let run = work + "/run-\(points.count + 1)"
        let incoming = run + "/parts"
        try FileManager.default.createDirectory(atPath: incoming, withIntermediateDirectories: true)
        var settings = WriterSettings(workFolder: run)
        adjust(&settings)
        let writer = make(points.isEmpty ? nil : mergedIndex, [identity.recipient], settings)
        let sink = FolderSink(incoming)
        sink.onBegin = onBegin
        let written = try writer.write(
            to: sink, mergedIndexTo: work + "/merged-\(points.count + 1)",
            isCancelled: isCancelled)
        try commit(written, kind, incoming)
        return written
    }

    private func commit(_ written: WrittenPoint, _ kind: PointName.Kind, _ incoming: String) throws {
        let point = PointName(time: written.begunAt, kind: kind)
        let last = points.last?.sealed
        let manifest = Manifest(
            workspace: "w", dataset: "files", point: point,
            parent: last.map { .init(point: $0.manifest.point, manifestSHA256: $0.sha256) },
            sequence: points.count + 1, previousManifestSHA256: last?.sha256, begunAt: written.begunAt,
            endedAt: written.endedAt, consistencyAt: written.begunAt,
            parts: written.parts.map {
                .init(home: point, number: $0.number, bytes: $0.bytes, sha256: $0.sha256)
            },
            index: .init(bytes: written.index.bytes, sha256: written.index.sha256),
            deleted: written.deleted.map { .init(bytes: $0.bytes, sha256: $0.sha256) },
            counts: written.counts,
            outcome: written.outcome, recipients: [identity.recipient.text], gates: [], ledgerHead: nil,
            toolVersion: "0")
        let sealed = try SealedManifest(manifest, signedBy: signer)
        let folder = store + "/" + point.text
        try FileManager.default.moveItem(atPath: incoming, toPath: folder)
        func put(_ role: StoreFile.Role, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + StoreFile(role).name))
        }
        try put(.index, FileBytes(path: written.index.path).allBytes())
        if let deleted = written.deleted { try put(.deleted, FileBytes(path: deleted.path).allBytes()) }
        try put(.checksums, Array(Checksums(manifest).text.utf8))
        try put(.signature, Array(sealed.signature.utf8))
        try put(.manifest, sealed.bytes)
        points.append((sealed, folder, written))
    }

    /// The records of a point's own index.
    func records(ofPoint number: Int) throws -> [IndexRecord] {
        let bytes = try FileBytes(path: points[number].folder + "/index.zst.age")
        return try allRecords(IndexReader(AgeSeekableReader(bytes, identities: [identity])))
    }

    /// The records of the newest merged index.
    func mergedRecords() throws -> [IndexRecord] {
        try allRecords(IndexReader(FileBytes(path: mergedIndex)))
    }

    private func allRecords(_ reader: IndexReader) throws -> [IndexRecord] {
        let stream = reader.records()
        var records: [IndexRecord] = []
        while let record = try stream.next() { records.append(record) }
        return records
    }

    /// The paths that a point deletes, in the order of its list.
    func deletions(ofPoint number: Int) throws -> [String] {
        let path = points[number].folder + "/deleted.zst.age"
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let list = try Command.output("sh", "-c", "age -d -i \"$1\" \"$2\" | zstd -dc", "-", keyFile, path)
        return list.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    var keyFile: String { (store as NSString).deletingLastPathComponent + "/key.txt" }
}

extension IndexRecord {
    var text: String { MemberPath.shown(path) }
}
