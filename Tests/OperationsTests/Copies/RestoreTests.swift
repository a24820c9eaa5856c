// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

@Suite("A restore", .tags(.integration), .needsServer, .mayQueue)
struct RestoreTests {
    private func same(_ bench: CopyBench, _ folder: String, as original: String = "data") throws {
        let difference = try Command.run("diff", "-r", bench.folder.path(original), bench.folder.path(folder))
        #expect(difference.status == 0, "\(difference.text) \(difference.error)")
    }

    private func request(
        _ bench: CopyBench, _ folder: String, _ change: (inout RestoreRequest) -> Void = { _ in }
    ) -> RestoreRequest {
        var request = RestoreRequest(dataset: "documents", to: .folder(bench.folder.path(folder)))
        change(&request)
        return request
    }

    @Test func `brings the newest point back, every file compared with the index`() throws {
        try CopyBench.with([.plain("metro"), .vault("west")]) { bench in
            try bench.fillSource()
            try bench.backup()
            try bench.folder.write("later", to: "data/docs/later.txt")
            unlink(bench.folder.path("data/docs/0/f0.txt"))
            let newest = try bench.backup()
            let run = try Restorer(bench.desk()).restore(request(bench, "back"))
            #expect(run.succeeded && run.point == newest.point && run.store == "metro")
            #expect(run.membersVerified == 21)
            try same(bench, "back")
            let written = try bench.ledger.events(of: [.restoreRun]).compactMap { event -> RestoreRun? in
                guard case .restoreRun(let run) = event.body else { return nil }
                return run
            }
            #expect(written == [run])
            #expect(try bench.book().holds == [:], "the hold was released")
        }
    }

    @Test func `takes the point of a time, a name, a store or a site`() throws {
        try CopyBench.with([.plain("metro"), .plain("north")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let first = try bench.backup()
            _ = try Command.output("cp", "-a", bench.folder.path("data"), bench.folder.path("then"))
            try bench.folder.write("later", to: "data/later.txt")
            let second = try bench.backup()
            let instant = try #require(first.consistencyAt) + .minutes(1)
            let restorer = Restorer(try bench.desk())
            let byTime = try restorer.restore(request(bench, "a") { $0.at = instant })
            #expect(byTime.point == first.point)
            try same(bench, "a", as: "then")
            let byName = try restorer.restore(request(bench, "b") { $0.point = first.point })
            #expect(byName.point == first.point)
            let bySite = try restorer.restore(request(bench, "c") { $0.from = "north" })
            #expect(bySite.point == second.point && bySite.store == "north")
            let before = try #require(first.consistencyAt) - .minutes(1)
            let none = #expect(throws: OperationError.self) {
                try restorer.restore(request(bench, "d") { $0.at = before })
            }
            #expect(none?.detail.contains("no whole point") == true)
            let unknown = #expect(throws: OperationError.self) {
                try restorer.restore(request(bench, "d") { $0.from = "nrth" })
            }
            #expect(unknown?.code == .unknownName && unknown?.hint?.contains("north") == true)
            #expect(!bench.folder.contains("d"))
        }
    }

    @Test func `brings back some paths, and says what it would take`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 8, noiseBytes: 100_000)
            try bench.backup()
            let chosen = request(bench, "some") { $0.paths = ["docs/1", "/docs/2/f2.txt/"] }
            let estimate = try Restorer(bench.desk()).estimate(chosen)
            #expect(estimate.members > 0 && estimate.bytes > 0 && estimate.isTrusted)
            #expect(!bench.folder.contains("some"))
            let run = try Restorer(bench.desk()).restore(chosen)
            #expect(run.succeeded)
            #expect(
                bench.folder.contains("some/docs/1/f5.txt") && bench.folder.contains("some/docs/2/f2.txt"))
            #expect(!bench.folder.contains("some/docs/2/f6.txt") && !bench.folder.contains("some/noise.bin"))
            for path in ["../etc", "docs/../../x"] {
                let error = #expect(throws: OperationError.self) {
                    try Restorer(bench.desk()).restore(request(bench, "bad") { $0.paths = [path] })
                }
                #expect(error?.code == .badInput)
            }
        }
    }

    // MARK: - What goes wrong

    @Test func `refuses a folder that is not empty, and touches nothing in it`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            try bench.backup()
            try bench.folder.write("mine", to: "full/of/things.txt")
            let error = #expect(throws: (any Error).self) {
                try Restorer(bench.desk()).restore(request(bench, "full"))
            }
            #expect(OperationError(describing: try #require(error)).code == .refused)
            #expect(try bench.folder.text("full/of/things.txt") == "mine")
            #expect(!bench.folder.contains("full/docs"))
            let runs = try bench.ledger.events(of: [.restoreRun])
            #expect(runs.count == 1, "a restore that failed is history too")
        }
    }

    @Test func `takes the next store when one is away or does not hold what it should`() throws {
        try CopyBench.with([.plain("metro"), .plain("north")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let point = try #require(try bench.backup().point)
            unlink(bench.path("metro", point, "manifest.json"))
            let first = try Restorer(bench.desk()).restore(request(bench, "a"))
            #expect(first.store == "north" && first.succeeded)
            bench.servers["metro"]?.stop()
            let second = try Restorer(bench.desk()).restore(request(bench, "b"))
            #expect(second.store == "north" && second.succeeded)
            bench.servers["north"]?.stop()
            let error = #expect(throws: OperationError.self) {
                try Restorer(bench.desk()).restore(request(bench, "c"))
            }
            #expect(error?.code == .unreachable)
            #expect(error?.detail.contains("metro: ") == true && error?.detail.contains("north: ") == true)
        }
    }

    @Test func `says which file is damaged, and brings back what is not`() throws {
        try CopyBench.with([.plain("metro")], dataset: ["part_size: 1MiB"]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 20_000_000)
            try bench.folder.write("last of all", to: "data/zzz.txt")
            let point = try #require(try bench.backup().point)
            try bench.flip("metro", point, "00001.tar.zst.age")
            let run = try Restorer(bench.desk()).restore(request(bench, "back"))
            #expect(!run.succeeded)
            #expect(run.detail?.contains("00001.tar.zst.age") == true, "\(run.detail ?? "")")
            #expect(try bench.folder.text("back/zzz.txt") == "last of all")
            #expect(!bench.folder.contains("back/noise.bin"), "half a file is no file")
        }
    }

    @Test func `says that the key is wrong`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            try bench.backup()
            let keys = KeyRing(workspace: bench.workspace)
            try bench.folder.write(
                AgeIdentity.generate().fileText, to: "workspace/.lifeboat/keys/identity.age", mode: 0o600)
            let error = #expect(throws: (any Error).self) {
                try Restorer(bench.desk()).restore(request(bench, "back"))
            }
            let words = OperationError(describing: try #require(error))
            #expect(words.code == .permissionDenied && words.hint?.contains("key list") == true, "\(words)")
            #expect(!bench.folder.contains("back"))
            chmod(keys.identityPath, 0o644)
            let open = #expect(throws: OperationError.self) {
                try Restorer(bench.desk()).restore(request(bench, "back"))
            }
            #expect(open?.code == .permissionDenied && open?.hint?.contains("chmod 600") == true)
        }
    }

    @Test(.needsRoot) func `leaves owners and set-user-id out when it is told not to trust`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 2, noiseBytes: 100)
            chown(bench.folder.path("data/noise.bin"), 4711, 4712)
            chmod(bench.folder.path("data/docs/0/f0.txt"), 0o4755)
            try bench.backup()
            func mode(_ path: String) -> (UInt32, mode_t) {
                var status = stat()
                stat(bench.folder.path(path), &status)
                return (status.st_uid, status.st_mode & 0o7777)
            }
            let plain = try Restorer(bench.desk()).restore(request(bench, "trusted"))
            #expect(plain.leftOut == 0 && plain.succeeded)
            #expect(mode("trusted/noise.bin").0 == 4711 && mode("trusted/docs/0/f0.txt").1 == 0o4755)
            let careful = try Restorer(bench.desk()).restore(
                request(bench, "careful") { $0.isUntrusted = true })
            #expect(careful.leftOut > 0 && careful.succeeded, "\(careful)")
            #expect(mode("careful/noise.bin").0 == geteuid() && mode("careful/docs/0/f0.txt").1 & 0o6000 == 0)
        }
    }

    @Test func `restores what nobody vouches for only when it is told to`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 2, noiseBytes: 100)
            try bench.backup()
            let other = SSHSigningKey.generate(comment: "other")
            try bench.folder.write(
                "lifeboat@bench namespaces=\"lifeboat-*\" \(other.publicKey.text)\n",
                to: "workspace/.lifeboat/keys/allowed_signers")
            let error = #expect(throws: OperationError.self) {
                try Restorer(bench.desk()).restore(request(bench, "back"))
            }
            #expect(
                error?.code == .damaged && error?.detail.contains("may not sign") == true,
                "\(String(describing: error))")
            let run = try Restorer(bench.desk()).restore(request(bench, "back") { $0.isUntrusted = true })
            #expect(run.succeeded)
            try same(bench, "back")
        }
    }

    // MARK: - Looking

    @Test func `lists, finds and compares without restoring`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 8, noiseBytes: 1000)
            let first = try #require(try bench.backup().point)
            try bench.folder.write("new", to: "data/docs/1/new.txt")
            try bench.folder.write("changed", to: "data/docs/2/f2.txt")
            chmod(bench.folder.path("data/docs/3/f3.txt"), 0o600)
            unlink(bench.folder.path("data/noise.bin"))
            let second = try #require(try bench.backup().point)
            let browser = PointBrowser(try bench.desk())
            var names: [String] = []
            try browser.list("documents", path: "docs/1") { names.append($0.path) }
            #expect(names == ["docs/1/f1.txt", "docs/1/f5.txt", "docs/1/new.txt"])
            names = []
            try browser.list("documents", point: first) { names.append($0.path) }
            #expect(names == ["docs", "noise.bin"])
            names = []
            try browser.list("documents", path: "docs", recursive: true) { names.append($0.path) }
            #expect(names.count == 4 + 9)
            names = []
            try browser.find("f[12].*", in: "documents") { names.append($0.path) }
            #expect(names == ["docs/1/f1.txt", "docs/2/f2.txt"])
            names = []
            try browser.find("docs/*/new.txt", in: "documents") { names.append($0.path) }
            #expect(names == ["docs/1/new.txt"])
            #expect(throws: OperationError.self) { try browser.list("documents", path: "nothing") { _ in } }
            var changes: [String] = []
            try browser.difference("documents", first, second) {
                changes.append("\($0.change.rawValue) \($0.path)")
            }
            #expect(
                changes == [
                    "added docs/1/new.txt", "changed docs/2/f2.txt", "attributes docs/3/f3.txt",
                    "removed noise.bin",
                ])
        }
    }
}
