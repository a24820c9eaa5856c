// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import TestSupport
import Testing

/// The service as a process of its own, with a real file that is there or not.
@Suite("The service")
struct ServiceTests {
    private static let plan = """
        lifeboat: 1
        workspace: service
        zone: UTC
        orchestrator: {site: here}
        sites: {here: {facility: A, city: CNSHA}}
        services: {web: {probes: [alive], objectives: {availability: 99%}}}
        probes: {alive: {from: [orchestrator], every: 200ms, timeout: 2s, tcp: "127.0.0.1:PORT"}}

        """

    private func write(_ scratch: Scratch, port: Int) throws {
        _ = try scratch.write(
            Self.plan.replacingOccurrences(of: "PORT", with: "\(port)"), to: "Plans/plan.yaml")
    }

    private func probeRuns(_ scratch: Scratch) throws -> Int {
        try Command([Program.path, "ledger", "export", "--kind", "probe_run", "-w", scratch.path]).run()
            .text.split(separator: "\n").count
    }

    @Test func `probes while it runs, brings it in when it ends, and measure counts it`() throws {
        try Scratch.with { scratch in
            let listener = try Listener()
            defer { listener.close() }
            try write(scratch, port: listener.port)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Program.path)
            process.arguments = ["run", "-w", scratch.path, "--every", "1s", "--quiet"]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            try listener.accept(5)
            process.terminate()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(try probeRuns(scratch) > 0)
            let measured = try Command([Program.path, "measure", "--json", "-w", scratch.path]).run()
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(measured.output)) as? [String: Any])
            let web = try #require((report["services"] as? [[String: Any]])?.first)
            let availability = try #require(web["availability"] as? [String: Any])
            #expect(availability["up_seconds"] as? Double ?? 0 > 0.5)
            #expect(availability["down_seconds"] as? Double == 0)
            // A second of samples in a year of time proves nothing.
            #expect(web["availability_verdict"] as? String == "unproven")
            #expect(measured.status == 5)
        }
    }

    @Test func `leaves probes alone in one pass`() throws {
        try Scratch.with { scratch in
            let listener = try Listener()
            defer { listener.close() }
            try write(scratch, port: listener.port)
            #expect(try Command([Program.path, "tick", "-w", scratch.path]).run().status == 0)
            #expect(try probeRuns(scratch) == 0)
        }
    }
}

/// A socket that listens on a free port of this machine.
private final class Listener {
    private let handle: Int32
    let port: Int

    init() throws {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.handle = handle
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(handle, $0, length) == 0 && listen(handle, 64) == 0
                    && getsockname(handle, $0, &length) == 0
            }
        }
        port = Int(in_port_t(bigEndian: address.sin_port))
        try #require(bound)
    }

    /// Waits for as many connections.
    func accept(_ count: Int) throws {
        for _ in 0..<count {
            var ready = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
            try #require(poll(&ready, 1, 120_000) == 1, "nobody asked within two minutes")
            Glibc.close(Glibc.accept(handle, nil, nil))
        }
    }

    func close() { Glibc.close(handle) }
}
