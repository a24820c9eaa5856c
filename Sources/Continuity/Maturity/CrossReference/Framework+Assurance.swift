// SPDX-License-Identifier: Apache-2.0

extension Framework {
    static let iso22301 = Framework(
        id: "iso22301", name: "ISO 22301", edition: "2019; Amendment 1:2024 touches 4.1 and 4.2 alone",
        cautionEn:
            "A management system is certified as a whole; single facts are evidence for an auditor and fulfil no clause.",
        cautionZh: "管理体系按整体认证；单项事实只是供审核员使用的证据，不代表符合某一条款。",
        controls: [
            Control("5.2", "a continuity policy", "连续性方针", [.documents]),
            Control("5.3", "roles and authorities", "岗位、职责与权限", [.people]),
            Control(
                "6.2", "objectives that can be measured", "可测量的目标", [.recovery, .availability]),
            Control("7.2, 7.3", "competence and awareness", "能力与意识", [.people, .drills]),
            Control("7.5", "documented information", "成文信息", [.documents]),
            Control(
                "8.2", "impact analysis and risk assessment", "业务影响分析与风险评估", [.documents]),
            Control(
                "8.3", "strategies, solutions and resources", "策略、方案与资源",
                [.cadence, .copies, .location, .standby]),
            Control(
                "8.4", "plans, response structure, warning and recovery", "预案、响应架构、预警与恢复",
                [.documents, .people, .incidents]),
            Control(
                "8.5", "an exercise programme at planned intervals, with reports and improvement",
                "按计划间隔开展演练，并有报告与改进", [.drills, .recovery, .verification, .actions]),
            Control(
                "8.6", "evaluation of documentation and capability", "文件与能力的评价", [.drills, .documents]),
            Control(
                "9.1", "monitoring and measurement", "监视与测量", [.recovery, .availability, .incidents]),
            Control(
                "9.2, 9.3", "internal audit and management review", "内部审核与管理评审", [.documents]),
            Control("10", "nonconformity and improvement", "不符合与改进", [.actions]),
        ])

    static let nist80034 = Framework(
        id: "nist80034", name: "NIST SP 800-34", edition: "Revision 1, 2010",
        cautionEn:
            "A guide for federal systems, with tests by impact level; the controls themselves are CP-2 to CP-10 of SP 800-53.",
        cautionZh: "面向美国联邦系统的指南，测试要求按影响级别划分；控制项本身见 SP 800-53 的 CP-2 至 CP-10。",
        controls: [
            Control(
                "3.2", "impact analysis: tolerable downtime, recovery time and point",
                "业务影响分析：可容忍中断、恢复时间与恢复点", [.recovery, .documents]),
            Control(
                "3.4.1, 3.4.2", "backup, its methods, and off-site storage", "备份、备份方式与场外存放",
                [.cadence, .copies, .location, .verification]),
            Control(
                "3.4.3", "alternate sites, from cold to mirrored", "备用站点，自冷站至镜像站", [.standby]),
            Control("3.5", "tests, training and exercises", "测试、培训与演练", [.drills, .verification, .people]),
            Control(
                "3.6", "keeping the plan up to date", "预案维护", [.documents, .changes, .actions]),
            Control(
                "4.2-4.4", "activation, recovery and reconstitution", "启动、恢复与重建", [.incidents, .drills]),
        ])

    static let nist80084 = Framework(
        id: "nist80084", name: "NIST SP 800-84", edition: "2006",
        cautionEn: """
            Discussions (desk check to sand table) are tabletops, simulations and partial drills functional exercises; \
            tests of parts are tests. Its full-scale exercise is a full drill.
            """,
        cautionZh: "桌面类（案头检查至沙盘）对应桌面演练，模拟与部分演练对应功能演练，组件测试对应测试；全面演练对应其全规模演练。",
        controls: [
            Control(
                "2, 3", "a programme of tests, training and exercises", "测试、培训与演练计划", [.drills, .people],
                isConfirmed: false),
            Control("4", "tabletop exercises", "桌面演练", [.drills]),
            Control("5", "functional exercises", "功能演练", [.drills, .recovery]),
            Control(
                "6", "tests of systems and parts, with measured results", "系统与组件测试，结果可度量",
                [.verification, .recovery, .actions]),
        ])

    static let soc2 = Framework(
        id: "soc2", name: "SOC 2, Trust Services Criteria", edition: "2017 with points of focus of 2022",
        cautionEn: """
            A type 2 report covers a period: give the whole population (all runs, all drills) with its hashes, not a \
            sample. Only an independent practitioner can give an opinion.
            """,
        cautionZh: "第 2 类报告覆盖一个期间：应提供附哈希的全部总体（全部运行、全部演练），而非抽样。意见只能由独立执业者出具。",
        controls: [
            Control(
                "A1.1", "capacity is watched and managed", "容量的监控与管理", [.availability]),
            Control(
                "A1.2", "environmental protection, backup processes, recovery infrastructure",
                "环境防护、备份过程与恢复设施",
                [.cadence, .copies, .location, .standby, .verification]),
            Control(
                "A1.3", "recovery procedures are tested", "恢复程序经过测试",
                [.drills, .recovery, .verification, .actions]),
            Control(
                "CC7.4, CC7.5", "responding to incidents and recovering from them", "事件响应与恢复",
                [.incidents, .drills]),
            Control("CC8.1", "changes are managed", "变更管理", [.changes, .pipelines]),
            Control(
                "CC9.1", "risks of disruption are mitigated", "降低业务中断风险", [.documents, .standby]),
        ])

    static let dora = Framework(
        id: "dora", name: "DORA",
        edition: "Regulation (EU) 2022/2554, with Delegated Regulation (EU) 2024/1774",
        cautionEn: """
            For financial entities in the EU, proportionate to size. Article 12(5), a second site far away, binds \
            central securities depositories alone. Threat-led penetration tests (26) are not served.
            """,
        cautionZh: "适用于欧盟金融实体，按规模相称。第 12 条第 5 款（远距离的第二处理站点）只约束中央证券存管机构。威胁导向渗透测试（第 26 条）不在本工具范围。",
        controls: [
            // Cited for change management by Article 17(1) of the delegated regulation.
            Control(
                "9(4)(e)", "changes to systems are recorded, tested and approved", "系统变更有记录、经测试与批准",
                [.changes, .pipelines]),
            Control(
                "11(1)-(4)", "a continuity policy, response and recovery plans, and their audit",
                "连续性政策、响应与恢复计划及其审计", [.documents]),
            Control("11(5)", "business impact analysis", "业务影响分析", [.documents]),
            Control(
                "11(6)",
                "plans tested at least yearly and after substantive changes, attacks and switch-overs among the scenarios",
                "至少每年及重大变更后测试计划，场景含攻击与切换", [.drills, .recovery, .actions]),
            Control(
                "11(8)", "records of what was done before and during a disruption", "中断前与中断期间的活动记录",
                [.incidents, .drills]),
            Control(
                "12(1)", "scope and least frequency of backups by criticality", "按重要性确定备份范围与最低频度", [.cadence]),
            Control(
                "12(2)", "backup and restore tested periodically", "定期测试备份与恢复", [.verification, .drills]),
            Control(
                "12(3)", "restores on systems apart from the source, physically and logically",
                "在物理与逻辑上与源系统隔离的系统上恢复", [.location, .copies]),
            Control("12(4)", "redundant capacity", "冗余能力", [.standby]),
            Control(
                "12(6)", "recovery time and point for each function", "各功能的恢复时间与恢复点目标", [.recovery]),
            Control(
                "12(7)", "integrity checks when recovering", "恢复时的完整性检查", [.verification, .recovery]),
            Control("17", "a process for incidents", "事件管理流程", [.incidents]),
            Control(
                "24",
                "a testing programme by independent testers, issues ranked and remedied, critical systems tested yearly",
                "独立人员实施的测试计划，问题分级整改，关键系统每年测试", [.drills, .actions]),
            Control(
                "25", "kinds of test, scenarios and end-to-end tests among them", "测试种类，含场景测试与端到端测试",
                [.drills, .availability]),
        ])
}
