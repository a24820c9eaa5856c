// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

@Suite("A copy of a report")
struct BundleDeliveryTests {
    private static let files = ["report.json", "journals/one.jsonl", "SHA256SUMS"]

    /// A bundle as it was written: two files and their sums.
    private static func bundle(_ scratch: Scratch) throws -> String {
        try scratch.makeFolder("reports/drill-1/journals")
        try scratch.write("{}", to: "reports/drill-1/report.json")
        try scratch.write("line", to: "reports/drill-1/journals/one.jsonl")
        let sums =
            "\(sha256(Array("{}".utf8)))  report.json\n\(sha256(Array("line".utf8)))  journals/one.jsonl\n"
        try scratch.write(sums, to: "reports/drill-1/SHA256SUMS")
        return scratch.path("reports/drill-1")
    }

    private static func deliver(
        _ scratch: Scratch, to destinations: DrillReporting.Destination...
    ) throws -> [BundleDelivery.Copy] {
        BundleDelivery(reach: FolderReach(scratch.path)).deliver(
            try bundle(scratch), files: files, to: destinations)
    }

    @Test func `lies whole in a folder here and at a host, under its own name`() throws {
        try Scratch.with { scratch in
            for folder in ["share", "srv/audit"] { try scratch.makeFolder(folder) }
            let copies = try Self.deliver(
                scratch, to: .folder(scratch.path("share")), .host("north", path: scratch.path("srv/audit")))
            #expect(copies.map(\.trouble) == [nil, nil])
            #expect(copies.last?.destination == "north:\(scratch.path("srv/audit"))")
            for place in ["share", "srv/audit"] {
                #expect(try scratch.text("\(place)/drill-1/journals/one.jsonl") == "line")
                let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path(place))
                #expect(names == ["drill-1"])
            }
        }
    }

    @Test func `never replaces one that is there, and leaves the other places their own`() throws {
        try Scratch.with { scratch in
            for folder in ["share/drill-1", "srv/audit/drill-1", "good"] { try scratch.makeFolder(folder) }
            let copies = try Self.deliver(
                scratch, to: .folder(scratch.path("share")), .host("north", path: scratch.path("srv/audit")),
                .folder(scratch.path("good")))
            #expect(copies[0].trouble?.contains("cannot copy to") == true, "\(copies)")
            #expect(
                copies[1].trouble?.contains("exists, and reports are never overwritten") == true, "\(copies)")
            #expect(copies[2].trouble == nil)
            for place in ["share", "srv/audit"] {
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: scratch.path("\(place)/drill-1"))
                        .isEmpty)
            }
        }
    }

    /// An unmounted share must not look like one that took the report.
    @Test func `is not put into a folder that is not there`() throws {
        try Scratch.with { scratch in
            let copies = try Self.deliver(
                scratch, to: .folder(scratch.path("share")), .host("north", path: scratch.path("srv/audit")))
            #expect(
                copies.map(\.trouble).allSatisfy { $0?.contains("there is no folder") == true }, "\(copies)")
            #expect(!scratch.contains("share") && !scratch.contains("srv"))
        }
    }

    @Test func `is not taken for one when its sums do not hold at the host`() throws {
        try Scratch.with { scratch in
            try scratch.makeFolder("srv/audit")
            let folder = try Self.bundle(scratch)
            try scratch.write("other", to: "reports/drill-1/report.json")
            let copies = BundleDelivery(reach: FolderReach(scratch.path)).deliver(
                folder, files: Self.files, to: [.host("north", path: scratch.path("srv/audit"))])
            #expect(copies.first?.trouble?.contains("report.json") == true, "\(copies)")
            #expect(!scratch.contains("srv/audit/drill-1"))
            // What is left of the try is in nobody's way.
            try scratch.write("{}", to: "reports/drill-1/report.json")
            let again = BundleDelivery(reach: FolderReach(scratch.path)).deliver(
                folder, files: Self.files, to: [.host("north", path: scratch.path("srv/audit"))])
            #expect(again.map(\.trouble) == [nil])
        }
    }
}
