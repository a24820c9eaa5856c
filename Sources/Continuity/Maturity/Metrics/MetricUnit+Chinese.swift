// SPDX-License-Identifier: Apache-2.0

extension MetricUnit {
    /// A value as a Chinese reader reads it; lengths of time keep their short units, as the plan writes them.
    func chinese(_ value: Double) -> String {
        if value == .infinity { return "没有尽头" }
        if value == -.infinity { return "未知" }
        guard case .count(let noun) = self else { return text(value) }
        return "\(ParameterValue.plain(value)) \(Self.counters[noun] ?? noun)"
    }

    /// Bounds as a Chinese reader reads them.
    func chinese(from lower: Double, to upper: Double) -> String {
        if lower == upper { return chinese(lower) }
        if lower == -.infinity, upper == .infinity { return "未知" }
        if upper == .infinity { return "至少 \(chinese(lower))" }
        if lower == -.infinity { return "不超过 \(chinese(upper))" }
        return "\(chinese(lower)) 至 \(chinese(upper))"
    }

    /// How things are counted, by the noun of their metric.
    static let counters = [
        "actions": "项措施", "copies": "份副本", "drills": "次演练", "facilities": "处机房", "incidents": "起事件",
        "incidents a month": "起事件每月", "modes": "种方式", "notices": "次通知", "plans": "份预案", "records": "条记录",
        "rules": "条规则", "runs": "次运行", "services": "个服务", "sources": "个来源", "trainings": "次培训",
    ]
}
