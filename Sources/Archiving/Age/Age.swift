// SPDX-License-Identifier: Apache-2.0

// age v1 (https://c2sp.org/age) with X25519 recipients, so that everything Lifeboat keeps can be
// read with the `age` program alone. A file key is wrapped for each recipient in the header
// (AgeHeader, AgeStanza); the payload is sealed under it chunk by chunk (AgeChunks). AgeEncryptor and
// AgeDecryptor stream; AgeSeekableReader reads from the middle.

/// Encrypts bytes that are all at hand; for small files.
package func ageEncrypt(_ bytes: [UInt8], to recipients: [AgeRecipient]) throws -> [UInt8] {
    var result: [UInt8] = []
    let encryptor = unsafe try AgeEncryptor(to: recipients) { unsafe result += $0 }
    unsafe try bytes.withUnsafeBytes { unsafe try encryptor.write($0) }
    try encryptor.finish()
    return result
}

/// Decrypts bytes that are all at hand; for small files.
///
/// Nothing is returned unless the file is whole.
package func ageDecrypt(_ bytes: [UInt8], with identities: [AgeIdentity]) throws -> [UInt8] {
    var result: [UInt8] = []
    let decryptor = unsafe AgeDecryptor(with: identities) { unsafe result += $0 }
    unsafe try bytes.withUnsafeBytes { unsafe try decryptor.write($0) }
    try decryptor.finish()
    return result
}
