// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation

/// Bytes that come no faster than a store may be given them, however fast the place they come from.
///
/// Several of them may share one bucket. Reading waits in slices, so that a wish to stop is soon heard.
struct PacedBytes: RangedBytes {
    let source: any RangedBytes
    let bucket: TokenBucket
    let isCancelled: @Sendable () -> Bool

    var size: Int { source.size }

    /// Throws `OperationError` with `.cancelled` when it is told to stop while it waits.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try source.read(at: offset, into: buffer)
        var left = bucket.take(count)
        while left > .zero {
            guard !isCancelled() else { throw OperationError(.cancelled, "stopped while it kept to a rate") }
            let slice = min(left, .milliseconds(100))
            Thread.sleep(forTimeInterval: slice / .seconds(1))
            left -= slice
        }
        return count
    }
}
