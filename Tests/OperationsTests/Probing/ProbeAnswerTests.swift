// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Operations
import TestSupport
import Testing

@Suite("A question asked from here")
struct ProbeAnswerTests {
    @Test(
        "is up or down by what the server says",
        arguments: [
            (status: "200 OK", state: ProbeRun.State.up, word: "200"),
            (status: "302 Found", state: .up, word: "302"),
            (status: "404 Not Found", state: .down, word: "http_404"),
            (status: "503 Service Unavailable", state: .down, word: "http_503"),
        ])
    func http(status: String, state: ProbeRun.State, word: String) throws {
        let server = try OneAnswer("HTTP/1.1 \(status)\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        let answer = ProbeAnswer.ask(
            ["http", "http://127.0.0.1:\(server.port)/health"], timeout: .seconds(5))
        #expect(answer.state == state)
        #expect(answer.word == word)
        let phases = try #require(answer.phases)
        #expect(phases.connect > .zero && phases.firstByte > .zero && phases.secure == .zero)
    }

    @Test func `is down when nobody listens, by either question`() throws {
        let port = freePort()
        let http = ProbeAnswer.ask(["http", "http://127.0.0.1:\(port)/"], timeout: .seconds(5))
        #expect(http.state == .down && http.word == "curl_7")
        let tcp = ProbeAnswer.ask(["tcp", "127.0.0.1", "\(port)"], timeout: .seconds(5))
        #expect(tcp == ProbeAnswer(.down, "refused"))
    }

    @Test func `is down when the time is over`() throws {
        let server = try OneAnswer(nil)
        let begun = ContinuousClock.now
        let answer = ProbeAnswer.ask(
            ["http", "http://127.0.0.1:\(server.port)/"], timeout: .milliseconds(200))
        #expect(answer.state == .down && answer.word == "timeout")
        // The server itself would never answer.
        #expect(ContinuousClock.now - begun < .seconds(60))
    }

    @Test func `is up for whoever accepts a connection`() throws {
        let server = try OneAnswer(nil)
        #expect(
            ProbeAnswer.ask(["tcp", "127.0.0.1", "\(server.port)"], timeout: .seconds(5))
                == ProbeAnswer(.up, "0"))
    }

    @Test(
        "is unknown only when it could not be asked",
        arguments: [
            (question: ["http", "gopher://127.0.0.1/"], state: ProbeRun.State.unknown),
            (question: ["http", "http://127.0.0.1:99999/"], state: .unknown),
            (question: ["command", "/no/such/program"], state: .unknown),
            (question: ["http", "http://no-such-host.invalid/"], state: .down),
            (question: ["command", "false"], state: .down), (question: ["command", "true"], state: .up),
            (question: ["dns"], state: .unknown),
        ])
    func unknown(question: [String], state: ProbeRun.State) {
        #expect(ProbeAnswer.ask(question, timeout: .seconds(5)).state == state)
    }
}

/// Listens on loopback; gives one connection one answer, or none at all.
private final class OneAnswer {
    let port: Int
    private let listener: Int32

    init(_ answer: String?) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listening = listener
        port = try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                guard bind(listening, name, size) == 0, listen(listening, 8) == 0,
                    getsockname(listening, name, &size) == 0
                else { throw OperationError(.failed, "cannot listen") }
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        guard let answer else { return }
        let thread = Thread {
            let connection = accept(listening, nil, nil)
            guard connection >= 0 else { return }
            var request = [UInt8](repeating: 0, count: 4_096)
            _ = read(connection, &request, request.count)
            _ = answer.withCString { write(connection, $0, strlen($0)) }
            close(connection)
        }
        thread.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}
