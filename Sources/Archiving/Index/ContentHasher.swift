// SPDX-License-Identifier: Apache-2.0

/// Computes the digest that an index keeps of a file's content.
///
/// Of a file without holes it is the SHA-256 that `sha256sum` prints. Of a file with holes (`IndexRecord.holes`
/// is not 0) it leaves them out, because hashing the zeros of a hole of a terabyte takes ten minutes: then it is
/// the SHA-256 over each stretch of data as its offset (UInt64, little-endian), its bytes and its length
/// (UInt64), and at the end the file's size (UInt64). Stretches that touch are one.
package struct ContentHasher: Sendable {
    private let hasHoles: Bool
    private var hasher = SHA256Hasher()
    private var start = 0
    private var end = 0

    /// Begins a file, with holes or without.
    package init(hasHoles: Bool) {
        self.hasHoles = hasHoles
    }

    /// Takes in data at its place in the file; places ascend, and without holes they follow each other.
    package mutating func update(at offset: Int, _ bytes: UnsafeRawBufferPointer) {
        guard unsafe !bytes.isEmpty else { return }
        if hasHoles, offset != end || end == 0 {
            endStretch()
            start = offset
            end = offset
            update(UInt64(offset))
        }
        precondition(offset == end, "the bytes of a file come in order")
        unsafe hasher.update(bytes)
        end += bytes.count
    }

    /// The digest of a file of this size.
    package mutating func finalize(size: Int) -> SHA256Digest {
        if hasHoles {
            endStretch()
            update(UInt64(size))
        }
        return hasher.finalize()
    }

    private mutating func endStretch() {
        guard end > start else { return }
        update(UInt64(end - start))
    }

    private mutating func update(_ number: UInt64) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe hasher.update($0) }
    }
}
