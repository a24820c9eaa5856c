// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation

/// A small point in memory, with everything that the targets damage.
struct SamplePoint {
    let manifest: [UInt8]
    let signature: String
    let signers: String
    let checksums: [UInt8]
    /// The index before encryption.
    let index: [UInt8]
    let blocks: IndexBlocks
    /// An age file.
    let sealed: [UInt8]
    private let identity: AgeIdentity
    private let tar: [UInt8]
    private let time = ArchiveTime.now()

    init(_ identity: AgeIdentity) throws {
        self.identity = identity
        let key = SSHSigningKey.generate(comment: "fuzz")
        tar = Self.sampleTar()
        index = try Self.sampleIndex(
            frame: DataFrame(part: 1, offset: 0, compressedSize: 900, rawSize: tar.count))
        blocks = try IndexBlocks(index)
        sealed = try Self.seal((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }, identity)
        let point = Self.manifest(part: sealed, index: index, time, identity)
        let signed = try SealedManifest(point, signedBy: key)
        manifest = signed.bytes
        signature = signed.signature
        signers = "fuzz \(key.publicKey.text)\n"
        checksums = Array(Checksums(point).text.utf8)
    }

    /// Reads a point whose tar stream is damaged and whose index is not.
    func readMembers(damagedBy random: inout Random) throws {
        var damaged = random.damage(tar)
        damaged = Array((damaged + [UInt8](repeating: 0, count: tar.count)).prefix(tar.count))
        let frame = StoredZstd.frame(of: damaged)
        let index = try Self.seal(
            Self.sampleIndex(
                frame: DataFrame(part: 1, offset: 0, compressedSize: frame.count, rawSize: tar.count)),
            identity)
        let part = try Self.seal(frame, identity)
        let manifest = Self.manifest(part: part, index: index, time, identity)
        let sealed = try SealedManifest(bytes: manifest.canonicalBytes(), signature: "")
        let files = MemoryFiles(files: [StoreFile(.part(1)).name: part, StoreFile(.index).name: index])
        let result = try PointVerifier(ChainPoint(sealed, files: files), threads: 1).fullRead(identities: [
            identity
        ])
        if let fault = result.faults.first { throw fault.error }
    }

    private struct MemoryFiles: PointFiles {
        let files: [String: [UInt8]]
        var place: String { "memory" }

        func open(_ name: String) throws -> any RangedBytes {
            guard let bytes = files[name] else {
                throw ArchiveError(.missing, "open", name, detail: "not there")
            }
            return MemoryBytes(bytes)
        }

        func names() throws -> [StoredFile] { files.map { StoredFile(name: $0.key, size: $0.value.count) } }
    }

    // MARK: - Samples

    private static func seal(_ plain: [UInt8], _ identity: AgeIdentity) throws -> [UInt8] {
        var sealed: [UInt8] = []
        let encryptor = try AgeEncryptor(to: [identity.recipient]) { sealed += $0 }
        try plain.withUnsafeBytes { try encryptor.write($0) }
        try encryptor.finish()
        return sealed
    }

    private static func manifest(
        part: [UInt8], index: [UInt8], _ time: ArchiveTime, _ identity: AgeIdentity
    ) -> Manifest {
        let point = PointName(time: time, kind: .full)
        return Manifest(
            workspace: "w", dataset: "d", point: point, parent: nil, sequence: 1, previousManifestSHA256: nil,
            begunAt: time, endedAt: time, consistencyAt: time,
            parts: [.init(home: point, number: 1, bytes: part.count, sha256: .of(part))],
            index: .init(bytes: index.count, sha256: .of(index)), deleted: nil, counts: PointCounts(),
            outcome: .complete, recipients: [identity.recipient.text],
            gates: [.init(name: "mount", passed: true, detail: "is mounted")],
            ledgerHead: .init(seq: 7, sha256: .of([])), toolVersion: "0")
    }

    /// Files `f0` to `f7` of 700 bytes each, with pax headers before every second one.
    private static func sampleTar() -> [UInt8] {
        var tar: [UInt8] = []
        for number in 0..<8 {
            if number.isMultiple(of: 2) {
                tar +=
                    header("pax", "x", 38)
                    + padded(Array("19 SCHILY.xattr.a=b\n19 SCHILY.xattr.c=d\n".utf8.prefix(38)))
            }
            tar += header("f\(number)", "0", 700) + padded(content(number))
        }
        return tar + [UInt8](repeating: 0, count: 1024)
    }

    private static func content(_ number: Int) -> [UInt8] { [UInt8](repeating: UInt8(number), count: 700) }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }

    private static func header(_ name: String, _ type: Character, _ size: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) {
            header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        let digits = String(size, radix: 8)
        put(name, at: 0)
        for place in [100, 108, 116] { put("0000644", at: place) }
        put(String(repeating: "0", count: 11 - digits.count) + digits, at: 124)
        put("00000000001", at: 136)
        put("        ", at: 148)
        put(String(type), at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", at: 148)
        return header
    }

    private static func sampleIndex(frame: DataFrame) throws -> [UInt8] {
        var index: [UInt8] = []
        let writer = try IndexWriter { index += $0 }
        var offset = 0
        for number in 0..<8 {
            let length = (number.isMultiple(of: 2) ? 1024 : 0) + 512 + 1024
            try writer.append(
                IndexRecord(
                    path: Array("f\(number)".utf8), kind: .file, size: 700, permissions: 0o644,
                    userName: Array("u".utf8),
                    digest: .of(content(number)), location: .init(frame: 0, offset: offset, length: length)))
            offset += length
        }
        for (number, kind) in [IndexRecord.Kind.fifo, .hardLink, .symbolicLink, .blockDevice].enumerated() {
            try writer.append(
                IndexRecord(
                    path: Array("g/\(number)".utf8), kind: kind,
                    linkTarget: kind == .hardLink || kind == .symbolicLink ? Array("f0".utf8) : [],
                    device: kind == .blockDevice ? .init(major: 7, minor: 1) : nil))
        }
        writer.append(frame)
        try writer.finish()
        return index
    }
}
