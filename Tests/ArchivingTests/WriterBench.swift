// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

/// Counts what it is given and drops it.
private final class NullSink: PartSink {
    func begin(part number: Int) throws {}
    func append(_ block: Block) throws {}
    func end(part: PartSummary) throws {}
}

private let tree = ProcessInfo.processInfo.environment["LIFEBOAT_BENCH_TREE"]

/// Times of the writer alone, for whoever works on it: `LIFEBOAT_BENCH_TREE=/usr/share swift test -c release …`.
@Suite("Bench of the writer", .enabled(if: tree != nil, "LIFEBOAT_BENCH_TREE names no tree"), .serialized)
struct WriterBench {
    private func peakMegabytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM") })
        return Int(line.filter(\.isNumber)).map { $0 / 1024 } ?? 0
    }

    private func run(_ root: String, previous: String?, merged: String, _ sink: any PartSink, work: String)
        throws -> String
    {
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        let writer = PointWriter(
            source: TreeSource(root: root), previous: previous,
            recipients: [AgeIdentity.generate().recipient],
            settings: WriterSettings(workFolder: work))
        let clock = ContinuousClock()
        let begun = clock.now
        let written = try writer.write(to: sink, mergedIndexTo: merged)
        let seconds = (clock.now - begun) / .seconds(1)
        return String(
            format: "%.2f s, %d files, %d MB read, %d MB stored, index %d KB, peak %d MB", seconds,
            written.counts.totalFiles, written.counts.bytesRead >> 20, written.counts.bytesStored >> 20,
            written.index.bytes >> 10, try peakMegabytes())
    }

    @Test func `full and nothing changed, three times`() throws {
        let tree = try #require(tree)
        try Command.output("bash", "-c", "tar -cf - -C \"$1\" . | cat > /dev/null", "-", tree)
        try Scratch.with { scratch in
            for round in 1...3 {
                let merged = scratch.path("merged-\(round)")
                let full = try run(
                    tree, previous: nil, merged: merged, NullSink(), work: scratch.path("f\(round)"))
                print("full, null sink:   ", full)
                let files = try scratch.makeFolder("parts-\(round)")
                print(
                    "full, local files: ",
                    try run(
                        tree, previous: nil, merged: merged + "f", FolderSink(files),
                        work: scratch.path("g\(round)")))
                print(
                    "nothing changed:   ",
                    try run(
                        tree, previous: merged, merged: merged + "2", NullSink(),
                        work: scratch.path("i\(round)")))
            }
        }
    }
}
