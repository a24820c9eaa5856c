// SPDX-License-Identifier: Apache-2.0

extension Detail {
    /// Builds, deployments, and how long it took to repair them.
    package enum OfPipelines: Hashable, Sendable {
        case onRecord(Int)
        case noFailure(in: Int)
        case noFailureKnown
        case repaired(Int, open: Int, median: Duration, longest: Duration)
        case noRequestTime
        case medianOf(Int)

        var words: Remark {
            switch self {
            case .onRecord(let count): Remark("\(count) on record", "记录在案 \(count) 次")
            case .noFailure(let count): Remark("no failure in \(count) records", "\(count) 条记录中没有失败")
            case .noFailureKnown:
                Remark(
                    "no failure on record, and too little to say that there was none",
                    "没有失败记录，但记录太少，不足以断定从未失败")
            case .repaired(let count, let open, let median, let longest):
                Remark(
                    "\(count) repaired, \(open) open; median \(median.text), longest \(longest.text)",
                    "已修复 \(count) 次，未修复 \(open) 次；中位数 \(median.text)，最长 \(longest.text)")
            case .noRequestTime:
                Remark(
                    "no deployment on record says when its change was asked for",
                    "没有一次部署记录写明变更何时提出")
            case .medianOf(let count): Remark("the median of \(count)", "\(count) 次的中位数")
            }
        }
    }
}
