// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// The words of one report: its language, its zone, and the instant that ages are counted back from.
package struct Wording: Sendable {
    package let say: ReportLanguage
    package let time: LocalTime
    package let now: Moment
    package let length: LengthText

    package init(_ language: ReportLanguage, zone: String, now: Moment, space: String = " ") {
        say = language
        time = LocalTime(zone: zone)
        self.now = now
        length = LengthText(language, space: space)
    }

    package func seconds(_ seconds: Double) -> String {
        length.text(Duration(roundedSeconds: seconds))
    }

    /// The age of what was seen at a moment, such as `3 h old`.
    package func age(_ moment: Moment) -> String {
        let age = length.age(now - moment)
        return say("\(age) old", "\(age)前")
    }

    /// The same after a verb, such as `3 h ago`.
    package func ago(_ moment: Moment) -> String {
        let age = length.age(now - moment)
        return say("\(age) ago", "\(age)前")
    }

    package var unknown: String { say("unknown", "未知") }

    package func verdict(_ verdict: MetricVerdict) -> String {
        switch verdict {
        case .met: say("met", "达标")
        case .missed: say("missed", "未达标")
        case .unproven: say("unproven", "未证实")
        }
    }

    package func outcome(_ outcome: DrillOutcome) -> String {
        switch outcome {
        case .passed: say("passed", "通过")
        case .failed: say("failed", "失败")
        case .incomplete: say("incomplete", "不完整")
        case .aborted: say("aborted", "中止")
        }
    }

    package func aftermath(_ aftermath: Aftermath) -> String {
        switch aftermath {
        case .clean: say("clean", "无遗留")
        case .leftovers: say("leftovers", "有遗留")
        }
    }

    package func mode(_ mode: DrillMode) -> String {
        switch mode {
        case .talk: say("talk", "讨论")
        case .rehearse: say("rehearsal", "预演")
        case .sandbox: say("sandbox", "沙箱")
        case .live: say("live", "生产实战")
        }
    }

    package func exercise(_ exercise: Exercise) -> String {
        switch exercise {
        case .deskCheck: say("desk check", exercise.chinese)
        case .sandTable: say("sand table", exercise.chinese)
        case .walkthrough, .tabletop, .simulation, .partial, .full:
            say(exercise.rawValue, exercise.chinese)
        }
    }

    /// What an evidence class means (measurement.md).
    package func evidence(_ evidence: EvidenceClass) -> String {
        switch evidence {
        case .none: say("no evidence", "无证据")
        case .talk: say("talked through", "仅讨论")
        case .readiness: say("readiness check", "就绪检查")
        case .componentRestore: say("component restored", "组件恢复")
        case .isolatedRecovery: say("recovered in isolation", "隔离环境功能恢复")
        case .announcedSwitch: say("announced live switch", "预告的实战切换")
        case .unannouncedSwitch: say("unannounced live switch", "未预告的实战切换")
        }
    }

    package func phase(_ phase: Phase) -> String {
        switch phase {
        case .prepare: say("prepare", "准备")
        case .disrupt: say("disrupt", "破坏")
        case .detect: say("detect", "发现")
        case .decide: say("decide", "决策")
        case .recover: say("recover", "恢复")
        case .validate: say("validate", "验证")
        case .work: say("work", "业务")
        case .protect: say("protect", "再保护")
        case .wayBack: say("return", "回切")
        }
    }

    /// A part of the recovery time, by its name in the run.
    package func part(_ name: String) -> String {
        switch name {
        case "cutover": say("cut-over", "切换")
        default: Phase(rawValue: name).map(phase) ?? name
        }
    }

    package func result(_ result: DrillFact.Result) -> String {
        switch result {
        case .passed: say("yes", "是")
        case .failed: say("no", "否")
        case .timedOut: say("no: timed out", "否：超时")
        case .gaveUp: say("no: no answer in time", "否：未及时答复")
        case .skipped: say("skipped", "跳过")
        case .unknown: say("unknown", "未知")
        }
    }

    package func loss(_ loss: CopyLoss) -> String {
        switch loss.kind {
        case .site: say("site \(loss.name) gone", "站点 \(loss.name) 失效")
        case .credential: say("key \(loss.name) stolen", "密钥 \(loss.name) 被盗")
        case .city: say("city \(loss.name) gone", "城市 \(loss.name) 失效")
        }
    }

    package func proof(_ method: ProofMethod) -> String {
        switch method {
        case .hashAtSite: say("hashed at the site", "站点端哈希")
        case .readBack: say("read back", "回读")
        case .fullRead: say("read in full", "完整读取")
        case .none: say("none", "无")
        }
    }
}
