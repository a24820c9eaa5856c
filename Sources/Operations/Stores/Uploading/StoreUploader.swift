// SPDX-License-Identifier: Apache-2.0
package import Archiving
import Continuity
import Foundation

/// Sends the parts of one point to several stores at once while they are being made.
///
///     let uploader = StoreUploader(folder, to: stores, spoolFolder: workspace.spoolFolder)
///     …                                   // the writer calls begin, append and end
///     uploader.finish()
///     while let result = uploader.nextResult() { … }     // each store as soon as it has proven all
///
/// Blocks are shared, not copied for each store. The fastest store sets the pace; a slower one is served from memory, then
/// from a bounded spool, and leaves the run at that bound. A store that is dead, full, read-only or slow never delays
/// the others; why it left stands in its result. ``append(_:)`` throws once no store is left.
package final class StoreUploader: PartSink, @unchecked Sendable {
    // Unchecked: `results` is only touched while `condition` is held; the rest guards itself.
    private let buffer: PartBuffer
    private let stores: [StoreAccess]
    private let condition = NSCondition()
    private var results: [UploadResult] = []
    private var reported = 0

    /// Begins to connect to the stores at once.
    ///
    /// `opening` makes the point's folder in a store, on a thread of its own beside the others; whatever it
    /// throws makes the store leave the run.
    package init(
        _ folder: StoreFolder, to stores: [StoreAccess], spoolFolder: String,
        settings: UploadSettings = UploadSettings(),
        opening: (@Sendable (StoreAccess) throws -> Void)? = nil
    ) {
        let opening = opening ?? { store in try store.makeFolder(folder) }
        let buffer = PartBuffer(stores: stores.map(\.store.id), settings: settings, spoolFolder: spoolFolder)
        self.buffer = buffer
        self.stores = stores
        for (index, store) in stores.enumerated() {
            let lane = StoreLane(store, folder, buffer, index: index, opening: opening)
            _ = Worker("lane \(store.store.id)") { self.add(lane.run()) }
        }
    }

    package func begin(part number: Int) throws {
        try buffer.begin(number)
    }

    package func append(_ block: Block) throws {
        try buffer.append(block)
    }

    package func end(part: PartSummary) throws {
        try buffer.end(part)
    }

    /// Says that no part follows; the stores go on until all they have is proven.
    package func finish() {
        buffer.finish()
    }

    /// Ends the upload where it stands, and wakes every thread that waits for a store.
    ///
    /// What was written stays in the stores, without a manifest, and is ignored by readers.
    package func abandon(_ reason: any Error = OperationError(.cancelled, "the upload was given up")) {
        buffer.abandon(reason)
    }

    /// Waits for the next store that is done, well or badly; `nil` after the last.
    package func nextResult() -> UploadResult? {
        condition.lock()
        defer { condition.unlock() }
        while reported == results.count {
            guard results.count < stores.count else { return nil }
            condition.wait()
        }
        reported += 1
        return results[reported - 1]
    }

    /// Waits for every store, in the order in which they were done.
    package func allResults() -> [UploadResult] {
        condition.lock()
        defer { condition.unlock() }
        while results.count < stores.count { condition.wait() }
        return results
    }

    private func add(_ result: UploadResult) {
        condition.lock()
        results.append(result)
        condition.broadcast()
        condition.unlock()
    }
}

extension StoreUploader {
    /// The size of parts with which these stores are served best, by what is known of their round trips now.
    ///
    /// A long way needs several parts at once, one a session, and so smaller ones; larger ones cost fewer syncs. A
    /// store that has not answered yet has no say.
    package func advisedPartBytes() -> Int {
        let longest = stores.compactMap(\.pool.roundTrip).max()
        guard let longest, UploadSettings.sessions(for: longest) <= 2 else { return 8 << 20 }
        return 32 << 20
    }
}
