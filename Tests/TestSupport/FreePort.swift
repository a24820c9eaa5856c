// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A TCP port on loopback that nothing listened on a moment ago.
///
/// The kernel hands out ephemeral ports in turn, so two callers in one test run do not get the same one soon.
package func freePort() -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { socket in
            precondition(bind(descriptor, socket, length) == 0, "cannot bind on loopback")
            precondition(getsockname(descriptor, socket, &length) == 0, "cannot read the bound address")
        }
    }
    return Int(UInt16(bigEndian: address.sin_port))
}
