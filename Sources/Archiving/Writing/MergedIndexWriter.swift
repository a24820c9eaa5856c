// SPDX-License-Identifier: Apache-2.0

/// Writes the merged index on a thread of its own, so that the walk need not encode and compress it.
///
/// Not `Sendable`: records are given by one thread, and ``finish()`` is called by the one that has joined it.
final class MergedIndexWriter {
    /// Carries the writer to its thread.
    private final class Box: @unchecked Sendable {
        // Unchecked: the thread alone touches the writer until it was joined.
        let writer: IndexWriter

        init(_ writer: IndexWriter) {
            self.writer = writer
        }
    }

    private let handover = Handover()
    private let box: Box
    private var thread: ArchiveThread?
    private var batch: [IndexRecord] = []

    /// Takes the writer over.
    init(_ writer: IndexWriter) throws {
        let box = Box(writer)
        self.box = box
        thread = try ArchiveThread { [handover] in
            do {
                while let batch = try handover.take() {
                    for record in batch { try box.writer.append(record) }
                }
            } catch {
                handover.fail(error)
            }
        }
    }

    deinit {
        handover.fail(ArchiveError(.cancelled, "write the index", detail: "it is not wanted any more"))
        thread?.join()
    }

    /// Adds a record; what is wrong with it may show in a later call.
    func append(_ record: IndexRecord) throws {
        batch.append(record)
        if batch.count == Handover.batchCount { try hand() }
    }

    private func hand() throws {
        _ = try handover.put(batch)
        batch = []
    }

    /// Writes what is left, and the tables.
    func finish() throws {
        try hand()
        handover.end()
        thread?.join()
        thread = nil
        // A failure of the thread, if it came after the last batch was handed over.
        _ = try handover.put([])
        try box.writer.finish()
    }
}
