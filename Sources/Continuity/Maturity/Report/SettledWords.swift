// SPDX-License-Identifier: Apache-2.0

/// The Chinese words for what would settle or repair a criterion.
///
/// Metrics say it in English; this is the catalogue, one line for each phrase, `{}` where a name stands. A test reads
/// the sources and holds that no phrase is missing.
package enum SettledWords {
    /// The Chinese for an English phrase; the phrase itself where the catalogue has none.
    package static func chinese(_ english: String) -> String { find(english) ?? english }

    /// `nil` where the catalogue has none.
    package static func find(_ english: String) -> String? {
        if let exact = plain[english] { return exact }
        for (pattern, words) in filled {
            guard let names = names(in: english, by: pattern) else { continue }
            var rest = names.map { plainNames[$0] ?? find($0) ?? $0 }[...]
            let parts = split(words)
            return parts.dropFirst().reduce(String(parts[0])) { $0 + (rest.popFirst() ?? "") + String($1) }
        }
        return nil
    }

    /// What stands in the places of a pattern; `nil` when it does not fit.
    private static func names(in text: String, by pattern: [Substring]) -> [String]? {
        guard let first = pattern.first, text.hasPrefix(String(first)) else { return nil }
        var rest = text.dropFirst(first.count)
        var names: [String] = []
        for (place, part) in pattern.dropFirst().enumerated() {
            if place == pattern.count - 2, part.isEmpty {
                names.append(String(rest))
                return names
            }
            let isLast = place == pattern.count - 2
            guard let at = isLast ? lastStart(of: part, in: rest) : firstStart(of: part, in: rest) else {
                return nil
            }
            names.append(String(rest[..<at]))
            rest = rest[at...].dropFirst(part.count)
        }
        return rest.isEmpty ? names : nil
    }

    private static func firstStart(of part: Substring, in text: Substring) -> String.Index? {
        text.indices.first { text[$0...].hasPrefix(String(part)) }
    }

    private static func lastStart(of part: Substring, in text: Substring) -> String.Index? {
        text.hasSuffix(String(part)) ? text.index(text.endIndex, offsetBy: -part.count) : nil
    }

    private static func split(_ text: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = text[...]
        while let at = rest.indices.first(where: { rest[$0...].hasPrefix("{}") }) {
            parts.append(rest[..<at])
            rest = rest[at...].dropFirst(2)
        }
        return parts + [rest]
    }

    private static let plain = Dictionary(
        uniqueKeysWithValues: catalogue.filter { split($0.0).count == 1 })

    private static let filled = catalogue.map { (pattern: split($0.0), words: $0.1) }
        .filter { $0.pattern.count > 1 }

    /// Names that are words of ours.
    private static let plainNames = ["incidents": "事件", "changes": "变更"]
}

extension SettledWords {
    /// The longer of two phrases that begin alike stands first.
    private static let catalogue: [(String, String)] = plans + copies + drills + probes + books

    private static let plans = [
        ("severities with targets in the plan", "在计划的 severities 中为各级事件写明时限"),
        ("an availability objective in the plan", "在计划中写明可用性目标"),
        ("instances of critical services in the plan", "在计划中登记关键服务的各个实例"),
        ("facility and city of every site in the plan", "在计划中写明每个站点的机房与城市"),
        (
            "a plan that names the development platform as a service",
            "在计划中把研发平台登记为服务（kind: devops_platform）"
        ),
        ("a plan that names what is in scope: no {} is defined", "在计划中写明范围：目前没有 {}"),
        ("teams with members in the plan", "在计划中登记团队及其成员"),
        ("services in the plan", "在计划中登记服务"),
        ("services of the recovery team in the plan", "在计划中写明恢复团队所负责的服务"),
        ("architecture of each service in the plan, and an attestation", "在计划中写明各服务的架构，并由专人声明"),
        ("instances of {} in the plan, and probes that ask them", "在计划中登记 {} 的各个实例，并配置向其提问的探测"),
        ("scenarios in the plan", "在计划的 scenarios 中列出场景"),
    ]

    private static let copies = [
        (
            "run the backups on schedule: 'lifeboat tick' from a timer, and 'lifeboat backup {}' now",
            "按时执行备份：由定时器运行 lifeboat tick，并立即执行 lifeboat backup {}"
        ),
        (
            "run {} more often and read its listing in as often: {}", "提高 {} 的备份频度，并以同样频度读入其清单：{}"
        ),
        ("lifeboat backup {}", "执行 lifeboat backup {}"),
        ("lifeboat copies heal {}", "执行 lifeboat copies heal {}"),
        ("'{}', then '{}'", "先执行 '{}'，再执行 '{}'"),
        (
            "history back to {}, or a person who declares the register of backups complete for that time",
            "补全自 {} 起的历史，或由专人声明该时段的备份登记完整"
        ),
        ("history back to {}", "补全自 {} 起的历史"),
        ("copies away from production over the whole window", "在整个窗口内于生产站点之外保有副本"),
        (
            "copies of {} as fresh as that: how far a standby lags is not measured",
            "使 {} 的副本达到同样的新鲜度：备用端的滞后未作测量"
        ),
        ("a longer window", "加长统计窗口"),
    ]

    private static let drills = [
        (
            "a drill of kind {} with people present and its report written",
            "举行一次 {} 类演练，人员到场并写出报告"
        ),
        ("lifeboat drill report RUN", "执行 lifeboat drill report RUN 写出报告"),
        ("a simulation, partial or full drill that recovers {}", "举行一次恢复 {} 的模拟、部分或全面演练"),
        ("a drill that measures the recovery time of {}", "举行一次能测出 {} 恢复时间的演练"),
        ("a drill that reads a canary of {}", "举行一次能读回 {} 金丝雀记录的演练"),
        (
            "a drill that brings {} back without a restore, and standby_probes of it in the plan",
            "举行一次不经还原即恢复 {} 的演练，并在计划中配置其 standby_probes"
        ),
        ("a drill that brings {} back at its standby", "举行一次在备用端恢复 {} 的演练"),
        (
            "drills with a fault at an instance of each service, and probes of it",
            "对每个服务的某一实例注入故障进行演练，并以探测观察"
        ),
        (
            "actions from drills closed in time, and the word that the register is complete",
            "按期关闭演练提出的改进措施，并声明登记完整"
        ),
    ]

    private static let probes = [
        ("the service running for 30 days ('lifeboat run')", "让常驻服务（lifeboat run）连续运行 30 天"),
        ("the service running ('lifeboat run')", "启动常驻服务（lifeboat run）"),
        ("a probe of {} in the plan", "在计划中为 {} 配置探测"),
        ("probe samples over the whole window ('lifeboat run')", "补足整个窗口的探测样本（lifeboat run）"),
        ("a probe of each, running for 30 days", "为每个服务配置探测并连续运行 30 天"),
        ("imported alerts", "导入告警记录"),
        ("imported alerts of rules that predict", "导入预测类规则产生的告警"),
        ("faster alerts", "缩短告警时延"),
        ("readings entered with 'lifeboat register add'", "用 lifeboat register add 登记与基准对照的读数"),
        ("readings that are truer", "提高读数的准确度"),
    ]

    private static let books = [
        (
            "incidents recorded with 'lifeboat incident' or imported with the time they cover",
            "用 lifeboat incident 登记事件，或导入事件并注明所覆盖的时段"
        ),
        ("changes imported with the time they cover", "导入变更记录并注明所覆盖的时段"),
        ("pipeline runs imported with the time they cover", "导入流水线记录并注明所覆盖的时段"),
        ("fewer repeats", "减少重复发生的事件"),
        ("fewer {}", "减少{}"),
        (
            "a contingency plan of each, entered with 'lifeboat register add'",
            "用 lifeboat register add 为每个场景登记应急预案"
        ),
        ("contingency plans entered with 'lifeboat register add'", "用 lifeboat register add 登记应急预案"),
        ("trainings entered with 'lifeboat register add'", "用 lifeboat register add 登记培训"),
        (
            "a training entered with 'lifeboat register add' and assessed",
            "用 lifeboat register add 登记一次经过考核的培训"
        ),
        ("shifts entered with 'lifeboat register add'", "用 lifeboat register add 登记值班"),
        ("shifts of the whole window", "补全整个窗口的值班记录"),
    ]
}
