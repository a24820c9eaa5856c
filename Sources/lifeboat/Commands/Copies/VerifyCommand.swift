// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct VerifyCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Look at copies again, those with the oldest proof first.",
        discussion: """
            Level hashes asks each store for the SHA-256 of its files; full_read reads every byte back,
            decrypts it and compares every member with the index. Ends with 3 when a copy is corrupt or
            lost, with 5 when a store could not be asked.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "hashes or full_read.")
    var level: VerificationLevel = .hashes

    @Option(help: "Only this store.")
    var store: String?

    @Option(help: "Only this point.")
    var point: String?

    @Option(
        name: .customLong("max-bytes"), help: "Stop after this much, such as 50GiB.", transform: sizeArgument)
    var bytes: Int?

    @Option(
        name: .customLong("max-time"), help: "Stop after this long, such as 30m.", transform: durationArgument
    )
    var time: Duration?

    @Argument(help: "Datasets; without any, all of the plan.")
    var datasets: [String] = []

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let verifier = Verifier(workspace: place.workspace, plan: place.plan, ledger: place.ledger)
        let results = try place.plan.chosenOwn(datasets).flatMap { dataset in
            try verifier.verify(
                dataset: dataset.id, store: store, point: point, level: level,
                budget: VerificationBudget(bytes: bytes, time: time), supervision: console.supervision)
        }
        try console.print(VerifyOutput(verifications: results)) {
            results.isEmpty ? "nothing to verify" : results.map(\.line).joined(separator: "\n")
        }
        return ExitStatus.worst(of: results.map(\.status))
    }
}

extension VerificationLevel: ExpressibleByArgument {}

private struct VerifyOutput: Encodable {
    var verifications: [CopyVerification]
}

extension CopyVerification {
    fileprivate var line: String {
        let faults = faults.prefix(5).map { "\n  ! \($0)" }.joined()
        let lines =
            "\(dataset) \(point) in \(store): \(result.rawValue), \(method.rawValue), "
            + "\(ByteText.of(bytesRead)) read\(faults)"
        return lines.split(separator: "\n").map { Escaping.visible(String($0)) }.joined(separator: "\n")
    }

    fileprivate var status: ExitStatus {
        switch result {
        case .passed: .success
        case .corrupt, .lost: .failed
        case .unreachable: .unproven
        }
    }
}

@Sendable func sizeArgument(_ text: String) throws -> Int {
    guard let bytes = Size.bytes(of: text) else {
        throw ValidationError("'\(text)' is not a size with its unit, such as 50GiB")
    }
    return bytes
}

@Sendable func durationArgument(_ text: String) throws -> Duration {
    guard let duration = Duration(text: text) else {
        throw ValidationError("'\(text)' is not a length of time with its unit, such as 30m")
    }
    return duration
}

@Sendable func momentArgument(_ text: String) throws -> Moment {
    guard let moment = Moment(text) else {
        throw ValidationError("'\(text)' is not a time such as 2026-11-22T03:15:00Z")
    }
    return moment
}
