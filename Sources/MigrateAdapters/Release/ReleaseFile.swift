import Foundation
package import MigratePlanning

/// Reads an exported release from a file.
package enum ReleaseFile {
  /// Reads an exported release from its JSON or YAML text, or from what `helm get all` prints.
  ///
  /// - Throws: ``ReleaseFileError``.
  package static func snapshot(
    from bytes: [UInt8], named name: String
  ) throws(ReleaseFileError) -> Snapshot {
    let shown = name == "-" ? "standard input" : "\"\(name)\""
    do {
      let text = String(decoding: bytes, as: UTF8.self)
      if HelmGetAll.recognises(text) { return try HelmGetAll.snapshot(from: text) }
      return try Snapshot(exported: try YAMLReader().document(bytes))
    } catch {
      throw ReleaseFileError(description: "\(shown) cannot be used: \(error)")
    }
  }

  /// The bytes of a file.
  ///
  /// - Throws: ``ReleaseFileError``.
  package static func bytes(at path: String) throws(ReleaseFileError) -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw ReleaseFileError(
        description: "\"\(path)\" cannot be read: \(error.localizedDescription)")
    }
  }
}

/// A file of a release that cannot be used.
package struct ReleaseFileError: Error, Hashable, CustomStringConvertible {
  package let description: String
}
