// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import Synchronization
import TestSupport
import Testing

@Suite("Verifying and healing copies", .tags(.integration), .needsServer, .mayQueue)
struct VerifyAndHealTests {
    static let parts = ["part_size: 1MiB"]

    /// What can happen to a copy in a store.
    enum Damage: String, CaseIterable, CustomTestStringConvertible {
        case flippedByte, truncatedPart, missingPart, missingIndex, foreignManifest, otherManifest,
            noManifest,
            noFolder

        var testDescription: String { rawValue }

        var result: CopyVerification.Result {
            switch self {
            case .flippedByte, .truncatedPart, .foreignManifest, .otherManifest: .corrupt
            case .missingPart, .missingIndex, .noManifest, .noFolder: .lost
            }
        }

        var words: String {
            switch self {
            case .flippedByte: "00002.tar.zst.age does not hold the bytes"
            case .truncatedPart: "00001.tar.zst.age has "
            case .missingPart: "00002.tar.zst.age is not there"
            case .missingIndex: "index.zst.age is not there"
            case .foreignManifest: "put there by somebody"
            case .otherManifest: "withheld or rolled back"
            case .noManifest: "there is no manifest"
            case .noFolder: "there is no such folder"
            }
        }

        func strike(_ bench: CopyBench, _ store: String, _ point: String, other: String) throws {
            let folder = "\(bench.storePath(store))/documents/\(point)"
            switch self {
            case .flippedByte: try bench.flip(store, point, "00002.tar.zst.age")
            case .truncatedPart:
                let path = bench.path(store, point, "00001.tar.zst.age")
                try bench.overwrite(path, Array(try bench.bytes(path).dropLast(70_000)))
            case .missingPart: unlink(bench.path(store, point, "00002.tar.zst.age"))
            case .missingIndex: unlink(bench.path(store, point, "index.zst.age"))
            case .foreignManifest:
                for file in ["manifest.json", "manifest.json.sig"] {
                    try bench.overwrite("\(folder)/\(file)", bench.bytes(bench.path(store, other, file)))
                }
            case .otherManifest:
                // Signed by the right key, of the right name, and not what was written.
                let key = try KeyRing(workspace: bench.workspace).signer()
                var manifest = try Manifest.parse(bench.bytes("\(folder)/manifest.json"))
                manifest.toolVersion = "0.0.9"
                let sealed = try SealedManifest(manifest, signedBy: key)
                try bench.overwrite("\(folder)/manifest.json", sealed.bytes)
                try bench.overwrite("\(folder)/manifest.json.sig", Array(sealed.signature.utf8))
            case .noManifest: unlink("\(folder)/manifest.json")
            case .noFolder: try FileManager.default.removeItem(atPath: folder)
            }
        }
    }

    @Test(
        "names each damage, heals it from the other store beside what is broken, and counts it again",
        arguments: Damage.allCases)
    func damages(damage: Damage) throws {
        try CopyBench.with(dataset: Self.parts) { bench in
            try bench.fillSource(files: 3, noiseBytes: 20_000_000)
            let point = try #require(try bench.backup(.full).point)
            let other = try #require(try bench.backup(.full).point)
            try damage.strike(bench, "north", point, other: other)
            let before = Set((try? bench.names("north", point)) ?? [])

            let found = try Verifier(bench.desk()).verify(point: point)
            #expect(found.count == 2)
            #expect(found.first { $0.store == "metro" }?.result == .passed)
            let north = try #require(found.first { $0.store == "north" })
            #expect(north.result == damage.result)
            #expect(north.faults.contains { $0.contains(damage.words) }, "\(north.faults)")
            #expect(
                try bench.judge().points.first { $0.point == point }?.effectiveStores == ["metro"])

            let healed = try Healer(bench.desk()).heal()
            #expect(healed.map(\.state) == [.healed], "\(healed)")
            #expect(healed.first?.source == "metro")
            #expect(Set(try bench.names("north", point)).isSuperset(of: before), "nothing is removed")
            #expect(try Verifier(bench.desk()).verify(store: "north").allSatisfy { $0.result == .passed })
            #expect(try bench.judge().violations == [])
            #expect(try Healer(bench.desk()).heal() == [], "nothing is left to heal")
            try checkSums(bench, "north", point)
        }
    }

    /// The newest SHA256SUMS of a folder names the files that are good.
    private func checkSums(_ bench: CopyBench, _ store: String, _ point: String) throws {
        let sums = try bench.names(store, point).filter { StoreFile(name: $0)?.role == .checksums }
        let newest = try #require(
            sums.max { (StoreFile(name: $0)?.attempt ?? 0) < (StoreFile(name: $1)?.attempt ?? 0) })
        let result = try Command.run(
            "sha256sum", "-c", "--strict", newest, folder: "\(bench.storePath(store))/documents/\(point)")
        #expect(result.status == 0, "\(result.text) \(result.error)")
    }

    @Test func `catches up a store that was away, from ciphertext and not from the source`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 5, noiseBytes: 100_000)
            try bench.backup()
            bench.servers["north"]?.stop()
            try bench.folder.write("second", to: "data/second.txt")
            try bench.backup()
            try bench.folder.write("third", to: "data/third.txt")
            let newest = try bench.backup()
            try FileManager.default.removeItem(atPath: bench.folder.path("data"))
            try bench.servers["north"]?.restart()
            #expect(try bench.judge().effective.map(\.store) == ["metro"])
            let healed = try Healer(bench.desk()).heal()
            #expect(healed.count == 2 && healed.allSatisfy { $0.state == .healed && $0.store == "north" })
            #expect(try bench.judge().effective.map(\.store) == ["metro", "north"])
            let point = try #require(newest.point)
            #expect(
                try bench.bytes(bench.path("north", point, "manifest.json"))
                    == bench.bytes(bench.path("metro", point, "manifest.json")))
        }
    }

    @Test func `keeps to the rate that a store may be given, and can be stopped meanwhile`() throws {
        var north = CopyBench.Shelf.plain("north")
        north.bandwidth = "8MiB/s"
        try CopyBench.with([.plain("metro"), north], dataset: ["part_size: 1MiB"]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 24_000_000)
            bench.servers["north"]?.stop()
            let run = try bench.backup()
            #expect(run.counts.parts >= 2 && run.stores.map(\.state) == [.verified, .behind])
            try bench.servers["north"]?.restart()
            let stop = Atomic(false)
            let stopped = try Healer(bench.desk()).heal(
                supervision: Supervision(
                    progress: { _ in stop.store(true, ordering: .relaxed) },
                    isCancelled: { stop.load(ordering: .relaxed) }))
            #expect(stopped.map(\.state) == [.failed] && stopped.first?.detail?.contains("stopped") == true)
            let begin = ContinuousClock.now
            let healed = try Healer(bench.desk()).heal()
            #expect(healed.map(\.state) == [.healed], "\(healed)")
            // What was proven before the stop is not sent again; nobody is too slow, and a tenth of a second is free.
            // How far the first came is the machine's to say: enough is left for the rate to be seen.
            let sent = try #require(healed.first).bytes
            #expect(sent > 6 << 20)
            #expect(begin.duration(to: .now) > .seconds(Double(sent - (4 << 20)) / Double(8 << 20) - 0.1))
            #expect(try bench.judge().violations == [])
        }
    }

    @Test func `heals a vault by adding only`() throws {
        try CopyBench.with([.plain("metro"), .vault("west")], dataset: Self.parts) { bench in
            try bench.fillSource(files: 3, noiseBytes: 20_000_000)
            let point = try #require(try bench.backup().point)
            try bench.flip("west", point, "00001.tar.zst.age")
            #expect(try Verifier(bench.desk()).verify(store: "west").map(\.result) == [.corrupt])
            #expect(try Healer(bench.desk()).heal().map(\.state) == [.healed])
            #expect(try bench.names("west", point).contains("00001.a2.tar.zst.age"))
            #expect(try Verifier(bench.desk()).verify(store: "west").map(\.result) == [.passed])
        }
    }

    @Test func `says that nothing can be healed when every copy is broken`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let point = try #require(try bench.backup().point)
            for store in ["metro", "north"] { try bench.flip(store, point, "00001.tar.zst.age") }
            #expect(try Verifier(bench.desk()).verify().map(\.result) == [.corrupt, .corrupt])
            let healed = try Healer(bench.desk()).heal()
            #expect(healed.map(\.state) == [.failed, .failed])
            #expect(healed.allSatisfy { $0.detail == "no other store holds a good copy" })
            #expect(
                try bench.judge().violations.map(\.repair) == ["lifeboat backup documents --full"])
        }
    }

    @Test func `learns nothing from a store that does not answer`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            try bench.backup()
            try bench.backup()
            bench.servers["north"]?.stop()
            let found = try Verifier(bench.desk()).verify()
            #expect(found.filter { $0.store == "north" }.map(\.result) == [.unreachable], "asked once")
            #expect(found.filter { $0.store == "metro" }.map(\.result) == [.passed, .passed])
            #expect(try bench.judge().violations == [])
        }
    }

    @Test func `goes on where its budget ended, oldest proof first`() throws {
        try CopyBench.with([.plain("metro")], dataset: Self.parts) { bench in
            try bench.fillSource(files: 3, noiseBytes: 20_000_000)
            let point = try #require(try bench.backup().point)
            let written = try #require(
                try bench.book().point(point, of: "documents")?.copies["metro"]?.verifiedAt)
            var seen: [[Int]] = []
            for _ in 0..<3 {
                bench.clock.pass(.minutes(1))
                let result = try #require(
                    try Verifier(bench.desk()).verify(budget: VerificationBudget(bytes: 1_000)).first)
                seen.append(result.checkedParts ?? [])
                let now = try #require(
                    try bench.book().point(point, of: "documents")?.copies["metro"]?.verifiedAt)
                #expect((now > written) == (seen.count == 3), "the oldest part counts")
            }
            #expect(seen.flatMap(\.self).sorted() == [1, 2, 3], "\(seen)")
        }
    }

    @Test func `reads a second time before it speaks of rot`() throws {
        try Scratch.with { tools in
            // The site's own hashing tool gives wrong answers; the bytes are good.
            let lie =
                "#!/bin/sh\necho 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 *stdin'\n"
            try tools.write(lie, to: "openssl", mode: 0o755)
            try CopyBench.with([.plain("metro")]) { bench in
                try bench.fillSource(files: 3, noiseBytes: 1000)
                let point = try #require(try bench.backup().point)
                try bench.servers["metro"]?.restart(adding: ["SetEnv PATH=\(tools.path):/usr/bin:/bin"])
                let result = try #require(try Verifier(bench.desk()).verify(point: point).first)
                #expect(result.result == .passed && result.method == .readBack, "\(result)")
            }
        }
    }
}
