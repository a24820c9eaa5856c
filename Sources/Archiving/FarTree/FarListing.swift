// SPDX-License-Identifier: Apache-2.0

/// The sorted listing of another machine's tree, without what the source leaves out; read once.
package final class FarListing {
    private let merge: ListingMerge
    private let rules: ExcludeRules
    private let caches: Set<[UInt8]>
    /// The folders that the current path lies in.
    private var folders: [[UInt8]] = []
    private var excluded: [UInt8]?
    private var last: [UInt8]?
    /// Whether `find` has seen everything; what an incomplete listing does not name is not gone.
    let isWhole: Bool

    private static let tagName = Array("CACHEDIR.TAG".utf8)

    /// Takes over what a sorter has taken in.
    ///
    /// - Parameters:
    ///   - sorter: has taken in all that `find` printed.
    ///   - excludes: rules of a `.gitignore` file, anchored at the source.
    ///   - caches: folders of caches, of which only the tag is kept.
    ///   - isWhole: whether `find` met nothing that it could not read.
    /// - Throws: `truncated` when the listing broke off.
    package init(_ sorter: ListingSorter, excludes: [String], caches: Set<[UInt8]>, isWhole: Bool) throws {
        merge = try sorter.finish()
        rules = ExcludeRules(excludes)
        self.caches = caches
        self.isWhole = isWhole
    }

    /// The next path in component order, the source's folder first.
    func next() throws -> ListedPath? {
        while let entry = try merge.next() {
            // A file that was replaced while its folder was listed may stand there twice.
            if entry.path == last { continue }
            let isFirst = last == nil
            last = entry.path
            if let excluded, MemberPath.isBelow(entry.path, excluded) { continue }
            let listed = try ListedPath(fields: entry.fields)
            guard !isFirst || (listed.path.isEmpty && listed.isFolder && !listed.isClosed) else {
                throw ArchiveError(
                    .ioFailed(errno: 13), "list the source", detail: "its folder cannot be looked into")
            }
            let parent = MemberPath.parent(of: listed.path)
            while let folder = folders.last, folder != parent, !folder.isEmpty { folders.removeLast() }
            guard listed.path.isEmpty || folders.last == parent else {
                throw ArchiveError(
                    .hostile, "list the source", MemberPath.shown(listed.path),
                    detail: "it is listed and the folder it lies in is not")
            }
            if leavesOut(listed, in: parent) { continue }
            if listed.isFolder { folders.append(listed.path) }
            return listed
        }
        return nil
    }

    private func leavesOut(_ listed: ListedPath, in parent: [UInt8]) -> Bool {
        guard !listed.path.isEmpty else { return false }
        let isLeftOut =
            rules.exclude(listed.path, isFolder: listed.isFolder)
            || caches.contains(parent) && listed.path.suffix(Self.tagName.count + 1) != Self.tag(in: parent)
        if isLeftOut, listed.isFolder { excluded = listed.path }
        return isLeftOut
    }

    private static func tag(in folder: [UInt8]) -> ArraySlice<UInt8> {
        folder.isEmpty ? tagName[...] : ([MemberPath.slash] + tagName)[...]
    }
}
