// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import SecureShell
import TestSupport
import Testing

@Suite("A check of a host", .tags(.integration), .needsServer, .mayQueue)
struct SiteCheckTests {
    @Test func `measures the way, the room and the clock, and leaves nothing behind`() throws {
        try SSHServer.with { server in
            let site = BenchSite("north", server)
            let report = try #require(SiteChecker(connector([site])).check(["north"]).first)
            #expect(report.error == nil)
            #expect(report.isSound, "\(report.lines + report.stores.flatMap(\.lines))")
            #expect(report.check.succeeded && report.check.site == "here")
            #expect(try #require(report.check.roundTripSeconds) < 1)
            #expect(try #require(report.check.freeBytes) > 0)
            #expect(try #require(report.check.bytesPerSecondUp) > 100_000)
            #expect(try #require(report.check.bytesPerSecondDown) > 100_000)
            // One machine, one clock.
            let (offset, bound) = (
                try #require(report.check.clockOffsetSeconds), try #require(report.check.clockBoundSeconds)
            )
            #expect(abs(offset) <= bound)
            #expect(report.lines.contains { $0.topic == "host key" && $0.text.contains(server.hostKey) })
            #expect(report.lines.contains { $0.topic == "sftp" && $0.text.contains("fsync@openssh.com") })
            #expect(report.stores.first?.vault == nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: site.path).isEmpty)
        }
    }

    @Test func `says of a host that cannot be reached why, and goes on with the others`() throws {
        try SSHServer.with { server in
            let sites = [BenchSite("west", server, port: freePort()), BenchSite("north", server)]
            let reports = try SiteChecker(connector(sites)).check(["west", "north"])
            #expect(reports.map(\.host) == ["west", "north"])
            #expect(reports[0].error?.code == .unreachable)
            #expect(!reports[0].check.succeeded && reports[0].check.detail != nil)
            #expect(reports[1].isSound)
        }
    }

    @Test func `finds a delayed way slower, and its clock less certain`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port, delay: .milliseconds(25)) { proxy in
                let site = BenchSite("north", server, port: proxy.port)
                let report = try #require(SiteChecker(connector([site])).check(["north"]).first)
                #expect(try #require(report.check.roundTripSeconds) >= 0.05)
                #expect(try #require(report.check.clockBoundSeconds) >= 0.025)
                #expect(abs(try #require(report.check.clockOffsetSeconds)) <= 0.1)
            }
        }
    }

    @Test func `sees that a server lacks what stores need`() throws {
        var options = SSHServer.Options()
        options.lines = ["ForceCommand internal-sftp -P fsync"]
        try SSHServer.with(options) { server in
            let report = try #require(
                SiteChecker(connector([BenchSite("north", server)])).check(["north"]).first)
            #expect(!report.isSound)
        }
    }

    @Test func `refuses a name that the plan does not have`() throws {
        try SSHServer.with { server in
            let error = try operationFailure {
                _ = try SiteChecker(connector([BenchSite("north", server)])).check(["nroth"])
            }
            #expect(error.code == .unknownName)
            #expect(error.hint?.contains("north") == true)
        }
    }
}
