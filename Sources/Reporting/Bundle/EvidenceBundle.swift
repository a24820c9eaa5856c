// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Foundation

/// The folder that an auditor gets: reports, what they rest on, and how to check all of it with stock programs.
///
/// Pure: it names every file with its bytes. Who writes it signs `report.json` and then writes `SHA256SUMS`.
package struct EvidenceBundle: Sendable {
    package struct File: Hashable, Sendable {
        /// Below the bundle's folder.
        package var path: String
        package var bytes: Data

        package init(path: String, bytes: Data) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// What is signed, in the namespace `lifeboat-report`.
    package static let signedFile = "report.json"
    package static let signatureFile = "report.json.sig"
    package static let sumsFile = "SHA256SUMS"
    package static let signatureNamespace = "lifeboat-report"

    /// Who signs, as `allowed_signers` names the workspace's own key.
    package static func signer(of workspace: String) -> String {
        "lifeboat@\(workspace)"
    }

    /// The two commands that check a bundle, for a shell in its folder.
    package static func commands(workspace: String) -> [String] {
        [
            "sha256sum -c \(sumsFile)",
            "ssh-keygen -Y verify -f allowed_signers -I \(signer(of: workspace)) -n \(signatureNamespace) "
                + "-s \(signatureFile) < \(signedFile)",
        ]
    }

    package var files: [File]

    /// The bundle of an audit.
    ///
    /// - Parameters:
    ///   - report: the report.
    ///   - journals: the journals of its drills by run, as they lie on disk.
    ///   - manifests: the manifests of the points it speaks of, by `dataset/point`.
    ///   - events: the ledger's events as JSON lines.
    ///   - others: files that whoever writes the bundle adds, too large to be held, such as `ledger.jsonl`.
    ///   - allowedSigners: whose signatures count, as `ssh-keygen` reads them.
    /// - Throws: what the JSON encoder throws.
    package init(
        audit report: AuditReport, journals: [String: Data] = [:], manifests: [String: Data] = [:],
        events: Data? = nil, others: [String] = [], allowedSigners: String
    ) throws {
        var files = [
            File(path: Self.signedFile, bytes: try CanonicalJSON.encode(report)),
            File(path: "report.html", bytes: Data(report.html().utf8)),
            File(path: "report.md", bytes: Data(report.markdown().utf8)),
            File(path: "metrics.txt", bytes: Data(report.openMetrics().utf8)),
        ]
        if let oscal = OSCALDocument(report) {
            files.append(File(path: "oscal-assessment-results.json", bytes: try CanonicalJSON.encode(oscal)))
        }
        self.init(
            files, title: "continuity audit of \(report.organisation)", workspace: report.workspace,
            journals: journals,
            manifests: manifests, events: events, others: others, allowedSigners: allowedSigners,
            head: report.ledger.headSequence.map { "\($0) \(report.ledger.headSha256 ?? "")" })
    }

    /// The bundle of one drill.
    ///
    /// - Parameters:
    ///   - report: the report.
    ///   - journal: the run's journal, as it lies on disk.
    ///   - samples: the probers' files by name.
    ///   - allowedSigners: whose signatures count, as `ssh-keygen` reads them.
    ///   - forms: what the report is written as, beside the signed JSON.
    /// - Throws: what the JSON encoder throws.
    package init(
        drill report: AfterAction, journal: Data, samples: [String: Data] = [:], allowedSigners: String,
        forms: Set<DrillReporting.Form> = Set(DrillReporting.Form.allCases)
    ) throws {
        var files = [File(path: Self.signedFile, bytes: try CanonicalJSON.encode(report))]
        for form in DrillReporting.Form.allCases where forms.contains(form) {
            switch form {
            case .json: continue
            case .html: files.append(File(path: "report.html", bytes: Data(report.html().utf8)))
            case .md: files.append(File(path: "report.md", bytes: Data(report.markdown().utf8)))
            case .junit: files.append(File(path: "junit.xml", bytes: Data(report.junit().utf8)))
            case .openmetrics:
                files.append(File(path: "metrics.txt", bytes: Data(report.openMetrics().utf8)))
            }
        }
        let kept = samples.map { File(path: "samples/\(Self.safe($0.key))", bytes: $0.value) }
        self.init(
            files + kept, title: "drill \(report.run.run)", workspace: report.workspace,
            journals: [report.run.run: journal],
            manifests: [:], events: nil, others: [], allowedSigners: allowedSigners, head: nil)
    }

    private init(
        _ files: [File], title: String, workspace: String, journals: [String: Data],
        manifests: [String: Data], events: Data?, others: [String], allowedSigners: String, head: String?
    ) {
        var all = files
        all += journals.map { File(path: "journals/\(Self.safe($0.key)).jsonl", bytes: $0.value) }
        all += manifests.map { File(path: "manifests/\(Self.safe($0.key)).json", bytes: $0.value) }
        if let events { all.append(File(path: "ledger.jsonl", bytes: events)) }
        all.append(File(path: "allowed_signers", bytes: Data(allowedSigners.utf8)))
        all.append(
            File(
                path: "README.txt",
                bytes: Data(
                    Self.readme(
                        title: title, workspace: workspace, head: head,
                        paths: (all.map(\.path) + others).sorted()
                    ).utf8)))
        self.files = all.sorted { $0.path < $1.path }
    }

    /// The text of `SHA256SUMS`, in the order of the paths.
    ///
    /// The signature is not in it: it is made over a file that is.
    package func sums(_ sha256: (Data) -> String) -> String {
        files.map { "\(sha256($0.bytes))  \($0.path)\n" }.joined()
    }

    /// A path below the folder, without a way out of it.
    private static func safe(_ path: String) -> String {
        path.split(separator: "/").map { safePart(String($0)) }.joined(separator: "/")
    }

    private static func safePart(_ name: String) -> String {
        let kept = name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" }
        let text = String(kept)
        return text.hasPrefix(".") ? "_" + text : text
    }

    private static func readme(title: String, workspace: String, head: String?, paths: [String]) -> String {
        """
        Evidence: \(Escaping.visible(title))

        \(paths.contains("report.html") ? "Open report.html in any browser; it needs no network and runs no script. " : "")report.json is the
        report itself, in canonical form, and is what is signed.

        To check that nothing was changed, with coreutils and OpenSSH 8.2 or later:

        \(commands(workspace: workspace).map { "    " + Escaping.visible($0) }.joined(separator: "\n"))

        allowed_signers says whose key may sign. Compare the key with one that you were given on another way:
        a file cannot vouch for itself.
        \(head.map { "\nThe ledger's head when the report was made:\n\n    \($0)\n\nEvery manifest written later states a later head of the same chain; 'lifeboat ledger check' compares.\n" } ?? "")
        Files:

        \(paths.map { "    \($0)\n" }.joined())
        """
    }
}
