import Crypto

/// SHA-256 in the form that the contract prints.
package enum ContentDigest {
  /// The digest of bytes, as `sha256:` and 64 hexadecimal digits.
  package static func sha256(_ bytes: [UInt8]) -> String {
    "sha256:"
      + SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension Target {
  /// The digest of a chart's files, whatever their order and wherever the chart lies.
  package static func digest(ofFiles files: [(path: String, bytes: [UInt8])]) -> String {
    let entries = files.sorted { $0.path < $1.path }.map { path, bytes -> JSON in
      [.string(path), .string(ContentDigest.sha256(bytes))]
    }
    return ContentDigest.sha256(Array(JSON.array(entries).canonical.utf8))
  }
}
