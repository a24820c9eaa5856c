// SPDX-License-Identifier: Apache-2.0

/// What would have been lost at each instant of a window, had one thing been gone: a sawtooth that climbs with the
/// clock and falls when a newer point is proven where the loss does not reach.
///
/// It is exact: from a step until the next, the loss is the instant less the step's `recoverableAt`.
package struct ExposureCurve: Hashable, Sendable, Codable {
    package struct Step: Hashable, Sendable, Codable {
        package var at: Moment
        /// What could have been recovered from then on; `nil` = nothing.
        package var recoverableAt: Moment?
        /// The dataset that decides.
        package var dataset: String
        package var point: String?

        package init(at: Moment, recoverableAt: Moment?, dataset: String, point: String?) {
            self.at = at
            self.recoverableAt = recoverableAt
            self.dataset = dataset
            self.point = point
        }
    }

    package var loss: CopyLoss
    package var begunAt: Moment
    package var endedAt: Moment
    /// In their order, the first one at `begunAt`; empty when nothing is known.
    package var steps: [Step]

    package init(loss: CopyLoss, begunAt: Moment, endedAt: Moment, steps: [Step]) {
        self.loss = loss
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.steps = steps
    }

    /// What would have been lost at an instant of the window; `nil` outside of it.
    package func exposure(at moment: Moment) -> Exposure? {
        guard moment >= begunAt, moment <= endedAt, let step = steps.last(where: { $0.at <= moment }) else {
            return nil
        }
        return step.recoverableAt.map { .seconds(max(.zero, moment - $0).inSeconds) } ?? .everything
    }

    /// Each stretch between two steps, with its end.
    private var stretches: some Sequence<(step: Step, end: Moment)> {
        steps.indices.lazy.map { place in
            (steps[place], place + 1 < steps.count ? steps[place + 1].at : endedAt)
        }
    }

    // MARK: - The worst

    /// The worst moment: the first one at which everything would have been lost, else the end of the longest climb.
    package func worst(of dataset: String) -> RecoveryExposure {
        var worst = RecoveryExposure(
            dataset: dataset, loss: loss, begunAt: begunAt, endedAt: endedAt, worstSeconds: nil,
            worstAt: begunAt, point: nil)
        if case .seconds(let seconds)? = exposure(at: endedAt) { worst.nowSeconds = seconds }
        for (step, end) in stretches {
            guard let recoverable = step.recoverableAt else {
                worst.worstSeconds = nil
                worst.worstAt = step.at
                worst.point = nil
                worst.dataset = step.dataset
                return worst
            }
            let seconds = max(.zero, end - recoverable).inSeconds
            guard worst.point == nil || seconds > worst.worstSeconds ?? 0 else { continue }
            worst.worstSeconds = seconds
            worst.worstAt = end
            worst.point = step.point ?? ""
            worst.dataset = step.dataset
        }
        return worst
    }

    /// The worst of equal stretches of time from an instant to the window's end.
    package func slices(_ count: Int, from begin: Moment) -> ExposureSlices {
        var worst = [Exposure?](repeating: nil, count: count)
        let whole = (endedAt - begin).inSeconds
        guard whole > 0 else {
            if let last = exposure(at: endedAt), count > 0 { worst[count - 1] = last }
            return ExposureSlices(worst: worst)
        }
        func place(_ moment: Moment) -> Int {
            min(count - 1, max(0, Int((moment - begin).inSeconds / whole * Double(count))))
        }
        for (step, end) in stretches {
            for slice in place(step.at)...max(place(step.at), place(end)) {
                guard let recoverable = step.recoverableAt else {
                    worst[slice] = .everything
                    continue
                }
                let until = min(
                    end, begin + Duration(roundedSeconds: whole * Double(slice + 1) / Double(count)))
                let found = Exposure.seconds(max(.zero, until - recoverable).inSeconds)
                worst[slice] = worst[slice].map { max($0, found) } ?? found
            }
        }
        return ExposureSlices(worst: worst)
    }

    // MARK: - Several datasets

    /// What the weakest of several datasets would have lost; a dataset counts from where its own curve begins.
    ///
    /// - Returns: `nil` for no curve at all. They are taken to be of one loss and to end together.
    package static func weakest(_ curves: [ExposureCurve]) -> ExposureCurve? {
        guard var result = curves.first else { return nil }
        guard curves.count > 1 else { return result }
        result.begunAt = curves.map(\.begunAt).min() ?? result.begunAt
        let all = curves.indices.flatMap { curve in curves[curve].steps.map { (curve: curve, step: $0) } }
            .sorted { ($0.step.at, $0.curve) < ($1.step.at, $1.curve) }
        var current = [Step?](repeating: nil, count: curves.count)
        result.steps = []
        for (place, next) in all.enumerated() {
            current[next.curve] = next.step
            if place + 1 < all.count, all[place + 1].step.at == next.step.at { continue }
            guard var weakest = current.compactMap({ $0 }).min(by: Self.isWeaker) else { continue }
            if let last = result.steps.last, last.dataset == weakest.dataset, last.point == weakest.point {
                continue
            }
            weakest.at = next.step.at
            result.steps.append(weakest)
        }
        return result
    }

    private static func isWeaker(_ left: Step, _ right: Step) -> Bool {
        guard let mine = left.recoverableAt else { return right.recoverableAt != nil }
        return right.recoverableAt.map { mine < $0 } ?? false
    }
}

/// How much would be lost at an instant.
package enum Exposure: Hashable, Sendable, Comparable {
    case seconds(Double)
    case everything
}

/// The worst exposure of each of equal stretches of a window, oldest first; `nil` where nothing is known yet.
///
/// In JSON a list of seconds, of `"everything"` and of null.
package struct ExposureSlices: Hashable, Sendable {
    package var worst: [Exposure?]

    package init(worst: [Exposure?]) {
        self.worst = worst
    }

    /// The worse of both, stretch by stretch.
    package mutating func join(_ other: ExposureSlices) {
        if worst.isEmpty { worst = other.worst }
        for place in worst.indices where place < other.worst.count {
            guard let found = other.worst[place] else { continue }
            worst[place] = worst[place].map { max($0, found) } ?? found
        }
    }

    /// The largest that has an end.
    package var most: Double? {
        worst.compactMap { if case .seconds(let seconds)? = $0 { seconds } else { nil } }.max()
    }
}

extension ExposureSlices: Codable {
    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        worst = []
        while !container.isAtEnd {
            if try container.decodeNil() {
                worst.append(nil)
            } else if let seconds = try? container.decode(Double.self) {
                worst.append(.seconds(seconds))
            } else {
                // Whatever word stands there, nothing was left.
                _ = try container.decode(String.self)
                worst.append(.everything)
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for value in worst {
            switch value {
            case nil: try container.encodeNil()
            case .seconds(let seconds)?: try container.encode(seconds)
            case .everything?: try container.encode("everything")
            }
        }
    }
}
