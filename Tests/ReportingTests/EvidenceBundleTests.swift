// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Reporting
import TestSupport
import Testing

@Suite("An evidence bundle")
struct EvidenceBundleTests {
    /// Signed and checked with stock programs only, by the commands of its own README.
    @Test func `is checked with coreutils and OpenSSH as its README says`() throws {
        try Scratch.with { scratch in
            try Command.output("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(scratch.path)/key")
            let key = try String(contentsOfFile: "\(scratch.path)/key.pub", encoding: .utf8)
            let bundle = try EvidenceBundle(
                audit: Examples.audit(.en), journals: ["run/../../1": Data("{}\n".utf8)],
                manifests: ["documents/p1": Data("{}".utf8)], events: Data("{}\n".utf8),
                allowedSigners: "lifeboat@example-shop namespaces=\"lifeboat-*\" \(key)")
            let folder = "\(scratch.path)/bundle"
            try write(bundle, to: folder)
            try Command.output(
                "ssh-keygen", "-q", "-Y", "sign", "-f", "\(scratch.path)/key", "-n",
                EvidenceBundle.signatureNamespace, "\(folder)/\(EvidenceBundle.signedFile)")
            let readme = try String(contentsOfFile: "\(folder)/README.txt", encoding: .utf8)
            let commands = readme.split(separator: "\n").filter {
                $0.hasPrefix("    sha256sum") || $0.hasPrefix("    ssh-keygen")
            }
            #expect(commands.count == 2)
            for command in commands {
                let check = try Command.run("sh", "-c", String(command), folder: folder)
                #expect(check.status == 0, "\(command): \(check.text) \(check.error)")
            }
            try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(folder)/report.json"))
            for command in commands {
                #expect(try Command.run("sh", "-c", String(command), folder: folder).status != 0)
            }
        }
    }

    @Test func `keeps every file below its folder, whatever runs are called`() throws {
        let bundle = try EvidenceBundle(
            drill: Examples.drill(.en), journal: Data(),
            samples: ["../../etc/passwd": Data(), ".ssh": Data()], allowedSigners: "")
        #expect(bundle.files.allSatisfy { !$0.path.contains("..") || !$0.path.contains("/..") })
        #expect(bundle.files.allSatisfy { !$0.path.hasPrefix("/") && !$0.path.contains("/.") })
        #expect(Set(bundle.files.map(\.path)).count == bundle.files.count)
    }

    private func write(_ bundle: EvidenceBundle, to folder: String) throws {
        for file in bundle.files {
            let url = URL(fileURLWithPath: "\(folder)/\(file.path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try file.bytes.write(to: url)
        }
        let names = bundle.files.map(\.path)
        let sums = try Command(["sha256sum"] + names, folder: folder).run().text
        let byName = Dictionary(
            sums.split(separator: "\n").map { line in
                (String(line.dropFirst(66)), String(line.prefix(64)))
            }, uniquingKeysWith: { $1 })
        let bytes = Dictionary(bundle.files.map { ($0.bytes, $0.path) }, uniquingKeysWith: { $1 })
        let text = bundle.sums { byName[bytes[$0] ?? ""] ?? "" }
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(EvidenceBundle.sumsFile)"))
    }
}
