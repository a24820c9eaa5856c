// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct HealCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "heal", abstract: "Bring stores that lag or hold something broken back to the policy.",
        discussion: "Bytes come from another store that has proven them, never from the source.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Datasets; without any, all of the plan.")
    var datasets: [String] = []

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let healer = Healer(workspace: place.workspace, plan: place.plan, ledger: place.ledger)
        let results = try place.plan.chosenOwn(datasets).flatMap {
            try healer.heal(dataset: $0.id, supervision: console.supervision)
        }
        try console.print(HealOutput(results: results)) {
            guard !results.isEmpty else { return "nothing to heal" }
            return results.map { result in
                let source = result.source.map { " from \($0)" } ?? ""
                let detail = result.detail.map { ", \($0)" } ?? ""
                return Escaping.visible(
                    "\(result.dataset) \(result.point) in \(result.store): \(result.state.rawValue)\(source), "
                        + "\(ByteText.of(result.bytes))\(detail)")
            }.joined(separator: "\n")
        }
        return results.contains { $0.state == .failed } ? .failed : .success
    }
}

private struct HealOutput: Encodable {
    var results: [HealResult]
}
