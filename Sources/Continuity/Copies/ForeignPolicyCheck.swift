// SPDX-License-Identifier: Apache-2.0

/// Compares what another program keeps of a dataset with the plan that says so; for each gap the one action that
/// closes it, which is never Lifeboat's own.
struct ForeignPolicyCheck {
    let dataset: Dataset
    let tool: RepositoryListing.Tool
    let newest: String?
    /// When the newest point that counts, or once counted, was made.
    let recoverableAt: Moment?
    let effective: [EffectiveCopy]

    func violations() -> [CopyViolation] {
        guard let newest else {
            return [
                CopyViolation(
                    kind: .noPoint, text: "no listing of \(tool.rawValue) shows a point of \(dataset.id)",
                    repair: dataset.backupWords)
            ]
        }
        guard let recoverableAt else { return [.unread(newest)] }
        if effective.isEmpty {
            return [
                CopyViolation(
                    kind: .stale,
                    text: "the newest point of \(dataset.id) that was read is of "
                        + "\(recoverableAt.text(decimals: 0)), \(dataset.copies.verifiedWithin.text) are allowed",
                    repair: dataset.backupWords)
            ]
        }
        return CopyPolicyCounts(policy: dataset.copies, effective: effective).violations(
            repairedBy: "one more repository of \(tool.rawValue), checked and read in: "
                + "'\(tool.importCommand(of: dataset.id))'")
    }
}
