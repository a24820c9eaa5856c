// SPDX-License-Identifier: Apache-2.0
import Continuity
import FlyingFox
import Foundation
import Reporting

/// Answers requests: who may come in, which page it is, and what is said when it cannot be shown.
struct DashboardHandler: HTTPHandler {
    let desk: any DashboardDesk
    let token: AccessToken
    let settings: Dashboard.Settings
    private let blocking = BlockingQueue()

    init(desk: any DashboardDesk, token: AccessToken, settings: Dashboard.Settings) {
        self.desk = desk
        self.token = token
        self.settings = settings
    }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        var response: HTTPResponse
        do {
            response = try await admit(request)
        } catch let error as DashboardError {
            response = .text(error.status, error.description)
        } catch {
            response = .text(.internalServerError, "it cannot be shown: \(error)")
        }
        for (header, value) in Self.guards where response.headers[header] == nil {
            response.headers[header] = value
        }
        return response
    }

    /// No other site may frame, sniff or feed these pages, and no cache may keep them.
    private static let guards: [(HTTPHeader, String)] = [
        (
            HTTPHeader("Content-Security-Policy"),
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; form-action 'self'; "
                + "frame-ancestors 'none'; base-uri 'none'"
        ), (HTTPHeader("X-Content-Type-Options"), "nosniff"), (HTTPHeader("Referrer-Policy"), "no-referrer"),
        (.cacheControl, "no-store"),
    ]

    /// Lets in who shows the token; the address with the token in it becomes a cookie and goes out of sight.
    private func admit(_ request: HTTPRequest) async throws -> HTTPResponse {
        if request.path == "/health" { return .text(.ok, "ok") }
        if let given = request.query["token"], token.isEqual(given) {
            return HTTPResponse(
                statusCode: .seeOther,
                headers: HTTPHeaders([.location: request.path, .setCookie: token.cookie]))
        }
        guard token.isShown(by: request) else {
            return .text(
                .unauthorized,
                "open the address that 'lifeboat dashboard' printed: the token in it lets you in")
        }
        switch request.method {
        case .GET, .HEAD: return try await page(request)
        case .POST: return try await take(request)
        default: return .text(.methodNotAllowed, "GET and POST are understood here")
        }
    }

    // MARK: - Pages

    private func page(_ request: HTTPRequest) async throws -> HTTPResponse {
        let (desk, settings) = (desk, settings)
        let parts = request.path.split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case (nil, _):
            return .html(
                try await blocking.run {
                    try desk.status().page(runs: desk.runs(), zone: desk.zone, stream: "/events")
                })
        case ("status.json", 1):
            return .json(try await blocking.run { try CanonicalJSON.encode(desk.status()) })
        case ("metrics", 1):
            return .metrics(try await blocking.run { try desk.status().openMetrics() })
        case ("report", 1):
            let language: ReportLanguage = request.query["lang"] == "zh" ? .zh : .en
            return .html(try await blocking.run { try desk.report(language) })
        case ("drills", 1):
            return .html(
                try await blocking.run {
                    RunLine.page(try desk.runs(), zone: desk.zone, now: desk.now(), stream: "/events")
                })
        case ("drills", 2):
            let said = request.query["taken"].map { "\($0): taken" }
            return .html(
                try await blocking.run {
                    try desk.board(of: parts[1]).html(
                        zone: desk.zone, now: desk.now(), stream: "/events?run=\(parts[1])",
                        takesRequests: settings.takesRequests, said: said)
                })
        case ("events", 1): return .events(LiveEvents(desk: desk, run: request.query["run"], blocking))
        case ("live.js", 1): return .script(LiveScript.text)
        default: throw DashboardError.notFound("there is no page \(request.path)")
        }
    }

    // MARK: - Requests

    private func take(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard settings.takesRequests else {
            return .text(.forbidden, "this dashboard only shows; start it with --take-requests")
        }
        // A browser says where a form came from; a form of another site is not for us.
        if let origin = request.headers[HTTPHeader("Origin")], let host = request.headers[.host],
            origin != "http://\(host)", origin != "https://\(host)"
        {
            return .text(.forbidden, "the form is not one of this dashboard")
        }
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.count == 3, parts[0] == "drills" else {
            throw DashboardError.notFound("nothing is taken at \(request.path)")
        }
        let form = FormFields(try await Self.body(of: request))
        let wish = try Self.request(parts[2], form)
        let desk = desk
        try await blocking.run { try desk.put(wish, into: parts[1]) }
        return HTTPResponse(
            statusCode: .seeOther, headers: HTTPHeaders([.location: "/drills/\(parts[1])?taken=\(parts[2])"]))
    }

    /// The body, which no form of ours makes longer than this.
    private static func body(of request: HTTPRequest) async throws -> Data {
        var body = Data()
        for try await piece in request.bodySequence {
            body += piece
            guard body.count <= 64 << 10 else { throw DashboardError.badRequest("the form is too long") }
        }
        return body
    }

    private static func request(_ name: String, _ form: FormFields) throws -> DashboardRequest {
        let person = form["person"]
        switch name {
        case "answer":
            return .answer(step: try form.need("step"), answer: try form.need("answer"), person: person)
        case "note": return .note(text: try form.need("text"), person: person)
        case "hold": return .hold(reason: try form.need("text"), person: person)
        case "release": return .release(reason: try form.need("text"), person: person)
        default: throw DashboardError.notFound("a drill cannot be asked for '\(name)' here")
        }
    }
}

extension DashboardError {
    fileprivate var status: HTTPStatusCode {
        switch self {
        case .notFound: .notFound
        case .badRequest: .badRequest
        case .cannotListen: .internalServerError
        }
    }
}

/// The fields of an HTML form, as `application/x-www-form-urlencoded` has them.
struct FormFields {
    private let fields: [String: String]

    init(_ body: Data) {
        let pairs = String(decoding: body, as: UTF8.self).split(separator: "&").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 ? (Self.decoded(parts[0]), Self.decoded(parts[1])) : nil
        }
        fields = Dictionary(pairs.filter { !$0.1.isEmpty }, uniquingKeysWith: { first, _ in first })
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacing("+", with: " ")
        return String(spaced).removingPercentEncoding ?? String(spaced)
    }

    /// `nil` when it is not there or empty.
    subscript(_ name: String) -> String? { fields[name] }

    func need(_ name: String) throws -> String {
        guard let value = fields[name] else { throw DashboardError.badRequest("the form lacks '\(name)'") }
        return value
    }
}
