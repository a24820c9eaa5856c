// SPDX-License-Identifier: Apache-2.0

/// What became of one part.
package struct PartSummary: Hashable, Sendable {
    /// From 1.
    package let number: Int
    /// Its bytes after encryption.
    package let bytes: Int
    package let sha256: SHA256Digest

    package init(number: Int, bytes: Int, sha256: SHA256Digest) {
        self.number = number
        self.bytes = bytes
        self.sha256 = sha256
    }
}

/// Takes the encrypted parts of a point as they are made.
///
/// Called in order from one thread: `begin`, `append` any number of times, `end`, then the next part. A sink that
/// waits in `append` holds back the reading of the source; one that throws ends the run with its error.
package protocol PartSink: AnyObject {
    /// A part begins.
    func begin(part number: Int) throws

    /// The next bytes of the part; the block may be kept, and nobody changes it any more.
    func append(_ block: Block) throws

    /// The part is whole.
    func end(part: PartSummary) throws
}
