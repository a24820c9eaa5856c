// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

/// A sound manifest, to be changed by a test.
func sampleManifest(kind: PointName.Kind = .full, parts: Int = 2) throws -> Manifest {
    let time = try #require(ArchiveTime("2026-11-22T03:15:00.123456789Z"))
    let point = PointName(time: time, kind: kind)
    let parent =
        kind == .full
        ? nil : Manifest.Parent(point: PointName(time: time, kind: .full), manifestSHA256: .of([1]))
    return Manifest(
        workspace: "w-1", dataset: "files", point: point, parent: parent, sequence: kind == .full ? 1 : 2,
        previousManifestSHA256: kind == .full ? nil : .of([1]), begunAt: time, endedAt: time,
        consistencyAt: time,
        parts: (0..<parts).map {
            .init(home: point, number: $0 + 1, bytes: 100, sha256: .of([2, UInt8($0)]))
        },
        index: .init(bytes: 10, sha256: .of([3])),
        deleted: kind == .full ? nil : .init(bytes: 11, sha256: .of([4])), counts: PointCounts(),
        outcome: .complete,
        recipients: [AgeIdentity.generate().recipient.text],
        gates: [.init(name: "minimum_files", passed: true, detail: "12 files, at least 1")],
        ledgerHead: .init(seq: 4, sha256: .of([5])), toolVersion: "0.1.0")
}

@Suite("A manifest")
struct ManifestTests {
    @Test(arguments: PointName.Kind.allCases)
    func `comes back from its own bytes`(kind: PointName.Kind) throws {
        let manifest = try sampleManifest(kind: kind)
        let bytes = try manifest.canonicalBytes()
        #expect(try Manifest.parse(bytes) == manifest)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#""begun_at":"2026-11-22T03:15:00.123456789Z""#))
        #expect(!text.contains(" :"))
    }

    /// What is changed in the text, and how that is refused.
    private static let spoiled: [(from: String, to: String, code: ArchiveError.Code)] = [
        (#""version":1"#, #""version":2"#, .unsupported),
        (#""version":1"#, #""version":1,"version":1"#, .malformed),
        (#""version":1"#, #""version": 1"#, .malformed),
        (#""version":1"#, #""version":1,"zebra":1"#, .malformed),
        (#""dataset":"files""#, #""dataset":"../files""#, .hostile),
        (#""dataset":"files""#, #""dataset":".ssh""#, .hostile),
        (#""workspace":"w-1""#, #""workspace":"""#, .hostile),
        (#""number":2"#, #""number":1"#, .malformed),
        (#""number":2"#, #""number":3"#, .malformed),
        (#""bytes":100,"home""#, #""bytes":-1,"home""#, .malformed),
        (#""bytes":100,"home""#, #""bytes":9000000000000000000,"home""#, .malformed),
        (#""bytes":10,"#, #""bytes":0,"#, .malformed),
        (#""sequence":1"#, #""sequence":0"#, .malformed),
        (#""sequence":1"#, #""sequence":2"#, .malformed),
        (#""kind":"full""#, #""kind":"incremental""#, .malformed),
        (#""outcome":"complete""#, #""outcome":"failed""#, .malformed),
        (#""files":0"#, #""files":-5"#, .malformed),
        (#""recipients":["#, #""recipients":["age1x","#, .malformed),
        (#""detail":"12 files"#, #""detail":"\u001b[2J12 files"#, .malformed),
        (#""begun_at":"2026"#, #""begun_at":"2027"#, .malformed),
        (#""consistency_at":"2026-11-22T03"#, #""consistency_at":"2026-11-22T04"#, .malformed),
        (#""consistency_at":"2026-11-22"#, #""consistency_at":"2026-11-32"#, .malformed),
        (#""seq":4"#, #""seq":-4"#, .malformed),
    ]

    @Test("that was tampered with is refused", arguments: spoiled)
    func isSpoiled(from: String, to: String, code: ArchiveError.Code) throws {
        let text = String(decoding: try sampleManifest().canonicalBytes(), as: UTF8.self)
        let changed = text.replacingOccurrences(of: from, with: to)
        try #require(changed != text)
        let error = try #require(throws: ArchiveError.self) { try Manifest.parse(Array(changed.utf8)) }
        #expect(error.code == code, "\(error)")
    }

    @Test func `whose part lies in another folder is hostile`() throws {
        var manifest = try sampleManifest()
        manifest.parts[1].home = PointName(time: .now(), kind: .full)
        let error = try #require(throws: ArchiveError.self) { try manifest.canonicalBytes() }
        #expect(error.code == .hostile)
    }

    @Test func `needs a parent if it is incremental and may have none if it is full`() throws {
        var incremental = try sampleManifest(kind: .incremental)
        let parent = incremental.parent
        incremental.parent = nil
        #expect(throws: ArchiveError.self) { try incremental.canonicalBytes() }
        var full = try sampleManifest()
        full.parent = parent
        #expect(throws: ArchiveError.self) { try full.canonicalBytes() }
    }

    @Test(arguments: ["", "{", "[]", "null", "{}", "\u{0}", #"{"version":1}"#])
    func `is no text of another kind`(text: String) throws {
        let error = try #require(throws: ArchiveError.self) { try Manifest.parse(Array(text.utf8)) }
        #expect(error.code == .malformed)
    }

    @Test func `is sealed by its signature, for its purpose and by its signer only`() throws {
        let key = SSHSigningKey.generate(comment: "writer")
        let sealed = try SealedManifest(sampleManifest(), signedBy: key)
        let signers = try AllowedSigners(parsing: "writer \(key.publicKey.text)\n")
        let read = try SealedManifest(bytes: sealed.bytes, signature: sealed.signature)
        #expect(read == sealed)
        #expect(read.sha256 == .of(sealed.bytes))
        #expect(try read.signer(among: signers).principal == "writer")
        let other = try AllowedSigners(parsing: "x \(SSHSigningKey.generate(comment: "x").publicKey.text)\n")
        #expect(
            try #require(throws: ArchiveError.self) { try read.signer(among: other) }.code == .unknownSigner)
        let report = key.sign(sealed.bytes, namespace: "lifeboat-report")
        let swapped = try SealedManifest(bytes: sealed.bytes, signature: report)
        #expect(
            try #require(throws: ArchiveError.self) { try swapped.signer(among: signers) }.code
                == .badSignature)
        let later = try AllowedSigners(parsing: "writer valid-after=\"20270101Z\" \(key.publicKey.text)\n")
        #expect(throws: ArchiveError.self) { try read.signer(among: later) }
    }
}

@Suite("The name of a point")
struct PointNameTests {
    @Test func `says when and what`() throws {
        let name = try #require(PointName("20261122T031500Z-full-4f9c1a"))
        #expect(name.kind == .full)
        #expect(name.time.description == "2026-11-22T03:15:00.000000000Z")
        #expect(PointName(PointName(time: .now(), kind: .incremental).text) != nil)
    }

    @Test(arguments: [
        "", "..", "20261122T031500Z-full-4f9c1", "20261122T031500Z-full-4f9c1A",
        "20261122T031500Z-full-4f9c1a/",
        "20261122T031500Z-other-4f9c1a", "20261132T031500Z-full-4f9c1a", "20260229T031500Z-full-4f9c1a",
        "20261122T251500Z-full-4f9c1a", "2026-1122T031500Z-full-4f9c1a", "20261122T031500Z-full-4f9c1a-x",
        "99991122T031500Z-full-4f9c1a",
    ])
    func `has no other form`(text: String) {
        #expect(PointName(text) == nil)
    }

    @Test(arguments: [
        "1678-01-01T00:00:00.000000000Z", "1969-12-31T23:59:59.999999999Z", "2024-02-29T12:00:00.5Z",
    ])
    func `holds times of any year that count`(text: String) {
        #expect(ArchiveTime(text)?.description == (text.utf8.count == 30 ? text : nil))
    }
}

@Suite("A file's name in a store")
struct StoreFileTests {
    private static let names: [(StoreFile, String)] = [
        (StoreFile(.part(1)), "00001.tar.zst.age"),
        (StoreFile(.part(99_999), attempt: 12), "99999.a12.tar.zst.age"),
        (StoreFile(.index), "index.zst.age"), (StoreFile(.index, attempt: 2), "index.a2.zst.age"),
        (StoreFile(.deleted), "deleted.zst.age"), (StoreFile(.checksums), "SHA256SUMS"),
        (StoreFile(.checksums, attempt: 3), "SHA256SUMS.a3"), (StoreFile(.card), "RESTORE.txt"),
        (StoreFile(.manifest, attempt: 2), "manifest.a2.json"), (StoreFile(.signature), "manifest.json.sig"),
        (StoreFile(.signature, attempt: 2), "manifest.a2.json.sig"),
    ]

    @Test("says its role and attempt", arguments: names)
    func hasName(file: StoreFile, name: String) {
        #expect(file.name == name)
        #expect(StoreFile(name: name) == file)
    }

    @Test(arguments: [
        "", ".", "..", "00001", "1.tar.zst.age", "000001.tar.zst.age", "00000.tar.zst.age",
        "00001.a1.tar.zst.age",
        "00001.a02.tar.zst.age", "00001.tar.zst", "manifest.json.a2", "index.zst.age ", "../index.zst.age",
        "SHA256SUMS.",
        "SHA256SUMS.a1",
    ])
    func `is none that Lifeboat does not write`(name: String) {
        #expect(StoreFile(name: name) == nil)
    }

    @Test func `stands in SHA256SUMS with its hash, in order`() throws {
        let manifest = try sampleManifest(kind: .incremental)
        let sums = Checksums(manifest, attempts: [.part(2): 2])
        #expect(
            sums.lines.map(\.file.name) == [
                "00001.tar.zst.age", "00002.a2.tar.zst.age", "index.zst.age", "deleted.zst.age",
            ])
        #expect(try Checksums(parsing: sums.text) == sums)
        #expect(sums.text.hasPrefix("\(manifest.parts[0].sha256)  00001.tar.zst.age\n"))
        for text in [
            "", "x\n", sums.text + "\n", String(sums.text.dropLast()),
            sums.text.replacingOccurrences(of: "  ", with: " *"),
        ] {
            #expect(throws: ArchiveError.self) { try Checksums(parsing: text) }
        }
    }
}
