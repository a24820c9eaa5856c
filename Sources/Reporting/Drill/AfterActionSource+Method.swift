// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AfterActionSource {
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
        rows += frame(run)
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

    /// What the numbers were measured under: kind, story, what was prepared, what was held.
    private func frame(_ run: DrillRun) -> [AfterAction.MethodRow] {
        [narrowed, story, prepared].compactMap { $0 } + run.services.compactMap { held($0.service) }
    }

    private var narrowed: AfterAction.MethodRow? {
        let missing = evidence.scenario.coreServicesLeftOut(plan)
        guard evidence.scenario.exercise == .full, !missing.isEmpty else { return nil }
        return AfterAction.MethodRow(
            name: language("exercise", "演练类型"), value: language("filed as partial", "按局部演练计"),
            note: language(
                "core services were left out: \(missing.joined(separator: ", "))",
                "未包含核心业务：\(missing.joined(separator: "、"))"))
    }

    private var story: AfterAction.MethodRow? {
        guard let pace = evidence.scenario.pace else { return nil }
        let driver = pace.driver ?? language("its own clock", "情景时钟")
        let scale = pace.factor
        return AfterAction.MethodRow(
            name: language("story", "情景"),
            value: language("\(scale) minutes of story in one", "一分钟相当于情景 \(scale) 分钟"),
            note: language(
                "moved on by \(driver); targets of objectives are in the story's time, deadlines of questions in the table's",
                "由 \(driver) 推进；目标按情景时间计，问题时限按桌面时间计"))
    }

    /// What was done before the disaster flatters a recovery time, so it is named.
    private var prepared: AfterAction.MethodRow? {
        let state = evidence.state
        let done = evidence.scenario.steps.filter {
            $0.phase == .prepare && $0.isMutating && state.result(of: $0.id) == .passed
        }
        guard !done.isEmpty else { return nil }
        return AfterAction.MethodRow(
            name: language("prepared in advance", "事先准备"), value: done.map(\.id).joined(separator: ", "),
            note: language(
                "done before the disaster, so in no recovery time", "在灾难发生前完成，不计入恢复时间"))
    }

    /// How long the run was held between a service's outage and its recovery; the recovery time includes it.
    private func held(_ service: String) -> AfterAction.MethodRow? {
        let timeline = Timeline(evidence)
        guard let outage = timeline.marks.first(where: { $0.kind == .outage && $0.name == service }) else {
            return nil
        }
        let valid = timeline.marks.first { $0.kind == .valid && $0.name == service }
        let (begin, end) = (outage.latestSeconds, valid?.earliestSeconds ?? timeline.lengthSeconds)
        let seconds = timeline.holds.reduce(0) { sum, hold in
            sum + max(0, min(hold.endSeconds, end) - max(hold.beginSeconds, begin))
        }
        guard seconds > 0 else { return nil }
        return AfterAction.MethodRow(
            name: language("held while \(service) was away", "\(service) 中断期间暂停"),
            value: words.seconds(seconds),
            note: language(
                "part of the recovery time, which is gross; net of it, it would be shorter by this",
                "恢复时间为毛值，已含此段；净值应减去此段"))
    }
}
