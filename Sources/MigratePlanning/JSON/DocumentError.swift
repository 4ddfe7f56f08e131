/// Why a text is no document of a contract, and where.
package struct DocumentError: Error, Hashable, CustomStringConvertible {
  /// The place and the reason, such as `"release.revision" is missing`.
  package let description: String

  /// What is wrong with a text that is no JSON.
  init(_ error: TextError) { description = error.description }

  /// What is wrong with JSON that is no document; the error's own text would show what stands
  /// there.
  init(_ error: any Error) {
    func place(_ path: [any CodingKey]) -> String {
      let place = path.map(\.stringValue).joined(separator: ".").jsonQuoted
      return place.utf8.count > 500 ? "a place far inside" : place
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context):
      description = "\(place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      description =
        context.codingPath.isEmpty
        ? "keys with values are expected" : "\(place(context.codingPath)) is of the wrong kind"
    default: description = "it cannot be read"
    }
  }

  /// Another reason.
  init(reason: String) { description = reason }
}

extension Decodable {
  /// Reads a document of a contract, with numbers as they are written.
  ///
  /// - Throws: ``DocumentError``.
  static func document(_ text: String, schema: String) throws(DocumentError) -> Self {
    let json: JSON
    do {
      json = try JSONReader.ofDocuments.value(text)
    } catch {
      throw DocumentError(error)
    }
    guard json["schema"]?.string == schema else {
      throw DocumentError(reason: "\"schema\" is not \"\(schema)\"")
    }
    do {
      return try JSONTreeDecoder(json: json).decode(Self.self)
    } catch {
      throw DocumentError(error)
    }
  }
}
