// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation

/// A chain of points in one store, its manifests checked, ready to be read.
struct OpenChain {
    let choice: PointChooser.Choice
    let store: String
    let reader: ChainReader
    /// Whether somebody who may sign has signed every manifest.
    let isTrusted: Bool

    /// Opens the chain in the first store that can serve it.
    ///
    /// With `isUntrusted` a manifest without a good signature is read too.
    ///
    /// - Throws: what the last store said; the others' words stand in it.
    static func open(_ choice: PointChooser.Choice, desk: CopyDesk, isUntrusted: Bool) throws -> OpenChain {
        let identities = try desk.keys.identities()
        var reasons: [String] = []
        var last: OperationError?
        for store in choice.stores {
            do {
                return try open(choice, in: store, identities, desk, isUntrusted)
            } catch {
                let failure = OperationError(describing: error)
                reasons.append("\(store): \(failure.detail)")
                // A wrong key opens no other store either.
                if failure.code == .permissionDenied, error is ArchiveError {
                    throw explained(failure, choice)
                }
                last = failure
            }
        }
        guard let last else { throw OperationError(.failed, "no store holds \(choice.point.name)") }
        throw OperationError(last.code, reasons.joined(separator: "; "), hint: last.hint)
    }

    /// As many as there are processors, and on a long way enough that some can wait for the store meanwhile.
    private static func threads(for access: StoreAccess) -> Int? {
        guard let trip = access.pool.roundTrip, UploadSettings.sessions(for: trip) > 2 else { return nil }
        return max(6, ProcessInfo.processInfo.activeProcessorCount)
    }

    private static func explained(_ failure: OperationError, _ choice: PointChooser.Choice) -> OperationError
    {
        OperationError(
            failure.code, "\(choice.point.name): \(failure.detail)",
            hint:
                "it was encrypted to other keys than those in the key ring: 'lifeboat key list' says to which"
        )
    }

    private static func open(
        _ choice: PointChooser.Choice, in store: String, _ identities: [AgeIdentity], _ desk: CopyDesk,
        _ isUntrusted: Bool
    ) throws -> OpenChain {
        let access = try desk.connector.store(store)
        var points: [ChainPoint] = []
        var isTrusted = !isUntrusted
        for link in choice.chain {
            let folder = try StoreFolder.point(link.name, of: link.dataset)
            var files = StorePointFiles(access: access, folder: folder)
            let sealed: SealedManifest
            do {
                let stored = try StoredPoint.read(
                    link.name, of: link.dataset, from: access, signers: try desk.keys.allowedSigners(),
                    expecting: link.manifestSha256, withIndex: true)
                sealed = stored.sealed
                files = StorePointFiles(
                    access: access, folder: folder, names: stored.names, contents: stored.contents)
            } catch let error as OperationError where isUntrusted && error.code == .damaged {
                sealed = try files.sealedManifest(among: nil)
                guard sealed.sha256.hex == link.manifestSha256 || link.manifestSha256.isEmpty else {
                    throw error
                }
                isTrusted = false
            }
            points.append(ChainPoint(sealed, files: files))
        }
        let reader = try ChainReader(points, identities: identities, threads: threads(for: access))
        return OpenChain(choice: choice, store: store, reader: reader, isTrusted: isTrusted)
    }
}
