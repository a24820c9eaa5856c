// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AfterActionPage {
    // MARK: - Recovery time

    @MarkupBuilder
    func recoveryParts(_ service: AfterAction.ServicePart) -> Markup {
        let recovery = service.recovery
        tag("h3") { recovery.service }
        if recovery.parts.isEmpty {
            tag("p", class: "soft") { say("No part could be told apart.", "无法区分各部分。") }
        } else {
            parts.table(
                [
                    .init(say("part", "部分")), .init(say("length", "时长"), "r"), .init(say("how known", "来源")),
                ],
                recovery.partsInOrder.map { part in
                    [
                        Markup(words.part(part.name)), Markup(words.length.text(part.span)),
                        Markup(
                            part.isAssumed
                                ? say("ASSUMED", "假定") + (part.because.map { ": \($0)" } ?? "")
                                : say("measured", "实测")),
                    ]
                } + sums(recovery))
        }
        if let tolerable = service.tolerableSeconds { tolerableLine(recovery, tolerable) }
    }

    private func sums(_ recovery: ServiceRecovery) -> [[Markup]] {
        [
            (say("recovery time, measured", "恢复时间（实测）"), recovery.recoveryTime),
            (say("recovery time, projected", "恢复时间（推算）"), recovery.projectedTime),
        ].compactMap { name, span in
            span.map { span in
                [
                    tag("strong") { name }, tag("strong") { words.length.text(span) },
                    Markup(
                        say("outage to valid, not the sum of the roundings", "从中断到有效，并非各取整值之和")),
                ]
            }
        }
    }

    /// The tolerable outage beside the recovery time; never merged with it.
    private func tolerableLine(_ recovery: ServiceRecovery, _ tolerable: Double) -> Markup {
        let work = report.timeline.rows.filter { $0.phase == .work }.compactMap(\.endSeconds).max()
        let outage = report.timeline.marks.first { $0.kind == .outage && $0.name == recovery.service }
        let text: String
        if let work, let outage {
            text = say(
                "From the outage until the work was signed off: \(words.seconds(work - outage.earliestSeconds)); "
                    + "\(words.seconds(tolerable)) is the most that can be borne.",
                "从中断到业务签收：\(words.seconds(work - outage.earliestSeconds))；最长可容忍 \(words.seconds(tolerable))。")
        } else {
            text = say(
                "Until the work was signed off: unknown; \(words.seconds(tolerable)) is the most that can be borne.",
                "到业务签收：未知；最长可容忍 \(words.seconds(tolerable))。")
        }
        return tag("p") { text }
    }

    // MARK: - Data loss

    @MarkupBuilder
    func loss(_ service: AfterAction.ServicePart) -> Markup {
        tag("h3") { service.recovery.service }
        if let loss = service.loss {
            parts.table(
                [.init(say("what", "项目")), .init(say("value", "值"))], lossRows(service, loss))
        } else if service.writes.isEmpty {
            tag("p") {
                say(
                    "No canary was read in the recovered data: what was lost is unknown.",
                    "未在恢复的数据中读取金丝雀：丢失量未知。")
            }
        }
        for writes in service.writes { writesTable(writes) }
        for tree in service.trees { treeLine(tree) }
    }

    /// The writes that a probe was answered, against the rows of the recovered service.
    private func writesTable(_ writes: DrillFact.WritesRead) -> Markup {
        let holes =
            writes.holes.isEmpty
            ? say("none", "无")
            : "\(writes.holes.count): \(writes.holes.prefix(20).map { "\($0)" }.joined(separator: ", "))"
        let rows = [
            (say("answered writes of \(writes.probe)", "\(writes.probe) 已确认的写入"), "\(writes.acknowledged)"),
            (say("of them recovered", "其中已恢复"), "\(writes.recovered)"),
            (say("lost behind the newest recovered", "最新恢复之后丢失"), "\(writes.lost)"),
            (
                say("time they span", "跨越时间"),
                writes.lostWindow.map { words.length.text($0) } ?? words.unknown
            ),
            (say("holes before it", "之前的缺失"), holes),
        ]
        return parts.table(
            [.init(say("what", "项目")), .init(say("value", "值"))],
            rows.map { [Markup($0.0), Markup($0.1)] })
    }

    private func lossRows(_ service: AfterAction.ServicePart, _ loss: AfterAction.DataLoss) -> [[Markup]] {
        let read = loss.read
        func row(_ name: String, _ value: Markup) -> [Markup] { [Markup(name), value] }
        var rows = [
            row(
                say("data loss", "数据丢失"),
                Markup(service.recovery.recoveryPoint.map(words.length.text) ?? words.unknown)),
            row(
                say("acknowledged records lost", "丢失的已确认记录"),
                Markup(loss.lostRecords.map { "\($0)" } ?? words.unknown)),
            row(
                say("records read in the recovered service", "恢复后的服务中读到的记录"),
                Markup(
                    "\(read.records) (\(read.firstSequence.map { "\($0)" } ?? "-")"
                        + " … \(read.lastSequence.map { "\($0)" } ?? "-"))")),
            row(
                say("holes among them", "其中缺失"),
                read.holes.isEmpty
                    ? Markup(say("none", "无"))
                    : Markup(
                        "\(read.holes.count): \(read.holes.prefix(20).map { "\($0)" }.joined(separator: ", "))"
                    )),
            row(say("lines that no acknowledgement knows", "无确认对应的行"), Markup("\(read.unknownLines)")),
        ]
        for (name, record) in [
            (say("last record that came back", "最后恢复的记录"), loss.lastRecovered),
            (say("first record lost", "首条丢失的记录"), loss.firstLost),
            (say("last record lost", "末条丢失的记录"), loss.lastLost),
        ] {
            guard let record else { continue }
            rows.append(
                row(
                    name,
                    Markup("\(record.sequence), ") + parts.time(record.writtenAt)
                        + Markup(say(", writer's clock", "，写入方时钟"))))
        }
        for restored in service.restored {
            rows.append(
                row(
                    say("restored from", "恢复来源"),
                    Markup("\(restored.point) @ \(restored.store), ") + parts.time(restored.consistencyAt)
                        + Markup(", \(restored.members) / \(ByteText.of(restored.bytes))")))
        }
        return rows
    }

    private func treeLine(_ tree: DrillFact.TreeVerified) -> Markup {
        let red =
            tree.wentRedOn.isEmpty
            ? say(
                "The check was NOT seen to fail on a spoiled copy, so its green counts as a readiness check only.",
                "该检查未在被破坏的副本上验证过会报错，其通过仅作就绪检查。")
            : say(
                "The same check went red on a spoiled copy (\(tree.wentRedOn.joined(separator: ", "))).",
                "同一检查在被破坏的副本上曾报错（\(tree.wentRedOn.joined(separator: "，"))）。")
        return tag("p") {
            parts.sign(
                tree.isWhole ? .good : .bad, tree.isWhole ? say("whole", "完整") : say("not whole", "不完整"))
            say(
                " \(tree.files) files hashed at \(tree.host): \(tree.mismatched) differ, \(tree.missing) missing, "
                    + "\(tree.unexpected) not of the point. ",
                " 在 \(tree.host) 对 \(tree.files) 个文件求哈希：\(tree.mismatched) 个不符，\(tree.missing) 个缺失，"
                    + "\(tree.unexpected) 个多出。")
            red
        }
    }

    // MARK: - Validation

    var validation: Markup {
        parts.table(
            [
                .init(say("Procedure", "步骤")), .init(say("Expected", "预期结果")), .init(say("Actual", "实际结果")),
                .init(say("Successful?", "是否成功")), .init(say("By", "执行人")),
            ],
            report.validation.map { row in
                [
                    Markup(row.procedure) + tag("br")
                        + tag("small", class: "soft") {
                            "\(row.step) · \(words.phase(row.phase))"
                                + (row.lengthSeconds.map { " · \(words.seconds(max(0, $0)))" } ?? "")
                        },
                    Markup(row.expected), Markup(row.actual), success(row.successful), Markup(row.by),
                ]
            })
    }

    private func success(_ result: DrillFact.Result?) -> Markup {
        guard let result else { return parts.badge(say("not run", "未执行"), .doubt) }
        return switch result {
        case .passed: parts.badge(words.result(result), .good)
        case .skipped: tag("span", class: "verdict neutral") { words.result(result) }
        case .unknown: parts.badge(words.result(result), .doubt)
        case .failed, .timedOut, .gaveUp: parts.badge(words.result(result), .bad)
        }
    }
}
