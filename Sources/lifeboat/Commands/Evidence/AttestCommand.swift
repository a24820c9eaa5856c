// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Operations
import Reporting

struct AttestCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "attest",
        abstract: "Record what no machine can see: who says so, on what evidence, until when.",
        discussion: """
            An attestation is evidence of its person, not of the program: it ends, it may be contradicted by
            what was measured, and the report shows it beside. With --key it is signed by the key that the
            plan names for the person.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The criterion, such as t14-plans-process; 'lifeboat grade' names those that are open.")
    var criterion: String?

    @Flag(name: .customLong("not-met"), help: "State that it is not met.")
    var notMet = false

    @Option(name: .customLong("as"), help: "Who says so, a person of the plan.")
    var person: String?

    @Option(help: "In which role.")
    var role: String?

    @Option(help: "A file or a link, with an optional TITLE= before it; may be given again.")
    var evidence: [String] = []

    @Option(help: "Of what: organisation, or a service or dataset.")
    var scope: String = "organisation"

    @Option(help: "The last day, such as 2027-06-30; at most a year ahead counts.", transform: dayArgument)
    var until: Moment?

    @Option(help: "Sign with this private key, an OpenSSH ed25519 file of mode 0600.", completion: .file())
    var key: String?

    @Flag(
        help: "Ask for all that is still unknown, most valuable first, on a terminal; may be taken up again.")
    var interview = false

    @Option(help: "With --interview: only this table, may be given again; else 14, 15 and 16.")
    var table: [Int] = []

    @Option(help: "With --interview: en or zh.")
    var lang: ReportLanguage = .en

    @Flag(help: "List what was attested.")
    var list = false

    @Flag(help: "List what has ended or ends within --within, the first to end first.")
    var renewals = false

    @Option(help: "How far ahead --renewals looks.", transform: durationArgument)
    var within: Duration = .days(60)

    @Option(help: "Take an attestation back, by its id.")
    var revoke: String?

    func validate() throws {
        guard !list, !renewals, revoke == nil, !interview else { return }
        guard criterion != nil, person != nil, role != nil, until != nil else {
            throw ValidationError("a statement needs CRITERION, --as, --role and --until")
        }
        guard notMet || !evidence.isEmpty else {
            throw ValidationError("a statement that something is met needs --evidence")
        }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let desk = AttestationDesk(
            plan: place.plan, ledger: place.ledger, model: try WorkspaceModel(place.workspace).model)
        if renewals {
            let now = place.time.now()
            return try printAll(try desk.renewals(before: now + within, at: now), place, console)
        }
        if interview { return try walk(place, console) }
        if list { return try printAll(try desk.all(), place, console) }
        if let revoke {
            let revoked = try desk.revoke(revoke, at: place.time.now())
            try console.print(revoked) { "\(revoked.id) is revoked" }
            place.shareLedger(console)
            return .success
        }
        guard let criterion, let person, let role, let until else { return .usage }
        let (made, event) = try desk.record(
            AttestationDesk.Statement(
                criterion: criterion, scope: scope, statement: notMet ? .notMet : .met, person: person,
                role: role, evidence: evidence, expiresAt: until, keyPath: key), at: place.time.now())
        try console.print(made) {
            Escaping.visible(
                "\(made.id): \(made.criterion) \(made.statement.rawValue), says \(made.person) as \(made.role), "
                    + "\(made.signature == nil ? "unsigned" : "signed"), event \(event)")
        }
        place.shareLedger(console)
        return .success
    }

    private func walk(_ place: Place, _ console: Console) throws -> ExitStatus {
        let grade = try GradingOptions.parse([]).grade(place, tables: table.isEmpty ? [14, 15, 16] : table)
        var session = try InterviewSession(
            place: place, console: console, grade: grade, language: lang, keyPath: key)
        guard try session.run(as: person) != nil else { return .interrupted }
        if Interrupt.wasAsked { try console.print("") }
        try console.print(
            lang(
                "\(session.yes) met, \(session.no) not met, \(session.unknown) not known; go on any time with "
                    + "'lifeboat attest --interview'",
                "满足 \(session.yes) 项，不满足 \(session.no) 项，不知道 \(session.unknown) 项；"
                    + "可随时用 'lifeboat attest --interview' 继续"))
        return Interrupt.wasAsked ? .interrupted : .success
    }

    private func printAll(_ all: [Attestation], _ place: Place, _ console: Console) throws -> ExitStatus {
        let now = place.time.now()
        let zone = ZonedTime(place.plan)
        try console.print(AttestOutput(attestations: all)) {
            var table = Table(
                [
                    Table.Column("id"), Table.Column("criterion"), Table.Column("statement"),
                    Table.Column("person"), Table.Column("ends"), Table.Column("state"),
                ], empty: "nothing was attested")
            for one in all {
                let state = one.revokedAt != nil ? "revoked" : one.expiresAt <= now ? "expired" : "valid"
                table.add(
                    [
                        one.id, one.criterion, one.statement.rawValue, one.person, zone.text(one.expiresAt),
                        state,
                    ]
                    .map { Table.Cell($0) })
            }
            return table.text(console.style)
        }
        return all.contains { $0.revokedAt == nil && $0.expiresAt <= now } ? .warnings : .success
    }
}

private struct AttestOutput: Encodable {
    var attestations: [Attestation]
}

/// A day, to its end in UTC.
@Sendable func dayArgument(_ text: String) throws -> Moment {
    guard let moment = Moment("\(text)T23:59:59Z") ?? Moment(text) else {
        throw ValidationError("'\(text)' is not a day such as 2027-06-30")
    }
    return moment
}
