// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

@Suite("An import")
struct ImportReadingTests {
    private static let now = Moment(seconds: 1_795_000_000)

    private func read(
        _ text: String, _ kind: ImportKind, _ rules: ImportRules = ImportRules()
    ) throws(ImportFault) -> ImportReading {
        try ImportReading(text, as: kind, rules: rules, services: ["files", "orders"], now: Self.now)
    }

    private func runs(_ reading: ImportReading) -> [PipelineRun] {
        reading.events.compactMap { if case .pipelineRun(let run) = $0 { run } else { nil } }
    }

    private func incidents(_ reading: ImportReading) -> [Incident] {
        reading.events.compactMap { if case .incident(let value) = $0 { value } else { nil } }
    }

    private func alerts(_ reading: ImportReading) -> [Alert] {
        reading.events.compactMap { if case .alert(let value) = $0 { value } else { nil } }
    }

    @Test func `of incidents is the same from a table, a list, and JSON lines`() throws {
        let table = """
            id,service,begun_at,restored_at,detected_by,escalations,is_auto_diagnosed
            i-1,files,2026-10-01T10:00:00Z,2026-10-01T10:40:00Z,monitor,call@2026-10-01T10:05:00Z,no
            i-2,,2026-10-02T10:00:00Z,,,,
            """
        let first = """
            {"id":"i-1","service":"files","begun_at":"2026-10-01T10:00:00Z",
            "restored_at":"2026-10-01T10:40:00Z","detected_by":"monitor","is_auto_diagnosed":false,
            "escalations":[{"kind":"call","at":"2026-10-01T10:05:00Z"}]}
            """
        let second = "{\"id\":\"i-2\",\"begun_at\":\"2026-10-02T10:00:00Z\"}"
        let fromTable = try read(table, .incidents)
        #expect(fromTable.skipped == [] && incidents(fromTable).map(\.outage) == [.minutes(40), nil])
        #expect(incidents(fromTable).first?.escalations.map(\.kind) == [.call])
        for text in ["[\(first),\(second)]", "{\"incidents\":[\(first),\(second)]}", "\(first)\n\(second)"] {
            #expect(try read(text, .incidents).events == fromTable.events)
        }
    }

    @Test func `maps the columns, words and zone of another program's table`() throws {
        var rules = ImportRules()
        rules.columns = ["id": "Number", "implemented_at": "Actual start", "kind": "Type", "service": "CI"]
        rules.words = ["kind": ["Normal": "planned"], "service": ["File share": "files", "Printer": ""]]
        rules.defaults = ["has_failed_first": "false"]
        rules.zone = "Asia/Shanghai"
        let reading = try read(
            """
            Number;Type;CI;Actual start;Comment
            CHG1;Normal;File share;2026-10-01 10:00;x
            CHG2;emergency;Printer;2026-10-02 10:00;
            CHG3;Standard;orders;2026-10-02 10:00;
            """, .changes, rules)
        let changes = reading.events.compactMap { if case .change(let value) = $0 { value } else { nil } }
        #expect(changes.map(\.kind) == [.planned, .emergency] && changes.map(\.service) == ["files", nil])
        #expect(changes.first?.implementedAt.text(decimals: 0) == "2026-10-01T02:00:00Z")
        #expect(reading.skipped.map(\.line) == [4])
        #expect(reading.skipped.first?.reason.contains("not 'Standard'; --word kind:Standard=OURS") == true)
        #expect(reading.notes == ["not used: Comment"])
    }

    @Test(
        "leaves a record out and says why",
        arguments: [
            ("{\"begun_at\":\"2026-10-01T10:00:00Z\"}", "'id' is missing"),
            ("{\"id\":\"i\"}", "'begun_at' is missing"),
            ("{\"id\":\"i\",\"begun_at\":\"soon\"}", "'begun_at': 'soon' is no time"),
            ("{\"id\":\"i\",\"begun_at\":\"2030-01-01T00:00:00Z\"}", "lies in the future"),
            (
                "{\"id\":\"i\",\"begun_at\":\"2026-10-01T10:00:00Z\",\"restored_at\":\"2026-10-01T09:00:00Z\"}",
                "'restored_at' lies before 'begun_at'"
            ),
            (
                "{\"id\":\"i\",\"begun_at\":\"2026-10-01T10:00:00Z\",\"service\":\"order\"}",
                "no service 'order', did you mean 'orders'?"
            ),
            (
                "{\"id\":\"i\",\"begun_at\":\"2026-10-01T10:00:00Z\",\"user_impact_seconds\":-1}",
                "must be a number of at least 0"
            ),
            (
                "{\"id\":\"i\",\"begun_at\":\"2026-10-01T10:00:00Z\",\"escalations\":\"shout\"}",
                "must look like call@TIME"
            ),
            ("7", "is no object"),
        ])
    func leavesOut(record: String, words: String) throws {
        let reading = try read("[\n\(record)\n]", .incidents)
        #expect(reading.events.isEmpty && reading.skipped.map(\.line) == [2])
        #expect(reading.skipped.first?.reason.contains(words) == true, "\(reading.skipped)")
    }

    @Test(
        "of a bad file names what is wrong",
        arguments: [
            ("", ImportKind.incidents, "is empty"), ("id,title\n1,2", .incidents, "no column 'begun_at'"),
            ("hello", .gitlab, "is no JSON; asked for is GitLab"), ("{\"a\":", .pagerduty, "ends where"),
        ])
    func badFile(text: String, kind: ImportKind, words: String) {
        do {
            _ = try read(text, kind)
            Issue.record("was read")
        } catch {
            #expect(error.reason.contains(words), "\(error)")
        }
    }

    @Test func `with a rule about no field is refused with a guess`() {
        var rules = ImportRules()
        rules.defaults = ["severty": "major"]
        #expect(throws: ImportFault(line: 0, "incidents have no field 'severty', did you mean 'severity'?")) {
            try read("[]", .incidents, rules)
        }
    }

    @Test func `counts a record that stands twice once`() throws {
        let record = "{\"id\":\"i\",\"begun_at\":\"2026-10-01T10:00:00Z\"}"
        let reading = try read("\(record)\n\(record)", .incidents)
        #expect(reading.events.count == 1 && reading.repeated == 1)
    }

    // MARK: - Other programs

    @Test func `of Alertmanager needs to know when a body came`() throws {
        let body = """
            {"receiver":"lifeboat","status":"firing","alerts":[
            {"status":"firing","labels":{"alertname":"Down","service":"files","severity":"critical"},
             "annotations":{},"startsAt":"2026-10-01T10:05:00.5Z","endsAt":"0001-01-01T00:00:00Z",
             "generatorURL":"http://p/graph","fingerprint":"1a30ba71cca2921f"},
            {"status":"resolved","labels":{"alertname":"Slow","severity":"warning"},"annotations":{},
             "startsAt":"2026-10-01T09:00:00Z","endsAt":"2026-10-01T09:30:00Z","fingerprint":"ff"}],
            "groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"http://a","version":"4",
            "groupKey":"{}:{}","truncatedAlerts":0}
            """
        let bare = try read(body, .alertmanager)
        #expect(bare.events.isEmpty && bare.skipped.count == 2)
        #expect(bare.skipped.allSatisfy { $0.reason.contains("nothing says when it was delivered") })
        var rules = ImportRules()
        rules.hold = .minutes(2)
        let kept = try read(
            "{\"received_at\":\"2026-10-01T10:05:03Z\",\"body\":\(body)}", .alertmanager, rules)
        let alerts = alerts(kept)
        #expect(alerts.map(\.rule) == ["Down", "Slow"] && alerts.map(\.isImportant) == [true, false])
        #expect(
            alerts.first.flatMap { alert in alert.trueAt.map { alert.deliveredAt - $0 } }
                == .milliseconds(122_500))
        #expect(alerts.map { $0.resolvedAt?.text(decimals: 0) } == [nil, "2026-10-01T09:30:00Z"])
    }

    @Test func `of GitLab takes finished pipelines and deployments`() throws {
        let reading = try read(
            """
            [{"id":47,"iid":12,"project_id":9,"status":"success","source":"push","ref":"main","sha":"a9",
              "created_at":"2026-10-01T10:00:00.000Z","updated_at":"2026-10-01T10:10:00.000Z","web_url":"https://g/x/y/-/pipelines/47"},
             {"id":48,"project_id":9,"status":"failed","ref":"topic","created_at":"2026-10-01T11:00:00.000Z",
              "updated_at":"2026-10-01T11:20:00.000Z","started_at":"2026-10-01T11:01:00.000Z","finished_at":"2026-10-01T11:09:00.000Z"},
             {"id":49,"project_id":9,"status":"running","ref":"main","created_at":"2026-10-01T11:00:00.000Z","updated_at":"2026-10-01T11:00:00.000Z"}]
            [{"id":5,"iid":2,"status":"success","ref":"main","created_at":"2026-10-01T12:00:00.000Z","updated_at":"2026-10-01T12:04:00.000Z",
              "environment":{"id":3,"name":"production"},
              "deployable":{"id":664,"status":"success","started_at":"2026-10-01T12:01:00.000Z","finished_at":"2026-10-01T12:03:00.000Z",
               "commit":{"created_at":"2026-10-01T08:00:00.000+00:00"},"pipeline":{"web_url":"https://g.example/shop/web/-/pipelines/36"}}}]
            """, .gitlab)
        let runs = runs(reading)
        #expect(
            runs.map(\.id) == [
                "gitlab/9/pipelines/47", "gitlab/9/pipelines/48", "gitlab/shop/web/deployments/5",
            ])
        #expect(runs.map(\.isMain) == [true, false, true] && runs.map(\.succeeded) == [true, false, true])
        #expect(runs.map { $0.endedAt - $0.begunAt } == [.minutes(10), .minutes(8), .minutes(2)])
        #expect(runs.last.flatMap { run in run.requestedAt.map { run.endedAt - $0 } } == .minutes(243))
        #expect(reading.skipped.map(\.reason) == ["pipeline 49 is 'running': neither success nor failed"])
    }

    @Test func `of GitHub takes completed runs, each attempt by itself`() throws {
        func run(_ id: Int, _ attempt: Int, _ conclusion: String, _ name: String = "CI") -> String {
            """
            {"id":\(id),"name":"\(name)","head_branch":"main","run_number":3,"run_attempt":\(attempt),"event":"push",
             "status":"completed","conclusion":"\(conclusion)","created_at":"2026-10-01T10:00:00Z","updated_at":"2026-10-01T10:06:00Z",
             "run_started_at":"2026-10-01T10:01:00Z","head_commit":{"id":"x","timestamp":"2026-10-01T09:55:00Z"},
             "repository":{"full_name":"shop/web"}}
            """
        }
        var rules = ImportRules()
        rules.deployments = ["Deploy*"]
        let page =
            "{\"total_count\":4,\"workflow_runs\":[\(run(1, 1, "failure")),\(run(1, 2, "success")),"
            + "\(run(2, 1, "success", "Deploy to live")),\(run(3, 1, "cancelled"))]}"
        let reading = try read(page, .github, rules)
        let runs = runs(reading)
        #expect(runs.map(\.id) == ["github/1/1", "github/1/2", "github/2/1"])
        #expect(
            runs.map(\.kind) == [.build, .build, .deployment] && runs.map(\.succeeded) == [false, true, true])
        #expect(runs.first?.subject == "shop/web/CI@main" && runs.first?.isMain == true)
        #expect(reading.skipped.count == 1)
    }

    @Test func `of Jenkins takes the builds of a job that came out`() throws {
        let reading = try read(
            """
            {"_class":"org.jenkinsci.plugins.workflow.job.WorkflowJob","fullName":"shop/main","builds":[
            {"_class":"w","number":7,"result":"SUCCESS","timestamp":1790848800000,"duration":60000,"url":"https://j/job/shop/job/main/7/"},
            {"_class":"w","number":6,"result":"FAILURE","timestamp":1790845200000,"duration":30000,"url":"https://j/job/shop/job/main/6/"},
            {"_class":"w","number":8,"result":null,"timestamp":1790848900000,"duration":0,"url":"https://j/job/shop/job/main/8/"}]}
            """, .jenkins)
        let runs = runs(reading)
        #expect(runs.map(\.id) == ["jenkins/shop/main/7", "jenkins/shop/main/6"])
        #expect(runs.allSatisfy(\.isMain) && runs.map(\.succeeded) == [true, false])
        #expect(runs.first.map { $0.endedAt - $0.begunAt } == .seconds(60))
        #expect(
            reading.skipped.map(\.reason) == ["build 8 of shop/main has result 'none': neither good nor bad"])
    }

    @Test func `of PagerDuty takes incidents, and says what it cannot know`() throws {
        var rules = ImportRules()
        rules.words = ["service": ["My Mail Service": "files"]]
        let reading = try read(
            """
            {"incidents":[{"id":"PT4KHLK","type":"incident","incident_number":1234,"title":"The server is on fire.",
            "created_at":"2026-10-06T21:30:42Z","status":"resolved","urgency":"high","html_url":"https://p/incidents/PT4KHLK",
            "service":{"id":"PIJ90N7","summary":"My Mail Service"},"acknowledgements":[{"at":"2026-10-06T21:32:42Z","acknowledger":{"id":"X"}}],
            "last_status_change_at":"2026-10-06T21:38:23Z","resolved_at":"2026-10-06T21:38:23Z",
            "last_status_change_by":{"id":"PIJ90N7","type":"service_reference"},
            "first_trigger_log_entry":{"summary":"Triggered through the API"},"priority":{"summary":"P2"}}],
            "limit":25,"offset":0,"more":false,"total":null}
            """, .pagerduty, rules)
        let incident = try #require(incidents(reading).first)
        #expect(
            incident.id == "pagerduty/PT4KHLK" && incident.service == "files" && incident.severity == "P2")
        #expect(incident.outage == .seconds(461) && incident.restoredBy == .automation)
        #expect(incident.acknowledgedAt?.text(decimals: 0) == "2026-10-06T21:32:42Z")
        #expect(incident.openedBy == .automation)
        #expect(reading.notes.contains { $0.contains("what hurt before is not in it") })
    }

    @Test func `forms are documented field by field`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(
            contentsOfFile: root.path + "/Sources/Continuity/Continuity.docc/Imports.md", encoding: .utf8)
        for schema in ImportSchema.all {
            for field in schema.fields {
                let need = field.isRequired ? "required" : ""
                let row = "| `\(field.name)` | \(field.form.words) | \(need) | \(field.meaning) |"
                #expect(page.contains(row), "\(row)")
            }
        }
        for kind in ImportKind.allCases { #expect(page.contains("`\(kind.rawValue)`"), "\(kind)") }
    }
}
