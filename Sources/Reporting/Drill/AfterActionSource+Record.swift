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
        case .alert(let raised):
            (language("raised by the monitoring: ", "监控已告警：") + raised.text, nil)
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
}
