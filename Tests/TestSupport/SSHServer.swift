// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A real sshd on loopback with throw-away keys, for as long as one closure.
///
///     try SSHServer.with { server in
///         // connect to 127.0.0.1, server.port, as server.user with server.keyPath
///     }
///
/// It runs as the current user; as root it can also serve another account.
package final class SSHServer {
    /// What a test wants to be different.
    package struct Options: Hashable, Sendable {
        /// Append-only, as a vault store is set up: only some requests of SFTP, no forwarding.
        package var isVault = false
        /// More lines of sshd_config.
        package var lines: [String] = []
        /// Another account than the current user's; only root can serve one.
        package var account: String?
        /// What `ssh-keygen -t` calls the host keys.
        package var hostKeyTypes = ["ed25519"]
        /// What `ssh-keygen -t` calls the user's key.
        package var userKeyType = "ed25519"

        /// The program behind the file transfer subsystem, as a line for the account's shell.
        package var fileTransfer = "internal-sftp"

        package init() {}

        /// An append-only store.
        package static var vault: Options {
            var options = Options()
            options.isVault = true
            return options
        }
    }

    /// Where sshd is looked for; it wants an absolute path.
    package static let program = "/usr/sbin/sshd"
    /// Whether there is an sshd to test with.
    package static var isInstalled: Bool { access(program, X_OK) == 0 }

    package let host = "127.0.0.1"
    package private(set) var port = 0
    package let user: String
    /// The private key that opens the account.
    package let keyPath: String
    /// A private key that opens nothing.
    package let strangerKeyPath: String
    /// The first host key, as `ssh-ed25519 SHA256:…`.
    package private(set) var hostKey = ""
    /// Everything of this server, and room for the test's own files; the account may write in `files`.
    package let folder: Scratch
    /// A folder that the account may write.
    package let files: String

    private var options: Options
    private var process: pid_t = 0

    /// Runs `body` beside a server, then stops the server and removes its folder.
    package static func with<Result>(
        _ options: Options = Options(), _ body: (SSHServer) throws -> Result
    ) throws -> Result {
        try Scratch.with { folder in
            let server = try SSHServer(folder, options)
            defer { server.stop() }
            return try body(server)
        }
    }

    /// Runs `body` beside a server, then stops the server and removes its folder.
    package static func with<Result>(
        _ options: Options = Options(), _ body: (SSHServer) async throws -> Result
    ) async throws -> Result {
        try await Scratch.with { folder in
            let server = try SSHServer(folder, options)
            defer { server.stop() }
            return try await body(server)
        }
    }

    /// Begins a server whose files live in `folder`; ``stop()`` is the caller's duty.
    package init(_ folder: Scratch, _ options: Options) throws {
        self.folder = folder
        self.options = options
        user = try options.account ?? Self.ownName()
        keyPath = folder.path("user_key")
        strangerKeyPath = folder.path("stranger_key")
        files = try folder.makeFolder("files")
        try Self.makeKey(keyPath, options.userKeyType)
        try Self.makeKey(strangerKeyPath, "ed25519")
        try folder.write(try folder.text("user_key.pub"), to: "authorized_keys")
        if let account = options.account {
            chmod(folder.path, 0o711)
            guard let entry = getpwnam(account) else { throw ServerError("there is no account \(account)") }
            chown(files, entry.pointee.pw_uid, entry.pointee.pw_gid)
        }
        try makeHostKeys()
        try start()
    }

    /// Stops the server and every connection it holds.
    package func stop() {
        guard process > 0 else { return }
        let connections = descendants()
        kill(process, SIGKILL)
        connections.forEach { kill($0, SIGKILL) }
        var status: Int32 = 0
        waitpid(process, &status, 0)
        process = 0
    }

    /// Begins the server again on the same port.
    package func restart() throws {
        stop()
        try start(on: port)
    }

    /// Begins the server again on the same port, with more lines of sshd_config.
    package func restart(adding lines: [String]) throws {
        options.lines += lines
        try restart()
    }

    /// Gives the server other host keys on the same port, as a rebuilt machine would.
    package func replaceHostKey() throws {
        stop()
        try makeHostKeys()
        try start(on: port)
    }

    /// Kills the processes that serve connections; the server itself goes on.
    package func killConnections() {
        descendants().forEach { kill($0, SIGKILL) }
    }

    /// What sshd has said.
    package var log: String { (try? folder.text("sshd.log")) ?? "" }
}

// MARK: - Keys and configuration

extension SSHServer {
    private static func ownName() throws -> String {
        guard let entry = getpwuid(geteuid()) else { throw ServerError("this user has no name") }
        return String(cString: entry.pointee.pw_name)
    }

    private static func makeKey(_ path: String, _ type: String) throws {
        unlink(path)
        unlink(path + ".pub")
        try Command.output("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "test", "-f", path)
    }

    private func makeHostKeys() throws {
        for type in options.hostKeyTypes { try Self.makeKey(folder.path("host_\(type)"), type) }
        let first = "host_\(options.hostKeyTypes[0]).pub"
        let line = try Command.output("ssh-keygen", "-l", "-f", folder.path(first))
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        let type = try folder.text(first).prefix { $0 != " " }
        hostKey = "\(type) \(words[1])"
    }

    /// The lines with an environment in which bash reads no start-up file of the account.
    ///
    /// What stands in those is this machine's affair: it may take long, and what it locks stays locked when a test
    /// kills the connection. Only the first `SetEnv` of a configuration counts.
    private func quietly(_ lines: [String]) -> [String] {
        let isSet = lines.contains { $0.hasPrefix("SetEnv ") }
        return lines.map { $0.hasPrefix("SetEnv ") ? $0 + " SHLVL=2" : $0 }
            + (isSet ? [] : ["SetEnv SHLVL=2"])
    }

    private func configuration() -> String {
        var lines = [
            "ListenAddress \(host):\(port)", "PidFile none", "StrictModes no", "UsePAM no", "UseDNS no",
            "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin yes",
            "PrintMotd no", "PrintLastLog no", "LogLevel VERBOSE", "MaxStartups 200", "MaxSessions 50",
            "Subsystem sftp \(options.fileTransfer)",
        ]
        lines += options.hostKeyTypes.map { "HostKey \(folder.path("host_\($0)"))" }
        if options.account == nil {
            lines.append("AuthorizedKeysFile \(folder.path("authorized_keys"))")
        } else {
            // The other account cannot read our folder; root reads the file for it.
            lines.append("AuthorizedKeysFile none")
            lines.append("AuthorizedKeysCommand /bin/cat \(folder.path("authorized_keys"))")
            lines.append("AuthorizedKeysCommandUser root")
        }
        if options.isVault {
            lines += [
                "DisableForwarding yes", "PermitTTY no",
                "ForceCommand internal-sftp -p open,close,read,write,lstat,fstat,stat,opendir,readdir,mkdir,"
                    + "realpath,readlink,fsync,statvfs,fstatvfs,limits",
            ]
        }
        return (quietly(options.lines) + lines).joined(separator: "\n") + "\n"
    }
}

// MARK: - The process

extension SSHServer {
    /// Begins sshd; somebody else may have taken a free port meanwhile, so another one is tried.
    private func start(on wanted: Int? = nil) throws {
        // sshd as root insists on this folder and empties nothing in it.
        if geteuid() == 0 { mkdir("/run/sshd", 0o755) }
        for _ in 0..<5 {
            port = wanted ?? freePort()
            unlink(folder.path("sshd.log"))
            try folder.write(configuration(), to: "sshd_config")
            process = try spawn()
            if answers() { return }
            stop()
        }
        throw ServerError("sshd does not begin: \(log)")
    }

    private func spawn() throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, folder.path("sshd.log"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let words = [Self.program, "-D", "-e", "-f", folder.path("sshd_config")]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        // Test threads block most signals, and a child would inherit that: sshd and the commands it runs
        // would not hear a SIGTERM.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var child: pid_t = 0
        let failure = posix_spawn(&child, Self.program, &actions, &attributes, &arguments, environ)
        guard failure == 0 else {
            throw ServerError("cannot run sshd: \(String(cString: strerror(failure)))")
        }
        return child
    }

    /// Waits until the port answers; false when sshd has ended instead.
    private func answers() -> Bool {
        for _ in 0..<2000 {
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                process = 0
                return false
            }
            if log.contains("Server listening on \(host) port \(port).") { return true }
            poll(nil, 0, 5)
        }
        return false
    }

    /// The processes below this server, however deep.
    private func descendants() -> [pid_t] {
        var children: [pid_t: [pid_t]] = [:]
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let number = pid_t(name), let parent = parent(of: number) else { continue }
            children[parent, default: []].append(number)
        }
        var found: [pid_t] = []
        var open = children[process] ?? []
        while let next = open.popLast() {
            found.append(next)
            open += children[next] ?? []
        }
        return found
    }

    /// The fourth field of stat; the second, a name in brackets, may hold anything.
    private func parent(of process: pid_t) -> pid_t? {
        guard let file = fopen("/proc/\(process)/stat", "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = fread(&bytes, 1, bytes.count, file)
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[end...].split(separator: " ")
        return fields.count > 2 ? pid_t(fields[2]) : nil
    }
}

/// Why no server could be begun.
private struct ServerError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
