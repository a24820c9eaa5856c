// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation

/// Instants as the plan's people read them: in the plan's zone, with the offset written out.
package struct LocalTime: Sendable {
    package let zoneName: String
    private let zone: TimeZone

    /// - Parameter zoneName: an IANA name; one that is not known reads as UTC, and is then called so.
    package init(zone zoneName: String) {
        let known = TimeZone(identifier: zoneName)
        self.zone = known ?? .gmt
        self.zoneName = known == nil ? "UTC" : zoneName
    }

    /// Such as `2026-11-22 11:15:00 +08:00`.
    package func text(_ moment: Moment) -> String {
        "\(date(moment)) \(clock(moment)) \(offset(moment))"
    }

    /// Such as `2026-11-22 11:15`.
    package func short(_ moment: Moment) -> String {
        "\(date(moment)) \(clock(moment).prefix(5))"
    }

    /// Such as `2026-11-22`.
    package func date(_ moment: Moment) -> String {
        String(shifted(moment).text(decimals: 0).prefix(10))
    }

    /// Such as `11:15:00`.
    package func clock(_ moment: Moment) -> String {
        String(shifted(moment).text(decimals: 0).dropFirst(11).prefix(8))
    }

    /// Such as `2026-11-22T03:15:00Z`: what stands beside every shown time.
    package static func utc(_ moment: Moment) -> String {
        moment.text(decimals: 0)
    }

    private func seconds(_ moment: Moment) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.seconds)))
    }

    private func shifted(_ moment: Moment) -> Moment {
        moment + .seconds(seconds(moment))
    }

    private func offset(_ moment: Moment) -> String {
        let minutes = seconds(moment) / 60
        guard minutes != 0 else { return "UTC" }
        let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
        return "\(minutes < 0 ? "-" : "+")\(hours < 10 ? "0" : "")\(hours):\(rest < 10 ? "0" : "")\(rest)"
    }
}
