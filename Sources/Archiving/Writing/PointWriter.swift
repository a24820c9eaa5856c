// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Writes one recovery point: reads a source once, and hands encrypted parts to a sink.
///
/// One thread reads, as many as there are cores compress, and the calling thread packs, encrypts, hashes and calls
/// the sink. Memory is bounded by the number of frames under way, not by the source.
package struct PointWriter: Sendable {
    private let source: PointSource
    private let previous: String?
    private let recipients: [AgeRecipient]
    private let settings: WriterSettings

    /// Takes what is to be written and for whom.
    ///
    /// - Parameters:
    ///   - source: The tree to read.
    ///   - previous: The merged index of the point that this one builds on; `nil` writes a full.
    ///   - recipients: Who can decrypt the point; at least one.
    ///   - settings: Sizes, and the folder for what is kept on this machine meanwhile.
    package init(
        source: TreeSource, previous: String?, recipients: [AgeRecipient], settings: WriterSettings
    ) {
        self.init(.tree(source), previous, recipients, settings)
    }

    /// Takes a tree of another machine, whose listing is read once.
    package init(
        source: FarTree, previous: String?, recipients: [AgeRecipient], settings: WriterSettings
    ) {
        self.init(.far(FarTreeBox(tree: source)), previous, recipients, settings)
    }

    private init(
        _ source: PointSource, _ previous: String?, _ recipients: [AgeRecipient], _ settings: WriterSettings
    ) {
        self.source = source
        self.previous = previous
        self.recipients = recipients
        self.settings = settings
    }

    /// Writes the point.
    ///
    /// The sink is called on the calling thread. Index and deletions are left in the settings' work folder. The
    /// merged index is a new file, synced; the caller puts it in place of the previous one once the point is
    /// committed, and removes it otherwise.
    ///
    /// - Parameters:
    ///   - sink: Takes the parts; whatever it throws ends the run and comes out of here.
    ///   - merged: Where the merged index is written; the file must not be there.
    ///   - progress: Called now and then on the calling thread.
    ///   - isCancelled: Asked often, from another thread.
    /// - Returns: What was written, with the files that are to follow the parts.
    /// - Throws: `cancelled`, the sink's error, or why the source as a whole cannot be read. Single paths that
    ///   cannot be read are findings and no error.
    package func write(
        to sink: any PartSink, mergedIndexTo merged: String,
        progress: (PointProgress) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> WrittenPoint {
        guard (64 << 10...DataFrame.rawLimit).contains(settings.frameBytes), settings.workers >= 1,
            (1...Manifest.partSizeLimit).contains(settings.partBytes)
        else {
            throw ArchiveError(
                .unsupported, "write", detail: "the sizes of frames and parts are out of bounds")
        }
        let begun = ArchiveTime.now()
        let pipeline = try FramePipeline(capacity: settings.frameBytes, slots: settings.workers + 3)
        let shared = SharedProgress()
        let reading = ReadingBox()
        let reader = try ArchiveThread { [self] in
            do {
                reading.result = try read(into: pipeline, merged, shared, isCancelled)
                pipeline.close()
            } catch {
                pipeline.fail(error)
            }
        }
        var workers: [ArchiveThread] = []
        let packer = PartPacker(sink: sink, recipients: recipients) { [settings] in
            min(settings.advisedPartBytes?() ?? settings.partBytes, Manifest.partSizeLimit)
        }
        let result = Result {
            for _ in 0..<settings.workers {
                workers.append(
                    try ArchiveThread { [settings] in pipeline.work(level: settings.compressionLevel) })
            }
            try pack(pipeline, packer, shared, progress, isCancelled)
        }
        if case .failure(let error) = result { pipeline.fail(error) }
        reader.join()
        for worker in workers { worker.join() }
        try result.get()
        guard let read = reading.result else {
            throw ArchiveError(.libraryFailed, "write", detail: "the reader ended without a result")
        }
        return try finish(read, packer, begun: begun)
    }

    /// Takes frames in order until there are no more.
    private func pack(
        _ pipeline: FramePipeline, _ packer: PartPacker, _ shared: SharedProgress,
        _ progress: (PointProgress) -> Void, _ isCancelled: () -> Bool
    ) throws {
        while let slot = try pipeline.nextFrame() {
            guard !isCancelled() else {
                throw ArchiveError(.cancelled, "write", detail: "asked to end early")
            }
            try packer.append(slot)
            pipeline.release(slot)
            let (paths, bytesRead) = shared.values
            progress(
                PointProgress(
                    paths: paths, bytesRead: bytesRead, bytesStored: packer.storedCount,
                    parts: packer.parts.count))
        }
        try packer.finish()
    }

    private func finish(_ reading: Reading, _ packer: PartPacker, begun: ArchiveTime) throws -> WrittenPoint {
        for frame in packer.frames {
            reading.outputs.index.append(frame)
        }
        try reading.outputs.index.finish()
        try reading.outputs.merged?.finish()
        try reading.mergedFile.sync()
        reading.mergedFile.keep()
        let index = try reading.indexFile.finish()
        var counts = reading.outputs.counts
        counts.parts = packer.parts.count
        counts.bytesStored = packer.storedCount
        return WrittenPoint(
            parts: packer.parts, index: index, deleted: try reading.outputs.deletions?.finish(),
            counts: counts,
            outcome: reading.outputs.outcome, findings: reading.outputs.findings, begunAt: begun,
            endedAt: .now())
    }

    private var indexPath: String { settings.workFolder + "/" + StoreFile(.index).name }
    private var deletedPath: String { settings.workFolder + "/" + StoreFile(.deleted).name }

    // MARK: - Reader's thread

    /// What the reader leaves behind.
    private struct Reading {
        let outputs: ScanOutputs
        let indexFile: SealedFileWriter
        let mergedFile: OutputFile
    }

    /// Carries the reader's result over its end.
    private final class ReadingBox: @unchecked Sendable {
        // Unchecked: written by the reader, and read after the reader was joined.
        var result: Reading?
    }

    private func read(
        into pipeline: FramePipeline, _ merged: String, _ shared: SharedProgress,
        _ isCancelled: @escaping @Sendable () -> Bool
    ) throws -> Reading {
        let walk = try source.walk()
        let indexFile = try SealedFileWriter(path: indexPath, recipients: recipients)
        let mergedFile = try OutputFile(path: merged)
        // A full's own index is the merged one; the locations in it mean nothing to the next run.
        let index = unsafe try IndexWriter { [isFull = previous == nil] bytes in
            unsafe try indexFile.write(bytes)
            if isFull { unsafe try mergedFile.write(bytes) }
        }
        let mergedIndex =
            previous == nil
            ? nil : try MergedIndexWriter(unsafe IndexWriter { unsafe try mergedFile.write($0) })
        let deletions = try previous.map { _ in
            try DeletionListWriter { [self] in
                try SealedFileWriter(path: deletedPath, recipients: recipients)
            }
        }
        let outputs = ScanOutputs(
            index: index, merged: mergedIndex, deletions: deletions, progress: shared,
            findingLimit: settings.findingLimit)
        let members = try MemberWriter(pipeline)
        let previousIndex = try previous.map { try PreviousIndex(path: $0) }
        switch walk {
        case .tree(let walk):
            let reader = MemberReader(members, outputs: outputs)
            try TreeScan(
                walk, previous: previousIndex, reader: reader, outputs: outputs, isCancelled: isCancelled
            ).run()
        case .far(let tree):
            try FarScan(
                tree, previous: previousIndex, members: members, outputs: outputs, isCancelled: isCancelled
            ).run()
        }
        try members.finish()
        return Reading(outputs: outputs, indexFile: indexFile, mergedFile: mergedFile)
    }
}

/// Where a point comes from.
private enum PointSource: Sendable {
    case tree(TreeSource)
    case far(FarTreeBox)

    enum Walk {
        case tree(TreeWalk)
        case far(FarTree)
    }

    /// Opens it.
    func walk() throws -> Walk {
        switch self {
        case .tree(let source): .tree(try TreeWalk(source))
        case .far(let box): .far(box.tree)
        }
    }
}

/// Carries a far tree to the reader's thread.
private struct FarTreeBox: @unchecked Sendable {
    // Unchecked: from when the writer has it, the reader's thread alone touches it.
    let tree: FarTree
}
