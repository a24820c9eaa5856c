// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import SecureShell

/// The file that attacks are tried on: 64 KiB that say themselves whether they were changed.
///
/// It is written once and attacked in place again and again, so that checks leave no litter in a store that forgets
/// nothing. A new one is made only when the last was harmed.
struct VaultCanary {
    static let name = "canary.bin"
    static let size = 64 << 10

    let name: String
    let path: String
    /// The account that owns it, which is the one that attacks.
    let owner: Int?

    /// The newest sound canary of a store, or a new one.
    static func take(in store: StoreAccess) throws -> VaultCanary {
        let names = try store.names(in: .root).map(\.name).filter { AttemptName.parse($0).base == name }
        for name in names.reversed() {
            let canary = try VaultCanary(name, store)
            if canary.isSound(in: store) { return canary }
        }
        let made = try store.put(content(), as: Self.name, in: .root)
        return try VaultCanary(made.name, store)
    }

    private init(_ name: String, _ store: StoreAccess) throws {
        self.name = name
        let path = store.path(of: name, in: .root)
        self.path = path
        owner = try store.pool.ask { try $0.files().lstat(path).owner }
    }

    /// Whether every byte is still what was written.
    func isSound(in store: StoreAccess) -> Bool {
        // What cannot be read whole is not sound.
        guard let bytes = try? store.read(name, in: .root, limit: Self.size) else { return false }
        return bytes.count == Self.size && Self.content(seed: Array(bytes.prefix(32))) == bytes
    }

    /// A random seed, then the digests that follow from it.
    private static func content(seed: [UInt8] = (0..<32).map { _ in .random(in: .min ... .max) }) -> [UInt8] {
        var bytes = seed
        var link = seed
        while bytes.count < size {
            link = SHA256Digest.of(link).bytes
            bytes += link
        }
        return bytes
    }
}
