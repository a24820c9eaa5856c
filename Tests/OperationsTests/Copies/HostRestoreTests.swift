// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

@Suite("A restore at another host, and by hand", .tags(.integration), .needsServer, .mayQueue)
struct HostRestoreTests {
    private func request(_ bench: CopyBench, _ folder: String) -> RestoreRequest {
        RestoreRequest(
            dataset: "documents", to: .host("north", folder: bench.folder.path(folder)), from: "metro")
    }

    @Test func `unpacks with the host's tar and compares the host's own hashes`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 6, noiseBytes: 9_000_000)
            link(bench.folder.path("data/noise.bin"), bench.folder.path("data/second-name.bin"))
            symlink("noise.bin", bench.folder.path("data/pointer"))
            try bench.backup()
            try bench.folder.write("later", to: "data/docs/later.txt")
            unlink(bench.folder.path("data/docs/0/f0.txt"))
            let hole = open(bench.folder.path("data/sparse"), O_WRONLY | O_CREAT, 0o644)
            _ = pwrite(hole, "end", 3, 5 << 20)
            close(hole)
            try bench.backup()
            let run = try Restorer(bench.desk()).restore(request(bench, "there/deep"))
            #expect(run.succeeded && run.host == "north", "\(run.detail ?? "")")
            #expect(run.membersVerified == 9)
            let same = try Command.run(
                "diff", "-r", "--no-dereference", bench.folder.path("data"), bench.folder.path("there/deep"))
            #expect(same.status == 0, "\(same.text)")
            let (a, b) = (
                try status(bench, "there/deep/noise.bin"), try status(bench, "there/deep/second-name.bin")
            )
            #expect(a.st_ino == b.st_ino, "two names of one file")
        }
    }

    private func status(_ bench: CopyBench, _ path: String) throws -> stat {
        var status = stat()
        try #require(lstat(bench.folder.path(path), &status) == 0)
        return status
    }

    @Test func `serves a drill with the point, the files and the restore`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            try bench.backup()
            let restorer: any DrillRestorer = Restorer(try bench.desk())
            let point = try restorer.choosePoint(dataset: "documents", by: PointRules(source: "metro"))
            #expect(point.store == "metro" && point.site == "metro")
            #expect(try restorer.files(of: point).count == 4)
            let run = try restorer.restore(
                point, to: "north", path: bench.folder.path("drilled"), isCancelled: { false })
            #expect(run.succeeded)
            let early = #expect(throws: OperationError.self) {
                try restorer.choosePoint(
                    dataset: "documents", by: PointRules(instant: point.consistencyAt - .minutes(1)))
            }
            #expect(early?.detail.contains("no whole point") == true)
            // A store that a drill takes away is passed over for the next best, and none is no point.
            let stores = try bench.desk().plan.stores.map(\.id)
            let best = try restorer.choosePoint(dataset: "documents", by: PointRules()).store
            let other = try restorer.choosePoint(dataset: "documents", by: PointRules(absent: [best]))
            #expect(other.store != best && other.point == point.point)
            let none = #expect(throws: OperationError.self) {
                try restorer.choosePoint(dataset: "documents", by: PointRules(absent: Set(stores)))
            }
            #expect(none?.detail.contains("without \(stores.sorted().joined(separator: ", "))") == true)
        }
    }

    @Test func `refuses a folder there that is not empty, and a host it does not know`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            try bench.backup()
            try bench.folder.write("mine", to: "full/thing.txt")
            let error = #expect(throws: OperationError.self) {
                try Restorer(bench.desk()).restore(request(bench, "full"))
            }
            #expect(error?.code == .refused && error?.detail.contains("is not empty") == true)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: bench.folder.path("full")) == [
                    "thing.txt"
                ])
            let unknown = #expect(throws: OperationError.self) {
                try Restorer(bench.desk()).restore(
                    RestoreRequest(dataset: "documents", to: .host("nrth", folder: "/tmp/x")))
            }
            #expect(unknown?.code == .unknownName)
        }
    }

    @Test func `leaves no damaged file at the host`() throws {
        try CopyBench.with(dataset: ["part_size: 1MiB"]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 20_000_000)
            let point = try #require(try bench.backup().point)
            try bench.flip("metro", point, "00002.tar.zst.age")
            let run = try Restorer(bench.desk()).restore(request(bench, "there"))
            #expect(
                !run.succeeded && run.detail?.contains("00002.tar.zst.age") == true, "\(run.detail ?? "")")
            #expect(!bench.folder.contains("there/noise.bin"))
            #expect(bench.folder.contains("there/docs/0/f0.txt"))
        }
    }

    // MARK: - By hand

    private func byHand(_ bench: CopyBench, _ store: String, _ point: String, to folder: String) throws
        -> Command.Result
    {
        let keys = KeyRing(workspace: bench.workspace)
        let cards = try bench.names(store, point).filter { StoreFile(name: $0)?.role == .card }
        let card = try #require(
            cards.max { (StoreFile(name: $0)?.attempt ?? 0) < (StoreFile(name: $1)?.attempt ?? 0) })
        return try Command.run(
            "bash", card, keys.identityPath, keys.allowedSignersPath, bench.folder.path(folder),
            folder: "\(bench.storePath(store))/documents/\(point)")
    }

    @Test func `is done by the recovery card alone, also in a store that was healed`() throws {
        try CopyBench.with(dataset: ["part_size: 1MiB"]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 20_000_000)
            let full = try #require(try bench.backup().point)
            bench.servers["north"]?.stop()
            try bench.folder.write("second", to: "data/second.txt")
            try bench.backup()
            try bench.servers["north"]?.restart()
            unlink(bench.folder.path("data/docs/1/f1.txt"))
            let newest = try #require(try bench.backup().point)
            try bench.flip("north", full, "00001.tar.zst.age")
            _ = try Verifier(bench.desk()).verify(store: "north")
            let healed = try Healer(bench.desk()).heal()
            #expect(healed.allSatisfy { $0.state == .healed }, "\(healed)")
            for store in ["metro", "north"] {
                let result = try byHand(bench, store, newest, to: "hand-\(store)")
                #expect(result.status == 0, "\(store): \(result.text) \(result.error)")
                let same = try Command.run(
                    "diff", "-r", bench.folder.path("data"), bench.folder.path("hand-\(store)"))
                #expect(same.status == 0, "\(same.text)")
            }
            try bench.flip("metro", full, "00002.tar.zst.age")
            let bad = try byHand(bench, "metro", newest, to: "hand-bad")
            #expect(bad.status != 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder.path("hand-bad")) == [])
        }
    }

    // MARK: - Reading everything

    @Test func `finds in a full reading what is wrong, and proves an escrowed key`() throws {
        try CopyBench.with(dataset: ["part_size: 1MiB"]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 20_000_000)
            let keys = KeyRing(workspace: bench.workspace)
            try Scratch.with { away in
                let escrow = try keys.makeEscrow(secretAt: away.path("escrow"))
                let point = try #require(try bench.backup().point)
                let good = try Verifier(bench.desk()).verify(level: .fullRead)
                #expect(good.allSatisfy { $0.result == .passed && $0.method == .fullRead }, "\(good)")
                let identity = try AgeIdentity.identities(inFile: away.text("escrow"))[0]
                let drill = try KeyDriller(bench.desk()).drill(identity, dataset: "documents")
                #expect(drill.passed && drill.recipient == escrow.text, "\(drill.detail ?? "")")
                let stranger = try KeyDriller(bench.desk()).drill(.generate(), dataset: "documents")
                #expect(!stranger.passed)
                try bench.flip("north", point, "00003.tar.zst.age")
                let bad = try Verifier(bench.desk()).verify(store: "north", level: .fullRead)
                #expect(bad.map(\.result) == [.corrupt])
                #expect(bad.first?.faults.first?.contains("00003.tar.zst.age") == true, "\(bad)")
                #expect(try bench.ledger.events(of: [.keyDrill]).count == 2)
            }
        }
    }
}
