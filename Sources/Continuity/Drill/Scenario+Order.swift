// SPDX-License-Identifier: Apache-2.0

extension Scenario {
    /// The steps that must have ended before the one at an index: those named, else the one before it.
    package func needs(of index: Int) -> [String] {
        steps[index].needs ?? (index > 0 ? [steps[index - 1].id] : [])
    }

    /// By step, all that must have ended before it begins, directly or not.
    ///
    /// Steps that wait for each other in a circle are left out.
    package var ancestors: [String: Set<String>] {
        var known: [String: Set<String>] = [:]
        var left = Array(steps.indices)
        while true {
            let ready = left.filter { needs(of: $0).allSatisfy { known[$0] != nil } }
            guard !ready.isEmpty else { return known }
            for index in ready {
                known[steps[index].id] = needs(of: index).reduce(into: []) { all, need in
                    all.formUnion((known[need] ?? []).union([need]))
                }
            }
            left.removeAll(where: ready.contains)
        }
    }

    /// By step, those of the same mode that may be under way at the same time, in written order.
    package var concurrent: [String: [String]] {
        let ancestors = ancestors
        let acting = steps.filter { $0.isIn(mode) && $0.takesTime }
        var beside: [String: [String]] = [:]
        for step in acting {
            beside[step.id] = acting.map(\.id).filter { other in
                other != step.id && ancestors[step.id]?.contains(other) == false
                    && ancestors[other]?.contains(step.id) == false
            }
        }
        return beside
    }
}

extension Step {
    /// Whether anything can happen while the step is under way.
    fileprivate var takesTime: Bool {
        switch verb {
        case .mark, .inject, .group: false
        case .fault(let fault): fault.host != nil
        default: true
        }
    }
}
