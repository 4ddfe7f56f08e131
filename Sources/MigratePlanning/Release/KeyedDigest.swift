import Crypto

/// HMAC-SHA256: tells whether two texts are the same, to who has the key.
package enum KeyedDigest {
  /// The digest of bytes under a key, as 64 hexadecimal digits.
  /// Source: <https://www.rfc-editor.org/rfc/rfc2104>.
  package static func hmacSHA256(_ bytes: [UInt8], key: [UInt8]) -> String {
    HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key))
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
