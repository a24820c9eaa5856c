// SPDX-License-Identifier: Apache-2.0

/// What is known of something at every instant of a stretch of time, without a hole.
package struct StateTrack: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case up
        case down
        /// Announced maintenance by the rule of the plan.
        case excluded
        case unknown
    }

    package struct Piece: Hashable, Sendable {
        package var from: Moment
        /// The first instant after it.
        package var to: Moment
        package var state: State

        package init(from: Moment, to: Moment, state: State) {
            self.from = from
            self.to = to
            self.state = state
        }

        package var length: Duration { to - from }
    }

    package let begin: Moment
    package let end: Moment
    /// In order; neighbours differ in state.
    package private(set) var pieces: [Piece] = []

    package init(from begin: Moment, to end: Moment) {
        self.begin = begin
        self.end = max(begin, end)
    }

    /// Adds a state up to an instant; what lies before the last piece's end or outside is cut off.
    package mutating func extend(to moment: Moment, _ state: State) {
        let from = pieces.last?.to ?? begin
        let to = min(moment, end)
        guard to > from else { return }
        if let last = pieces.last, last.state == state {
            pieces[pieces.count - 1].to = to
        } else {
            pieces.append(Piece(from: from, to: to, state: state))
        }
    }

    /// Fills what is left.
    package mutating func close(_ state: State = .unknown) {
        extend(to: end, state)
    }

    package func length(of state: State) -> Duration {
        pieces.reduce(.zero) { $1.state == state ? $0 + $1.length : $0 }
    }

    package func state(at moment: Moment) -> State? {
        pieces.first { $0.from <= moment && moment < $0.to }?.state
    }

    /// The part between two instants.
    package func clipped(from: Moment, to: Moment) -> StateTrack {
        var result = StateTrack(from: max(from, begin), to: min(to, end))
        for piece in pieces where piece.to > result.begin && piece.from < result.end {
            result.extend(to: piece.to, piece.state)
        }
        return result
    }

    /// Combines several tracks of the same stretch, instant by instant.
    package static func combining(
        _ tracks: [StateTrack], from begin: Moment, to end: Moment, by rule: ([State]) -> State
    ) -> StateTrack {
        var result = StateTrack(from: begin, to: end)
        var places = [Int](repeating: 0, count: tracks.count)
        var at = begin
        while at < end {
            var next = end
            var states: [State] = []
            for (index, track) in tracks.enumerated() {
                while places[index] < track.pieces.count, track.pieces[places[index]].to <= at {
                    places[index] += 1
                }
                guard places[index] < track.pieces.count else {
                    states.append(.unknown)
                    continue
                }
                let piece = track.pieces[places[index]]
                if piece.from > at {
                    states.append(.unknown)
                    next = min(next, piece.from)
                } else {
                    states.append(piece.state)
                    next = min(next, piece.to)
                }
            }
            result.extend(to: next, rule(states))
            at = next
        }
        return result
    }
}
