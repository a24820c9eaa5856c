// SPDX-License-Identifier: Apache-2.0

/// What must come before what.
extension ScenarioReferences {
    /// A step that waits for itself, for a later one in a circle, or for nothing that ever ends.
    func checkOrder() {
        var done: Set<String> = []
        var left = Array(scenario.steps.indices)
        while true {
            let ready = left.filter { scenario.needs(of: $0).allSatisfy(done.contains) }
            guard !ready.isEmpty else { break }
            done.formUnion(ready.map { scenario.steps[$0].id })
            left.removeAll(where: ready.contains)
        }
        let known = Set(scenario.steps.map(\.id))
        for index in left {
            let step = scenario.steps[index]
            guard scenario.needs(of: index).allSatisfy(known.contains) else { continue }
            reader.stepFields[step.id]?.complain("needs", "it would wait for itself, in a circle")
        }
    }

    /// What a step uses of another must be there by then: steps that wait for each other in no way run side
    /// by side.
    func checkKnowledge() {
        let ancestors = scenario.ancestors
        for step in scenario.steps {
            guard let before = ancestors[step.id], let fields = reader.stepFields[step.id] else { continue }
            for (source, what, key) in used(by: step) where source != step.id && !before.contains(source) {
                fields.complain(
                    key, "uses \(what) of \(source), which may not have ended when this step begins",
                    hint: "add \(source) to its needs")
            }
        }
    }

    /// The steps whose results a step uses, with what it uses, and where.
    private func used(by step: Step) -> [(source: String, what: String, key: String)] {
        var used: [(source: String, what: String, key: String)] = []
        func saved(_ name: String, _ key: String) {
            let sources = scenario.steps.filter { $0.save[name] != nil }.map(\.id)
            // Several steps may save a name, of which one runs; which of them is not known here.
            if sources.count == 1 { used.append((sources[0], "'\(name)'", key)) }
        }
        let texts = step.texts.filter { !step.undoTexts.contains($0) }
        for name in Set(texts.flatMap { Template($0).names }).sorted() { saved(name, step.verb.name) }
        for case .answer(let name, _) in step.when?.leaves ?? [] { saved(name, "when") }
        for case .step(let id) in step.when?.leaves ?? [] { used.append((id, "the end", "when")) }
        if case .restore(let restore) = step.verb, case .mark(let mark) = restore.at {
            let sources = scenario.steps.filter { $0.verb == .mark(mark) }.map(\.id)
            if sources.count == 1 { used.append((sources[0], "the mark", "restore")) }
        }
        if case .verify(.tree(let check)) = step.verb, case .step(let id) = check.against {
            used.append((id, "the restored tree", "verify"))
        }
        return used.filter { scenario.step($0.source) != nil }
    }
}
