// SPDX-License-Identifier: Apache-2.0

/// The parts of one point, each fetched whole, compared with the manifest's hash, and then read from the copy.
///
/// A part whose hash is wrong is still given out: which members it damages is worth knowing. Only the last few copies
/// are kept; parts are asked for in order.
final class SpooledParts: PartSource {
    private struct State {
        var copies: [Int: FetchedFile] = [:]
        var fetching: Set<Int> = []
        var order: [Int] = []
        var checks: [Int: FileCheck] = [:]
    }

    private let point: ResolvedPoint
    private let kept: Int
    private let state = Monitor(State())

    init(_ point: ResolvedPoint, keeping kept: Int) {
        self.point = point
        self.kept = kept
    }

    /// What was found of each part so far, in order.
    var checks: [FileCheck] { state.change { state in state.checks.sorted { $0.key < $1.key }.map(\.value) } }

    /// Keeps what is wrong with a part that cannot be fetched.
    func record(_ error: ArchiveError, ofPart part: Int) {
        state.change { keep(part, error, &$0) }
    }

    func subject(point number: Int, part: Int) -> String {
        StoredParts(points: [point]).subject(point: 0, part: part)
    }

    func open(point number: Int, part: Int) throws -> any RangedBytes {
        let known: FetchedFile?? = state.wait { state in
            if let copy = state.copies[part] { return .some(copy) }
            guard !state.fetching.contains(part) else { return nil }
            state.fetching.insert(part)
            return .some(nil)
        }
        if let copy = known ?? nil { return copy.bytes }
        do {
            let copy = try fetch(part)
            state.change { state in
                state.fetching.remove(part)
                state.copies[part] = copy
                state.order.append(part)
                if state.order.count > kept { state.copies[state.order.removeFirst()] = nil }
            }
            return copy.bytes
        } catch {
            state.change { state in
                state.fetching.remove(part)
                if let error = error as? ArchiveError { keep(part, error, &state) }
            }
            throw error
        }
    }

    private func fetch(_ part: Int) throws -> FetchedFile {
        let copy = try FetchedFile(point.files.open(point.partName(part)))
        let objection = copy.objection(to: point.manifest.parts[part - 1].sha256)?
            .about(subject(point: 0, part: part))
        state.change { keep(part, objection, &$0) }
        return copy
    }

    private func keep(_ part: Int, _ error: ArchiveError?, _ state: inout State) {
        guard state.checks[part]?.error == nil else { return }
        let name = (try? point.partName(part)) ?? StoreFile(.part(part)).name
        state.checks[part] = FileCheck(name: name, bytes: point.manifest.parts[part - 1].bytes, error: error)
    }
}
