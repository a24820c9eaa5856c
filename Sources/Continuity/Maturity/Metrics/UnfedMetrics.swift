// SPDX-License-Identifier: Apache-2.0

extension MetricRegistry {
    /// Metrics that no facts feed yet: they answer unknown, whatever happens.
    static let unfed: [Metric] = {
        var all: [Metric] = []
        all.append(
            Metric(
                "severity_complete_share", .ratio, from: [.attestations],
                "incidents with a severity whose targets are defined"
            ) { _ in [unseen("severity_complete_share")] })
        all.append(
            Metric(
                "user_notice_share", .ratio, from: [.attestations],
                "incidents with user impact whose users were told within the target"
            ) { _ in [unseen("user_notice_share")] })
        all.append(
            Metric(
                "quick_by_plan_share", .ratio, from: [.attestations],
                "incidents with user impact restored by plan within the target"
            ) { _ in [unseen("quick_by_plan_share")] })
        all.append(
            Metric(
                "auto_notifications", .count("notices"), from: [.attestations], "notices sent by automation"
            ) {
                _ in [unseen("auto_notifications")]
            })
        all.append(
            Metric(
                "within_target_share", .ratio, from: [.attestations],
                "incidents restored within the target of their severity"
            ) { _ in [unseen("within_target_share")] })
        all.append(
            Metric(
                "within_target_by_severity", .ratio, from: [.attestations], "the same for the worst severity"
            ) { _ in [unseen("within_target_by_severity")] })
        all.append(
            Metric(
                "within_target_by_quarter", .ratio, from: [.attestations], "the same for the worst quarter"
            ) {
                _ in [unseen("within_target_by_quarter")]
            })
        all.append(
            Metric(
                "contingency_plan_count", .count("plans"), from: [.attestations],
                "approved contingency plans that are not overdue"
            ) { _ in [unseen("contingency_plan_count")] })
        all.append(
            Metric(
                "scenario_plan_coverage", .ratio, from: [.attestations],
                "scenarios of the catalogue with a valid plan"
            ) { _ in [unseen("scenario_plan_coverage")] })
        all.append(
            Metric(
                "app_metric_error", .ratio, from: [.attestations],
                "mean error of application readings against a reference"
            ) { _ in [unseen("app_metric_error")] })
        all.append(
            Metric(
                "predictive_rules", .count("rules"), from: [.attestations], "enabled alert rules that predict"
            ) { _ in [unseen("predictive_rules")] })
        all.append(
            Metric("duty_coverage", .ratio, from: [.attestations], "covered share of the duty pattern") { _ in
                [unseen("duty_coverage")]
            })
        all.append(
            Metric(
                "ha_count", .count("services"), scoped: true, from: [.attestations],
                "services whose survival of a lost node is proven"
            ) { _ in [unseen("ha_count")] })
        all.append(
            Metric(
                "ha_share", .ratio, scoped: true, from: [.attestations],
                "share of services whose survival of a lost node is proven"
            ) { _ in [unseen("ha_share")] })
        all.append(
            Metric(
                "ft_count", .count("services"), scoped: true, from: [.attestations],
                "services that a fault did not touch"
            ) { _ in [unseen("ft_count")] })
        all.append(
            Metric(
                "ft_share", .ratio, scoped: true, from: [.attestations],
                "share of services that a fault did not touch"
            ) { _ in [unseen("ft_share")] })
        all.append(
            Metric(
                "distributed_share", .ratio, scoped: true, from: [.attestations],
                "share of services with a distributed architecture"
            ) { _ in [unseen("distributed_share")] })
        all.append(
            Metric(
                "active_facilities", .count("facilities"), scoped: true, from: [.attestations],
                "facilities that served traffic in the last day"
            ) { _ in [unseen("active_facilities")] })
        return all
    }()
}
