// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
import SecureShell

/// Puts a bundle that was written here into other places, whole or not at all.
package struct BundleDelivery: Sendable {
    /// What became of one copy.
    package struct Copy: Hashable, Sendable, Codable {
        package var destination: String
        /// `nil` when it is there.
        package var trouble: String?
    }

    private let reach: any HostReaching

    package init(reach: any HostReaching) {
        self.reach = reach
    }

    /// Copies a bundle to each place, and compares it there.
    ///
    /// A place that cannot take it never keeps another from being tried.
    ///
    /// - Parameters:
    ///   - folder: where the bundle lies here; its last part is its name everywhere.
    ///   - files: its files, below that folder.
    ///   - destinations: where to.
    /// - Returns: what became of each copy, in the order of the destinations.
    package func deliver(
        _ folder: String, files: [String], to destinations: [DrillReporting.Destination]
    ) -> [Copy] {
        let bundle = Bundle(folder: folder, files: files)
        return destinations.map { deliver(bundle, to: $0) }
    }

    private struct Bundle {
        let folder: String
        let files: [String]
        var name: String { URL(fileURLWithPath: folder).lastPathComponent }
    }

    private func deliver(_ bundle: Bundle, to destination: DrillReporting.Destination) -> Copy {
        do {
            switch destination {
            case .folder(let path): try copy(bundle, into: path)
            case .host(let host, let path): try copy(bundle, to: path, at: host)
            }
            return Copy(destination: destination.text, trouble: nil)
        } catch {
            return Copy(destination: destination.text, trouble: "\(error)")
        }
    }

    /// A folder that is not there is not made: a share that is not mounted must not look like one that is.
    private func copy(_ bundle: Bundle, into place: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue else {
            throw OperationError(.noSuchFile, "there is no folder \(place)", hint: "is the share mounted?")
        }
        let target = "\(place)/\(bundle.name)"
        let temporary = target + ".part"
        do {
            // What an earlier try has left is ours: the name ends with this bundle's own.
            if FileManager.default.fileExists(atPath: temporary) {
                try FileManager.default.removeItem(atPath: temporary)
            }
            try FileManager.default.copyItem(atPath: bundle.folder, toPath: temporary)
            for file in bundle.files {
                guard
                    FileManager.default.contentsEqual(
                        atPath: "\(bundle.folder)/\(file)", andPath: "\(temporary)/\(file)")
                else { throw OperationError(.ioFailed, "\(file) is not the same in \(temporary)") }
            }
            try FileManager.default.moveItem(atPath: temporary, toPath: target)
        } catch let error as OperationError {
            throw error
        } catch {
            throw OperationError(.ioFailed, "cannot copy to \(place): \(error.localizedDescription)")
        }
    }

    private func copy(_ bundle: Bundle, to place: String, at host: String) throws {
        let shell = try reach.shell(at: host)
        let target = "\(place)/\(bundle.name)"
        _ = try shell.demand("make \(target)", Self.begin, [place, target])
        for file in bundle.files {
            guard let bytes = FileManager.default.contents(atPath: "\(bundle.folder)/\(file)") else {
                throw OperationError(.ioFailed, "cannot read \(bundle.folder)/\(file)")
            }
            _ = try shell.demand("write \(file)", Self.put, [target, file], input: [UInt8](bytes))
        }
        _ = try shell.demand("check \(target)", Self.end, [target])
    }

    private static let begin = #"""
        set -eu
        umask 022
        [ -d "$1" ] || { echo "there is no folder $1" >&2; exit 1; }
        [ ! -e "$2" ] || { echo "$2 exists, and reports are never overwritten" >&2; exit 1; }
        rm -rf -- "$2.part"
        mkdir -- "$2.part"
        """#

    private static let put = #"""
        set -eu
        umask 022
        case $2 in */*) mkdir -p -- "$1.part/${2%/*}" ;; esac
        cat >"$1.part/$2"
        """#

    private static let end = #"""
        set -eu
        cd -- "$1.part"
        bad=$(sha256sum -c SHA256SUMS 2>&1 | grep -v ': OK$' || :)
        [ -z "$bad" ] || { printf '%s\n' "$bad" >&2; exit 1; }
        cd /
        sync
        mv -- "$1.part" "$1"
        """#
}
