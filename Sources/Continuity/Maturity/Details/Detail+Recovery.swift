// SPDX-License-Identifier: Apache-2.0

extension Detail {
    /// How services came back in drills.
    package indirect enum OfRecovery: Hashable, Sendable {
        case none(service: String)
        case timeNotMeasured(service: String)
        case notBack(service: String)
        case back(service: String, after: Span, assumed: Duration)
        case pointNotMeasured(service: String)
        case nothingBack(service: String)
        case lost(service: String, Span)
        case inDrill(OfRecovery, run: String)
        case beyondTheCopies

        var words: Remark {
            switch self {
            case .none(let service):
                Remark("no recovery of \(service) in the window", "窗口内没有恢复过 \(service)")
            case .timeNotMeasured(let service):
                Remark("the recovery time of \(service) could not be measured", "\(service) 的恢复时间未能测得")
            case .notBack(let service): Remark("\(service) did not come back", "\(service) 未恢复")
            case .back(let service, let span, let assumed):
                Remark(
                    "\(service) was back after \(span.text)"
                        + (assumed > .zero ? " and \(assumed.text) assumed" : ""),
                    "\(service) 历时 \(span.chinese) 恢复" + (assumed > .zero ? "，另有假定的 \(assumed.text)" : ""))
            case .pointNotMeasured(let service):
                Remark("the recovery point of \(service) could not be measured", "\(service) 的恢复点未能测得")
            case .nothingBack(let service): Remark("nothing of \(service) came back", "\(service) 的数据无一恢复")
            case .lost(let service, let span):
                Remark("\(service) lost \(span.text)", "\(service) 丢失 \(span.chinese)")
            case .inDrill(let detail, let run): detail.words.within("{} in drill \(run)", "{}（演练 \(run)）")
            case .beyondTheCopies:
                Remark(
                    "the copies cannot deliver that recovery point, what stands ready did in the drill",
                    "副本达不到该恢复点，演练中由备用端达到")
            }
        }
    }

    /// What stands ready for a service.
    package enum OfStandby: Hashable, Sendable {
        /// The last drill that brought it back, and whether from its copies.
        case broughtBack(service: String, run: String, restored: Bool?, promised: Standby)
        case notBroughtBack(service: String, promised: Standby)
        case standbyProbes(atLeast: Double)

        var words: Remark {
            switch self {
            case .broughtBack(let service, let run, let restored, let promised):
                Remark(
                    "drill \(run) brought \(service) back"
                        + (restored.map { $0 ? " from its copies" : " without a restore" } ?? "")
                        + "; the plan says \(promised.rawValue)",
                    "演练 \(run) " + (restored.map { $0 ? "由副本" : "未经还原即" } ?? "")
                        + "恢复了 \(service)；计划所述为\(promised.chinese)")
            case .notBroughtBack(let service, let promised):
                Remark(
                    "the plan says \(promised.rawValue); no drill has brought \(service) back in the window",
                    "计划所述为\(promised.chinese)；窗口内没有演练恢复过 \(service)")
            case .standbyProbes(let share):
                Remark(
                    "standby probes good for at least \(MetricUnit.ratio.text(share)) of the window",
                    "备用端探测至少在窗口的 \(MetricUnit.ratio.text(share)) 内正常")
            }
        }
    }
}

extension Standby {
    fileprivate var chinese: String {
        switch self {
        case .none: "无备用"
        case .cold: "冷备"
        case .warm: "温备"
        case .hot: "热备"
        case .activeActive: "多活"
        }
    }
}

extension Span {
    /// Both bounds as a Chinese reader reads them.
    fileprivate var chinese: String { text(to: " 至 ", atLeast: "至少 ") }
}
