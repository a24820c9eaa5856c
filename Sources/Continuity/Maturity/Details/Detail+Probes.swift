// SPDX-License-Identifier: Apache-2.0

extension Detail {
    /// What probes saw of services, and what faults in drills showed of them.
    package enum OfProbes: Hashable, Sendable {
        case noProbe(service: String)
        case outages(Int, coverage: Double, resolution: Duration)
        case fed(Int)
        case noSamples
        case slowest(of: Int)
        case facilities(Int, of: Int)
        case proven([String])

        var words: Remark {
            switch self {
            case .noProbe(let service): Remark("\(service) has no probe", "\(service) 没有配置探测")
            case .outages(let count, let coverage, let resolution):
                Remark(
                    "\(count) outages, \(MetricUnit.ratio.text(coverage)) of the time known, "
                        + "outages shorter than about \(resolution.text) are not seen",
                    "中断 \(count) 次，已知时段占 \(MetricUnit.ratio.text(coverage))，"
                        + "短于约 \(resolution.text) 的中断无法察觉")
            case .fed(let count): Remark("\(count) probes", "\(count) 个探测")
            case .noSamples: Remark("no probe has samples", "没有一个探测有样本")
            case .slowest(let count): Remark("the slowest of \(count) probes", "\(count) 个探测中最慢者")
            case .facilities(let count, let all):
                Remark("\(count) of \(all) facilities answered", "\(all) 处机房中有 \(count) 处应答")
            case .proven(let services):
                services.isEmpty
                    ? Remark("none is proven", "均未得到证明")
                    : Detail.list(services).within("proven: {}", "已证明：{}")
            }
        }
    }
}
