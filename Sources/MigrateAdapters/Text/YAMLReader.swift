package import MigratePlanning

/// Reads YAML as Helm and kubectl read it.
///
/// The grammar is libyaml's (through Yams), of which go-yaml v2 is a translation; what a scalar
/// means is decided by `YAMLScalar`, because Yams reads `y` as a string and `1:30` as 90. Known
/// differences from Go, all of them refused or accepted where Go does the reverse, none read
/// differently: docs/yaml.md.
package struct YAMLReader: Sendable {
  /// What a key that stands twice in one mapping means.
  package enum DuplicateKeys: Sendable {
    /// An error: for texts that people write for us.
    case refused
    /// The last one counts, as in Helm and kubectl: for texts that they have accepted.
    case lastWins
  }

  /// What a key that stands twice means.
  package var duplicateKeys: DuplicateKeys
  /// How many bytes a text may have.
  package var maximumSize = 32 << 20
  /// How deep lists and mappings may nest.
  package var maximumDepth = 256
  /// How many values a text may have once its aliases are expanded.
  package var maximumNodes = 1_000_000

  /// Makes a reader with the usual limits.
  package init(duplicateKeys: DuplicateKeys = .refused) { self.duplicateKeys = duplicateKeys }

  /// One document and where its values stand.
  package struct LocatedDocument: Sendable {
    /// The document.
    package let value: JSON
    /// The line of each value by its JSON pointer (RFC 6901), such as `/env/0/name`; the line of a
    /// member is that of its key, and what an alias or merge brings in has the line of its origin.
    package let lines: [String: Int]
  }

  /// Reads every document of a text; an empty document is null.
  package func documents(_ bytes: [UInt8]) throws(TextError) -> [JSON] {
    try located(bytes, keepsLines: false).map(\.value)
  }

  /// Reads every document of a text; an empty document is null.
  package func documents(_ text: String) throws(TextError) -> [JSON] {
    try documents(Array(text.utf8))
  }

  /// Reads a text of at most one document; an empty text is null.
  package func document(_ bytes: [UInt8]) throws(TextError) -> JSON {
    try one(of: located(bytes, keepsLines: false)).value
  }

  /// Reads a text of at most one document; an empty text is null.
  package func document(_ text: String) throws(TextError) -> JSON {
    try document(Array(text.utf8))
  }

  /// Reads a text of at most one document, with the line of every value in it.
  package func documentWithLines(_ bytes: [UInt8]) throws(TextError) -> LocatedDocument {
    // Lines are for texts that people write; each takes memory for its pointer.
    var reader = self
    reader.maximumNodes = min(maximumNodes, 50_000)
    return try one(of: reader.located(bytes, keepsLines: true))
  }

  /// Reads a text of at most one document, with the line of every value in it.
  package func documentWithLines(_ text: String) throws(TextError) -> LocatedDocument {
    try documentWithLines(Array(text.utf8))
  }

  /// Reads the documents of a manifest that helm printed: those that hold only comments, such as
  /// `# Source: …`, are left out, and the last of two equal keys counts.
  package func manifestDocuments(_ bytes: [UInt8]) throws(TextError) -> [JSON] {
    var reader = self
    reader.duplicateKeys = .lastWins
    return try reader.documents(bytes).filter { $0 != .null }
  }

  /// Reads the documents of a manifest that helm printed.
  package func manifestDocuments(_ text: String) throws(TextError) -> [JSON] {
    try manifestDocuments(Array(text.utf8))
  }

  private func one(of documents: [LocatedDocument]) throws(TextError) -> LocatedDocument {
    guard documents.count < 2 else {
      throw TextError(
        .severalDocuments, "one document is expected, but there are \(documents.count)")
    }
    return documents.first ?? LocatedDocument(value: .null, lines: [:])
  }

  private func located(
    _ bytes: [UInt8], keepsLines: Bool
  ) throws(TextError) -> [LocatedDocument] {
    guard bytes.count <= maximumSize else {
      throw TextError(.tooLarge, "the text is larger than \(maximumSize) bytes")
    }
    let text = try UTF8Text.string(bytes)
    var documents: [LocatedDocument] = []
    var nodes = 0
    for section in YAMLSection.sections(of: text) {
      for root in try section.roots() {
        var composer = YAMLComposer(
          reader: self, firstLine: section.firstLine, keepsLines: keepsLines, nodes: nodes)
        documents.append(
          LocatedDocument(value: try composer.value(root), lines: composer.lines))
        nodes = composer.nodes
      }
    }
    return documents
  }
}
