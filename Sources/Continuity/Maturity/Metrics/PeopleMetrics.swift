// SPDX-License-Identifier: Apache-2.0

extension MetricRegistry {
    /// Table 14, people and culture: what no program sees, so that a person's word stands in.
    static let people: [Metric] = {
        var all: [Metric] = []
        all.append(
            Metric(
                "dr_team_coverage", .ratio, scoped: true, from: [.services, .attestations],
                "the share of the services to which a member of the recovery team is assigned"
            ) { _ in [unseen("who is assigned to which service")] })
        all.append(
            Metric(
                "overdue_drill_actions", .count("actions"), from: [.drills],
                "improvement actions from drills that are past their date"
            ) { _ in [unseen("what became of improvement actions")] })
        all.append(
            Metric(
                "trained_role_share", .ratio, from: [.attestations],
                "the share of those with a role who took part in a training of the window"
            ) { _ in [unseen("who took part in trainings")] })
        all.append(
            Metric(
                "assessed_training_count", .count("trainings"), from: [.attestations],
                "trainings of the window whose effect was tested"
            ) { _ in [unseen("what trainings achieved")] })
        return all
    }()

    static func unseen(_ what: String) -> Reading {
        .nothing(
            "organisation", "no record says \(what)", settledBy: "an attestation, where the model takes one")
    }
}
