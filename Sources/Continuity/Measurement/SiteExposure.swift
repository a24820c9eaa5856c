// SPDX-License-Identifier: Apache-2.0

/// What the loss of one site would have cost a service, by its weakest dataset: at the worst moment of the window,
/// over time, and now.
package struct SiteExposure: Hashable, Sendable, Codable {
    package var site: String
    /// The worst moment; `dataset` is the one that would have lost most.
    package var worst: RecoveryExposure
    /// `nil` = everything.
    package var nowSeconds: Double?
    /// The worst of equal stretches of the window, oldest first.
    package var overTime: ExposureSlices
    /// Step by step and exact, where somebody asked for it.
    package var curve: ExposureCurve?

    package init(
        site: String, worst: RecoveryExposure, nowSeconds: Double?, overTime: ExposureSlices,
        curve: ExposureCurve? = nil
    ) {
        self.site = site
        self.worst = worst
        self.nowSeconds = nowSeconds
        self.overTime = overTime
        self.curve = curve
    }

    /// From what was read of a service's datasets, site by site; a site counts for those datasets that have to do
    /// with it.
    static func all(_ digests: [DatasetDigest]) -> [SiteExposure] {
        var found: [String: SiteExposure] = [:]
        var curves: [String: [ExposureCurve]] = [:]
        for digest in digests {
            for (place, exposure) in digest.exposures.enumerated() {
                let site = exposure.loss.name
                let slices = place < digest.slices.count ? digest.slices[place] : ExposureSlices(worst: [])
                if place < digest.curves.count { curves[site, default: []].append(digest.curves[place]) }
                guard var known = found[site] else {
                    found[site] = SiteExposure(
                        site: site, worst: exposure, nowSeconds: exposure.nowSeconds, overTime: slices)
                    continue
                }
                known.overTime.join(slices)
                known.nowSeconds = worse(known.nowSeconds, exposure.nowSeconds)
                if isWorse(exposure, than: known.worst) { known.worst = exposure }
                found[site] = known
            }
        }
        return found.values.sorted { $0.site < $1.site }.map { exposure in
            var exposure = exposure
            exposure.curve = curves[exposure.site].flatMap(ExposureCurve.weakest)
            return exposure
        }
    }

    private static func worse(_ left: Double?, _ right: Double?) -> Double? {
        guard let left, let right else { return nil }
        return max(left, right)
    }

    /// Everything is worse than any length; of two alike the earlier one counts.
    private static func isWorse(_ left: RecoveryExposure, than right: RecoveryExposure) -> Bool {
        let (one, other) = (left.worstSeconds ?? .infinity, right.worstSeconds ?? .infinity)
        return one == other ? left.worstAt < right.worstAt : one > other
    }
}

/// What is asked of a measurement beside what it always tells.
package struct MeasureQuestion: Hashable, Sendable {
    /// Over how many equal stretches of the window exposure is told.
    package var slices: Int
    /// The services of which exposure is told step by step; memory grows with their points.
    package var curvesOf: Set<String>

    package init(slices: Int = 24, curvesOf: Set<String> = []) {
        self.slices = slices
        self.curvesOf = curvesOf
    }
}
