// SPDX-License-Identifier: Apache-2.0
import FlyingFox
import Foundation

extension HTTPResponse {
    static func text(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
        whole(status, "text/plain; charset=utf-8", text + "\n")
    }

    static func html(_ text: String) -> HTTPResponse { whole(.ok, "text/html; charset=utf-8", text) }
    static func json(_ bytes: Data) -> HTTPResponse {
        whole(.ok, "application/json", String(decoding: bytes, as: UTF8.self) + "\n")
    }
    static func script(_ text: String) -> HTTPResponse { whole(.ok, "text/javascript; charset=utf-8", text) }

    static func metrics(_ text: String) -> HTTPResponse {
        whole(.ok, "application/openmetrics-text; version=1.0.0; charset=utf-8", text)
    }

    private static func whole(_ status: HTTPStatusCode, _ type: String, _ text: String) -> HTTPResponse {
        HTTPResponse(statusCode: status, headers: HTTPHeaders([.contentType: type]), body: Data(text.utf8))
    }

    /// A stream of server-sent events that ends when the reader goes away.
    static func events(_ events: LiveEvents) -> HTTPResponse {
        HTTPResponse(
            statusCode: .ok,
            headers: HTTPHeaders([.contentType: "text/event-stream", HTTPHeader("X-Accel-Buffering"): "no"]),
            body: HTTPBodySequence(from: events))
    }
}
