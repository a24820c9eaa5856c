// SPDX-License-Identifier: Apache-2.0

/// The fields of one register, the same as keys of JSON and as columns of a table.
package struct ImportSchema: Hashable, Sendable {
    package enum Form: Hashable, Sendable {
        case text
        /// RFC 3339, `2026-11-02 09:30` in the zone of the import, or seconds since 1970.
        case time
        case truth
        case number
        case word([String])
        /// `call@TIME;deputy@TIME`, or a list of `{kind, at}`.
        case escalations

        package var words: String {
            switch self {
            case .text: "text"
            case .time: "time"
            case .truth: "true or false"
            case .number: "number"
            case .word(let words): words.joined(separator: " \\| ")
            case .escalations: "call@TIME;deputy@TIME"
            }
        }
    }

    package struct Field: Hashable, Sendable {
        package var name: String
        package var form: Form
        package var isRequired: Bool
        package var meaning: String

        fileprivate init(_ name: String, _ form: Form, _ meaning: String, required: Bool = false) {
            self.name = name
            self.form = form
            self.meaning = meaning
            isRequired = required
        }
    }

    package var name: String
    package var fields: [Field]

    package func field(_ name: String) -> Field? { fields.first { $0.name == name } }

    private static let finders = Form.word(Incident.Finder.allCases.map(\.rawValue))
    private static let actors = Form.word(Incident.Actor.allCases.map(\.rawValue))

    package static let incidents = ImportSchema(
        name: "incidents",
        fields: [
            Field(
                "id", .text, "what names it for ever; a later record of the same id replaces it",
                required: true),
            Field("service", .text, "the service of the plan that it hit"),
            Field("title", .text, "what happened, in a line"),
            Field("severity", .text, "a severity of the organisation, such as major"),
            Field("category", .text, "a class of the organisation"),
            Field("scenario", .text, "the scenario of a contingency plan"),
            Field("begun_at", .time, "when it began to hurt", required: true),
            Field("detected_at", .time, "when it was first noticed"),
            Field("detected_by", finders, "by whom"),
            Field("first_user_report_at", .time, "when a user first complained"),
            Field("warned_at", .time, "when a prediction warned of it"),
            Field("registered_at", .time, "when it was written down"),
            Field("opened_by", actors, "who wrote it down"),
            Field("acknowledged_at", .time, "when somebody took it"),
            Field("first_action_at", .time, "when somebody first acted"),
            Field("first_action_by", actors, "who did"),
            Field("users_told_at", .time, "when users were told"),
            Field("reported_at", .time, "when it was reported upwards"),
            Field("restored_at", .time, "when the service was good again"),
            Field("restored_by", actors, "who restored it"),
            Field("is_auto_diagnosed", .truth, "whether a program found the cause"),
            Field("cause_found_at", .time, "when the cause was known"),
            Field("closed_at", .time, "when it was closed"),
            Field("user_impact_seconds", .number, "for how long users felt it; 0 when they did not"),
            Field("contingency_plan", .text, "the plan it was handled by"),
            Field("runbook", .text, "the runbook that was used"),
            Field("ticket", .text, "the ticket"),
            Field("problem", .text, "the problem record"),
            Field("recurrence_of", .text, "the incident that it repeats"),
            Field("escalations", .escalations, "calls and hand-overs because nobody answered"),
        ])

    package static let changes = ImportSchema(
        name: "changes",
        fields: [
            Field(
                "id", .text, "what names it for ever; a later record of the same id replaces it",
                required: true),
            Field("kind", .word(Change.Kind.allCases.map(\.rawValue)), "how it came about", required: true),
            Field("service", .text, "the service of the plan that it touched"),
            Field("approved_at", .time, "when it was approved"),
            Field("window_begun_at", .time, "the begin of its window"),
            Field("window_ended_at", .time, "the end of its window"),
            Field("implemented_at", .time, "when it was carried out", required: true),
            Field("has_failed_first", .truth, "whether the first attempt failed", required: true),
            Field("rollback", .word(Change.Rollback.allCases.map(\.rawValue)), "what became of the way back"),
            Field("is_rollback_automatic", .truth, "whether a program went back"),
            Field("is_automated", .truth, "whether a program carried it out"),
            Field("is_attended", .truth, "whether somebody watched"),
            Field("rollout_mode", .text, "such as canary, blue_green, all_at_once"),
            Field("user_impact_seconds", .number, "for how long users felt it; 0 when they did not"),
            Field("opened_by", actors, "who opened it"),
        ])

    package static let alerts = ImportSchema(
        name: "alerts",
        fields: [
            Field("id", .text, "what names it for ever", required: true),
            Field("rule", .text, "the rule that fired", required: true),
            Field("service", .text, "the service of the plan"),
            Field("is_important", .truth, "whether it is of an important grade"),
            Field("is_prediction", .truth, "whether it warns of what is to come"),
            Field("true_at", .time, "since when the condition held"),
            Field("fired_at", .time, "when the rule fired"),
            Field("delivered_at", .time, "when somebody was told; the earliest counts", required: true),
            Field("resolved_at", .time, "when it was over"),
        ])

    package static let pipelines = ImportSchema(
        name: "pipelines",
        fields: [
            Field(
                "id", .text, "what names it for ever; a later record of the same id replaces it",
                required: true),
            Field("kind", .word(PipelineRun.Kind.allCases.map(\.rawValue)), "what it did", required: true),
            Field(
                "subject", .text,
                "what fails and recovers as one: pipeline and branch, service and environment",
                required: true),
            Field("is_main", .truth, "whether it ran on a main branch, or into production", required: true),
            Field("succeeded", .truth, "whether it came out well", required: true),
            Field("begun_at", .time, "when it began", required: true),
            Field("ended_at", .time, "when it ended", required: true),
            Field("requested_at", .time, "when what it delivers was committed or asked for"),
            Field("is_rollback", .truth, "whether it went back to an older state"),
        ])

    package static let all: [ImportSchema] = [incidents, changes, alerts, pipelines]
}
