// SPDX-License-Identifier: Apache-2.0

/// The Chinese words for what a metric looked at, where that is no name of the plan.
enum MemberWords {
    /// `nil` for a name, such as a dataset or a quarter.
    static func chinese(_ member: String) -> String? {
        if let word = words[member] { return word }
        let severity = "severity "
        return member.hasPrefix(severity) ? "级别 \(member.dropFirst(severity.count))" : nil
    }

    private static let words = [
        "actions": "改进措施", "alerts": "告警", "builds": "构建", "changes": "变更", "deployments": "部署",
        "drills": "演练",
        "duty": "值班", "incidents": "事件", "months": "月份", "people": "人员", "plans": "预案", "platform": "研发平台",
        "probes": "探测", "readings": "读数", "records": "记录", "rules": "规则", "runs": "流水线运行", "scenarios": "场景",
        "services": "服务", "sites": "站点", "sources": "监控来源", "trainings": "培训",
    ]
}
