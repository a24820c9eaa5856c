// SPDX-License-Identifier: Apache-2.0

extension Detail {
    /// What books of incidents, changes, alerts and people say.
    package enum OfBooks: Hashable, Sendable {
        case noReading
        case noTraining
        case noShift
        case shifts(Int)
        case noTimedAlert
        case noneConcerned(of: Int, Counted)
        case noneOnRecord(Counted)
        case some(Int, of: Int, Counted)
        case undecided(Int)
        case recordsAreOpen
        case recordsOfAreOpen(Counted)

        var words: Remark {
            switch self {
            case .noReading: Remark("no reading was held against a reference", "没有与基准对照过的读数")
            case .noTraining: Remark("no training of the window is on record", "窗口内没有培训记录")
            case .noShift: Remark("no shift of the window is on record", "窗口内没有值班记录")
            case .shifts(let count): Remark("\(count) shifts", "\(count) 个班次")
            case .noTimedAlert:
                Remark("no alert on record says since when it was true", "没有一条告警记录写明条件何时成立")
            case .noneConcerned(let count, let noun):
                Remark(
                    "none of the \(count) \(noun.rawValue) is concerned", "\(noun.chinese(count))均不涉及")
            case .noneOnRecord(let noun):
                Remark(
                    "no \(noun.rawValue) are on record and nobody says that there were none",
                    "没有\(noun.chinese)记录，也无人声明从未发生")
            case .some(let count, let all, let noun):
                Remark("\(count) of \(all) \(noun.rawValue)", "\(noun.chinese(all))中有 \(count)")
            case .undecided(let count): Remark("of \(count) nobody can say", "其中 \(count) 无从判断")
            case .recordsAreOpen: Remark("the records are not complete", "记录不完整")
            case .recordsOfAreOpen(let noun):
                Remark("the records of \(noun.rawValue) are not complete", "\(noun.chinese)记录不完整")
            }
        }
    }

    /// How incidents go up or down over the window.
    package enum OfTrends: Hashable, Sendable {
        case halves(early: Int, late: Int, Counted)
        case byMonth([Int])
        case repeats(early: Double, late: Double)
        case knownMonths(Int, of: Int)
        case noQuarter

        var words: Remark {
            switch self {
            case .halves(let early, let late, let noun):
                Remark(
                    "\(early) \(noun.rawValue) in the first half, \(late) in the second",
                    "前半段 \(noun.chinese(early))，后半段 \(late)")
            case .byMonth(let counts):
                Remark(
                    "by month: \(counts.map(String.init).joined(separator: " "))",
                    "逐月：\(counts.map(String.init).joined(separator: " "))")
            case .repeats(let early, let late):
                Remark(
                    "repeats: \(MetricUnit.ratio.text(early)), then \(MetricUnit.ratio.text(late))",
                    "重复发生的占比：先 \(MetricUnit.ratio.text(early))，后 \(MetricUnit.ratio.text(late))")
            case .knownMonths(let known, let all):
                Remark("\(known) of \(all) months are declared complete", "\(all) 个月中有 \(known) 个月声明完整")
            case .noQuarter: Remark("no complete quarter lies in the window", "窗口内没有完整的季度")
            }
        }
    }
}
