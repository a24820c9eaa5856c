// SPDX-License-Identifier: Apache-2.0
import Continuity

/// OSCAL assessment results (NIST, version 1.1.2): the grade as other tools of assurance read it.
///
/// A criterion is an observation, a level of a dimension a finding. What is unknown is `not-satisfied` with
/// the reason `other`, since the format has no third state, and the property `status` says `unknown`.
package struct OSCALDocument: Encodable, Sendable {
    private enum Key: String, CodingKey {
        case results = "assessment-results"
    }

    private let results: OSCALResults

    package init?(_ report: AuditReport) {
        guard let grade = report.grade else { return nil }
        results = OSCALResults(report, grade)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(results, forKey: .results)
    }
}

/// A value of JSON, since OSCAL's keys are not ours.
indirect enum JSONValue: Encodable, Sendable, ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByArrayLiteral
{
    case text(String)
    case list([JSONValue])
    case object([(String, JSONValue)])

    init(stringLiteral text: String) {
        self = .text(text)
    }

    init(dictionaryLiteral pairs: (String, JSONValue)...) {
        self = .object(pairs)
    }

    init(arrayLiteral values: JSONValue...) {
        self = .list(values)
    }

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            nil
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .text(let text):
            var container = encoder.singleValueContainer()
            try container.encode(text)
        case .list(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        case .object(let pairs):
            var container = encoder.container(keyedBy: Name.self)
            for (key, value) in pairs { try container.encode(value, forKey: Name(stringValue: key)) }
        }
    }
}

private struct OSCALResults: Encodable, Sendable {
    private static let space = "https://lifeboat.invalid/ns/continuity"
    let report: AuditReport
    let grade: GradeReport

    init(_ report: AuditReport, _ grade: GradeReport) {
        self.report = report
        self.grade = grade
    }

    func encode(to encoder: any Encoder) throws {
        try document.encode(to: encoder)
    }

    private func id(_ name: String) -> JSONValue {
        .text(NamedUUID.text("\(report.workspace)/\(report.ledger.headSha256 ?? "")/\(name)"))
    }

    private var document: JSONValue {
        let plan = NamedUUID.text("plan/\(grade.model)")
        return [
            "uuid": id("results"),
            "metadata": [
                "title": .text("Continuity audit of \(Escaping.visible(report.organisation))"),
                "last-modified": .text(LocalTime.utc(report.generatedAt)), "version": "1",
                "oscal-version": "1.1.2",
            ],
            "import-ap": ["href": .text("#\(plan)")],
            "results": [result],
            "back-matter": [
                "resources": [
                    [
                        "uuid": .text(plan), "title": "Assessment plan",
                        "description": .text(
                            "Grading model \(grade.model), profile \(grade.profile.rawValue)"),
                    ]
                ]
            ],
        ]
    }

    private var dimensions: [DimensionGrade] { grade.tables.flatMap(\.dimensions) }

    private var result: JSONValue {
        [
            "uuid": id("result"), "title": "Continuity management",
            "description": "Computed from recorded facts; what is not known is said to be unknown.",
            "start": .text(LocalTime.utc(grade.windowBegunAt)), "end": .text(LocalTime.utc(grade.asOf)),
            "reviewed-controls": [
                "control-selections": [
                    ["include-controls": .list(dimensions.map { ["control-id": .text($0.id)] })]
                ]
            ],
            "observations": .list(dimensions.flatMap(\.criteria).map(observation)),
            "findings": .list(dimensions.flatMap(findings)),
        ]
    }

    private func observation(_ criterion: CriterionResult) -> JSONValue {
        let method =
            criterion.basis == .attested || criterion.kind == .attested ? "EXAMINE" : "TEST"
        let value = criterion.value.map { "; measured \($0)" } ?? ""
        let bar = criterion.bar.map { ", asked \($0)" } ?? ""
        let trace = EventTrace(criterion.evidence).text
        return [
            "uuid": id("observation/\(criterion.id)"),
            "description": .text(Escaping.visible("\(criterion.textEn): \(criterion.wordsEn)\(value)\(bar)")),
            "methods": [.text(method)], "collected": .text(LocalTime.utc(grade.asOf)),
            "props": .list([
                property("criterion", criterion.id), property("status", criterion.state.rawValue),
                property("basis", criterion.basis.rawValue),
                property("ledger-events", trace.isEmpty ? "none" : trace),
            ]),
        ]
    }

    private func property(_ name: String, _ value: String) -> JSONValue {
        ["name": .text(name), "ns": .text(Self.space), "value": .text(value)]
    }

    private func findings(_ dimension: DimensionGrade) -> [JSONValue] {
        dimension.levels.map { level in
            let state = level.state == .met ? "satisfied" : "not-satisfied"
            let reason = level.state == .met ? "pass" : level.state == .notMet ? "fail" : "other"
            let related = level.criteria.filter { dimension.criterion($0) != nil }
            return [
                "uuid": id("finding/\(dimension.id)/\(level.level)"),
                "title": .text("\(dimension.nameEn): level \(level.level)"),
                "description": .text("\(dimension.verdictEn); this level is \(level.state.rawValue)"),
                "props": [property("status", level.state.rawValue)],
                "target": [
                    "type": "objective-id", "target-id": .text("\(dimension.id)-l\(level.level)"),
                    "status": ["state": .text(state), "reason": .text(reason)],
                ],
                "related-observations": .list(
                    related.map { ["observation-uuid": id("observation/\($0)")] }),
            ]
        }
    }
}
