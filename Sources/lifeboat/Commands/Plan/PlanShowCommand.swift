// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct PlanShowCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "What is protected, where its copies go, and what was promised.")

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let loaded = try common.readPlan(try common.findWorkspace(), console)
        let output = PlanOutput(loaded)
        try console.print(output) { output.text }
        return .success
    }
}

/// The plan as `plan show` prints it.
private struct PlanOutput: Encodable {
    struct Service: Encodable {
        var service: String
        var tier: String
        var datasets: [String]
        var recoveryPointSeconds: Double?
        var recoveryTimeSeconds: Double?
        var availability: Double?
    }

    struct Dataset: Encodable {
        var dataset: String
        var source: String
        var full: String?
        var incremental: String?
        var stores: [String]
        /// The program that makes the backups instead.
        var by: String?
        var atLeast: Int
    }

    struct Store: Encodable {
        var store: String
        var host: String
        var site: String
        var path: String
        var isAppendOnly: Bool
    }

    var workspace: String
    var organisation: String
    var zone: String
    var sha256: String
    var services: [Service]
    var datasets: [Dataset]
    var stores: [Store]

    init(_ loaded: LoadedPlan) {
        let plan = loaded.plan
        workspace = plan.workspace
        organisation = plan.organisation
        zone = plan.zone
        sha256 = loaded.sha256
        services = plan.services.map {
            Service(
                service: $0.id, tier: $0.tier.rawValue, datasets: $0.datasets,
                recoveryPointSeconds: $0.objectives.recoveryPoint?.inSeconds,
                recoveryTimeSeconds: $0.objectives.recoveryTime?.inSeconds,
                availability: $0.objectives.availability)
        }
        datasets = plan.datasets.map {
            Dataset(
                dataset: $0.id, source: $0.source.summary, full: $0.schedule?.full?.text,
                incremental: $0.schedule?.incremental?.text, stores: $0.copies.to,
                by: $0.copies.by?.rawValue, atLeast: $0.copies.atLeast)
        }
        stores = plan.stores.map {
            Store(
                store: $0.id, host: $0.host, site: plan.site(of: $0)?.id ?? "", path: $0.path,
                isAppendOnly: $0.isAppendOnly)
        }
    }

    var text: String {
        let whose = organisation.isEmpty ? "" : "\(organisation), "
        var lines = ["\(whose)workspace \(workspace), times in \(zone)", "", "services"]
        for service in services {
            let point = service.recoveryPointSeconds.map { Duration(roundedSeconds: $0).text } ?? "none"
            let time = service.recoveryTimeSeconds.map { Duration(roundedSeconds: $0).text } ?? "none"
            let datasets = service.datasets.joined(separator: ", ")
            lines.append(
                "  \(service.service)  \(service.tier), rpo \(point), rto \(time), data: \(datasets)")
        }
        lines += ["", "datasets"]
        for dataset in datasets {
            let times = [dataset.full.map { "full \($0)" }, dataset.incremental.map { "incremental \($0)" }]
                .compactMap { $0 }.joined(separator: ", ")
            lines.append("  \(dataset.dataset)  from \(dataset.source)")
            if let tool = dataset.by {
                lines.append("    backed up by \(tool), counted when read in, at least \(dataset.atLeast)")
                continue
            }
            lines.append("    \(times.isEmpty ? "no schedule" : times)")
            lines.append(
                "    copies in \(dataset.stores.joined(separator: ", ")), at least \(dataset.atLeast)")
        }
        lines += ["", "stores"]
        for store in stores {
            let vault = store.isAppendOnly ? ", append-only" : ""
            lines.append("  \(store.store)  \(store.host):\(store.path), site \(store.site)\(vault)")
        }
        return lines.map { Escaping.visible($0) }.joined(separator: "\n")
    }
}

extension Source {
    fileprivate var summary: String {
        let place = host.map { "\($0):" } ?? ""
        return place + (path ?? "the output of \(command.joined(separator: " "))")
    }
}
