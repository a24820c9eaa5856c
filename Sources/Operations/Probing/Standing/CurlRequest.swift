// SPDX-License-Identifier: Apache-2.0
import CCurl
import Continuity

/// One HTTP question by libcurl, on a connection of its own.
///
/// Owns the handle; for one thread.
final class CurlRequest {
    private let handle: UnsafeMutableRawPointer

    /// libcurl wants to be told once, before its first handle.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private init?() {
        guard Self.isReady, let handle = curl_easy_init() else { return nil }
        self.handle = handle
    }

    deinit {
        curl_easy_cleanup(handle)
    }

    /// Up is a status of 2xx or 3xx within the time-out; redirects are not followed.
    static func ask(_ url: String, timeout: Duration) -> ProbeAnswer {
        guard let request = CurlRequest(), request.prepare(url, timeout) else {
            return ProbeAnswer(.unknown, "no_curl")
        }
        return request.perform()
    }

    private func prepare(_ url: String, _ timeout: Duration) -> Bool {
        let milliseconds = max(1, Int(timeout.wholeNanoseconds / 1_000_000))
        let numbers: [(CURLoption, Int)] = [
            // Without signals: the time-out must not end another thread's work.
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_TIMEOUT_MS, milliseconds),
            (CURLOPT_CONNECTTIMEOUT_MS, milliseconds), (CURLOPT_FRESH_CONNECT, 1),
            (CURLOPT_FORBID_REUSE, 1),
        ]
        let texts: [(CURLoption, String)] = [
            (CURLOPT_URL, url), (CURLOPT_NOPROXY, "*"), (CURLOPT_PROTOCOLS_STR, "http,https"),
            (CURLOPT_USERAGENT, "lifeboat-probe"),
        ]
        return numbers.allSatisfy { lifeboat_curl_set_number(handle, $0.0, $0.1) == CURLE_OK }
            && texts.allSatisfy { lifeboat_curl_set_text(handle, $0.0, $0.1) == CURLE_OK }
            && lifeboat_curl_drop_body(handle) == CURLE_OK
    }

    private func perform() -> ProbeAnswer {
        let code = curl_easy_perform(handle)
        let phases = phases
        switch code {
        case CURLE_OK:
            var status = 0
            lifeboat_curl_get_number(handle, CURLINFO_RESPONSE_CODE, &status)
            return (200..<400).contains(status)
                ? ProbeAnswer(.up, "\(status)", phases: phases)
                : ProbeAnswer(.down, "http_\(status)", phases: phases)
        case CURLE_OPERATION_TIMEDOUT: return ProbeAnswer(.down, "timeout", phases: phases)
        // Our own fault: no memory, no URL, a part of libcurl that is missing.
        case CURLE_FAILED_INIT, CURLE_URL_MALFORMAT, CURLE_NOT_BUILT_IN, CURLE_OUT_OF_MEMORY,
            CURLE_UNSUPPORTED_PROTOCOL:
            return ProbeAnswer(.unknown, "curl_\(code.rawValue)")
        default: return ProbeAnswer(.down, "curl_\(code.rawValue)", phases: phases)
        }
    }

    /// libcurl's times are all counted from the begin.
    private var phases: ProbeAnswer.Phases {
        let lookup = time(CURLINFO_NAMELOOKUP_TIME_T)
        let connect = max(lookup, time(CURLINFO_CONNECT_TIME_T))
        let secure = max(connect, time(CURLINFO_APPCONNECT_TIME_T))
        let first = max(secure, time(CURLINFO_STARTTRANSFER_TIME_T))
        let total = max(first, time(CURLINFO_TOTAL_TIME_T))
        return ProbeAnswer.Phases(
            lookup: lookup, connect: connect - lookup, secure: secure - connect, firstByte: first - secure,
            transfer: total - first)
    }

    private func time(_ info: CURLINFO) -> Duration {
        var microseconds: curl_off_t = 0
        lifeboat_curl_get_time(handle, info, &microseconds)
        return .microseconds(microseconds)
    }
}
