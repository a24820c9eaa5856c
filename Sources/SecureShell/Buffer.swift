// SPDX-License-Identifier: Apache-2.0

/// Memory for bytes on their way, and which of them are still to be moved.
@safe final class Buffer {
    private let memory: UnsafeMutableRawBufferPointer
    /// What has been filled and not yet dropped.
    private(set) var pending: Range<Int> = 0..<0

    init(capacity: Int) {
        unsafe memory = .allocate(byteCount: capacity, alignment: 16)
    }

    /// A copy of these bytes, all still to be moved.
    convenience init(_ bytes: [UInt8]) {
        self.init(capacity: bytes.count)
        unsafe memory.copyBytes(from: bytes)
        fill(bytes.count)
    }

    deinit {
        unsafe memory.deallocate()
    }

    var capacity: Int { unsafe memory.count }
    var count: Int { pending.count }
    var isEmpty: Bool { pending.isEmpty }

    /// All of the memory, to be filled from its beginning.
    var space: UnsafeMutableRawBufferPointer { unsafe memory }

    /// What is still to be moved.
    var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: memory[pending]) }

    /// Says how much of ``space`` was filled.
    func fill(_ count: Int) {
        pending = 0..<count
    }

    /// Lets go of the first bytes.
    func drop(_ count: Int) {
        pending = pending.lowerBound + count..<pending.upperBound
        if pending.isEmpty { pending = 0..<0 }
    }

    /// Adds as many of these bytes as there is room for, and returns how many.
    func append(_ more: UnsafeRawBufferPointer) -> Int {
        if more.count > capacity - pending.upperBound, pending.lowerBound > 0 {
            unsafe memory.copyMemory(from: bytes)
            pending = 0..<pending.count
        }
        let taken = min(more.count, capacity - pending.upperBound)
        guard taken > 0 else { return 0 }
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory[pending.upperBound...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: more[..<taken]))
        pending = pending.lowerBound..<pending.upperBound + taken
        return taken
    }
}
