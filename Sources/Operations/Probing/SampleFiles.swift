// SPDX-License-Identifier: Apache-2.0
import Continuity
import Crypto
import Foundation

/// The pulled samples of a run, a file for each prober, byte for byte as the prober wrote them.
struct SampleFiles: Sendable {
    let folder: String

    func path(of prober: Prober) -> String {
        "\(folder)/\(prober.key).samples"
    }

    /// How many bytes of whole lines are here; the prober is asked for what lies behind them.
    func size(of prober: Prober) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path(of: prober))
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }

    /// The samples that are here; a line torn by a crash is cut off the file.
    func samples(of prober: Prober) throws -> [DrillSample] {
        guard let data = FileManager.default.contents(atPath: path(of: prober)) else { return [] }
        let whole = data.lastIndex(of: 10).map { $0 + 1 } ?? data.startIndex
        if whole < data.endIndex {
            try data[..<whole].write(to: URL(fileURLWithPath: path(of: prober)))
        }
        return Self.parse(data[..<whole])
    }

    /// Adds the whole lines among the bytes; the rest is asked for again.
    func append(_ bytes: [UInt8], to prober: Prober) throws -> [DrillSample] {
        guard let end = bytes.lastIndex(of: 10) else { return [] }
        let path = path(of: prober)
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw OperationError(.ioFailed, "cannot write \(path)")
        }
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: bytes[...end])
        return Self.parse(Data(bytes[...end]))
    }

    /// The journal's word for a file; `nil` when the prober left none.
    func batch(of prober: Prober, isComplete: Bool) -> DrillFact.ProbeBatch? {
        guard let data = FileManager.default.contents(atPath: path(of: prober)) else { return nil }
        return DrillFact.ProbeBatch(
            probe: prober.probe, host: prober.host, file: "\(prober.key).samples",
            samples: Self.parse(data).count, bytes: data.count, sha256: Hex.sha256(data),
            isComplete: isComplete)
    }

    static func parse(_ data: Data) -> [DrillSample] {
        data.split(separator: 10).compactMap { DrillSample(line: String(decoding: $0, as: UTF8.self)) }
    }
}

/// SHA-256 as it is written down.
enum Hex {
    static func sha256(_ bytes: some DataProtocol) -> String {
        text(SHA256.hash(data: bytes))
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
