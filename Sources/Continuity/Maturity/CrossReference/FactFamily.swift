// SPDX-License-Identifier: Apache-2.0

/// What Lifeboat measures or takes down, in the families that frameworks ask for.
package enum FactFamily: String, Hashable, Sendable, Codable, CaseIterable {
    case cadence
    case copies
    case location
    case verification
    case drills
    case recovery
    case standby
    case availability
    case incidents
    case pipelines
    case changes
    case documents
    case people
    case actions

    package var nameEn: String {
        switch self {
        case .cadence: "how often backups are made, and the longest gap"
        case .copies: "how many places hold a fresh, verified copy"
        case .location: "how far away they lie"
        case .verification: "checks of copies, and restore tests"
        case .drills: "drills by kind, date and result"
        case .recovery: "recovery point and recovery time achieved"
        case .standby: "what stands ready at the other site, and its proof"
        case .availability: "measured availability"
        case .incidents: "incidents, their times and repairs"
        case .pipelines: "failures of pipelines, and their repair"
        case .changes: "changes, their failures and ways back"
        case .documents: "plans and documents, attested"
        case .people: "teams, duty and training, attested"
        case .actions: "what became of improvement actions"
        }
    }

    package var nameZh: String {
        switch self {
        case .cadence: "备份频度与最长间隔"
        case .copies: "保有新近且已验证副本的处所数"
        case .location: "副本所在地的距离"
        case .verification: "副本校验与恢复测试"
        case .drills: "各类演练的日期与结果"
        case .recovery: "实际达成的恢复点与恢复时间"
        case .standby: "备用站点的就绪程度及其证明"
        case .availability: "实测可用性"
        case .incidents: "事件及其时间与修复"
        case .pipelines: "流水线的失败与修复"
        case .changes: "变更及其失败与回退"
        case .documents: "预案与文件（声明）"
        case .people: "团队、值守与培训（声明）"
        case .actions: "改进措施的落实"
        }
    }

    /// The dimensions of the maturity model in which it is judged.
    package var dimensions: [String] {
        switch self {
        case .cadence, .copies, .location: ["t14-backup"]
        case .verification: ["t14-backup"]
        case .drills: ["t14-drills"]
        case .recovery, .standby: ["t14-dr"]
        case .availability: ["t15-indicators"]
        case .incidents: ["t16-state"]
        case .pipelines: ["t15-mttr"]
        case .changes: ["t08-metrics", "t09-metrics"]
        case .documents: ["t14-plans"]
        case .people: ["t14-people", "t16-people"]
        case .actions: ["t14-plans"]
        }
    }
}
