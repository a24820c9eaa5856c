// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

/// The parts of a made-up point, and what every store must hold of them.
struct UploadBench {
    let folder: StoreFolder
    let parts: [[UInt8]]

    init(parts count: Int, of size: Int) throws {
        folder = try .point("20261122T031500Z-full-4f9c1a", of: "documents")
        parts = (1...count).map { noise(size, seed: UInt64($0)) }
    }

    var summaries: [PartSummary] {
        parts.enumerated().map { PartSummary(number: $0 + 1, bytes: $1.count, sha256: .of($1)) }
    }

    /// Sends everything, as the writer would; `between` runs after each block.
    func send(to sink: any PartSink, between: (_ part: Int, _ block: Int) throws -> Void = { _, _ in }) throws
    {
        for summary in summaries {
            try sink.begin(part: summary.number)
            let bytes = parts[summary.number - 1]
            for (index, start) in stride(from: 0, to: bytes.count, by: Block.capacity).enumerated() {
                try sink.append(
                    Block(copying: Array(bytes[start..<min(bytes.count, start + Block.capacity)])))
                try between(summary.number, index)
            }
            try sink.end(part: summary)
        }
    }

    /// Whether the store holds all parts under the names of the result, byte for byte.
    func isWhole(_ result: UploadResult, in site: BenchSite) -> Bool {
        guard result.isComplete, result.parts.count == parts.count else { return false }
        return summaries.allSatisfy { summary in
            guard let stored = result.parts[summary.number] else { return false }
            let path = ([site.path] + folder.names + [stored.name]).joined(separator: "/")
            return FileManager.default.contents(atPath: path).map { Array($0) } == parts[summary.number - 1]
                && stored.sha256 == summary.sha256 && stored.size == summary.bytes
        }
    }
}

extension UploadBench: CustomTestStringConvertible {
    // A failed expectation would print every byte.
    var testDescription: String { "\(parts.count) parts of \(parts[0].count) bytes" }
}

extension UploadSettings {
    /// Little of everything, so that a few megabytes reach each bound.
    static func small(memory: Int = 4 << 20, spool: Int = 256 << 20, window: Int = 4 << 20) -> UploadSettings
    {
        var settings = UploadSettings()
        settings.memoryLimit = memory
        settings.spoolLimit = spool
        settings.window = window
        settings.pause = .milliseconds(20)
        return settings
    }
}

extension [UploadResult] {
    func of(_ store: String) throws -> UploadResult {
        try #require(first { $0.store == store })
    }
}

extension UploadResult {
    /// The reason as the operator sees it.
    var reason: OperationError? { error.map { OperationError(describing: $0) } }
}
