// SPDX-License-Identifier: Apache-2.0

/// Packs compressed frames into parts, encrypts and hashes each part, and hands its blocks on.
///
/// Not `Sendable`: it holds its place in a part; use it from one thread.
final class PartPacker {
    private let sink: any PartSink
    private let recipients: [AgeRecipient]
    /// A part is closed before it would have more compressed bytes.
    private let target: () -> Int
    private var encryptor: AgeEncryptor?
    private var filler: BlockFiller?
    private var hasher = SHA256Hasher()
    private var plainCount = 0
    private var sealedCount = 0
    private(set) var frames: [DataFrame] = []
    private(set) var parts: [PartSummary] = []

    init(sink: any PartSink, recipients: [AgeRecipient], target: @escaping () -> Int) {
        self.sink = sink
        self.recipients = recipients
        self.target = target
        filler = BlockFiller { [unowned self] block in
            hasher = unsafe block.withUnsafeBytes { bytes in
                var next = hasher
                unsafe next.update(bytes)
                return next
            }
            sealedCount += block.count
            try sink.append(block)
        }
    }

    /// Bytes of the finished parts and of the one under way.
    var storedCount: Int { parts.reduce(sealedCount) { $0 + $1.bytes } }

    /// Adds a frame to the part under way, or to a new one if it would become too large.
    func append(_ slot: FrameSlot) throws {
        if encryptor != nil, plainCount + slot.compressedCount > target() { try endPart() }
        if encryptor == nil { try beginPart() }
        frames.append(
            DataFrame(
                part: parts.count + 1, offset: plainCount, compressedSize: slot.compressedCount,
                rawSize: slot.rawCount))
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: slot.compressed[..<slot.compressedCount])
        unsafe try encryptor?.write(bytes)
        plainCount += slot.compressedCount
    }

    /// Ends the last part; there is none if no frame came.
    func finish() throws {
        if encryptor != nil { try endPart() }
    }

    private func beginPart() throws {
        guard parts.count < Manifest.partLimit else {
            throw ArchiveError(
                .unsupported, "write", detail: "there are more than \(Manifest.partLimit) parts",
                hint: "make parts larger")
        }
        try sink.begin(part: parts.count + 1)
        let filler = filler
        encryptor = unsafe try AgeEncryptor(to: recipients) { unsafe try filler?.append($0) }
    }

    private func endPart() throws {
        try encryptor?.finish()
        try filler?.flush()
        let summary = PartSummary(number: parts.count + 1, bytes: sealedCount, sha256: hasher.finalize())
        parts.append(summary)
        encryptor = nil
        hasher = SHA256Hasher()
        plainCount = 0
        sealedCount = 0
        try sink.end(part: summary)
    }
}
