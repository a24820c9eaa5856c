// SPDX-License-Identifier: Apache-2.0

/// A Chaos Toolkit experiment as a scenario of our own.
///
/// Its steady state becomes probes that are waited for before and after the method, its method becomes steps,
/// its rollbacks become undos that are registered before anything is done. What has no counterpart is named.
package struct ChaosTranslation: Sendable {
    /// What the experiment does not say.
    package struct Choices: Sendable {
        /// Where its processes act; an experiment runs them wherever it is started.
        package var host: String
        /// Where its probes ask from.
        package var prober: String
        package var service: String?

        package init(host: String, prober: String, service: String? = nil) {
            self.host = host
            self.prober = prober
            self.service = service
        }
    }

    /// The scenario, in YAML.
    package let yaml: String
    /// What could not be translated, each with where it stood and why.
    package let left: [String]

    /// - Throws: `ChaosError` when the document is no experiment.
    package init(_ document: Node, source: String, choices: Choices) throws {
        var writer = ChaosWriter(try ChaosExperiment(document), choices)
        let body = writer.body()
        left = writer.left
        var lines = [
            "# Made from the Chaos Toolkit experiment \(ChaosWriter.comment(source)). Read it before you run it."
        ]
        if !writer.experiment.description.isEmpty {
            lines += ["#", "# " + ChaosWriter.comment(writer.experiment.description)]
        }
        if !left.isEmpty {
            lines += ["#", "# Not translated:"] + left.map { "#   - " + ChaosWriter.comment($0) }
        }
        yaml = (lines + body).joined(separator: "\n") + "\n"
    }
}

/// Writes the scenario, line by line.
private struct ChaosWriter {
    let experiment: ChaosExperiment
    let choices: ChaosTranslation.Choices
    var left: [String]
    private var taken: Set<String> = []
    /// The names of the probes that stand for the steady state.
    private var probes: [String] = []
    private var steps: [[String]] = []

    init(_ experiment: ChaosExperiment, _ choices: ChaosTranslation.Choices) {
        self.experiment = experiment
        self.choices = choices
        left = experiment.left
        left += experiment.secrets.map {
            "secrets.\($0): say under secrets where it is kept, and under a step that it needs it"
        }
    }

    mutating func body() -> [String] {
        let probeLines = steadyState()
        prepare()
        method()
        validate()
        var lines = [
            "drill: 1", "id: \(name(experiment.title, else: "experiment"))",
            "title: \(quoted(experiment.title))",
            "exercise: simulation", "mode: sandbox", "services: [\(choices.service ?? "")]",
        ]
        if !experiment.configuration.isEmpty {
            lines +=
                ["", "vars:"]
                + experiment.configuration.map { "  \(key($0.name)): \(quoted($0.value ?? ""))" }
        }
        if let service = choices.service {
            lines += ["", "clock: {\(service): {outage_begins: {mark: method_begins}}}"]
            if !probes.isEmpty {
                let parts = probes.map { "{probe: \($0), up_for: 5s}" }.joined(separator: ", ")
                lines += ["", "restored_when: {\(service): {all: [\(parts)]}}"]
            }
        }
        lines += ["", "safety: {hosts: [\(choices.host)], max_duration: 1h}"]
        if !probeLines.isEmpty { lines += ["", "probes:"] + probeLines }
        return lines + ["", "steps:"] + steps.flatMap { $0 }
    }

    // MARK: - Parts

    private mutating func steadyState() -> [String] {
        var lines: [String] = []
        for probe in experiment.hypothesis {
            guard let question = question(of: probe) else { continue }
            let name = name(probe.name, else: "steady")
            probes.append(name)
            lines.append(
                "  \(name): {from: [\(choices.prober)], every: 1s, timeout: \(timeout(of: probe)), \(question)}"
            )
        }
        return lines
    }

    /// How our probes ask the same; `nil` with a word about it when they cannot.
    private mutating func question(of probe: ChaosExperiment.Activity) -> String? {
        switch probe.provider {
        case .http(let http):
            guard http.method == "GET", http.headers.isEmpty else {
                return leave(
                    probe,
                    "an HTTP \(http.method)\(http.headers.isEmpty ? "" : " with headers") is no probe here")
            }
            if let tolerance = probe.tolerance, !Self.isSuccess(tolerance) {
                return leave(
                    probe,
                    "its tolerance: an HTTP probe is up for the statuses 200 to 399, and for nothing else")
            }
            return "http: \(quoted(http.url))"
        case .process(let words, _):
            if let tolerance = probe.tolerance, tolerance.plainText != "0", tolerance.plainText != "true" {
                return leave(
                    probe, "its tolerance: a command is up when it ends with 0, and for nothing else")
            }
            return "command: \(list(words))"
        case .foreign(let text): return leave(probe, "\(text) cannot be run here")
        }
    }

    private static func isSuccess(_ tolerance: Node) -> Bool {
        let numbers = tolerance.list?.compactMap(\.plainText) ?? [tolerance.plainText].compactMap { $0 }
        return !numbers.isEmpty
            && numbers.allSatisfy { Int($0).map { (200..<400).contains($0) } ?? ($0 == "true") }
    }

    private mutating func leave(_ activity: ChaosExperiment.Activity, _ reason: String) -> String? {
        left.append("\(activity.name): \(reason)")
        return nil
    }

    private mutating func prepare() {
        for probe in probes {
            add(
                "steady_\(probe)", "The steady state before: \(probe)", "prepare",
                ["wait_for: {probe: \(probe), up_for: 2s, deadline: 1m}"])
        }
        // An undo runs newest first, and the toolkit's rollbacks run in their order.
        for rollback in experiment.rollbacks.reversed() {
            guard let words = command(of: rollback) else { continue }
            add(
                "register_\(rollback.name)", "Registers the rollback: \(rollback.name)", "prepare",
                ["run: [\"true\"]", "host: \(choices.host)", "undo: {run: \(list(words))}"])
        }
        add("method_begins", nil, "disrupt", ["mark: method_begins"])
    }

    private mutating func method() {
        var before: String?
        for activity in experiment.method {
            if activity.pauseBefore > 0 { pause(activity.pauseBefore, activity.name, "before") }
            let id: String?
            if activity.isAction {
                id = action(activity, after: before)
            } else {
                id = ask(activity, after: before)
            }
            guard id != nil else { continue }
            // What runs in the background does not keep the next one waiting.
            if activity.isInBackground {
                before = before ?? steps.dropLast().last.flatMap { Self.id(of: $0) }
            } else {
                before = nil
            }
            if activity.pauseAfter > 0 { pause(activity.pauseAfter, activity.name, "after") }
        }
    }

    private mutating func action(_ activity: ChaosExperiment.Activity, after before: String?) -> String? {
        guard let words = command(of: activity) else { return nil }
        return add(
            activity.name, activity.name, "disrupt",
            needs(before) + [
                "run: \(list(words))", "host: \(choices.host)",
                "timeout: \(timeout(of: activity, else: "10m"))",
                "undo: none", "because: the experiment's rollbacks are registered before it",
            ])
    }

    private mutating func ask(_ activity: ChaosExperiment.Activity, after before: String?) -> String? {
        guard let words = command(of: activity) else { return nil }
        var check = "check: {host: \(choices.host), run: \(list(words))"
        if let tolerance = activity.tolerance, case .process = activity.provider {
            if let exit = tolerance.plainText.flatMap({ Int($0) }) {
                check += ", exit: \(exit)"
            } else if tolerance.plainText != "true" {
                left.append("\(activity.name): its tolerance; the check passes when the command ends with 0")
            }
        }
        return add(
            activity.name, activity.name, "validate",
            needs(before) + [check + "}", "critical: false", "timeout: \(timeout(of: activity, else: "1m"))"])
    }

    private mutating func validate() {
        for probe in probes {
            add(
                "again_\(probe)", "The steady state after: \(probe)", "validate",
                ["wait_for: {probe: \(probe), up_for: 5s, deadline: 5m}"])
        }
    }

    private mutating func pause(_ seconds: Double, _ name: String, _ place: String) {
        let whole = Int(seconds.rounded(.up))
        add(
            "pause_\(place)_\(name)", "The pause \(place) \(name)", "work",
            [
                "run: [sleep, \"\(whole)\"]", "host: \(choices.host)", "reads_only: true",
                "timeout: \(whole + 60)s",
            ])
    }

    /// The command line of an activity; `nil` with a word about it when it has none.
    private mutating func command(of activity: ChaosExperiment.Activity) -> [String]? {
        switch activity.provider {
        case .process(let words, _): return words
        case .http(let http):
            var words = ["curl", "-fsS", "-o", "/dev/null", "-X", http.method]
            for (name, value) in http.headers { words += ["-H", "\(name): \(value)"] }
            if let body = http.body { words += ["--data", body] }
            return words + [http.url]
        case .foreign(let text):
            left.append("\(activity.name): \(text) cannot be run here; write a step for it")
            return nil
        }
    }

    // MARK: - Lines

    @discardableResult
    private mutating func add(_ name: String, _ title: String?, _ phase: String, _ lines: [String]) -> String
    {
        let id = self.name(name, else: "step")
        var step = ["  - id: \(id)"]
        if let title { step.append("    title: \(quoted(title))") }
        step.append("    phase: \(phase)")
        steps.append(step + lines.map { "    " + $0 })
        return id
    }

    private func needs(_ before: String?) -> [String] {
        before.map { ["needs: [\($0)]"] } ?? []
    }

    private static func id(of step: [String]) -> String? {
        step.first.map { String($0.dropFirst("  - id: ".count)) }
    }

    private func timeout(of activity: ChaosExperiment.Activity, else fallback: String = "3s") -> String {
        let seconds: Double? =
            switch activity.provider {
            case .http(let http): http.timeout
            case .process(_, let timeout): timeout
            case .foreign: nil
            }
        return seconds.map { $0 < 1 ? "\(max(1, Int($0 * 1_000)))ms" : "\(Int($0.rounded(.up)))s" }
            ?? fallback
    }

    /// A name that nothing else has.
    private mutating func name(_ text: String, else fallback: String) -> String {
        let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        var base = String(words.joined(separator: "_").drop { $0.isNumber || $0 == "_" }.prefix(50))
        if base.isEmpty { base = fallback }
        var name = base
        var number = 2
        while !taken.insert(name).inserted {
            name = "\(base)_\(number)"
            number += 1
        }
        return name
    }

    private func key(_ name: String) -> String {
        Spelling.isName(name)
            ? name : String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    private func list(_ words: [String]) -> String {
        "[" + words.map(quoted).joined(separator: ", ") + "]"
    }

    /// A text between double quotes, with `${name}` as `{{name}}`.
    private func quoted(_ text: String) -> String {
        var text = text
        for (name, _) in experiment.configuration {
            text = text.replacing("${\(name)}", with: "{{\(key(name))}}")
        }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    static func comment(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
