// SPDX-License-Identifier: Apache-2.0

/// Help for people who mistyped.
package enum Spelling {
    /// `did you mean 'copies'?`, or `nil` when nothing is near enough.
    package static func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
        let limit = word.count < 4 ? 1 : max(2, word.count / 3)
        let near = candidates.map { (candidate: $0, distance: distance(word.lowercased(), $0.lowercased())) }
            .filter { $0.distance <= limit }
            .min { $0.distance < $1.distance }
        return near.map { "did you mean '\($0.candidate)'?" }
    }

    /// Whether a text can be the name of something in a plan.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, text.count <= 64 else { return false }
        let isLetter = { (scalar: Unicode.Scalar) in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        }
        return isLetter(first)
            && text.unicodeScalars.allSatisfy {
                isLetter($0) || ("0"..."9").contains($0) || $0 == "-" || $0 == "_"
            }
    }

    /// How many letters must be added, dropped, changed or swapped with a neighbour.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        var before: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var line = [row + 1]
            for column in right.indices {
                var best = min(
                    line[column] + 1, last[column + 1] + 1,
                    last[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, before[column - 1] + 1)
                }
                line.append(best)
            }
            before = last
            last = line
        }
        return last[right.count]
    }
}
