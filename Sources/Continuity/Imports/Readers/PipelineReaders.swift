// SPDX-License-Identifier: Apache-2.0
import Foundation

/// GitLab's pipelines and deployments, as its API lists them.
///
/// A list of pipelines does not say when each ended; the last change of one that is over is the nearest it
/// has, and the single pipeline's `finished_at` is used where it is there.
struct GitLabReader {
    let rules: ImportRules

    func read(_ documents: [JSONText], into source: inout RecordSource) {
        for object in RecordSource.objects(documents) {
            guard let id = object["id"]?.scalar, let status = object["status"]?.scalar else {
                source.skip(object, "has no 'id' or no 'status'")
                continue
            }
            if let environment = object["environment"] {
                deployment(object, id, status, environment, into: &source)
            } else {
                pipeline(object, id, status, into: &source)
            }
        }
    }

    private func project(_ object: JSONText) -> String {
        if let id = object["project_id"]?.scalar { return id }
        let address = object["web_url"]?.scalar ?? object["deployable", "pipeline", "web_url"]?.scalar ?? ""
        guard let end = address.range(of: "/-/"), let start = address.range(of: "://") else { return "" }
        return String(address[start.upperBound..<end.lowerBound].drop { $0 != "/" }.dropFirst())
    }

    private func pipeline(
        _ object: JSONText, _ id: String, _ status: String, into source: inout RecordSource
    ) {
        guard status == "success" || status == "failed" else {
            source.skip(object, "pipeline \(id) is '\(status)': neither success nor failed")
            return
        }
        let branch = object["ref"]?.scalar ?? ""
        source.records.append(
            ImportRecord(
                line: object.line,
                [
                    "id": "gitlab/\(project(object))/pipelines/\(id)", "kind": "build",
                    "subject": "\(project(object))@\(branch)",
                    "is_main": ImportRules.matches(branch, rules.mainBranches) ? "true" : "false",
                    "succeeded": status == "success" ? "true" : "false",
                    "begun_at": object["started_at"]?.scalar ?? object["created_at"]?.scalar,
                    "ended_at": object["finished_at"]?.scalar ?? object["updated_at"]?.scalar,
                    "requested_at": object["committed_at"]?.scalar,
                ]))
    }

    private func deployment(
        _ object: JSONText, _ id: String, _ status: String, _ environment: JSONText,
        into source: inout RecordSource
    ) {
        guard status == "success" || status == "failed" else {
            source.skip(object, "deployment \(id) is '\(status)': neither success nor failed")
            return
        }
        let name = environment["name"]?.scalar ?? environment.scalar ?? ""
        let begun = object["deployable", "started_at"]?.scalar ?? object["created_at"]?.scalar
        source.records.append(
            ImportRecord(
                line: object.line,
                [
                    "id": "gitlab/\(project(object))/deployments/\(id)", "kind": "deployment",
                    "subject": "\(project(object))@\(name)",
                    "is_main": ImportRules.matches(name, rules.productionEnvironments) ? "true" : "false",
                    "succeeded": status == "success" ? "true" : "false", "begun_at": begun,
                    "ended_at": object["deployable", "finished_at"]?.scalar ?? object["updated_at"]?.scalar,
                    "requested_at": object["deployable", "commit", "created_at"]?.scalar,
                ]))
    }
}

/// GitHub's list of workflow runs.
struct GitHubReader {
    let rules: ImportRules

    func read(_ documents: [JSONText], into source: inout RecordSource) {
        for object in RecordSource.objects(documents, under: "workflow_runs") {
            guard let id = object["id"]?.scalar, let status = object["status"]?.scalar else {
                source.skip(object, "has no 'id' or no 'status'; is it a workflow run?")
                continue
            }
            let conclusion = object["conclusion"]?.scalar ?? "none"
            guard status == "completed", let succeeded = Self.outcome(conclusion) else {
                source.skip(
                    object, "run \(id) is '\(status)', conclusion '\(conclusion)': neither good nor bad")
                continue
            }
            source.records.append(record(object, id, succeeded))
        }
    }

    /// Whether a conclusion is good or bad; `nil` for what was called off or never ran.
    private static func outcome(_ conclusion: String) -> Bool? {
        switch conclusion {
        case "success": true
        case "failure", "timed_out", "startup_failure": false
        default: nil
        }
    }

    private func record(_ object: JSONText, _ id: String, _ succeeded: Bool) -> ImportRecord {
        let workflow = object["name"]?.scalar ?? object["path"]?.scalar ?? "workflow"
        let branch = object["head_branch"]?.scalar ?? ""
        let repository = object["repository", "full_name"]?.scalar ?? ""
        let attempt = object["run_attempt"]?.scalar ?? "1"
        let isDeployment = ImportRules.matches(workflow, rules.deployments)
        return ImportRecord(
            line: object.line,
            [
                "id": "github/\(id)/\(attempt)", "kind": isDeployment ? "deployment" : "build",
                "subject": "\(repository)/\(workflow)@\(branch)",
                "is_main": ImportRules.matches(branch, rules.mainBranches) ? "true" : "false",
                "succeeded": succeeded ? "true" : "false",
                "begun_at": object["run_started_at"]?.scalar ?? object["created_at"]?.scalar,
                "ended_at": object["updated_at"]?.scalar,
                "requested_at": object["head_commit", "timestamp"]?.scalar,
            ])
    }
}

/// A Jenkins job with its builds.
///
/// A job says nothing of branches unless it is one of a multibranch job, whose full name ends with it.
struct JenkinsReader {
    let rules: ImportRules

    func read(_ documents: [JSONText], into source: inout RecordSource) {
        for job in RecordSource.objects(documents, under: "jobs") {
            guard let builds = (job["allBuilds"] ?? job["builds"])?.items else {
                source.skip(job, "has no 'builds' and no 'allBuilds'; is it a job?")
                continue
            }
            let name =
                job["fullName"]?.scalar ?? job["fullDisplayName"]?.scalar ?? job["name"]?.scalar
                ?? builds.lazy.compactMap(Self.name).first
            guard let name else {
                source.skip(job, "does not name its job; ask for tree=fullName,builds[…]")
                continue
            }
            for build in builds { read(build, of: name, into: &source) }
        }
    }

    /// The job's name as a build's address spells it: `…/job/NAME/12/`.
    private static func name(_ build: JSONText) -> String? {
        guard let parts = build["url"]?.scalar?.split(separator: "/").map(String.init) else { return nil }
        var names: [String] = []
        for place in parts.indices.dropLast() where parts[place] == "job" { names.append(parts[place + 1]) }
        return names.isEmpty ? nil : names.joined(separator: "/")
    }

    private func read(_ build: JSONText, of job: String, into source: inout RecordSource) {
        guard let number = build["number"]?.scalar,
            let begun = build["timestamp"]?.scalar.flatMap(Int64.init),
            let length = build["duration"]?.scalar.flatMap(Int64.init)
        else {
            source.skip(build, "a build of \(job) lacks number, timestamp or duration")
            return
        }
        let result = build["result"]?.scalar ?? "none"
        guard ["SUCCESS", "UNSTABLE", "FAILURE"].contains(result) else {
            source.skip(build, "build \(number) of \(job) has result '\(result)': neither good nor bad")
            return
        }
        let branch = job.split(separator: "/").last.map(String.init) ?? job
        let isBranch = job.contains("/")
        source.records.append(
            ImportRecord(
                line: build.line,
                [
                    "id": "jenkins/\(job)/\(number)",
                    "kind": ImportRules.matches(job, rules.deployments) ? "deployment" : "build",
                    "subject": job,
                    "is_main": !isBranch || ImportRules.matches(branch, rules.mainBranches)
                        ? "true" : "false",
                    "succeeded": result == "SUCCESS" ? "true" : "false",
                    "begun_at": Moment(nanoseconds: begun * 1_000_000).description,
                    "ended_at": Moment(nanoseconds: (begun + length) * 1_000_000).description,
                ]))
    }
}
