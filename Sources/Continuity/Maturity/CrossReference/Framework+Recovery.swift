// SPDX-License-Identifier: Apache-2.0

extension Framework {
    static let gbt20988 = Framework(
        id: "gbt20988", name: "GB/T 20988", edition: "2007",
        cautionEn: """
            The 2007 edition was replaced by GB/T 20988-2025 (issued 2025-06-30, in force 2026-01-01), which was \
            not seen here: check the levels against it. A level needs all seven elements (data backup, standby \
            processing, standby network, standby premises, technical support, operation, plan); only some are \
            measured. So a figure is at best consistent with a level, never a level.
            """,
        cautionZh: """
            2007 版已被 GB/T 20988-2025（2025-06-30 发布，2026-01-01 实施）代替，本工具未核对新版，请以新版为准。\
            一个等级须七要素（数据备份、备用数据处理、备用网络、备用基础设施、技术支持、运行维护管理、预案）俱备，\
            本工具只测其中一部分；因此数据最多与某级“相符”，不等于达到该级。
            """,
        controls: [
            Control(
                "1", "basic support: a full backup at least weekly, kept off site", "基本支持：至少每周完全备份，场外存放",
                [.cadence, .location, .verification, .documents]),
            Control(
                "2", "alternate site: as 1, and equipment and site can be called upon in time",
                "备用场地支持：同 1 级，并可按时调用设备与场地", [.cadence, .location, .verification, .documents, .drills]),
            Control(
                "3",
                "electronic transfer, some equipment: a full backup daily, key data sent several times a day",
                "电子传输和部分设备支持：每日完全备份，关键数据每日多次传送", [.cadence, .location, .standby]),
            Control(
                "4", "electronic transfer, complete equipment that stands ready",
                "电子传输及完整设备支持：设备齐备并处于就绪", [.cadence, .location, .standby, .people]),
            Control(
                "5", "real-time transfer, complete equipment: key data replicated as it changes",
                "实时数据传输及完整设备支持：关键数据实时复制", [.recovery, .standby]),
            Control(
                "6", "no data loss, remote cluster that takes over by itself",
                "数据零丢失和远程集群支持：自动接管", [.recovery, .standby]),
        ])

    static let share = Framework(
        id: "share", name: "SHARE tiers", edition: "tiers 0-6 of SHARE with IBM, tier 7 added later",
        cautionEn: """
            The tiers describe ways to build, not results, and their times differ by source. Lifeboat sees copies \
            and rehearsals: up to tier 4 from facts; transaction integrity and automation (5 to 7) it does not measure.
            """,
        cautionZh: "各层描述的是建设方式而非结果，所附时间因出处而异。本工具依据副本与演练最多判断到第 4 层；事务一致与自动化（5 至 7 层）不在测量之内。",
        controls: [
            Control("0", "no data off site", "无场外数据", [.location]),
            Control("1", "backups carried off site, no site ready", "备份运往场外，无就绪站点", [.location, .standby]),
            Control("2", "the same, with a site ready", "同上，另有就绪站点", [.location, .standby]),
            Control("3", "data sent off site over a network", "经网络将数据送往场外", [.cadence, .location]),
            Control(
                "4", "point-in-time copies at an active second site", "活动的第二站点保有时间点副本", [.cadence, .standby]),
            Control("5", "both sites agree on each transaction", "两站点事务一致", [.recovery]),
            Control("6", "no or nearly no loss", "零丢失或近零丢失", [.recovery, .standby]),
            Control(
                "7", "as 6, taken over automatically with the business", "同 6 层，并随业务自动接管",
                [.recovery, .standby, .drills]),
        ])

    static let backupRule = Framework(
        id: "32110", name: "3-2-1-1-0", edition: "industry rule of thumb",
        cautionEn: """
            Three copies with production, two media or failure domains, one off site, one immutable or offline, no \
            errors. Media are not known here: distinct machines or sites stand in. What was never restored is \
            unknown, not free of errors.
            """,
        cautionZh: "含生产共三份、两种介质或故障域、一份场外、一份不可变或离线、零错误。介质未知，以不同机器或站点代替；从未恢复过的属于未知，而非零错误。",
        controls: [
            Control("3", "three copies, production among them", "含生产在内三份", [.copies]),
            Control("2", "two media or failure domains", "两种介质或故障域", [.copies, .location]),
            Control("1", "one off site", "一份场外", [.location]),
            Control("1'", "one that cannot be changed, or is offline", "一份不可变或离线", [.copies]),
            Control("0", "no errors after checks and restores", "校验与恢复无错误", [.verification]),
        ])
}
