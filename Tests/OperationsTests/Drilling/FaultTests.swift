// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

/// One way to break something, and two commands that see for themselves whether it is broken.
struct FaultCase: CustomTestStringConvertible, Sendable {
    var name: String
    var kind: @Sendable (FaultBench) -> Fault.Kind
    /// Succeeds while the fault is in force, and only then.
    var isSick: @Sendable (FaultBench) -> [String]
    /// Succeeds while nothing is broken, and only then.
    var isWell: @Sendable (FaultBench) -> [String]
    /// What must stand before, such as a service.
    var prepare: @Sendable (FaultBench) throws -> Void = { _ in }
    /// What must be there for the fault to be made, in the words of the look at a host.
    var need: String?

    var testDescription: String { name }
}

/// Each fault is made for real: by the drill's own scripts, in networks and file systems of the test's own.
@Suite(
    "A fault", .serialized,
    .enabled(if: geteuid() == 0, "needs root: network namespaces, mounts and nftables"))
struct FaultTests {
    static func web(_ bench: FaultBench, _ host: String = "10.99.7.2") -> [String] {
        ["curl", "-sf", "-o", "/dev/null", "--max-time", "1", "http://\(host):8080/"]
    }

    static func not(_ words: [String]) -> [String] { ["sh", "-c", #"! "$@""#, "not"] + words }

    static let kinds: [FaultCase] = [
        FaultCase(
            name: "service_stop",
            kind: { .serviceStop(stop: [$0.web, "stop"], start: [$0.web, "start"]) },
            isSick: { not(web($0, "10.99.7.1")) }, isWell: { web($0, "10.99.7.1") },
            prepare: { try $0.serve() }),
        FaultCase(
            name: "service_kill",
            kind: { .serviceKill(pidFile: $0.scratch.path("web.pid"), start: [$0.web, "start"]) },
            isSick: { not(web($0, "10.99.7.1")) }, isWell: { web($0, "10.99.7.1") },
            prepare: { try $0.serve() }),
        FaultCase(
            name: "process_pause", kind: { .processPause(pidFile: $0.scratch.path("web.pid")) },
            isSick: { not(web($0, "10.99.7.1")) }, isWell: { web($0, "10.99.7.1") },
            prepare: { try $0.serve() }),
        FaultCase(
            name: "site_block", kind: { _ in .siteBlock(site: "other") }, isSick: { not(web($0)) },
            isWell: { web($0) }, prepare: { try $0.serveElsewhere() }),
        FaultCase(
            name: "net_block", kind: { _ in .netBlock(["10.99.7.2"]) }, isSick: { not(web($0)) },
            isWell: { web($0) }, prepare: { try $0.serveElsewhere() }),
        FaultCase(
            name: "dns_break", kind: { _ in .dnsBreak },
            // A question over TCP: whoever answers at port 53 is a name server as far as the network knows.
            isSick: { _ in not(["curl", "-sf", "-o", "/dev/null", "--max-time", "1", "http://10.99.7.2:53/"])
            },
            isWell: { _ in ["curl", "-sf", "-o", "/dev/null", "--max-time", "1", "http://10.99.7.2:53/"] },
            prepare: { try $0.serveElsewhere() }),
        FaultCase(
            name: "net_delay", kind: { _ in .netDelay(device: "wan", by: .milliseconds(300)) },
            isSick: { _ in
                not(["curl", "-sf", "-o", "/dev/null", "--max-time", "0.25", "http://10.99.7.2:8080/"])
            },
            isWell: { _ in ["curl", "-sf", "-o", "/dev/null", "--max-time", "0.25", "http://10.99.7.2:8080/"]
            },
            prepare: { try $0.serveElsewhere() }, need: "can netem"),
        FaultCase(
            name: "net_loss", kind: { _ in .netLoss(device: "wan", share: 1) }, isSick: { not(web($0)) },
            isWell: { web($0) }, prepare: { try $0.serveElsewhere() }, need: "can netem"),
        FaultCase(
            name: "disk_fill", kind: { .diskFill(path: $0.disk, leave: 4_096) },
            isSick: {
                not(["sh", "-c", #"head -c 65536 /dev/zero >"$1/probe" 2>/dev/null"#, "fill", $0.disk])
            },
            isWell: {
                [
                    "sh", "-c", #"head -c 65536 /dev/zero >"$1/probe" 2>/dev/null && rm "$1/probe""#, "fill",
                    $0.disk,
                ]
            },
            prepare: { try $0.mountDisk() }),
        FaultCase(
            name: "read_only", kind: { .readOnly(path: $0.disk) },
            isSick: { not(["sh", "-c", #": >"$1/probe""#, "write", $0.disk]) },
            isWell: { ["sh", "-c", #": >"$1/probe""#, "write", $0.disk] }, prepare: { try $0.mountDisk() }),
        FaultCase(
            name: "cpu_load", kind: { _ in .cpuLoad(workers: 2) },
            // Both workers are there, and they use the processor.
            isSick: { _ in
                [
                    "sh", "-c",
                    #"""
                    busy() { for pid in $(pgrep -f "$1"); do cut -d' ' -f14 /proc/$pid/stat; done 2>/dev/null | awk '{ s += $1 } END { print s + 0 }'; }
                    [ "$(pgrep -fc "$1")" -eq 2 ] && before=$(busy "$1") && sleep 0.5 && [ "$(busy "$1")" -gt $((before + 5)) ]
                    """#, "busy", "[l]ifeboat-drill-load-.*-fault$",
                ]
            },
            isWell: { _ in not(["pgrep", "-f", "[l]ifeboat-drill-load-.*-fault$"]) }),
        FaultCase(
            name: "mem_load", kind: { _ in .memLoad(bytes: 48 << 20) },
            isSick: { _ in
                [
                    "sh", "-c",
                    #"for turn in 1 2 3 4 5 6 7 8 9 10; do for pid in $(pgrep -f "tail -c 50331648"); do awk '/^VmRSS:/ { exit $2 < 47000 }' /proc/$pid/status && exit 0; done; sleep 0.2; done; exit 1"#,
                ]
            }, isWell: { _ in not(["pgrep", "-f", "[t]ail -c 50331648"]) }),
        FaultCase(
            name: "file_damage", kind: { .fileDamage(path: $0.scratch.path("copy")) },
            isSick: { not(["cmp", "-s", $0.scratch.path("copy/tree/a file"), $0.scratch.path("original")]) },
            // Behind the drill the copy is gone; what it was when it had been healed was kept.
            isWell: {
                [
                    "sh", "-c", #"file=$1; [ -e "$file" ] || file=$2; cmp -s "$file" "$3""#, "well",
                    $0.scratch.path("copy/tree/a file"), $0.scratch.path("healed"),
                    $0.scratch.path("original"),
                ]
            }),
        FaultCase(
            name: "cred_revoke", kind: { .credRevoke(path: $0.scratch.path("keys/authorized")) },
            isSick: { not(["test", "-e", $0.scratch.path("keys/authorized")]) },
            isWell: {
                [
                    "sh", "-c", #"[ "$(stat -c %a "$1")" = 640 ] && grep -qx "a key" "$1""#, "key",
                    $0.scratch.path("keys/authorized"),
                ]
            }, prepare: { _ = try $0.scratch.write("a key\n", to: "keys/authorized", mode: 0o640) }),
        FaultCase(
            name: "host_off",
            kind: {
                .hostOff(
                    off: ["ip", "-n", $0.elsewhere, "link", "set", "wan", "down"],
                    on: ["ip", "-n", $0.elsewhere, "link", "set", "wan", "up"])
            }, isSick: { not(web($0)) }, isWell: { web($0) }, prepare: { try $0.serveElsewhere() }),
    ]

    @Test func `of every kind that touches a host is tried here`() {
        #expect(Set(Self.kinds.map(\.name)) == Set(Fault.supportedKinds).subtracting(Fault.peopleKinds))
    }

    @Test("is made, seen, and healed when the drill ends", arguments: kinds)
    func healed(fault: FaultCase) throws {
        try FaultBench.with { bench in
            guard try bench.isPossible(fault) else { return }
            let end = try bench.run(fault, ttl: .minutes(5), after: [])
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            #expect(end.run.aftermath == .clean)
            #expect(try bench.succeeds(fault.isWell(bench)))
            #expect(try bench.leftovers() == [])
        }
    }

    /// Every kind takes more than a minute; three of the three families are always tried.
    static let timed = kinds.filter {
        ProcessInfo.processInfo.environment["LIFEBOAT_LONG"] != nil
            || ["service_stop", "net_block", "disk_fill"].contains($0.name)
    }

    @Test("heals itself by the timer on its target, with nobody asking", arguments: timed)
    func timer(fault: FaultCase) throws {
        try FaultBench.with { bench in
            guard try bench.isPossible(fault) else { return }
            let wait = Step(
                id: "healed", phase: .validate,
                verb: .check(
                    Expectation(
                        host: "here",
                        arguments: ["sh", "-c", #"until "$@"; do sleep 0.1; done"#, "until"]
                            + fault.isWell(bench))),
                timeout: .seconds(30))
            let end = try bench.run(fault, ttl: .seconds(4), after: [wait])
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            #expect(end.run.aftermath == .clean)
            let undos = end.records.compactMap { record -> String? in
                if case .undoDone(let undo) = record.fact, record.step == "fault" { undo.detail } else { nil }
            }
            #expect(
                undos.count == 1 && undos[0].contains("the timer had healed it before, with status 0"),
                "\(undos)")
            #expect(try bench.succeeds(fault.isWell(bench)))
        }
    }

    @Test func `of a copy is refused where nothing carries the run's marker`() throws {
        try FaultBench.with { bench in
            try bench.scratch.write("precious", to: "archive/part")
            let end = try bench.runner.start(
                bench.drill([
                    bench.step(.fileDamage(path: bench.scratch.path("archive")), ["true"], ttl: .minutes(5))
                ]))
            #expect(end.run.outcome == .failed)
            #expect(try bench.scratch.text("archive/part") == "precious")
            #expect(end.run.findings.contains { $0.contains("fault") }, "\(end.run.findings)")
        }
    }

    @Test(
        "that the host cannot make is refused before the drill begins",
        arguments: [
            Fault.Kind.netDelay(device: "wan", by: .milliseconds(10)), .netLoss(device: "wan", share: 0.1),
        ])
    func refused(kind: Fault.Kind) throws {
        try FaultBench.with { bench in
            // A host whose tc knows no netem, as where the kernel has none.
            try bench.scratch.write("#!/bin/sh\nexit 2\n", to: "bin/tc", mode: 0o755)
            bench.reach.path = bench.scratch.path("bin") + ":"
            #expect {
                _ = try bench.runner.start(bench.drill([bench.step(kind, ["true"], ttl: .minutes(5))]))
            } throws: { error in
                (error as? OperationError)?.code == .refused && "\(error)".contains("can netem at here")
            }
            #expect(try bench.leftovers() == [])
        }
    }

    @Test func `of a clock is refused by the reader, with its reason`() throws {
        let text = ScenarioFileTests.small.replacingOccurrences(
            of: "    run: [\"true\"]\n    host: north\n    undo: {run: [\"true\"]}",
            with:
                "    fault: {kind: clock_skew, host: north, ttl: 1m}\n    confirm: {run: [\"true\"]}\n    heal: {auto: clock}"
        )
        let problems = try ScenarioFileTests.decode(text).1
        #expect(
            problems.errors.map(\.message).contains { $0.contains("belongs to the whole machine") },
            "\(problems)")
    }
}

/// A host with a network of its own, another one across a cable, and room for a file system.
final class FaultBench {
    let scratch: Scratch
    let here: String
    let elsewhere: String
    let reach: NamespaceReach
    let runner: DrillRunner
    private var isMounted = false
    private var outside: [String] = []

    static func with(_ body: (FaultBench) throws -> Void) throws {
        try Scratch.with { scratch in
            let bench = try FaultBench(scratch)
            defer { bench.stop() }
            try body(bench)
        }
    }

    private init(_ scratch: Scratch) throws {
        self.scratch = scratch
        let name = "lbf\(UInt32.random(in: 0 ... .max))"
        (here, elsewhere) = (name + "a", name + "b")
        reach = NamespaceReach(scratch.path, namespace: here)
        try scratch.makeFolder("runs")
        try scratch.makeFolder("disk")
        try scratch.makeFolder("served")
        try scratch.write("up\n", to: "served/index.html")
        runner = DrillRunner(
            runsFolder: scratch.path("runs"), reach: reach,
            restorer: FolderRestorer(source: scratch.path("served")),
            ledger: try Ledger(path: scratch.path("ledger.sqlite")))
        try machine(
            #"""
            set -e
            ip netns add "$1"; ip netns add "$2"
            ip link add wan netns "$1" type veth peer name wan netns "$2"
            for one in "$1 1" "$2 2"; do
                set -- $one
                ip -n "$1" link set lo up
                ip -n "$1" address add "10.99.7.$2/24" dev wan
                ip -n "$1" link set wan up
            done
            """#, [here, elsewhere])
        try scratch.write(
            #"""
            #!/bin/sh
            set -eu
            file=\#(scratch.path("web.pid"))
            case $1 in
            start)
                setsid busybox httpd -f -c /dev/null -p 10.99.7.1:8080 -h \#(scratch.path("served")) </dev/null >/dev/null 2>&1 &
                echo $! >"$file"
                for turn in 1 2 3 4 5 6 7 8 9; do
                    ! curl -sf -o /dev/null --max-time 1 http://10.99.7.1:8080/ || exit 0
                    sleep 0.1
                done
                exit 1 ;;
            stop) kill "$(cat "$file")" ;;
            esac
            """#, to: "web", mode: 0o755)
    }

    var web: String { scratch.path("web") }
    var disk: String { scratch.path("disk") }

    private func stop() {
        for name in [here, elsewhere] {
            _ = try? machine(
                #"ip netns pids "$1" | xargs -r kill -KILL; ip netns delete "$1""#, [name])
        }
        if isMounted { _ = try? machine(#"umount -l "$1""#, [disk]) }
    }

    func serve() throws {
        try inside(here, #""$1" start"#, [web])
    }

    /// The same web page on the other side of the cable, and one where a name server would be.
    func serveElsewhere() throws {
        try inside(
            elsewhere,
            #"""
            for port in 8080 53; do
                setsid busybox httpd -f -c /dev/null -p "10.99.7.2:$port" -h "$1" </dev/null >/dev/null 2>&1 &
            done
            for turn in 1 2 3 4 5 6 7 8 9; do
                ! curl -sf -o /dev/null --max-time 1 http://10.99.7.2:53/ || exit 0
                sleep 0.1
            done
            exit 1
            """#, [scratch.path("served")])
    }

    func mountDisk() throws {
        try machine(#"mount -t tmpfs -o size=4m none "$1""#, [disk])
        isMounted = true
    }

    // MARK: - The drill

    func step(_ kind: Fault.Kind, _ confirm: [String], ttl: Duration) -> Step {
        Step(
            id: "fault", phase: .disrupt,
            verb: .fault(Fault(kind: kind, host: "here", ttl: ttl, heal: .auto)), timeout: .seconds(30),
            confirm: .expectation(Expectation(host: "here", arguments: confirm)))
    }

    /// A marked copy to be spoiled, the fault with its confirmation, and what comes behind.
    func run(_ fault: FaultCase, ttl: Duration, after: [Step]) throws -> DrillRunner.End {
        try scratch.write("a copy that nobody counts on\n", to: "original")
        try fault.prepare(self)
        #expect(fault.name == "file_damage" ? true : try succeeds(fault.isWell(self)), "not well before")
        let copy = scratch.path("copy")
        let room = Step(
            id: "room", phase: .prepare, verb: .run(["mkdir", copy]), hosts: ["here"],
            undo: .clean(path: copy, host: nil))
        let fill = Step(
            id: "fill", phase: .prepare,
            verb: .run([
                "sh", "-c", #"mkdir "$1/tree" && cp "$2" "$1/tree/a file""#, "fill", copy,
                scratch.path("original"),
            ]),
            hosts: ["here"],
            undo: .run(["cp", copy + "/tree/a file", scratch.path("healed")], host: nil, timeout: nil))
        return try runner.start(
            try drill([room, fill, step(fault.kind(self), fault.isSick(self), ttl: ttl)] + after))
    }

    func drill(_ steps: [Step]) throws -> PreparedDrill {
        let text = """
            lifeboat: 1
            workspace: faults
            sites: {one: {name: One}, other: {name: Other}}
            hosts:
              here: {site: one, ssh: {host: 10.99.7.1, user: drill}, drills: [sandbox]}
              there: {site: other, ssh: {host: 10.99.7.2, user: drill}}
            """
        let (plan, problems) = Plan.decode(try DocumentLoader.parse(text, file: "plan.yaml"))
        return PreparedDrill(
            scenario: Scenario(
                id: "fault", title: "A fault", exercise: .simulation, mode: .sandbox, services: [],
                steps: steps),
            plan: try #require(plan, "\(problems)"), scenarioBytes: Array("scenario".utf8),
            planBytes: Array("plan".utf8), toolVersion: "test")
    }

    /// Whether this kernel can make the fault; where it cannot, the drill must be refused.
    func isPossible(_ fault: FaultCase) throws -> Bool {
        guard fault.need == "can netem" else { return true }
        let script = "ip link set lo up && tc qdisc add dev lo root netem delay 1ms"
        if try machine("unshare -n sh -c '\(script)' 2>/dev/null && echo yes || echo no", []) == "yes" {
            return true
        }
        #expect {
            _ = try runner.start(drill([step(fault.kind(self), ["true"], ttl: .minutes(5))]))
        } throws: { error in
            (error as? OperationError)?.code == .refused && "\(error)".contains("can netem at here")
        }
        return false
    }

    // MARK: - Looking

    func succeeds(_ words: [String]) throws -> Bool {
        try reach.shell(at: "here").run(#"exec "$@""#, words).status == 0
    }

    /// What is left of drills in the host's network and home.
    func leftovers() throws -> [String] {
        let tables = try inside(here, "nft list tables; tc qdisc show | grep d411: || :", [])
        let home = try FileManager.default.contentsOfDirectory(atPath: reach.home)
        return tables.split(separator: "\n").map(String.init) + home.filter { $0.hasPrefix(".lifeboat") }
    }

    @discardableResult
    func inside(_ namespace: String, _ script: String, _ words: [String]) throws -> String {
        try machine(
            #"exec ip netns exec "$0" sh -c "#.replacingOccurrences(of: "$0", with: namespace)
                + quoted(script) + #" inside "$@""#, words)
    }

    private func quoted(_ text: String) -> String {
        "'" + text.replacingOccurrences(of: "'", with: #"'\''"#) + "'"
    }

    @discardableResult
    private func machine(_ script: String, _ words: [String]) throws -> String {
        let home = try scratch.makeFolder("machine")
        let result = try FolderShell(host: "machine", home: home).run(script, words, input: [])
        guard result.status == 0 else {
            throw OperationError(.failed, "\(script) \(words): \(result.reason)")
        }
        return result.text
    }
}

/// Reaches one host, which is a network namespace of this machine.
final class NamespaceReach: HostReaching, @unchecked Sendable {
    // Unchecked: `path` is set before the drill begins, and only read after.
    private let folder: String
    private let namespace: String
    /// Folders in which the host finds programs before its own.
    var path = ""

    init(_ folder: String, namespace: String) {
        self.folder = folder
        self.namespace = namespace
    }

    var home: String { folder + "/home-here" }

    func shell(at host: String) throws -> any HostShell {
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        return NamespaceShell(FolderShell(host: host, home: home), namespace: namespace, path: path)
    }
}

/// A shell inside a network namespace.
private final class NamespaceShell: HostShell {
    private let shell: FolderShell
    private let namespace: String
    private let path: String

    var host: String { shell.host }

    init(_ shell: FolderShell, namespace: String, path: String) {
        self.shell = shell
        self.namespace = namespace
        self.path = path
    }

    func run(_ script: String, _ arguments: [String], input: [UInt8]) throws -> ShellResult {
        // The drill's scripts put the system's folders behind PATH, so what stands in front wins.
        try shell.run(
            #"PATH=$1$PATH; netns=$2 script=$3; shift 3; exec ip netns exec "$netns" sh -c "$script" lifeboat-drill "$@""#,
            [path, namespace, script] + arguments, input: input)
    }
}
