// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Ledger
import TestSupport
import Testing

@Suite("A lock on a file")
struct FileLockTests {
    @Test func `is had by one at a time, and free when it is given back`() throws {
        try Scratch.with { scratch in
            let path = scratch.path("lock")
            #expect(!FileLock.isHeld(path))
            let lock = try #require(try FileLock.take(path))
            #expect(FileLock.isHeld(path))
            #expect(try FileLock.take(path, patience: .zero) == nil)
            lock.release()
            lock.release()
            #expect(!FileLock.isHeld(path))
            #expect(try FileLock.take(path, patience: .zero) != nil)
        }
    }

    /// A child shares the open file from its fork to its exec, as a second descriptor does here.
    @Test func `is free at once although a child that is being started still has the file open`() throws {
        try Scratch.with { scratch in
            let path = scratch.path("lock")
            let lock = try #require(try FileLock.take(path))
            let shared = try #require(Self.descriptors(of: path).first.map { dup($0) })
            defer { close(shared) }
            lock.release()
            #expect(!FileLock.isHeld(path))
            #expect(try FileLock.take(path, patience: .zero) != nil)
        }
    }

    @Test func `is waited for, but not for longer than is said`() throws {
        try Scratch.with { scratch in
            let path = scratch.path("lock")
            let lock = try #require(try FileLock.take(path))
            #expect(try FileLock.take(path, patience: .milliseconds(50)) == nil)
            let releaser = Thread { lock.release() }
            releaser.start()
            #expect(try FileLock.take(path, patience: .seconds(120)) != nil)
        }
    }

    @Test func `is an error where its file cannot be made`() throws {
        try Scratch.with { scratch in
            let path = scratch.path("none/lock")
            #expect {
                try FileLock.take(path)
            } throws: { ($0 as? LedgerError)?.detail.contains("open the lock") == true }
        }
    }

    private static func descriptors(of path: String) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap(Int32.init).filter { number in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) == path
        }
    }
}
