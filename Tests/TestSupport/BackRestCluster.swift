// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// A real PostgreSQL server that pgBackRest archives, in a scratch folder.
package final class BackRestCluster {
    /// Where the newest PostgreSQL of this machine keeps its programs; `nil` where there is none.
    package static let bin: String? = {
        let folder = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        return versions.last.map { "\(folder)/\($0)/bin" }
    }()

    /// Both programs are here, and this is root, who may become the account of the server.
    package static var isPossible: Bool {
        Command.isInstalled("pgbackrest") && bin != nil && geteuid() == 0
    }

    private let words: [String]

    /// Makes the server and its repository, and starts it; ``stop()`` is the caller's duty.
    ///
    /// - Throws: when a program of either says no.
    package init(_ scratch: Scratch) throws {
        let folder = try scratch.makeFolder("pg")
        let script = try scratch.write(Self.script, to: "cluster.sh", mode: 0o755)
        try Command.output("sh", "-c", "chmod 711 \(scratch.path) && chown postgres: \(folder)")
        words = ["runuser", "-u", "postgres", "--", "sh", script, folder, Self.bin ?? "", "\(freePort())"]
        try step("start")
    }

    /// `backup` makes a full one and an incremental one, `info` and `verify` print what pgBackRest says, `damage`
    /// spoils a file of the full one.
    ///
    /// - Returns: what was printed.
    /// - Throws: what the step said when it failed.
    @discardableResult
    package func step(_ name: String) throws -> String {
        let result = try Command(words + [name], folder: "/").run()
        guard result.status == 0 else {
            throw CommandError("\(name): \(result.error)\(result.text)")
        }
        return result.text
    }

    package func stop() {
        // The folder goes with the test; a server that does not stop is seen by what it leaves behind.
        _ = try? step("stop")
    }

    private static let script = """
        set -e
        folder=$1 bin=$2 port=$3 step=$4
        cd "$folder"
        pgbackrest() { command pgbackrest --config="$folder/p.conf" --stanza=demo "$@"; }
        case $step in
        start)
            "$bin/initdb" -D d -A trust --data-checksums >/dev/null
            mkdir repo log lock spool sock
            cat >p.conf <<X
        [global]
        repo1-path=$folder/repo
        repo1-retention-full=9
        log-path=$folder/log
        lock-path=$folder/lock
        spool-path=$folder/spool
        log-level-console=warn
        start-fast=y
        archive-timeout=60
        [demo]
        pg1-path=$folder/d
        pg1-socket-path=$folder/sock
        pg1-port=$port
        X
            cat >>d/postgresql.conf <<X
        port=$port
        listen_addresses=''
        unix_socket_directories='$folder/sock'
        archive_mode=on
        archive_command='pgbackrest --config=$folder/p.conf --stanza=demo archive-push %p'
        X
            "$bin/pg_ctl" -D d -w -l log/pg start >/dev/null
            pgbackrest stanza-create ;;
        backup) pgbackrest backup --type=full && pgbackrest backup --type=incr ;;
        info) pgbackrest info --output=json ;;
        verify) pgbackrest verify --output=text --verbose ;;
        damage)
            file=$(find repo/backup/demo/*F/ -name PG_VERSION.gz | head -n 1)
            printf xx | dd of="$file" bs=1 seek=4 conv=notrunc status=none ;;
        stop) "$bin/pg_ctl" -D d -m immediate stop >/dev/null ;;
        esac
        """
}
