// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The program's own dashboard over a real workspace, asked by curl.
@Suite("The dashboard")
struct DashboardTests {
    /// Starts the dashboard, runs a script that finds its address in `$at` and its token in `$token`, and ends
    /// it as Ctrl-C does; the last line of the output is the dashboard's exit status.
    private func visit(_ root: String, _ options: String, _ script: String) throws -> [Substring] {
        let result = try Command.run(
            "bash", "-euo", "pipefail", "-c",
            """
            "$program" dashboard --workspace "$root" --port 0 --json \(options) >"$root/entry" 2>"$root/said" &
            served=$!
            trap 'kill "$served" 2>/dev/null || true' EXIT
            until [[ -s $root/entry ]]; do kill -0 "$served" || { cat "$root/said" >&2; exit 9; }; read -rt 0.05 <> <(:) || true; done
            entry=$(grep -o 'http://[^"]*' "$root/entry")
            at=${entry%%/\\?*} token=${entry##*=}
            get() { curl -sS --max-time 20 -H "Authorization: Bearer $token" "$@"; }
            \(script)
            kill -INT "$served"
            wait "$served" && echo 0 || echo "$?"
            trap - EXIT
            """,
            environment: ["program": Program.path, "root": root])
        #expect(result.status == 0, "\(result.error)\(result.text)")
        return result.text.split(separator: "\n")
    }

    private func withWorkspace(_ body: (String) throws -> Void) throws {
        try Scratch.with { scratch in
            try Command.output(Program.path, "init", scratch.path)
            try body(scratch.path)
        }
    }

    @Test func `lets in who shows the token and nobody else`() throws {
        try withWorkspace { root in
            let lines = try visit(
                root, "",
                """
                status() { curl -sS -o /dev/null -w '%{http_code}\\n' "$@"; }
                status "$at/"
                status "$at/" -H 'Authorization: Bearer 0123456789abcdef0123456789abcdef'
                status "$at/?token=wrong"
                status "$at/" -H "Cookie: other=1; lifeboat=$token"
                status "$at/" -H "Authorization: Bearer $token"
                status -L -c "$root/jar" "$entry"
                status -b "$root/jar" "$at/drills"
                status "$at/health"
                """)
            #expect(lines == ["401", "401", "401", "200", "200", "200", "200", "200", "0"])
        }
    }

    @Test func `shows the status, the numbers and the report of the ledger`() throws {
        try withWorkspace { root in
            let text = try visit(
                root, "",
                """
                get "$at/" | grep -o 'everything would be lost[^<]*' | sort -u
                get "$at/status.json" | grep -o '"copies_asked_for":3' | sort -u
                get "$at/metrics" | grep -o 'lifeboat_service_state{service="files"} 2'
                get "$at/metrics" | tail -n 1
                get "$at/report?lang=zh" | grep -o '业务连续性审计' | head -n 1
                get -D - -o /dev/null "$at/" | grep -io "content-security-policy: default-src 'none'"
                get -o /dev/null -w '%{http_code}\\n' "$at/nowhere"
                get -o /dev/null -w '%{http_code}\\n' "$at/drills/none"
                get -o /dev/null -w '%{http_code}\\n' -X DELETE "$at/"
                """)
            #expect(
                text == [
                    "everything would be lost: no proven copy would survive", "\"copies_asked_for\":3",
                    "lifeboat_service_state{service=\"files\"} 2", "# EOF", "业务连续性审计",
                    "Content-Security-Policy: default-src 'none'", "404", "404", "405", "0",
                ])
        }
    }

    @Test func `tells a reader of the stream what is new`() throws {
        try withWorkspace { root in
            let lines = try visit(
                root, "",
                """
                mkfifo "$root/stream"
                get -N "$at/events" >"$root/stream" &
                reader=$!
                exec 3<"$root/stream"
                until read -r -t 20 line <&3 && [[ $line == "event: here" ]]; do :; done
                echo here
                sed -i 's/organisation: .*/organisation: Changed/' "$root"/Plans/*.yaml
                "$program" plan check --workspace "$root" >/dev/null
                "$program" points --workspace "$root" >/dev/null || true
                until read -r -t 20 line <&3 && [[ $line == "event: change" ]]; do :; done
                echo change
                kill "$reader"
                """)
            #expect(lines == ["here", "change", "0"])
        }
    }

    @Test func `answers a running drill only where it was told that it may`() throws {
        let start = """
            "$program" drill start ransomware-friday-talk --workspace "$root" >"$root/drill" 2>&1 &
            drill=$!
            run=
            until [[ $run ]]; do run=$(get "$at/drills" | grep -o '/drills/[0-9]*t[0-9a-z-]*' | head -n 1 || true); done
            post() { get -o /dev/null -w '%{http_code}\\n' "$@"; }
            """
        let end = """
            "$program" drill abort over --workspace "$root" >/dev/null
            wait "$drill" || true
            """
        try withWorkspace { root in
            let closed = try visit(
                root, "",
                """
                \(start)
                post -d text=hello "$at$run/note"
                \(end)
                """)
            #expect(closed == ["403", "0"])
        }
        try withWorkspace { root in
            let open = try visit(
                root, "--take-requests",
                """
                \(start)
                post -d 'step=brief&answer=read&person=dana' "$at$run/answer"
                post -d 'text=seen+on%20the+wall' "$at$run/note"
                post -d 'text=' "$at$run/note"
                post -d 'text=x' "$at$run/abolish"
                post -d 'text=x' "$at/drills/none/note"
                post -H 'Origin: http://elsewhere.example' -d 'text=x' "$at$run/note"
                until get "$at$run" | grep -o 'note: seen on the wall'; do :; done
                get "$at$run" | grep -o 'dana answers brief: read'
                \(end)
                post -d 'text=too+late' "$at$run/note"
                """)
            #expect(
                open == [
                    "303", "303", "400", "404", "400", "403", "note: seen on the wall",
                    "dana answers brief: read", "400", "0",
                ])
        }
    }

    @Test(
        "says why it cannot begin",
        arguments: [
            ("--address nowhere", "'nowhere' is not an IPv4 address"),
            ("--address 192.0.2.1", "cannot listen at 192.0.2.1"),
            ("--token-file /etc/hostname", "is a secret that others may read"),
        ])
    func cannotBegin(options: String, words: String) throws {
        try withWorkspace { root in
            let arguments = options.split(separator: " ").map(String.init)
            let result = try Command(
                [Program.path, "dashboard", "--workspace", root, "--port", "0"] + arguments
            ).run()
            #expect(result.status != 0)
            #expect(result.error.contains(words), "\(result.error)")
        }
    }

    @Test func `keeps the token of a file, and refuses one that is too short`() throws {
        try withWorkspace { root in
            let file = root + "/token"
            try Command.output(
                "install", "-m", "600", "/dev/stdin", file, input: Array("0123456789abcdef-_A\n".utf8))
            let lines = try visit(root, "--token-file '\(file)'", "echo \"$token\"")
            #expect(lines == ["0123456789abcdef-_A", "0"])
            try Command.output("install", "-m", "600", "/dev/stdin", file, input: Array("short\n".utf8))
            let result = try Command.run(
                Program.path, "dashboard", "--workspace", root, "--port", "0", "--token-file", file)
            #expect(result.status == 65)
            #expect(result.error.contains("holds no token"))
        }
    }
}
