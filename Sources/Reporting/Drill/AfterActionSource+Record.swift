// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AfterActionSource {
    /// The activity log: what happened when, in words; samples and clock exchanges are counted elsewhere.
    var activity: [AfterAction.ActivityRow] {
        evidence.records.compactMap { record in
            guard let (text, person) = line(record.fact) else { return nil }
            return AfterAction.ActivityRow(
                record: record.sequence, at: record.utc, kind: record.fact.kind, step: record.step,
                text: text, person: person)
        }
    }

    private func line(_ fact: DrillFact) -> (text: String, person: String?)? {
        switch fact {
        case .clockSample, .output: nil
        case .runOpen(let opened):
            (language("the run opens: \(opened.title)", "演练开始：\(opened.title)"), nil)
        case .guardChecked(let check):
            (
                "\(check.name)\(check.host.map { " @ \($0)" } ?? ""): "
                    + (check.passed ? "ok" : language("FAILED", "失败"))
                    + (check.detail.isEmpty ? "" : " - \(check.detail)"), nil
            )
        case .intent(let intent):
            (
                language("about to \(intent.verb)", "将执行 \(intent.verb)")
                    + (intent.hosts.isEmpty ? "" : " @ \(intent.hosts.joined(separator: ", "))"), nil
            )
        case .started(let started):
            (language("begun", "已开始") + (started.host.map { " @ \($0)" } ?? ""), nil)
        case .confirmed(let proof):
            (
                (proof.passed
                    ? language("confirmed: ", "已确认：") : language("NOT confirmed: ", "未确认："))
                    + proof.detail, nil
            )
        case .finished(let end):
            ("\(end.result.rawValue)\(end.actual.isEmpty ? "" : ": \(end.actual)")", end.performedBy)
        case .mark(let mark): (language("mark \(mark.name)", "标记 \(mark.name)"), nil)
        case .probe(let batch):
            (
                language(
                    "\(batch.samples) samples of \(batch.probe) from \(batch.host)",
                    "\(batch.host) 的 \(batch.probe) 采样 \(batch.samples) 个"), nil
            )
        case .answer(let answer):
            (
                "\(answer.role): \(answer.answer)\(answer.text.map { " - \($0)" } ?? "")"
                    + (answer.by == "file" ? language(" (from a file)", "（来自文件）") : "")
                    + (answer.isAuthenticated ? "" : language(" (unauthenticated)", "（未经认证）")),
                answer.person
            )
        case .hold(let reason): (language("HOLD: ", "暂停：") + reason.text, reason.person)
        case .release(let reason): (language("goes on: ", "继续：") + reason.text, reason.person)
        case .note(let note): (note.text, note.person)
        case .undoIntent(let undo): (language("about to undo: ", "将撤销：") + undo.what, nil)
        case .undoDone(let undo): (language("undone: ", "已撤销：") + undo.what, nil)
        case .undoFailed(let undo):
            (language("UNDO FAILED: ", "撤销失败：") + "\(undo.what) - \(undo.detail)", nil)
        case .correction(let correction):
            (
                language("correction of record \(correction.of): ", "更正记录 \(correction.of)：")
                    + correction.text, correction.person
            )
        case .stop(let stop): (language("no further step: ", "停止：") + stop.text, nil)
        case .runClosed(let end):
            (
                language("the run is closed: ", "演练结束：")
                    + "\(words.outcome(end.outcome)), \(words.aftermath(end.aftermath))", nil
            )
        }
    }

    /// How the numbers were come by, and their error bars.
    func method(_ state: RunState, _ run: DrillRun) -> [AfterAction.MethodRow] {
        var rows: [AfterAction.MethodRow] = []
        func add(_ name: String, _ value: String, _ note: String) {
            rows.append(AfterAction.MethodRow(name: name, value: value, note: note))
        }
        add(
            language("clock", "时钟"),
            evidence.isOfOneBoot
                ? language("one boot of the controller", "控制端单次启动")
                : language("NOT one boot", "控制端曾重启"),
            language(
                "lengths are differences of one monotonic clock; wall times are labels",
                "时长取自同一单调时钟；墙上时间仅作标注"))
        if let pace = evidence.scenario.pace {
            let driver = pace.driver ?? language("its own clock", "情景时钟")
            add(
                language("story", "情景"),
                language("\(pace.scale) minutes of story in one", "一分钟相当于情景 \(pace.scale) 分钟"),
                language(
                    "moved on by \(driver); the targets of the objectives are meant in the story's time, deadlines of questions in the table's",
                    "由 \(driver) 推进；目标按情景时间计，问题时限按桌面时间计"))
        }
        for probe in evidence.scenario.probes.filter({ evidence.tracks[$0.id] != nil }) {
            let width = (probe.every + probe.timeout) * 2
            let samples = (evidence.tracks[probe.id] ?? [:]).values.reduce(0) { $0 + $1.samples.count }
            add(
                language("probe \(probe.id)", "探针 \(probe.id)"),
                language(
                    "every \(words.length.text(probe.every)), gives up after \(words.length.text(probe.timeout))",
                    "每 \(words.length.text(probe.every))，超时 \(words.length.text(probe.timeout))"),
                language(
                    "\(samples) samples; a length between two of its changes is known to \(words.length.text(width)) at worst",
                    "\(samples) 个采样；两次变化之间的时长误差不超过 \(words.length.text(width))"))
        }
        for (host, bound) in clockBounds {
            add(
                language("clock of \(host)", "\(host) 的时钟"), "± \(words.length.text(bound / 2, .up))",
                language(
                    "bounded by exchanges of times over the session, drift of 200 parts in a million allowed",
                    "由会话内时间交换限定，允许百万分之二百的漂移"))
        }
        for recovery in run.services {
            let how: String? =
                switch evidence.scenario.clock(of: recovery.service)?.outageBegins {
                case .mark(let name):
                    language("at the mark \(name): a simulated instant", "取自标记 \(name)：模拟时刻")
                case .probe(let name): language("at the first failure that \(name) saw", "取自 \(name) 的首次失败")
                case nil: nil
                }
            add(
                language("outage of \(recovery.service) begins", "\(recovery.service) 中断起点"),
                how ?? words.unknown, recovery.disasterAt.map(range) ?? "")
        }
        return rows
    }

    private func range(_ range: MomentRange) -> String {
        "\(words.time.text(range.earliest)) ± \(words.length.text((range.latest - range.earliest) / 2, .up))"
    }

    private var clockBounds: [(String, Duration)] {
        let clock = evidence.clock
        let hosts = Set(evidence.tracks.values.flatMap(\.keys)).sorted()
        return hosts.compactMap { host in
            let ends = evidence.tracks.values.compactMap { $0[host]?.samples.last?.ended }
            guard let last = ends.max(), let offset = clock.offset(of: host, at: last) else { return nil }
            return (host, offset.latest - offset.earliest)
        }
    }
}
