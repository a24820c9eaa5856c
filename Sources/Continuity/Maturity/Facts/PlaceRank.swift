// SPDX-License-Identifier: Apache-2.0
import Foundation

/// How far apart two sites are: 0 the same facility, 1 the same city, 2 remote; bounds where the plan is silent.
struct PlaceRank: Hashable, Sendable {
    var lower: Double
    var upper: Double

    static let unknown = PlaceRank(lower: 0, upper: 2)

    init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    init(of place: Site, from home: Site, parameters: GradeParameters) {
        if place.id == home.id || (place.facility != nil && place.facility == home.facility) {
            self.init(lower: 0, upper: 0)
            return
        }
        let isOtherBuilding = place.facility != nil && home.facility != nil
        guard let city = place.city, let homeCity = home.city else {
            self.init(lower: isOtherBuilding ? 1 : 0, upper: 2)
            return
        }
        if city == homeCity, place.region == home.region || place.region == nil || home.region == nil {
            self.init(lower: isOtherBuilding ? 1 : 0, upper: 1)
            return
        }
        let isNear = Self.isNear(place, home, parameters.number("remote_min_km"))
        let sharesRisk = place.riskZone != nil && place.riskZone == home.riskZone
        let rank: Double = isNear || sharesRisk ? 1 : 2
        self.init(lower: rank, upper: rank)
    }

    private static func isNear(_ left: Site, _ right: Site, _ kilometres: Double) -> Bool {
        guard kilometres > 0, let left = left.coordinates, let right = right.coordinates else { return false }
        return distance(left, right) < kilometres
    }

    /// Great-circle distance in kilometres (haversine, mean radius 6371 km).
    static func distance(_ left: Site.Coordinates, _ right: Site.Coordinates) -> Double {
        let radians = Double.pi / 180
        let latitude = (right.latitude - left.latitude) * radians
        let longitude = (right.longitude - left.longitude) * radians
        let half =
            sin(latitude / 2) * sin(latitude / 2)
            + cos(left.latitude * radians) * cos(right.latitude * radians) * sin(longitude / 2)
            * sin(longitude / 2)
        return 2 * 6_371 * asin(min(1, half.squareRoot()))
    }
}
