// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import TestSupport
import Testing

/// The mail comes back by the program that backs it up, over a real sshd.
@Suite("A drill of a dataset that another program backs up")
struct ForeignDrillTests {
    private func plan(_ text: String, _ server: SSHServer, mail: String) -> String {
        text.replacingOccurrences(of: "/srv/mail", with: mail)
            .replacingOccurrences(
                of: "datasets:\n  mail:\n",
                with: """
                    hosts:
                      west-dr:
                        site: west
                        ssh: {host: 127.0.0.1, port: \(server.port), user: \(server.user), identity: keys/west}
                        host_key: "\(server.hostKey)"
                        drills: [sandbox]
                    canaries: {mail_seq: {dataset: mail, path: .canary, every: 60s}}
                    people: {dana: {roles: [conductor]}}
                    datasets:
                      mail:

                    """)
    }

    /// What brings the mail back, and what proves it.
    private func scenario(_ room: String, steps: String) -> String {
        """
        drill: 1
        id: mail_lost
        title: The mail is lost
        exercise: simulation
        mode: sandbox
        services: [mail]
        clock: {mail: {outage_begins: {mark: mail_lost}}}
        roles: {conductor: {people: [dana]}}
        safety: {hosts: [west-dr], max_duration: 10m}
        restored_when: {mail: {all: [{step: canary_chain}]}}
        steps:
          - id: room
            phase: prepare
            run: [install, -d, -m, "0700", "\(room)"]
            host: west-dr
            timeout: 30s
            undo: {clean: {path: "\(room)", marker: "{{run.id}}"}}
          - {id: mail_lost, phase: disrupt, mark: mail_lost}
        \(steps)
          - id: canary_chain
            phase: validate
            verify: {canary: mail_seq, host: west-dr, path: "\(room)/tree/.canary", no_holes: true}
            timeout: 1m

        """
    }

    @Test(
        .enabled(
            if: Command.isInstalled("restic") && SSHServer.isInstalled, "restic or sshd is not installed"))
    func `brings it back with restic, and counts what was lost since its last snapshot`() throws {
        try SSHServer.with { server in
            let scratch = server.folder
            let restic = Restic(scratch: scratch)
            let mail = try scratch.makeFolder("mail")
            let room = scratch.path("files/room")
            let place = try ForeignPlace(scratch) { plan($0, server, mail: mail) }
            let key = try scratch.text("user_key")
            try scratch.write(key, to: "w/.lifeboat/keys/west", mode: 0o600)
            let checked = try place.run("plan", "check")
            #expect(checked.status <= 1, "\(checked.text)\(checked.error)")
            try scratch.write("letter", to: "mail/a.txt")
            #expect(try place.run("canary", "write").status == 0)
            try restic("init", "-q")
            try restic("backup", "-q", mail)
            try place.read(
                "restic", listing: try restic("snapshots", "--json"),
                check: try restic("check", "--read-data"))
            // What is written after the snapshot is lost, and known to be.
            #expect(try place.run("canary", "write").status == 0)
            let settings = restic.environment.map { "\"\($0)=\($1)\"" }.sorted().joined(separator: ", ")
            let steps = """
                  - id: extract
                    phase: recover
                    run: [env, \(settings), restic, restore, "latest:\(mail)", --target, "\(room)/tree"]
                    host: west-dr
                    timeout: 2m
                    undo: none
                    because: the room has its own clean-up
                """
            // restic takes a folder of a snapshot from 0.17 on; before, the whole path comes back.
            let old = steps.replacingOccurrences(of: "latest:\(mail)", with: "latest")
                .replacingOccurrences(of: "\"\(room)/tree\"]", with: "\"\(room)/all\"]")
            let move = """
                  - id: place
                    phase: recover
                    run: [mv, "\(room)/all\(mail)", "\(room)/tree"]
                    host: west-dr
                    timeout: 1m
                    undo: none
                    because: the room has its own clean-up
                """
            try scratch.write(scenario(room, steps: old + "\n" + move), to: "w/Drills/mail.yaml")
            let drill = try place.run("drill", "start", "mail")
            #expect(drill.status == 0, "\(drill.text)\(drill.error)")
            #expect(
                drill.text.contains("PASSED, clean") && drill.text.contains("1 acknowledged records lost"))
            // Nothing in it was seen to go red, so it is no more than a readiness check.
            #expect(drill.text.contains("evidence E2"), "\(drill.text)")
            #expect(!scratch.contains("files/room"))
            let measured = try place.json(try place.run("measure", "--json"))
            let service = try #require((measured["services"] as? [[String: Any]])?.first)
            let time = try #require(service["recovery_time"] as? [String: Any])
            #expect(time["verdict"] as? String == "met" && time["runs"] as? Int == 1, "\(time)")
            #expect(try state("t14-dr-rto-lt30min", place) == "met")
        }
    }

    private func state(_ criterion: String, _ place: ForeignPlace) throws -> String? {
        let grade = try place.json(try place.run("grade", "--table", "14", "--json"))
        let tables = try #require(grade["tables"] as? [[String: Any]])
        let dimensions = tables.flatMap { $0["dimensions"] as? [[String: Any]] ?? [] }
        let criteria = dimensions.flatMap { $0["criteria"] as? [[String: Any]] ?? [] }
        return criteria.first { $0["id"] as? String == criterion }?["state"] as? String
    }

    @Test(
        "is refused where Lifeboat itself would make or bring back a point",
        arguments: [
            "restore: {dataset: mail, from: vault, to: {host: west-dr, path: /srv/x}}",
            "backup: {dataset: mail}",
        ])
    func refused(verb: String) throws {
        try SSHServer.with { server in
            let scratch = server.folder
            let place = try ForeignPlace(scratch) { plan($0, server, mail: "/srv/mail") }
            let step = """
                  - id: own
                    phase: recover
                    \(verb)
                    timeout: 1m
                    undo: none
                    because: a test
                """
            try scratch.write(scenario("/srv/x", steps: step), to: "w/Drills/mail.yaml")
            let result = try place.run("drill", "check", "mail")
            #expect(result.status == 65, "\(result.text)\(result.error)")
            let said = result.text + result.error
            #expect(said.contains("mail is backed up by restic, which Lifeboat does not drive"), "\(said)")
            #expect(said.contains("use a 'run' step with restic's own command"), "\(said)")
            #expect(try place.run("drill", "start", "mail").status == 65)
        }
    }
}
