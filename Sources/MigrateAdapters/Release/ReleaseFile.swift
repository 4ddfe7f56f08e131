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
      var reader = YAMLReader()
      // An export has the objects some levels further down than they were read from helm and
      // kubectl.
      reader.maximumDepth += 8
      guard bytes.count <= reader.maximumSize else { return try exported(reader.document(bytes)) }
      let text = try UTF8Text.string(bytes)
      if HelmGetAll.recognises(text) { return try HelmGetAll.snapshot(from: text) }
      // JSON is nearly YAML: not where a key is long, a text begins with U+FEFF, or a number is to
      // stay what it is.
      if text.utf8.first(where: { !$0.isWhitespace }) == UInt8(ascii: "{") {
        var json = JSONReader()
        json.maximumDepth = reader.maximumDepth
        do {
          return try exported(json.value(bytes))
        } catch let error as TextError {
          guard let flow = try? reader.document(bytes) else { throw error }
          return try exported(flow)
        }
      }
      return try exported(reader.document(bytes))
    } catch {
      throw ReleaseFileError(description: "\(shown) cannot be used: \(error)")
    }
  }

  /// The bytes of a file.
  ///
  /// - Throws: ``ReleaseFileError``.
  package static func bytes(at path: String) throws(ReleaseFileError) -> [UInt8] {
    do {
      return try InputFile.bytes(at: path)
    } catch {
      throw ReleaseFileError(description: error.description)
    }
  }

  private static func exported(_ json: JSON) throws(ExportError) -> Snapshot {
    guard case .object = json else {
      throw ExportError(
        reason: json == .null ? "there is nothing in it" : "keys with values are expected in it")
    }
    return try Snapshot(exported: json)
  }
}

/// A file of a release that cannot be used.
package struct ReleaseFileError: Error, Hashable, CustomStringConvertible {
  package let description: String
}

extension UInt8 {
  fileprivate var isWhitespace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
