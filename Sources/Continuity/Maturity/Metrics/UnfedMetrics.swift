// SPDX-License-Identifier: Apache-2.0

extension MetricRegistry {
    /// Metrics that no facts feed yet: they answer unknown, whatever happens.
    static let unfed: [Metric] = [
        Metric(
            "incident_registration_share", .ratio, from: [.attestations],
            "incidents registered within the limit after their detection"
        ) { _ in [unseen("incident_registration_share")] },
        Metric(
            "incident_notice_count", .count("incidents"), from: [.attestations],
            "incidents of which users were told or a report was made"
        ) { _ in [unseen("incident_notice_count")] },
        Metric(
            "before_users_share", .ratio, from: [.attestations],
            "incidents that monitoring or staff found no later than the first user"
        ) { _ in [unseen("before_users_share")] },
        Metric(
            "monitor_first_share", .ratio, from: [.attestations],
            "incidents that monitoring found no later than the first user"
        ) { _ in [unseen("monitor_first_share")] },
        Metric(
            "severity_complete_share", .ratio, from: [.attestations],
            "incidents with a severity whose targets are defined"
        ) { _ in [unseen("severity_complete_share")] },
        Metric(
            "graded_incident_share", .ratio, from: [.attestations], "incidents with a category and a severity"
        ) { _ in [unseen("graded_incident_share")] },
        Metric(
            "user_notice_share", .ratio, from: [.attestations],
            "incidents with user impact whose users were told within the target"
        ) { _ in [unseen("user_notice_share")] },
        Metric(
            "plan_first_share", .ratio, from: [.attestations],
            "incidents with a plan for their scenario that were restored by it before the cause was known"
        ) { _ in [unseen("plan_first_share")] },
        Metric(
            "root_cause_share", .ratio, from: [.attestations],
            "incidents closed over 30 days ago whose cause is known"
        ) { _ in [unseen("root_cause_share")] },
        Metric(
            "early_warning_share", .ratio, from: [.attestations],
            "incidents with an automatic warning before the impact"
        ) { _ in [unseen("early_warning_share")] },
        Metric(
            "quick_by_plan_share", .ratio, from: [.attestations],
            "incidents with user impact restored by plan within the target"
        ) { _ in [unseen("quick_by_plan_share")] },
        Metric("auto_diagnosed_share", .ratio, from: [.attestations], "incidents with an automatic diagnosis")
        { _ in [unseen("auto_diagnosed_share")] },
        Metric("auto_restored_share", .ratio, from: [.attestations], "incidents restored by automation alone")
        { _ in [unseen("auto_restored_share")] },
        Metric(
            "auto_restored_incidents", .count("incidents"), from: [.attestations],
            "incidents restored by automation alone"
        ) { _ in [unseen("auto_restored_incidents")] },
        Metric(
            "auto_restored_impact", .seconds, from: [.attestations],
            "user impact of the incidents restored by automation"
        ) { _ in [unseen("auto_restored_impact")] },
        Metric(
            "self_healed_incidents", .count("incidents"), from: [.attestations],
            "incidents diagnosed and restored by automation"
        ) { _ in [unseen("self_healed_incidents")] },
        Metric(
            "runbook_restored_incidents", .count("incidents"), from: [.attestations],
            "incidents restored by automation with a runbook"
        ) { _ in [unseen("runbook_restored_incidents")] },
        Metric(
            "user_impact_total", .seconds, from: [.attestations],
            "user impact of all incidents of the window together"
        ) { _ in [unseen("user_impact_total")] },
        Metric(
            "user_impact_incidents", .count("incidents"), from: [.attestations], "incidents with user impact"
        ) { _ in [unseen("user_impact_incidents")] },
        Metric(
            "incident_timeline_share", .ratio, from: [.attestations],
            "incidents with the times of begin, detection, registration and restoration"
        ) { _ in [unseen("incident_timeline_share")] },
        Metric(
            "lifecycle_complete_share", .ratio, from: [.attestations],
            "incidents in which every stage has a time"
        ) { _ in [unseen("lifecycle_complete_share")] },
        Metric(
            "one_touch_share", .ratio, from: [.attestations],
            "incidents with user impact whose first action was a runbook at once"
        ) { _ in [unseen("one_touch_share")] },
        Metric(
            "automated_action_incidents", .count("incidents"), from: [.attestations],
            "incidents with an action by automation"
        ) { _ in [unseen("automated_action_incidents")] },
        Metric("auto_notifications", .count("notices"), from: [.attestations], "notices sent by automation") {
            _ in [unseen("auto_notifications")]
        },
        Metric(
            "important_incident_call_share", .ratio, from: [.attestations],
            "important incidents with a ticket, and called when nobody acknowledged"
        ) { _ in [unseen("important_incident_call_share")] },
        Metric(
            "late_escalation_share", .ratio, from: [.attestations],
            "incidents acknowledged late that went to a deputy or a manager"
        ) { _ in [unseen("late_escalation_share")] },
        Metric(
            "major_incident_growth", .count("incidents"), from: [.attestations],
            "major incidents of the second half of the window less those of the first"
        ) { _ in [unseen("major_incident_growth")] },
        Metric(
            "incident_growth", .count("incidents"), from: [.attestations],
            "incidents of the second half of the window less those of the first"
        ) { _ in [unseen("incident_growth")] },
        Metric(
            "incident_trend", .count("incidents a month"), from: [.attestations],
            "the slope of incidents by month"
        ) { _ in [unseen("incident_trend")] },
        Metric(
            "recurrence_growth", .ratio, from: [.attestations],
            "the share of repeated incidents in the second half of the window less that of the first"
        ) { _ in [unseen("recurrence_growth")] },
        Metric(
            "recurrence_problem_share", .ratio, from: [.attestations],
            "repeated incidents with a problem record"
        ) { _ in [unseen("recurrence_problem_share")] },
        Metric(
            "within_target_share", .ratio, from: [.attestations],
            "incidents restored within the target of their severity"
        ) { _ in [unseen("within_target_share")] },
        Metric("within_target_by_severity", .ratio, from: [.attestations], "the same for the worst severity")
        { _ in [unseen("within_target_by_severity")] },
        Metric("within_target_by_quarter", .ratio, from: [.attestations], "the same for the worst quarter") {
            _ in [unseen("within_target_by_quarter")]
        },
        Metric(
            "incident_months_share", .ratio, from: [.attestations],
            "months of the window whose incidents are all known"
        ) { _ in [unseen("incident_months_share")] },
        Metric(
            "auto_opened_share", .ratio, from: [.attestations],
            "incidents found by monitoring that automation opened"
        ) { _ in [unseen("auto_opened_share")] },
        Metric(
            "automation_opened_count", .count("records"), from: [.attestations],
            "incidents or changes that automation opened"
        ) { _ in [unseen("automation_opened_count")] },
        Metric(
            "contingency_plan_count", .count("plans"), from: [.attestations],
            "approved contingency plans that are not overdue"
        ) { _ in [unseen("contingency_plan_count")] },
        Metric(
            "scenario_plan_coverage", .ratio, from: [.attestations],
            "scenarios of the catalogue with a valid plan"
        ) { _ in [unseen("scenario_plan_coverage")] },
        Metric(
            "change_first_fail_rate", .ratio, from: [.attestations],
            "changes that failed at the first attempt"
        ) { _ in [unseen("change_first_fail_rate")] },
        Metric("rollback_fail_rate", .ratio, from: [.attestations], "rollbacks that failed") { _ in
            [unseen("rollback_fail_rate")]
        },
        Metric(
            "change_in_window_share", .ratio, from: [.attestations], "changes made inside an approved window"
        ) { _ in [unseen("change_in_window_share")] },
        Metric("change_automated_share", .ratio, from: [.attestations], "changes made by automation") { _ in
            [unseen("change_automated_share")]
        },
        Metric(
            "change_unattended_share", .ratio, from: [.attestations],
            "changes made by automation with nobody attending"
        ) { _ in [unseen("change_unattended_share")] },
        Metric(
            "change_approved_before_share", .ratio, from: [.attestations],
            "changes approved before they were made"
        ) { _ in [unseen("change_approved_before_share")] },
        Metric(
            "rollout_modes", .count("modes"), from: [.attestations],
            "different modes of rollout among automated changes"
        ) { _ in [unseen("rollout_modes")] },
        Metric(
            "auto_rollback_share", .ratio, from: [.attestations],
            "failed changes rolled back automatically without user impact"
        ) { _ in [unseen("auto_rollback_share")] },
        Metric(
            "mttr_ci", .seconds, from: [.attestations],
            "mean time from a red build of a main branch to the next green one"
        ) { _ in [unseen("mttr_ci")] },
        Metric(
            "mttr_cd", .seconds, from: [.attestations],
            "mean time from a failed deployment to the next good one"
        ) { _ in [unseen("mttr_cd")] },
        Metric(
            "mttr_platform", .seconds, from: [.attestations],
            "mean time to restore services of kind devops_platform"
        ) { _ in [unseen("mttr_platform")] },
        Metric(
            "delivery_lead_time", .seconds, from: [.attestations],
            "median time from commit or request to running in production"
        ) { _ in [unseen("delivery_lead_time")] },
        Metric("ci_run_count", .count("runs"), from: [.attestations], "builds in the window") { _ in
            [unseen("ci_run_count")]
        },
        Metric("cd_run_count", .count("runs"), from: [.attestations], "deployments in the window") { _ in
            [unseen("cd_run_count")]
        },
        Metric(
            "probe_coverage", .ratio, scoped: true, from: [.attestations],
            "services with a probe that has samples on each of the last 30 days"
        ) { _ in [unseen("probe_coverage")] },
        Metric(
            "e2e_probe_coverage", .ratio, scoped: true, from: [.attestations],
            "the same with a probe of a whole transaction from a user vantage"
        ) { _ in [unseen("e2e_probe_coverage")] },
        Metric(
            "monitoring_sources", .count("sources"), from: [.attestations],
            "probes and alert sources with data on each of the last 30 days"
        ) { _ in [unseen("monitoring_sources")] },
        Metric(
            "metric_sample_interval", .seconds, from: [.attestations], "time between neighbouring readings"
        ) { _ in [unseen("metric_sample_interval")] },
        Metric(
            "app_metric_error", .ratio, from: [.attestations],
            "mean error of application readings against a reference"
        ) { _ in [unseen("app_metric_error")] },
        Metric(
            "alert_delay", .seconds, from: [.attestations], "time from the condition to the delivered alert"
        ) { _ in [unseen("alert_delay")] },
        Metric("alert_delay_important", .seconds, from: [.attestations], "the same for important alerts") {
            _ in [unseen("alert_delay_important")]
        },
        Metric("predictive_rules", .count("rules"), from: [.attestations], "enabled alert rules that predict")
        { _ in [unseen("predictive_rules")] },
        Metric("duty_coverage", .ratio, from: [.attestations], "covered share of the duty pattern") { _ in
            [unseen("duty_coverage")]
        },
        Metric(
            "availability", .ratio, scoped: true, from: [.attestations],
            "share of the window in which a service was up"
        ) { _ in [unseen("availability")] },
        Metric(
            "downtime_h_per_year", .seconds, scoped: true, from: [.attestations],
            "downtime scaled to a year of 8760 h"
        ) { _ in [unseen("downtime_h_per_year")] },
        Metric(
            "availability_target_share", .ratio, scoped: true, from: [.attestations],
            "services with an availability objective"
        ) { _ in [unseen("availability_target_share")] },
        Metric(
            "availability_over_target", .ratio, scoped: true, from: [.attestations],
            "availability less the objective"
        ) { _ in [unseen("availability_over_target")] },
        Metric(
            "ha_count", .count("services"), scoped: true, from: [.attestations],
            "services whose survival of a lost node is proven"
        ) { _ in [unseen("ha_count")] },
        Metric(
            "ha_share", .ratio, scoped: true, from: [.attestations],
            "share of services whose survival of a lost node is proven"
        ) { _ in [unseen("ha_share")] },
        Metric(
            "ft_count", .count("services"), scoped: true, from: [.attestations],
            "services that a fault did not touch"
        ) { _ in [unseen("ft_count")] },
        Metric(
            "ft_share", .ratio, scoped: true, from: [.attestations],
            "share of services that a fault did not touch"
        ) { _ in [unseen("ft_share")] },
        Metric(
            "distributed_share", .ratio, scoped: true, from: [.attestations],
            "share of services with a distributed architecture"
        ) { _ in [unseen("distributed_share")] },
        Metric(
            "dr_site_rank", .rank, from: [.attestations],
            "how far away the farthest site lies that stands by for a critical service"
        ) { _ in [unseen("dr_site_rank")] },
        Metric(
            "active_facilities", .count("facilities"), scoped: true, from: [.attestations],
            "facilities that served traffic in the last day"
        ) { _ in [unseen("active_facilities")] },
    ]
}
