// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Some encrypted bytes of a part, shared by everyone who sends them on.
///
/// Its memory goes back to its pool when the last one lets go of it; hold on to few.
@safe package final class Block: Sendable {
    /// The most bytes of a block; every block of a part but the last has as many.
    package static let capacity = 1 << 20

    // Written before the block is handed out, and only read afterwards.
    private nonisolated(unsafe) let memory: UnsafeMutableRawPointer
    private let filled: Atomic<Int>
    private let pool: BlockPool?

    fileprivate init(_ memory: UnsafeMutableRawPointer, pool: BlockPool?) {
        unsafe self.memory = memory
        filled = Atomic(0)
        self.pool = pool
    }

    /// A block of its own with these bytes, at most `capacity`; for tests and for small files.
    package convenience init(copying bytes: [UInt8]) {
        precondition(bytes.count <= Self.capacity, "a block holds \(Self.capacity) bytes")
        let memory = UnsafeMutableRawPointer.allocate(byteCount: Self.capacity, alignment: 4096)
        unsafe self.init(memory, pool: nil)
        unsafe bytes.withUnsafeBytes { unsafe _ = append($0) }
    }

    deinit {
        if let pool {
            unsafe pool.put(memory)
        } else {
            unsafe memory.deallocate()
        }
    }

    /// How many bytes it holds.
    package var count: Int { filled.load(ordering: .relaxed) }

    /// Lends the bytes.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    {
        unsafe try body(UnsafeRawBufferPointer(start: memory, count: count))
    }

    /// Takes in as many of the bytes as there is room for, and says how many.
    fileprivate func append(_ bytes: UnsafeRawBufferPointer) -> Int {
        let start = count
        let taken = min(bytes.count, Self.capacity - start)
        if taken > 0, let source = bytes.baseAddress {
            unsafe (memory + start).copyMemory(from: source, byteCount: taken)
        }
        filled.store(start + taken, ordering: .relaxed)
        return taken
    }
}

/// Memory for blocks that is used again.
final class BlockPool: Sendable {
    @safe private struct Free: @unchecked Sendable {
        // Unchecked: the pointers are nobody's until they are taken out again.
        var blocks: [UnsafeMutableRawPointer] = unsafe []
    }

    private let free = Mutex(Free())
    private static let keptLimit = 16

    /// An empty block.
    func take() -> Block {
        let memory = unsafe free.withLock { unsafe $0.blocks.popLast() }
        return unsafe Block(memory ?? .allocate(byteCount: Block.capacity, alignment: 4096), pool: self)
    }

    fileprivate func put(_ memory: UnsafeMutableRawPointer) {
        let isKept = free.withLock { free in
            guard unsafe free.blocks.count < Self.keptLimit else { return false }
            unsafe free.blocks.append(memory)
            return true
        }
        if !isKept { unsafe memory.deallocate() }
    }

    deinit {
        free.withLock { free in
            while let memory = unsafe free.blocks.popLast() { unsafe memory.deallocate() }
        }
    }
}

/// Fills blocks and hands each on when it is full.
final class BlockFiller {
    private let pool = BlockPool()
    private var block: Block?
    private let output: (Block) throws -> Void

    init(output: @escaping (Block) throws -> Void) {
        self.output = output
    }

    /// Takes in bytes; they are copied.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            let current = block ?? pool.take()
            block = current
            let taken = unsafe current.append(rest)
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            if current.count == Block.capacity { try flush() }
        }
    }

    /// Hands on what is left.
    func flush() throws {
        guard let full = block else { return }
        block = nil
        try output(full)
    }
}
