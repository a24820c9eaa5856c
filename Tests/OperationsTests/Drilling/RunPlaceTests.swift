// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

@Suite("A run's folder at a host")
struct RunPlaceTests {
    private static let run = "20261124t010203z-0a1b2c3d"

    /// Steps and probers of a run come to a host at the same moment.
    @Test("is made once, however many ask for it at once", arguments: 0..<6)
    func together(round: Int) async throws {
        try await Scratch.with { scratch in
            let reach = FolderReach(scratch.path)
            let folders = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await onThread {
                            try RunPlace(at: reach.shell(at: "north"), run: Self.run).folder
                        }
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(folders.count == 1)
            let folder = try #require(folders.first)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                    "marker", "supervise",
                ])
        }
    }

    @Test("is not taken from another", arguments: ["marker", "file", "link"])
    func foreign(kind: String) throws {
        try Scratch.with { scratch in
            let reach = FolderReach(scratch.path)
            let name = "home-north/.lifeboat-drills/\(Self.run).north"
            try scratch.makeFolder("home-north/.lifeboat-drills")
            try scratch.makeFolder("elsewhere")
            switch kind {
            case "link":
                try FileManager.default.createSymbolicLink(
                    atPath: scratch.path(name), withDestinationPath: scratch.path("elsewhere"))
            default:
                try scratch.makeFolder(name)
                try scratch.write(kind == "marker" ? "another run\n" : "x", to: "\(name)/\(kind)")
            }
            #expect {
                try RunPlace(at: reach.shell(at: "north"), run: Self.run)
            } throws: { "\($0)".contains("is there already and is not this run's") }
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("elsewhere")).isEmpty)
        }
    }

    @Test func `is taken over when whoever made it died before it was marked`() throws {
        try Scratch.with { scratch in
            let reach = FolderReach(scratch.path)
            try scratch.makeFolder("home-north/.lifeboat-drills/\(Self.run).north")
            let place = try RunPlace(at: reach.shell(at: "north"), run: Self.run)
            #expect(try String(contentsOfFile: place.folder + "/marker", encoding: .utf8) == Self.run + "\n")
        }
    }
}
