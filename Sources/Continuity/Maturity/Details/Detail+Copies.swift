// SPDX-License-Identifier: Apache-2.0

extension Detail {
    /// Where copies lay, and how far apart points are.
    package enum OfCopies: Hashable, Sendable {
        case noneRecorded(dataset: String)
        case nothingLookedAt
        case lay(Place, at: Moment)
        case knownSince(Moment)
        case noRun(dataset: String)
        case no(Point)
        case gap(Point, dataset: String, from: Moment, to: Moment)
        case runsKnownSince(Moment)

        package enum Place: Hashable, Sendable {
            case nowhere
            case sameFacility
            case sameCity
            case remote
            case places(Int)
        }

        package enum Point: Hashable, Sendable {
            case verifiedFull
            case recoverable
        }

        var words: Remark {
            switch self {
            case .noneRecorded(let dataset):
                Remark("no copy of \(dataset) was ever recorded", "从未记录过 \(dataset) 的副本")
            case .nothingLookedAt: Remark("nothing was looked at", "没有可查看的内容")
            case .lay(let place, let moment):
                place.words.within(
                    "on \(moment.text(decimals: 0)) a fresh copy lay {}",
                    "\(moment.text(decimals: 0)) 的新鲜副本所在：{}")
            case .knownSince(let moment):
                Remark(
                    "copies are known since \(moment.text(decimals: 0)) only",
                    "仅自 \(moment.text(decimals: 0)) 起知道副本情况")
            case .noRun(let dataset):
                Remark("no run of \(dataset) was ever recorded", "从未记录过 \(dataset) 的备份运行")
            case .no(let point): point.words.within("no {}", "没有{}")
            case .gap(let point, let dataset, let from, let to):
                point.words.within(
                    "no {} of \(dataset) between \(from.text(decimals: 0)) and \(to.text(decimals: 0)) "
                        + "(\((to - from).text))",
                    "\(dataset) 自 \(from.text(decimals: 0)) 至 \(to.text(decimals: 0)) 没有{}"
                        + "（\((to - from).text)）")
            case .runsKnownSince(let moment):
                Remark(
                    "runs are known since \(moment.text(decimals: 0)) only",
                    "仅自 \(moment.text(decimals: 0)) 起知道备份运行情况")
            }
        }
    }

    /// How much would be lost, were production gone.
    package enum OfExposure: Hashable, Sendable {
        case notKnown(dataset: String)
        case noSurvivor(dataset: String, site: String)
        /// `seconds`: `nil` = everything; `since`: from when on it is known, when not all along.
        case worst(dataset: String, seconds: Double?, at: Moment, since: Moment?)
        case noDataset(service: String)

        var words: Remark {
            switch self {
            case .notKnown(let dataset):
                Remark("the exposure of \(dataset) is not known", "\(dataset) 的风险敞口未知")
            case .noSurvivor(let dataset, let site):
                Remark(
                    "no copy of \(dataset) would outlive the loss of \(site)",
                    "\(site) 失效后 \(dataset) 没有副本留存")
            case .worst(let dataset, let seconds, let moment, let since):
                Remark(
                    "worst exposure of \(dataset) "
                        + "\(seconds.map { Duration(roundedSeconds: $0).text } ?? "everything") "
                        + "at \(moment.text(decimals: 0))"
                        + (since.map { ", known since \($0.text(decimals: 0)) only" } ?? ""),
                    "\(dataset) 最大风险敞口 \(seconds.map { Duration(roundedSeconds: $0).text } ?? "全部数据")"
                        + "（\(moment.text(decimals: 0))）"
                        + (since.map { "，仅自 \($0.text(decimals: 0)) 起已知" } ?? ""))
            case .noDataset(let service):
                Remark("\(service) has no dataset in the plan", "计划中 \(service) 没有数据集")
            }
        }
    }
}

extension Detail.OfCopies.Place {
    fileprivate var words: Remark {
        switch self {
        case .nowhere: Remark("nowhere", "无处")
        case .sameFacility: Remark("in the same facility", "同一机房")
        case .sameCity: Remark("in the same city", "同城")
        case .remote: Remark("remote", "异地")
        case .places(let count): Remark("in \(count) places", "\(count) 处")
        }
    }
}

extension Detail.OfCopies.Point {
    fileprivate var words: Remark {
        switch self {
        case .verifiedFull: Remark("verified full point", "经校验的全量恢复点")
        case .recoverable: Remark("recoverable point", "可恢复的恢复点")
        }
    }
}
