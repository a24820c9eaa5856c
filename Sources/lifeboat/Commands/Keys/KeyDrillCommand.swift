// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct KeyDrillCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract:
            "Prove that a key that is kept away opens what lies in a store, and nothing else is needed.",
        discussion: """
            Decrypts the index and a sample part with the identities of the file alone and compares every
            member with the index. In a workspace the result goes into the ledger, and its age into the
            grade. With --folder it works on an empty machine: a point's folder and the key are all it takes,
            and the result is printed, to be attested.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The dataset; not with --folder.")
    var dataset: String?

    @Option(
        help: "The file of the secret half, mode 0600, such as on the medium from the safe.",
        completion: .file())
    var key: String

    @Option(help: "The store or site to read from; else the best.")
    var from: String?

    @Option(
        help: "A point's folder, as it lies in a store or on a medium; no workspace is needed.",
        completion: .directory)
    var folder: String?

    @Option(help: "With --folder, who may have signed it: an allowed_signers file.", completion: .file())
    var signers: String?

    func validate() throws {
        guard (dataset == nil) != (folder == nil) else {
            throw ValidationError("give a dataset, or --folder for a point's folder without a workspace")
        }
        guard folder != nil || signers == nil else { throw ValidationError("--signers goes with --folder") }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        if let folder {
            let results = try KeyDriller.drill(keyFile: key, folder: folder, signersFile: signers)
            return try show(results, console)
        }
        guard let dataset else { return .usage }
        let place = try common.open(console)
        let desk = CopyDesk(
            workspace: place.workspace, plan: place.plan, ledger: place.ledger, connector: place.connector)
        return try show(try KeyDriller(desk).drill(keyFile: key, dataset: dataset, from: from), console)
    }

    private func show(_ results: [KeyDrill], _ console: Console) throws -> ExitStatus {
        try console.print(KeyDrillOutput(drills: results)) {
            results.map { drill in
                Escaping.visible(
                    "\(drill.passed ? "passed" : "FAILED"): \(drill.recipient) on \(drill.dataset)/\(drill.point) "
                        + "in \(drill.store)" + (drill.detail.map { ", \($0)" } ?? ""))
            }.joined(separator: "\n")
        }
        return results.contains(where: \.passed) ? .success : .failed
    }
}

private struct KeyDrillOutput: Encodable {
    var drills: [KeyDrill]
}
