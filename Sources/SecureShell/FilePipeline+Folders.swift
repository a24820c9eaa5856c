// SPDX-License-Identifier: Apache-2.0

extension FilePipeline {
    /// What came of ``look(making:listing:)``.
    package struct Folders {
        /// For each folder that was to be made, whether it was: `false` also for one that is there.
        package var made: [Bool]
        /// What lies in each folder that was to be listed; `nil` where there is none or it cannot be read.
        package var listed: [[FolderEntry]?]
    }

    /// Makes folders with mode 0700, in this order, and lists others afterwards; three round trips in all.
    ///
    /// - Throws: `RemoteError` when the session is over.
    package func look(making: [String] = [], listing: [String]) throws(RemoteError) -> Folders {
        var makes: [Int] = []
        for path in making { makes.append(try ask(14, wire(path) + wire(4) + wire(0o700))) }
        var opens: [Int] = []
        for path in listing { opens.append(try ask(11, wire(path))) }
        var folders = Folders(made: [], listed: [])
        for (path, number) in zip(making, makes) {
            folders.made.append(try status("make the folder", path, number) == nil)
        }
        var handles: [[UInt8]?] = []
        for (path, number) in zip(listing, opens) {
            guard case .open(let handle) = try handle("list", path, number) else {
                handles.append(nil)
                continue
            }
            handles.append(handle)
        }
        folders.listed = try read(handles)
        return folders
    }

    /// Reads the folders to their ends, a few requests at once for each.
    private func read(_ handles: [[UInt8]?]) throws(RemoteError) -> [[FolderEntry]?] {
        var entries: [[FolderEntry]?] = handles.map { $0 == nil ? nil : [] }
        var open = handles.indices.filter { handles[$0] != nil }
        var count = 2
        while !open.isEmpty {
            let sent = ContinuousClock.now
            var asked: [(place: Int, number: Int)] = []
            for place in open {
                guard let handle = handles[place] else { continue }
                for _ in 0..<count { asked.append((place, try ask(12, handle))) }
            }
            for (order, (place, number)) in asked.enumerated() {
                var answer = try answer(to: number)
                if order == 0 { roundTrip = sent.duration(to: .now) }
                if answer.kind == .names {
                    entries[place]?.append(contentsOf: try names(&answer))
                } else {
                    // The end, or a folder that can no longer be read.
                    open.removeAll { $0 == place }
                }
            }
            // A hundred names an answer: long folders get more requests at once.
            count = min(32, count * 2)
        }
        try close(handles.compactMap(\.self))
        return entries
    }

    /// Closes handles; nobody waits for the answers, which the next call finds.
    private func close(_ handles: [[UInt8]]) throws(RemoteError) {
        for handle in handles { forget(try ask(4, handle)) }
    }

    private func names(_ answer: inout FileAnswer) throws(RemoteError) -> [FolderEntry] {
        guard let count = answer.takeNumber() else { throw garbled() }
        var entries: [FolderEntry] = []
        for _ in 0..<count {
            guard let name = answer.takeText(), answer.takeText() != nil,
                let attributes = answer.takeAttributes()
            else { throw garbled() }
            if name != ".", name != ".." { entries.append(FolderEntry(name: name, attributes: attributes)) }
        }
        return entries
    }
}
