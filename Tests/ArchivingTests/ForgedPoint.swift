// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport

/// A point put together by hand, as an attacker would who knows the format and the recipient.
struct ForgedPoint {
    /// One tar member as it stands in the stream.
    struct Member {
        var name: String
        var type: Character = "0"
        var content: [UInt8] = []
        /// The size that the header states, if it is not the content's.
        var statedSize: Int?
        var link = ""
    }

    let folder: String
    let identity = AgeIdentity.generate()
    private(set) var sealed: SealedManifest

    /// Writes a point whose one frame holds the members, and whose index holds the records.
    ///
    /// A record whose `location` is missing gets that of the member at the same position.
    init(
        _ scratch: Scratch, _ members: [Member], _ records: [IndexRecord],
        frame change: (inout [UInt8], inout DataFrame) throws -> Void = { _, _ in }
    ) throws {
        var tar: [UInt8] = []
        var ranges: [Range<Int>] = []
        for member in members {
            let bytes = Self.bytes(of: member)
            ranges.append(tar.count..<tar.count + bytes.count)
            tar += bytes
        }
        tar += [UInt8](repeating: 0, count: 1024)
        var compressed = try Command.output("zstd", "-q", "-c", input: tar)
        var frame = DataFrame(part: 1, offset: 0, compressedSize: compressed.count, rawSize: tar.count)
        try change(&compressed, &frame)
        let part = try ageEncrypt(compressed, to: [identity.recipient])
        var index: [UInt8] = []
        let writer = try IndexWriter { index += $0 }
        for (number, record) in records.enumerated() {
            var record = record
            if record.location == nil, number < ranges.count {
                record.location = .init(
                    frame: 0, offset: ranges[number].lowerBound, length: ranges[number].count)
            }
            try writer.append(record)
        }
        writer.append(frame)
        try writer.finish()
        let sealedIndex = try ageEncrypt(index, to: [identity.recipient])
        let time = ArchiveTime.now()
        let point = PointName(time: time, kind: .full)
        let manifest = Manifest(
            workspace: "w", dataset: "d", point: point, parent: nil, sequence: 1, previousManifestSHA256: nil,
            begunAt: time, endedAt: time, consistencyAt: time,
            parts: [.init(home: point, number: 1, bytes: part.count, sha256: .of(part))],
            index: .init(bytes: sealedIndex.count, sha256: .of(sealedIndex)), deleted: nil,
            counts: PointCounts(),
            outcome: .complete, recipients: [identity.recipient.text], gates: [], ledgerHead: nil,
            toolVersion: "0")
        sealed = try SealedManifest(manifest, signedBy: SSHSigningKey.generate(comment: "attacker"))
        folder = try scratch.makeFolder("forged")
        try scratch.write(part, to: "forged/00001.tar.zst.age")
        try scratch.write(sealedIndex, to: "forged/index.zst.age")
        try scratch.write(sealed.bytes, to: "forged/manifest.json")
        try scratch.write(sealed.signature, to: "forged/manifest.json.sig")
    }

    func chain() throws -> ChainReader {
        try ChainReader([ChainPoint(sealed, files: PointDirectory(path: folder))], identities: [identity])
    }

    func verify() throws -> PointVerification {
        try PointVerifier(ChainPoint(sealed, files: PointDirectory(path: folder))).fullRead(identities: [
            identity
        ])
    }

    private static func bytes(of member: Member) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) {
            header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        func octal(_ number: Int, _ width: Int) -> String {
            let digits = String(number, radix: 8)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        put(member.name, at: 0)
        put(octal(0o644, 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        put(octal(member.statedSize ?? member.content.count, 11), at: 124)
        put(octal(1, 11), at: 136)
        put(String(repeating: " ", count: 8), at: 148)
        put(String(member.type), at: 156)
        put(member.link, at: 157)
        put("ustar", at: 257)
        put("00", at: 263)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, 6) + "\0 ", at: 148)
        let padding = (512 - member.content.count % 512) % 512
        return header + member.content + [UInt8](repeating: 0, count: padding)
    }
}

extension IndexRecord {
    /// A file's record with the digest of its content.
    static func file(_ path: String, _ content: [UInt8]) -> IndexRecord {
        IndexRecord(
            path: Array(path.utf8), kind: .file, size: content.count, permissions: 0o644, digest: .of(content)
        )
    }
}
