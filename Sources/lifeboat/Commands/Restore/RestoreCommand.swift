// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Operations
import Reporting

struct RestoreCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring a point, or some paths of it, back; every hash is checked.",
        discussion: """
            The target must be empty or not exist. With --host the bytes are unpacked by that host's own tar
            and its hashes compared with the index; the identity never leaves this machine.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The dataset.")
    var dataset: String

    @Argument(help: "Paths below its root; without any, everything.")
    var paths: [String] = []

    @Option(help: "The folder to restore into.", completion: .directory)
    var to: String

    @Option(help: "The newest point not later than this time.", transform: momentArgument)
    var at: Moment?

    @Option(help: "A point by its name.")
    var point: String?

    @Option(name: .customLong("from"), help: "A store or a site; without it, the best.")
    var source: String?

    @Option(help: "Restore at this host of the plan.")
    var host: String?

    @Flag(help: "Say what would be read and written, and how long it would take.")
    var dryRun = false

    @Flag(help: "Leave out owners, setuid bits, capabilities and devices.")
    var untrusted = false

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        _ = try place.plan.chosenOwn([dataset])
        let restorer = Restorer(workspace: place.workspace, plan: place.plan, ledger: place.ledger)
        if dryRun { return try printEstimate(try restorer.estimate(request), place, console) }
        let run = try restorer.restore(request, supervision: console.supervision)
        try console.print(run) { text(run) }
        if !run.succeeded { return .failed }
        return run.leftOut > 0 ? .warnings : .success
    }

    private var request: RestoreRequest {
        let target: RestoreRequest.Target =
            host.map { .host($0, folder: to) } ?? .folder(URL(fileURLWithPath: to).standardizedFileURL.path)
        return RestoreRequest(
            dataset: dataset, paths: paths, to: target, at: at, point: point, from: source,
            isUntrusted: untrusted)
    }

    private func printEstimate(
        _ estimate: RestoreEstimate, _ place: Place, _ console: Console
    ) throws -> ExitStatus {
        try console.print(estimate) {
            let time =
                estimate.seconds.map { "about \(Duration(roundedSeconds: $0).text)" }
                ?? "no rate is known: 'lifeboat site check' measures it"
            return """
                \(estimate.dataset) \(estimate.point) of \(ZonedTime(place.plan).text(estimate.consistencyAt))
                  from \(estimate.store) at \(estimate.site), \(estimate.chain.count) points in its chain
                  \(estimate.members) members, \(ByteText.of(estimate.bytes)) to write, at most \
                \(ByteText.of(estimate.bytesFetched)) to fetch
                  \(time)
                  \(estimate.isTrusted ? "signed by a known signer" : "NO KNOWN SIGNER: attributes are left out")
                """
        }
        return .success
    }

    private func text(_ run: RestoreRun) -> String {
        let place = run.host.map { "\($0):" } ?? ""
        let left = run.leftOut > 0 ? ", \(run.leftOut) attributes left out" : ""
        let detail = run.detail.map { "\n  \(Escaping.visible($0))" } ?? ""
        let head = Escaping.visible(
            "\(run.dataset) \(run.point) from \(run.store) to \(place)\(run.target): "
                + "\(run.succeeded ? "restored" : "NOT RESTORED")")
        return head + "\n  \(run.members) members, \(ByteText.of(run.bytes)), \(run.membersVerified) files "
            + "verified\(left), \((run.endedAt - run.begunAt).text)" + detail
    }
}
