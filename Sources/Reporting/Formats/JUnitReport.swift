// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AfterAction {
    /// The run as JUnit XML, for continuous integration: a case for each step and for each promise.
    ///
    /// What is unproven is an error, never a pass; what was left out is skipped.
    package func junit() -> String {
        let cases = validation.map { stepCase($0) } + services.flatMap(promiseCases)
        let failures = cases.count { $0.kind == .failure }
        let errors = cases.count { $0.kind == .error }
        let skipped = cases.count { $0.kind == .skipped }
        let attributes =
            "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\" "
            + "time=\"\(Decimals.seconds((run.endedAt - run.begunAt).inSeconds))\""
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="lifeboat" \(attributes)>
            <testsuite name="\(Escaping.html(run.scenario))" timestamp="\(LocalTime.utc(run.begunAt))" \(attributes)>
            <properties><property name="run" value="\(Escaping.html(run.run))"/><property name="mode" value="\(run.mode.rawValue)"/><property name="outcome" value="\(run.outcome.rawValue)"/><property name="journal_sha256" value="\(run.journalSha256)"/></properties>
            \(cases.map { $0.xml(className: run.scenario) }.joined(separator: "\n"))
            </testsuite>
            </testsuites>

            """
    }

    private func stepCase(_ row: ValidationRow) -> JUnitCase {
        let kind: JUnitCase.Kind =
            switch row.successful {
            case .passed: .passed
            case .skipped: .skipped
            case .failed, .timedOut, .gaveUp: .failure
            case .unknown, nil: .error
            }
        return JUnitCase(
            name: row.step, seconds: row.lengthSeconds, kind: kind,
            message: row.actual.isEmpty ? row.successful?.rawValue ?? "not run" : row.actual,
            detail: "expected: \(row.expected)")
    }

    private func promiseCases(_ service: ServicePart) -> [JUnitCase] {
        service.figures.filter { $0.objectiveSeconds != nil && $0.kind != .recoveryTimeProjected }.map {
            figure in
            let kind: JUnitCase.Kind =
                switch figure.verdict {
                case .met: .passed
                case .missed: .failure
                case .unproven: .error
                }
            return JUnitCase(
                name: "\(service.recovery.service).\(figure.kind.rawValue)", seconds: nil, kind: kind,
                message: words.sentence(figure), detail: figure.reasons.joined(separator: "; "))
        }
    }
}

private struct JUnitCase {
    enum Kind {
        case passed
        case failure
        case error
        case skipped
    }

    var name: String
    var seconds: Double?
    var kind: Kind
    var message: String
    var detail: String

    func xml(className: String) -> String {
        let head =
            "<testcase classname=\"\(Escaping.html(className))\" name=\"\(Escaping.html(name))\""
            + (seconds.map { " time=\"\(Decimals.seconds($0))\"" } ?? "")
        let message = "message=\"\(Escaping.html(self.message))\""
        return switch kind {
        case .passed: head + "/>"
        case .failure: head + "><failure \(message)>\(Escaping.html(detail))</failure></testcase>"
        case .error: head + "><error \(message)>\(Escaping.html(detail))</error></testcase>"
        case .skipped: head + "><skipped \(message)/></testcase>"
        }
    }
}

/// Numbers as machine formats want them: a point, no grouping, no locale.
enum Decimals {
    /// Three decimals.
    static func seconds(_ value: Double) -> String {
        let thousandths = Int((value * 1_000).rounded())
        let (whole, rest) = abs(thousandths).quotientAndRemainder(dividingBy: 1_000)
        let digits = String(rest)
        let padded = String(repeating: "0", count: 3 - digits.count) + digits
        return "\(thousandths < 0 ? "-" : "")\(whole).\(padded)"
    }
}
