// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Operations
import TestSupport

/// Two real PostgreSQL servers in a scratch folder: a primary and its streaming standby.
final class PostgresClusters {
    static let bin: String? = {
        let folder = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        return versions.last.map { "\(folder)/\($0)/bin" }
    }()

    let folder: String
    let ports: (a: Int, b: Int)
    private let bin: String

    init(below folder: String, bin: String) throws {
        self.folder = folder
        self.bin = bin
        ports = (freePort(), freePort())
        try run(
            "chmod 711 \"$1\" && mkdir -p \"$1/sockets\" && chown postgres: \"$1\" \"$1/sockets\"", [folder])
        try asPostgres(["\(bin)/initdb", "-D", data("a"), "-A", "trust", "--data-checksums", "-E", "UTF8"])
        try configure("a", ports.a)
        try start("a")
        try sql("a", database: "postgres", "create database orders")
        try sql("a", "create table drill_canary (n bigint primary key)")
        try asPostgres([
            "\(bin)/pg_basebackup", "-D", data("b"), "-R", "-X", "stream", "-c", "fast", "-d",
            "host=127.0.0.1 port=\(ports.a) dbname=postgres",
        ])
        try configure("b", ports.b)
        try start("b")
    }

    func data(_ name: String) -> String { "\(folder)/\(name)" }

    func local(_ name: String) -> String {
        "host=127.0.0.1 port=\(name == "a" ? ports.a : ports.b) dbname=orders"
    }

    var clients: String {
        "host=127.0.0.1,127.0.0.1 port=\(ports.a),\(ports.b) dbname=orders"
            + " target_session_attrs=read-write connect_timeout=1"
    }

    private func configure(_ name: String, _ port: Int) throws {
        let text = """
            port = \(port)
            listen_addresses = '127.0.0.1'
            unix_socket_directories = '\(folder)/sockets'
            fsync = off
            wal_keep_size = 64MB
            hot_standby = on

            """
        try run("printf '%s' \"$2\" >>\"$1/postgresql.conf\"", [data(name), text])
    }

    func start(_ name: String) throws {
        try asPostgres(["\(bin)/pg_ctl", "start", "-w", "-D", data(name), "-l", "\(data(name))/log"])
    }

    /// Ends whatever still runs; called once, at the end of the test.
    func stop() {
        for name in ["a", "b"] {
            _ = try? asPostgres(["\(bin)/pg_ctl", "stop", "-m", "immediate", "-D", data(name)])
        }
    }

    @discardableResult
    func sql(_ name: String, database: String = "orders", _ query: String) throws -> String {
        try asPostgres([
            "\(bin)/psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d",
            "host=127.0.0.1 port=\(name == "a" ? ports.a : ports.b) dbname=\(database)", "-c", query,
        ])
    }

    @discardableResult
    func asPostgres(_ words: [String]) throws -> String {
        try run("cd / && exec runuser -u postgres -- \"$@\"", words)
    }

    @discardableResult
    func run(_ script: String, _ words: [String]) throws -> String {
        let shell = FolderShell(host: "postgres", home: try home())
        let result = try shell.run(script, words, input: [])
        guard result.status == 0 else { throw OperationError(.failed, "\(words): \(result.reason)") }
        return result.text
    }

    private func home() throws -> String {
        try FileManager.default.createDirectory(atPath: folder + ".home", withIntermediateDirectories: true)
        return folder + ".home"
    }
}
