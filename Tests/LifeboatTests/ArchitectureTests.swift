// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite("The arrows between the modules")
struct ArchitectureTests {
    /// What each module may import of ours (architecture.md).
    private static let arrows: [String: Set<String>] = [
        "lifeboat": ["Dashboard", "Operations", "Reporting", "Ledger", "Continuity"],
        "Dashboard": ["Reporting", "Ledger", "Continuity"],
        "Operations": ["CCurl", "Archiving", "SecureShell", "Ledger", "Continuity"],
        "Reporting": ["Continuity"],
        "Ledger": ["Continuity"],
        "Archiving": ["CArchive", "CZstd"],
        "SecureShell": ["CSSH2"],
        "Continuity": [],
    ]

    /// The one module that may know each third party.
    private static let homes: [String: Set<String>] = [
        "ArgumentParser": ["lifeboat"], "GRDB": ["Ledger"], "GRDBSQLite": ["Ledger"], "Yams": ["Operations"],
        "FlyingFox": ["Dashboard"], "FlyingSocks": ["Dashboard"],
        "Crypto": ["Operations", "Ledger", "Archiving"],
        "Logging": ["lifeboat", "Operations"],
    ]

    private static let system: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch",
    ]

    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `are those of the plan`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: root.path + "/Sources")
            .filter { !$0.hasPrefix("C") || $0 == "Continuity" }
        #expect(names.count >= 7)
        for module in names {
            let allowed = try #require(Self.arrows[module], "\(module) has no place in the architecture")
            for (file, imported) in try imports(below: "Sources/\(module)") {
                let isHome = Self.homes[imported]?.contains(module) ?? false
                #expect(
                    allowed.contains(imported) || isHome || Self.system.contains(imported),
                    "\(file) imports \(imported)")
            }
        }
    }

    @Test func `leave no test a look into a module`() throws {
        let all = try imports(below: "Tests")
        #expect(all.count > 50)
        let marker = "@test" + "able"
        for file in Set(all.map(\.file)) {
            let text = try String(contentsOfFile: "\(root.path)/\(file)", encoding: .utf8)
            #expect(!text.contains(marker), "\(file) uses \(marker)")
        }
    }

    /// Every import line below a folder.
    private func imports(below folder: String) throws -> [(file: String, module: String)] {
        let files = try FileManager.default.subpathsOfDirectory(atPath: "\(root.path)/\(folder)")
            .filter { $0.hasSuffix(".swift") }
        return try files.flatMap { file -> [(file: String, module: String)] in
            let name = "\(folder)/\(file)"
            return try String(contentsOfFile: "\(root.path)/\(name)", encoding: .utf8)
                .split(separator: "\n").compactMap { line in
                    let words = line.split(separator: " ")
                    guard let place = words.firstIndex(of: "import"), place <= 1, words.count > place + 1,
                        !line.hasPrefix(" "), !line.hasPrefix("/")
                    else { return nil }
                    return (name, String(words[words.count - 1]))
                }
        }
    }
}
