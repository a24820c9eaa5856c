// SPDX-License-Identifier: Apache-2.0
import Continuity

/// Asks a host for its times, between two looks at the controller's own clock.
enum HostClock {
    static func exchange(with shell: any HostShell, time: TimeSource) throws -> DrillFact.ClockSample {
        let asked = time.sinceBoot()
        let text = try shell.demand("read the clock", HostScripts.clock)
        let received = time.sinceBoot()
        let words = text.split(separator: " ")
        guard words.count == 3, let host = HostTime.duration(words[0]), let utc = HostTime.duration(words[1])
        else { throw OperationError(.failed, "read the clock of \(shell.host): it answered '\(text)'") }
        return DrillFact.ClockSample(
            host: shell.host, askedNs: asked.wholeNanoseconds, receivedNs: received.wholeNanoseconds,
            hostNs: host.wholeNanoseconds, resolutionNs: HostTime.resolution.wholeNanoseconds,
            hostUtc: Moment(nanoseconds: utc.wholeNanoseconds), hostBootId: String(words[2]))
    }
}
