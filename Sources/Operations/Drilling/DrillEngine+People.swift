// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Ledger

extension DrillEngine {
    func performQuestion(_ step: Step, _ question: Question) throws {
        let choices = question.choices.map(\.id).joined(separator: ", ")
        let expected =
            choices.isEmpty ? "\(question.role) answers" : "\(question.role) says one of \(choices)"
        guard let answer = try ask(step, question), try isSeconded(answer, step, question) else {
            let isStopped = ending != nil || context.control.stopReason != nil
            return try finish(
                step,
                DrillFact.Finished(
                    result: isStopped ? .failed : .gaveUp, expected: expected,
                    actual: isStopped
                        ? "nobody had answered when the run was stopped"
                        : "nobody answered within \(question.giveUp.text)",
                    performedBy: question.role))
        }
        let passes = question.choices.first { $0.id == answer.answer }?.passes ?? true
        try finish(
            step,
            DrillFact.Finished(
                result: passes ? .passed : .failed, expected: expected,
                actual: answer.text.map { "\(answer.answer): \($0)" } ?? answer.answer,
                performedBy: answer.by == "file" ? "\(answer.person), by file" : answer.person,
                saved: ["answer": answer.answer]))
    }

    /// A second role must say the same as the first.
    private func isSeconded(_ answer: DrillFact.Answer, _ step: Step, _ question: Question) throws -> Bool {
        guard let second = question.second else { return true }
        var other = question
        other.role = second
        other.choices = [Question.Choice(id: answer.answer)]
        other.attachment = .none
        return try ask(step, other, not: [answer.person]) != nil
    }

    /// Asks, and waits for a valid answer from another terminal or from the file.
    ///
    /// `others`: people whose answer does not count again.
    /// Returns `nil` when nobody answered in time or the drill is to stop.
    func ask(_ step: Step, _ question: Question, not others: Set<String> = []) throws -> DrillFact.Answer? {
        if let known = knownAnswer(step, question, not: others) { return known }
        if state.steps[step.id]?.started.isEmpty != false {
            try record(.started(DrillFact.Started(host: nil, unit: nil, hostNs: nil)), step: step.id)
        }
        if let prepared = context.answers[step.id], isValid(prepared, question) {
            let people = holders(of: question.role).filter { !others.contains($0) }
            return try keep(
                DrillFact.Answer(
                    role: question.role, person: people.first ?? question.role, answer: prepared, text: nil,
                    by: "file", isAuthenticated: false), step)
        }
        let begun = askedAt(step, question, others)
        while context.time.sinceBoot() - begun < question.giveUp {
            let waited = context.time.sinceBoot() - begun
            if let answer = takeAnswer(step, question, waited, not: others) { return try keep(answer, step) }
            if ending != nil || reasonToStop() != nil { return nil }
            remind(step, question, after: waited)
            pause(.milliseconds(100))
        }
        return nil
    }

    private func knownAnswer(_ step: Step, _ question: Question, not others: Set<String>) -> DrillFact.Answer?
    {
        state.steps[step.id]?.answers.last {
            $0.role == question.role && !others.contains($0.person) && isValid($0.answer, question)
        }
    }

    /// When a step's question was put, on this controller's clock.
    ///
    /// The time in which a controller was dead counts, since people had the question; a quarter of their time
    /// is left to them in any case. Whoever is asked second is asked from now on.
    private func askedAt(_ step: Step, _ question: Question, _ others: Set<String>) -> Duration {
        let now = context.time.sinceBoot()
        guard others.isEmpty, step.question != nil, let begun = state.steps[step.id]?.begunAt else {
            return now
        }
        let isOfThisBoot = begun.bootID == journal.bootID
        let waited = isOfThisBoot ? now - begun.monotonic : context.time.now() - begun.utc
        return now - min(max(.zero, waited), question.giveUp * 3 / 4)
    }

    /// Reminders, hint and escalation, each once, and all in the journal.
    private func remind(_ step: Step, _ question: Question, after waited: Duration) {
        // An approval is asked for in short turns, which have no deadlines of their own.
        guard step.question != nil else { return }
        for reminder in question.reminders where waited >= reminder.after {
            guard state.steps[step.id]?.notes.contains(reminder.text) != true else { continue }
            note(reminder.text, step: step.id)
        }
    }

    private func keep(_ answer: DrillFact.Answer, _ step: Step) throws -> DrillFact.Answer {
        try record(.answer(answer), step: step.id)
        return answer
    }

    private func takeAnswer(
        _ step: Step, _ question: Question, _ waited: Duration, not others: Set<String>
    ) -> DrillFact.Answer? {
        let spool = RequestSpool(folder: context.folder)
        for (path, request) in spool.waiting() {
            guard case .answer(let given) = request, given.step == step.id else { continue }
            spool.drop(path)
            see(given.person)
            if let objection = objection(to: given, question, waited, not: others) {
                // With the name, so that whoever said it can be told what became of it.
                tryToRecord(
                    .note(DrillFact.Reason(text: objection, person: given.person)), step: step.id)
                continue
            }
            let name = given.person ?? holders(of: question.role).first ?? question.role
            return DrillFact.Answer(
                role: question.role, person: name, answer: given.answer, text: given.text, by: "terminal",
                isAuthenticated: given.signature != nil, attachment: given.attachment)
        }
        return nil
    }

    /// Why an answer does not count; `nil` when it does.
    private func objection(
        to given: DrillRequest.Given, _ question: Question, _ waited: Duration, not others: Set<String>
    ) -> String? {
        guard isValid(given.answer, question) else {
            return "'\(given.answer)' is no answer to \(given.step)"
        }
        var people = holders(of: question.role)
        if let rule = question.escalation, waited >= rule.after { people += holders(of: rule.to) }
        if people.isEmpty, scenario.role(question.role) != nil {
            return "nobody who holds the role \(question.role) can be reached in this drill"
        }
        let name = given.person ?? people.first ?? question.role
        guard people.isEmpty || people.contains(name) else {
            return "\(name) does not hold the role \(question.role)"
        }
        guard !others.contains(name) else { return "\(name) has answered \(given.step) already" }
        if absentPeople.contains(name) { return "\(name) cannot be reached in this drill" }
        // A document is meant by its file's name, with or without its ending.
        if let name = given.attachment?.name,
            absentDocuments.contains(name) || absentDocuments.contains(String(name.prefix { $0 != "." }))
        {
            return "\(name) cannot be read in this drill"
        }
        if question.attachment == .required, given.attachment == nil {
            return "an answer to \(given.step) needs a document: drill answer … --attach FILE"
        }
        return signatureObjection(given, name)
    }

    private func signatureObjection(_ given: DrillRequest.Given, _ name: String) -> String? {
        guard let armored = given.signature else {
            return scenario.mode == .live ? "live, \(name) must sign: drill answer … --key FILE" : nil
        }
        guard let line = context.plan.person(name)?.key else { return "the plan has no key of \(name)" }
        do {
            let signature = try SSHSignature(armored: armored)
            guard try signature.key == SSHPublicKey(parsing: line) else {
                return "the signature is not by the key of \(name)"
            }
            try signature.check(
                given.statement(run: run), namespace: SignaturePurpose.approval.namespace)
            return nil
        } catch {
            return "the signature of \(name) does not hold: \(error)"
        }
    }

    /// The people who may speak for a role now.
    func holders(of role: String) -> [String] {
        scenario.role(role)?.holders(without: absentPeople) ?? []
    }

    private func isValid(_ answer: String, _ question: Question) -> Bool {
        question.choices.isEmpty || question.choices.contains { $0.id == answer }
    }

    // MARK: - approve

    func performApproval(_ step: Step, _ approval: Approval) throws {
        let people = try collect(approval, step)
        let isEnough = people.count >= approval.need
        try finish(
            step,
            DrillFact.Finished(
                result: isEnough ? .passed : .gaveUp,
                expected: "\(approval.need) of \(approval.from.joined(separator: ", ")) approve",
                actual: people.isEmpty ? "nobody approved" : "approved by \(people.joined(separator: ", "))",
                performedBy: people.joined(separator: ", "),
                saved: ["answer": isEnough ? "approve" : "refuse"]))
    }

    /// Collects approvals until there are enough, one refuses, or the time is over.
    func collect(_ approval: Approval, _ step: Step) throws -> [String] {
        var people: [String] = []
        let choices = [Question.Choice(id: "approve"), Question.Choice(id: "refuse", passes: false)]
        let end = context.time.sinceBoot() + approval.giveUp
        while people.count < approval.need {
            let open = approval.from.filter { role in
                !Set(holders(of: role)).subtracting(people).isEmpty
            }
            guard !open.isEmpty, context.time.sinceBoot() < end, ending == nil, reasonToStop() == nil else {
                return people
            }
            var hasHeard = false
            for role in open where people.count < approval.need {
                let question = Question(
                    role: role, ask: approval.ask, choices: choices, expect: approval.giveUp,
                    giveUp: open.count == 1 ? end - context.time.sinceBoot() : .milliseconds(300))
                guard let answer = try ask(step, question, not: Set(people)) else { continue }
                hasHeard = true
                guard answer.answer == "approve" else { return [] }
                people.append(answer.person)
            }
            if !hasHeard { pause(.milliseconds(100)) }
        }
        return people
    }

    /// Asks the people of `on_fail` whether the run may go on although a step failed.
    func isWaived(_ step: Step) throws -> Bool {
        guard let approval = step.onFail, let failed = state.steps[step.id]?.finishedAt else { return false }
        if state.steps[step.id]?.waivedBy != nil { return true }
        let people = try collect(approval, step)
        guard people.count >= approval.need else { return false }
        try record(
            .correction(
                DrillFact.Correction(
                    of: failed.sequence, person: people.joined(separator: ", "),
                    text: "waived: \(approval.ask)")), step: step.id)
        return true
    }

    // MARK: - group

    func performGroup(_ step: Step, _ group: Group) throws {
        let passed = group.members.filter { state.result(of: $0) == .passed }
        let isGood =
            group.need == .any
            ? !passed.isEmpty
            : group.members.allSatisfy { state.result(of: $0)?.allowsGoingOn == true }
        try finish(
            step,
            DrillFact.Finished(
                result: isGood ? .passed : .failed,
                expected: "\(group.need.rawValue) of \(group.members.joined(separator: ", "))",
                actual: passed.isEmpty ? "none passed" : "passed: \(passed.joined(separator: ", "))"))
    }
}
