// SPDX-License-Identifier: Apache-2.0
import Continuity
import Operations
import Reporting

/// Walks a person through what is still unknown; each answer is in the ledger before the next is asked.
struct InterviewSession {
    let place: Place
    let desk: AttestationDesk
    let console: Console
    let language: ReportLanguage
    let keyPath: String?
    let longest: Duration
    private var input = LineReader()
    private var interview: Interview
    private var memory: InterviewMemory
    private(set) var yes = 0
    private(set) var no = 0
    private(set) var unknown = 0

    init(
        place: Place, console: Console, grade: GradeReport, language: ReportLanguage, keyPath: String?
    ) throws {
        self.place = place
        self.console = console
        self.language = language
        self.keyPath = keyPath
        desk = AttestationDesk(plan: place.plan, ledger: place.ledger)
        longest = GradeParameters(BuiltInModel.model).duration("attestation_max_age")
        interview = Interview(grade, model: BuiltInModel.model)
        memory = InterviewMemory(workspace: place.workspace)
        guard input.isTerminal else {
            throw OperationError(
                .refused, "an interview needs a terminal", hint: "'lifeboat attest CRITERION …' needs none")
        }
    }

    private var say: ReportLanguage { language }

    /// Asks until nothing is open, or the person has had enough.
    mutating func run(as named: String?) throws -> Person? {
        guard let person = try person(named) else { return nil }
        let all = interview.questions(for: person.roles)
        guard !all.isEmpty else {
            let roles = interview.rolesAsked.joined(separator: ", ")
            try console.print(
                roles.isEmpty
                    ? say("nothing is open that a person's word can settle", "没有可由人员声明解决的未知项")
                    : say(
                        "\(person.id) has no role that may speak for what is open; these may: \(roles)",
                        "\(person.id) 的角色不能为未知项作声明；可声明的角色：\(roles)"))
            return person
        }
        try console.print(
            say(
                "\(all.count) things are unknown that \(person.id) can settle, most valuable first.\n"
                    + "y yes, n no, u I do not know, ? what is asked for, q enough for today (all answers are kept)",
                "有 \(all.count) 项未知可由 \(person.id) 声明，最有价值的在前。\n"
                    + "y 是，n 否，u 不知道，? 说明，q 今天到此为止（已答内容均已保存）"))
        let later = memory.unknown(to: person.id)
        while let question = interview.questions(for: person.roles, later: later).first {
            guard try ask(question, person) else { break }
        }
        return person
    }

    private mutating func person(_ named: String?) throws -> Person? {
        guard let name = try named ?? prompt(say("who are you, as the plan names you? ", "您是谁（计划中的名称）？ "))
        else { return nil }
        guard let person = place.plan.person(name) else {
            throw OperationError(
                .unknownName, "the plan has no person '\(name)'",
                hint: Spelling.suggestion(for: name, among: place.plan.people.map(\.id)))
        }
        return person
    }

    // MARK: - One question

    /// - Returns: whether to go on.
    private mutating func ask(_ question: Interview.Question, _ person: Person) throws -> Bool {
        try console.print("\n" + head(question))
        while let answer = try prompt("[y/n/u/?/q] ") {
            switch answer.lowercased() {
            case "y", "yes", "是": return try state(question, .met, person)
            case "n", "no", "否": return try state(question, .notMet, person)
            case "u", "unknown", "":
                unknown += 1
                interview.answer(question.criterion.id, nil)
                try memory.note(question.criterion.id, person: person.id, at: place.time.now())
                return true
            case "?": try console.print(help(question))
            case "q", "quit": return false
            default: continue
            }
        }
        return false
    }

    private func head(_ question: Interview.Question) -> String {
        let criterion = question.criterion
        let dimension = say(question.dimension.nameEn, question.dimension.nameZh)
        let gain = question.withYes - question.confirmed
        let lift: String
        if gain > 0 {
            lift = say(
                "a yes lifts \(dimension) from level \(question.confirmed) to \(question.withYes)",
                "回答“是”可使“\(dimension)”由 \(question.confirmed) 级升至 \(question.withYes) 级")
        } else {
            lift = say(
                "a yes brings \(dimension) nearer to level \(max(criterion.level, question.confirmed + 1))",
                "回答“是”可使“\(dimension)”更接近 \(max(criterion.level, question.confirmed + 1)) 级")
        }
        return Escaping.visible(say(criterion.textEn, criterion.textZh)) + "\n  \(criterion.id); \(lift)"
    }

    private func help(_ question: Interview.Question) -> String {
        let lines = [
            say("table ", "表 ") + "\(question.table.number), "
                + say(question.table.nameEn, question.table.nameZh),
            say("who may say so: ", "可声明的角色：") + question.table.attestedBy.joined(separator: ", "),
            say("usual evidence: ", "常用证据：") + question.table.evidence,
            question.criterion.note.map { say("note: ", "注：") + $0 },
        ]
        return lines.compactMap { $0 }.map { "  " + Escaping.visible($0) }.joined(separator: "\n")
    }

    /// Asks for what a statement needs and writes it down; what the desk refuses is asked again.
    private mutating func state(
        _ question: Interview.Question, _ statement: Attestation.Statement, _ person: Person
    ) throws -> Bool {
        let roles = person.roles.filter { Attestation.isRole($0, among: question.table.attestedBy) }
        guard let role = try role(roles) else { return false }
        while true {
            guard let evidence = try evidence(statement), let end = try end() else { return false }
            do {
                let now = place.time.now()
                let (made, event) = try desk.record(
                    AttestationDesk.Statement(
                        criterion: question.criterion.id, scope: "organisation", statement: statement,
                        person: person.id, role: role, evidence: evidence, expiresAt: end, keyPath: keyPath),
                    at: now)
                statement == .met ? (yes += 1) : (no += 1)
                interview.answer(question.criterion.id, statement == .met ? .met : .notMet)
                try console.print(
                    say("  kept as \(made.id), event \(event)", "  已保存为 \(made.id)，事件 \(event)"))
                return true
            } catch let error as OperationError {
                console.err("lifeboat: error: \(Escaping.visible(error.detail))")
            }
        }
    }

    private mutating func role(_ roles: [String]) throws -> String? {
        guard roles.count > 1 else { return roles.first }
        while let answer = try prompt(
            say("  in which role: ", "  以何角色：") + roles.joined(separator: ", ") + "? ")
        {
            if let role = roles.first(where: { $0 == answer }) { return role }
        }
        return nil
    }

    private mutating func evidence(_ statement: Attestation.Statement) throws -> [String]? {
        let isNeeded = statement == .met
        let words = say("  evidence, a file or a link", "  证据（文件或链接）")
        while let answer = try prompt(words + (isNeeded ? ": " : say(" (may be empty): ", "（可空）："))) {
            if !answer.isEmpty { return [answer] }
            if !isNeeded { return [] }
            try console.print(say("  a yes without evidence does not count", "  没有证据的“是”不作数"))
        }
        return nil
    }

    private mutating func end() throws -> Moment? {
        let latest = place.time.now() + longest
        let day = latest.text(decimals: 0).prefix(10)
        while let answer = try prompt(say("  good until [\(day)]: ", "  有效期至 [\(day)]：")) {
            if answer.isEmpty { return latest }
            if let end = Moment("\(answer)T23:59:59Z"), end > place.time.now(), end <= latest { return end }
            try console.print(
                say("  a day between tomorrow and \(day), such as \(day)", "  请输入明天至 \(day) 之间的日期，如 \(day)"))
        }
        return nil
    }

    private mutating func prompt(_ words: String) throws -> String? {
        try console.ask(words)
        return input.line().map { $0.filter { $0 != "\r" }.trimmingPrefix { $0 == " " } }.map(String.init)
    }
}
