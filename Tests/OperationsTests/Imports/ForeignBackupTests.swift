// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import TestSupport
import Testing

/// Each with the real program: its repository, its listing, its check, and a repository that is damaged.
@Suite("Backups made by another program")
struct ForeignBackupTests {
    private struct Place {
        let scratch: Scratch
        let plan: Plan
        let ledger: Ledger
        let desk: ImportDesk

        init(_ scratch: Scratch) throws {
            self.scratch = scratch
            plan = try ExampleFiles.plan()
            ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            desk = ImportDesk(plan: plan, ledger: ledger)
            try ledger.append(
                [
                    .planAdopted(
                        PlanAdoption(
                            workspace: "w", sha256: "p", datasets: ["documents"], services: [], stores: []))
                ],
                at: TimeSource.system.now() - .days(400))
        }

        @discardableResult
        func take(
            _ text: String, _ kind: ImportKind, site: String? = "west", only: [String: String] = [:]
        ) throws -> ImportDesk.Outcome {
            var repository = ImportDesk.Repository(name: "vault")
            repository.dataset = kind.rawValue.contains("_") ? nil : "documents"
            repository.site = site
            repository.only = only
            let now = TimeSource.system.now()
            repository.askedAt = now
            return try desk.take(
                try ImportFile.read(try scratch.write(text, to: "out-\(kind.rawValue)")), as: kind,
                of: repository, rules: ImportRules(), at: now)
        }

        /// The verified copies, judged from all events and from the state that the ledger keeps; both agree.
        func copies() throws -> [EffectiveCopy] {
            let now = TimeSource.system.now()
            let dataset = try #require(plan.dataset("documents"))
            let whole = CopyBook(try ledger.events()).judge(dataset, in: plan, at: now)
            let head = try ledger.copyHeads()["documents"]?.judge(dataset, in: plan, at: now)
            #expect(head?.effective == whole.effective && head?.losses == whole.losses)
            #expect(head?.violations.map(\.kind) == whole.violations.map(\.kind))
            #expect(
                try ledger.copyBook(of: ["documents"]).judge(dataset, in: plan, at: now).effective
                    == whole.effective)
            return whole.effective
        }

        func points() throws -> [CopyBook.Point] { CopyBook(try ledger.events()).points(of: "documents") }

        /// What the grade says of copies, in its own words.
        func grade(_ criterion: String) throws -> CriterionResult? {
            let report = Grading.grade(
                events: try ledger.events(), plan: plan, model: BuiltInModel.model.only(tables: [14]),
                asOf: TimeSource.system.now())
            return report.dimension("t14-backup")?.criterion(criterion)
        }
    }

    private func run(_ words: [String], _ environment: [String: String], folder: String) throws -> String {
        let result = try Command(words, environment: environment, folder: folder).run()
        #expect(result.status == 0, "\(words): \(result.error)")
        return result.text
    }

    // MARK: - restic

    @Test(.enabled(if: Command.isInstalled("restic"), "restic is not installed"))
    func `restic counts when a check has read its bytes, and no longer when it is damaged`() throws {
        try Scratch.with { scratch in
            let place = try Place(scratch)
            let environment = [
                "RESTIC_PASSWORD": "x", "RESTIC_REPOSITORY": scratch.path("r"),
                "RESTIC_CACHE_DIR": scratch.path("cache"),
            ]
            func restic(_ words: String...) throws -> String {
                try run(["restic"] + words, environment, folder: scratch.path)
            }
            try scratch.write(String(repeating: "lifeboat ", count: 9_000), to: "tree/a.txt")
            try scratch.write("other", to: "other/b.txt")
            _ = try restic("init", "-q")
            _ = try restic("backup", "-q", "--tag", "docs", "tree")
            _ = try restic("backup", "-q", "other")
            let listing = try restic("snapshots", "--json")
            #expect(throws: OperationError.self) {
                try place.take("load indexes\nno errors were found", .resticCheck)
            }
            let taken = try place.take(listing, .restic, only: ["tag": "docs"])
            #expect(taken.batch.taken == 1 && taken.batch.skippedCount == 1)
            #expect(try place.copies().isEmpty && place.points().count == 1)
            let structure = try place.take(try restic("check"), .resticCheck)
            #expect(structure.notes.first?.contains("only the structure") == true)
            #expect(try place.copies().isEmpty)
            let read = try place.take(try restic("check", "--read-data"), .resticCheck)
            let copies = try place.copies()
            #expect(copies.map(\.store) == ["restic/vault"] && copies.first?.isOffsite == true)
            #expect(try place.grade("t14-backup-full-monthly")?.evidence.isEmpty == false)
            // A pack loses its bytes: the check says so, and the copy no longer counts.
            try damage(scratch.path("r/data"))
            let broken = try Command(["restic", "check", "--read-data"], environment: environment).run()
            #expect(broken.status != 0)
            let failed = try place.take(broken.text + broken.error, .resticCheck)
            #expect(failed.notes.first?.hasPrefix("the check FAILED") == true)
            #expect(try place.copies().isEmpty)
            // Withdrawn, the good check counts again; withdrawn too, nothing does.
            _ = try place.desk.withdraw(failed.batch.id, at: TimeSource.system.now())
            #expect(try place.copies() == copies)
            _ = try place.desk.withdraw(read.batch.id, at: TimeSource.system.now())
            #expect(try place.copies().isEmpty && place.points().count == 1)
            _ = try place.desk.withdraw(taken.batch.id, at: TimeSource.system.now())
            #expect(try place.points().isEmpty)
        }
    }

    @Test(.enabled(if: Command.isInstalled("restic"), "restic is not installed"))
    func `restic's forgotten snapshots go, and Lifeboat's own work never sees the rest`() throws {
        try Scratch.with { scratch in
            let place = try Place(scratch)
            let environment = [
                "RESTIC_PASSWORD": "x", "RESTIC_REPOSITORY": scratch.path("r"),
                "RESTIC_CACHE_DIR": scratch.path("cache"),
            ]
            func restic(_ words: String...) throws -> String {
                try run(["restic"] + words, environment, folder: scratch.path)
            }
            try scratch.write("x", to: "tree/a")
            _ = try restic("init", "-q")
            for _ in 1...3 { _ = try restic("backup", "-q", "tree") }
            try place.take(try restic("snapshots", "--json"), .restic)
            _ = try restic("forget", "-q", "--keep-last", "1")
            try place.take(try restic("snapshots", "--json"), .restic)
            #expect(try place.points().count { !$0.isGone } == 1 && place.points().count == 3)
            let own = CopyBook(try place.ledger.events(of: CopyBook.ownKinds))
            #expect(own.points(of: "documents").isEmpty)
        }
    }

    // MARK: - Borg

    @Test(.enabled(if: Command.isInstalled("borg"), "borg is not installed"))
    func `Borg counts when its check has read the segments, and no longer when they are damaged`() throws {
        try Scratch.with { scratch in
            let place = try Place(scratch)
            let environment = ["BORG_PASSPHRASE": "x", "BORG_BASE_DIR": scratch.path("home"), "TZ": "UTC"]
            func borg(_ words: String...) throws -> Command.Result {
                try Command(["borg"] + words, environment: environment, folder: scratch.path).run()
            }
            try scratch.write(String(repeating: "lifeboat ", count: 9_000), to: "tree/a.txt")
            _ = try borg("init", "-e", "repokey", "b")
            _ = try borg("create", "b::docs-1", "tree")
            _ = try borg("create", "b::web-1", "tree")
            let taken = try place.take(try borg("list", "--json", "b").text, .borg, only: ["name": "docs-*"])
            #expect(taken.batch.taken == 1 && taken.batch.skippedCount == 1)
            let archives = try place.take(try borg("check", "-v", "--archives-only", "b").error, .borgCheck)
            #expect(archives.notes.first?.contains("only the structure") == true)
            #expect(try place.copies().isEmpty)
            try place.take(try borg("check", "-v", "b").error, .borgCheck)
            #expect(try place.copies().map(\.store) == ["borg/vault"])
            try damage(scratch.path("b/data"))
            let broken = try borg("check", "-v", "b")
            #expect(broken.status != 0)
            let failed = try place.take(broken.text + broken.error, .borgCheck)
            #expect(failed.notes.first?.hasPrefix("the check FAILED") == true)
            #expect(try place.copies().isEmpty)
        }
    }

    /// Flips a byte in the middle of the largest file below a folder.
    private func damage(_ folder: String) throws {
        let names = try #require(FileManager.default.enumerator(atPath: folder)?.allObjects as? [String])
        let files = names.map { "\(folder)/\($0)" }.map { path in
            (path, ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0)
        }
        let largest = try #require(
            files.filter { path, _ in
                var isFolder = ObjCBool(false)
                return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                    && !isFolder.boolValue
            }.max { $0.1 < $1.1 }?.0)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: largest))
        let middle = bytes.count / 2
        bytes[middle] ^= 0xFF
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: largest)
        try bytes.write(to: URL(fileURLWithPath: largest))
    }

    // MARK: - pgBackRest

    @Test(
        .enabled(
            if: BackRestCluster.isPossible, "pgbackrest or PostgreSQL is not installed, or this is not root"))
    func `pgBackRest counts by chain when verify has read it, and no longer when it is damaged`() throws {
        try Scratch.with { scratch in
            let place = try Place(scratch)
            let cluster = try BackRestCluster(scratch)
            defer { cluster.stop() }
            try cluster.step("backup")
            let listing = try cluster.step("info")
            let taken = try place.take(listing, .pgbackrest)
            #expect(taken.batch.taken == 2 && taken.skipped.isEmpty, "\(taken.skipped) \(listing)")
            #expect(try place.points().map(\.kind) == [.full, .incremental])
            #expect(try place.copies().isEmpty)
            try place.take(try cluster.step("verify"), .pgbackrestVerify)
            #expect(try place.copies().map(\.store) == ["pgbackrest/vault"])
            try cluster.step("damage")
            let failed = try place.take(try cluster.step("verify"), .pgbackrestVerify)
            #expect(failed.notes.first?.hasPrefix("the check FAILED") == true)
            #expect(try place.copies().isEmpty)
        }
    }
}
