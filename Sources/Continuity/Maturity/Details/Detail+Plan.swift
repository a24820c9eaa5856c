// SPDX-License-Identifier: Apache-2.0

extension Detail {
    /// What the plan says or leaves out.
    package enum OfPlan: Hashable, Sendable {
        case noScenarios
        case noRecoveryTeam
        case noServiceInScope
        case noSeverityTargets
        case noPlatform
        case noInstanceAway
        case noAvailability(service: String)
        case itsWord
        case silos([String])
        case itsInstances

        var words: Remark {
            switch self {
            case .noScenarios: Remark("the plan has no catalogue of scenarios", "计划中没有场景目录")
            case .noRecoveryTeam: Remark("the plan names no recovery team", "计划中没有灾备恢复团队")
            case .noServiceInScope: Remark("no service is in scope", "范围内没有服务")
            case .noSeverityTargets:
                Remark("the plan agrees nothing for any severity", "计划未就任何事件级别约定时限")
            case .noPlatform:
                Remark("no service of the plan is of kind devops_platform", "计划中没有登记为研发平台的服务")
            case .noInstanceAway:
                Remark(
                    "the plan names no instance of a critical service away from production",
                    "计划中没有关键服务在生产站点之外的实例")
            case .noAvailability(let service):
                Remark("the plan sets no availability for \(service)", "计划未给 \(service) 定可用性目标")
            case .itsWord: Remark("by the plan's word", "以计划所述为据")
            case .silos(let services): Detail.list(services).within("silos: {}", "竖井式架构：{}")
            case .itsInstances:
                Remark("by the instances that the plan names", "依据计划中登记的实例")
            }
        }
    }
}
