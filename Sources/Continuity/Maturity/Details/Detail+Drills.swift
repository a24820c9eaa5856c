// SPDX-License-Identifier: Apache-2.0

extension Detail {
    /// Which drills count, and which do not.
    package indirect enum OfDrills: Hashable, Sendable {
        case counted(Int, [Exercise])
        case flawed(run: String, HeldDrill.Flaw)
        case registerIsOpen
        case inStretch(Int, name: String)
        case fewest(Detail)
        case noneIn([String], [Exercise])
        case noStretch
        case noneHeld
        /// The runs without a report; none is missing when it names nothing.
        case unreported([String])

        var words: Remark {
            switch self {
            case .counted(let count, let kinds):
                Self.kinds(kinds).within("\(count) drills of kind {} count", "计入 \(count) 次演练（{}）")
            case .flawed(let run, let flaw):
                flaw.words.within("drill \(run) does not count: {}", "演练 \(run) 不计入：{}")
            case .registerIsOpen:
                Remark("the register of drills is not declared complete", "演练登记未声明完整")
            case .inStretch(let count, let name): Remark("\(count) in \(name)", "\(name) 有 \(count) 次")
            case .fewest(let detail): detail.words.within("fewest: {}", "最少：{}")
            case .noneIn(let stretches, let kinds):
                Remark(
                    "none of kind \(Self.kinds(kinds).english) in \(Detail.list(stretches).english)",
                    "\(Detail.list(stretches).chinese) 没有\(Self.kinds(kinds).chinese)")
            case .noStretch: Remark("no complete stretch of the calendar", "没有完整的日历时段")
            case .noneHeld: Remark("no drill was held in the window", "窗口内没有举行演练")
            case .unreported(let runs):
                runs.isEmpty
                    ? Remark("every report was written", "报告均已写出")
                    : Detail.list(runs).within("no report of {}", "没有报告：{}")
            }
        }

        private static func kinds(_ kinds: [Exercise]) -> Remark {
            Remark(
                kinds.map(\.rawValue).joined(separator: ", "), kinds.map(\.chinese).joined(separator: "、"))
        }
    }
}

extension HeldDrill {
    /// Why a drill does not count as an exercise.
    package enum Flaw: Hashable, Sendable {
        case aborted
        case nothingDone
        case nobodyPresent
        case noResult
        case noReport
        case notMeasured(service: String)

        var words: Remark {
            switch self {
            case .aborted: Remark("it was aborted", "已中止")
            case .nothingDone: Remark("nothing was done in it", "未有实际动作")
            case .nobodyPresent: Remark("nobody with a role was present", "没有担任角色的人员在场")
            case .noResult: Remark("it has no result for any service", "没有任何服务的结果")
            case .noReport: Remark("its report was not written", "未写出报告")
            case .notMeasured(let service):
                Remark("the times of \(service) were not measured", "未测得 \(service) 的时间")
            }
        }
    }
}

extension Exercise {
    /// Its Chinese name, as reports write it.
    package var chinese: String {
        switch self {
        case .deskCheck: "案头检查"
        case .walkthrough: "走查"
        case .tabletop: "桌面演练"
        case .sandTable: "沙盘演练"
        case .simulation: "模拟演练"
        case .partial: "部分演练"
        case .full: "全面演练"
        }
    }
}
