import MigratePlanning
import Yams

/// Makes JSON of the node trees of Yams, as sigs.k8s.io/yaml does: keys become strings, merge keys
/// are carried out in the order they stand in, aliases are copied.
struct YAMLComposer {
  /// The limits and the rule for duplicate keys.
  let reader: YAMLReader
  /// The line of the stream that the nodes call line 1.
  let firstLine: Int
  /// Whether ``lines`` is filled.
  let keepsLines: Bool
  /// How many values have been made so far.
  var nodes = 0
  /// The line of each value by its JSON pointer.
  private(set) var lines: [String: Int] = [:]

  /// Makes a composer that has made `nodes` values already.
  init(reader: YAMLReader, firstLine: Int, keepsLines: Bool, nodes: Int) {
    self.reader = reader
    self.firstLine = firstLine
    self.keepsLines = keepsLines
    self.nodes = nodes
  }

  /// Makes the JSON of a root.
  mutating func value(_ root: Node) throws(TextError) -> JSON {
    if keepsLines { note(root, at: "") }
    return try value(root, depth: 0, pointer: keepsLines ? "" : nil)
  }

  private mutating func value(
    _ node: Node, depth: Int, pointer: String?
  ) throws(TextError) -> JSON {
    nodes += 1
    guard nodes <= reader.maximumNodes else {
      throw textError(
        .tooLarge, node,
        "the text expands to more than \(reader.maximumNodes) "
          + "values")
    }
    guard depth <= reader.maximumDepth else {
      throw textError(.tooLarge, node, "nested deeper than \(reader.maximumDepth) levels")
    }
    switch node {
    case .scalar(let scalar):
      guard let value = try meaning(of: scalar).json else {
        throw textError(.unsupported, node, "JSON has no infinity and no not-a-number")
      }
      return value
    case .sequence(let sequence):
      var elements: [JSON] = []
      elements.reserveCapacity(sequence.count)
      for (index, element) in sequence.enumerated() {
        let place = self.place(pointer, "\(index)")
        if let place { note(element, at: place) }
        elements.append(try value(element, depth: depth + 1, pointer: place))
      }
      return .array(elements)
    case .mapping(let mapping):
      var members: [String: JSON] = [:]
      var keys: Keys = [:]
      try write(mapping, into: &members, keys: &keys, depth: depth, pointer: pointer)
      return .object(members)
    case .alias: throw textError(.unsupported, node, "an alias that stands for nothing")
    }
  }

  /// The keys of one mapping by their text, as Go keeps them apart: `1` and `"1"` are two keys.
  private typealias Keys = [String: YAMLScalar]

  private mutating func write(
    _ mapping: Node.Mapping, into members: inout [String: JSON], keys: inout Keys, depth: Int,
    pointer: String?
  ) throws(TextError) {
    var written: Set<String> = []
    for (keyNode, valueNode) in mapping {
      if isMerge(keyNode) {
        try merge(valueNode, into: &members, keys: &keys, depth: depth, pointer: pointer)
        continue
      }
      let (key, meaning) = try key(keyNode)
      if let index = keys.index(forKey: key) { try judge(key, meaning, keyNode, keys[index]) }
      let isFirst = written.insert(key).inserted
      guard isFirst || reader.duplicateKeys == .lastWins else {
        throw textError(.duplicateKey, keyNode, "key \(key.jsonQuoted) is written twice")
      }
      keys[key] = meaning
      let place = self.place(pointer, key.pointerToken)
      if let place {
        forget(place)
        note(keyNode, at: place)
      }
      members[key] = try value(valueNode, depth: depth + 1, pointer: place)
    }
  }

  /// Refuses what no rule decides. Go drops one of `1` and `"1"` at random when it makes both text,
  /// and keeps two encodings of one accented letter apart, which Swift takes for equal.
  private func judge(
    _ key: String, _ meaning: YAMLScalar, _ node: Node, _ earlier: Keys.Element
  ) throws(TextError) {
    guard earlier.key.utf8.elementsEqual(key.utf8) else {
      throw textError(
        .duplicateKey, node, "key \(key.jsonQuoted) differs from another in its encoding only")
    }
    guard earlier.value == meaning else {
      throw textError(
        .duplicateKey, node, "key \(key.jsonQuoted) is written twice, once not as a string")
    }
  }

  private mutating func merge(
    _ node: Node, into members: inout [String: JSON], keys: inout Keys, depth: Int, pointer: String?
  ) throws(TextError) {
    guard depth <= reader.maximumDepth else {
      throw textError(.tooLarge, node, "nested deeper than \(reader.maximumDepth) levels")
    }
    // Go lets the first of a list win by writing it last.
    for source in node.sequence.map({ $0.reversed() }) ?? [node] {
      guard case .mapping(let mapping) = source else {
        throw textError(.unsupported, node, "\"<<\" takes a mapping or a list of mappings")
      }
      nodes += 1
      guard nodes <= reader.maximumNodes else {
        throw textError(
          .tooLarge, node, "the text expands to more than \(reader.maximumNodes) values")
      }
      try write(mapping, into: &members, keys: &keys, depth: depth + 1, pointer: pointer)
    }
  }

  private func key(_ node: Node) throws(TextError) -> (text: String, meaning: YAMLScalar) {
    guard case .scalar(let scalar) = node else {
      throw textError(.unsupported, node, "a list or a mapping cannot be a key")
    }
    let meaning = try meaning(of: scalar)
    guard let key = meaning.key else {
      throw textError(.unsupported, node, "null and integers above 64 bits cannot be keys")
    }
    return (key, meaning)
  }

  private func isMerge(_ node: Node) -> Bool {
    guard case .scalar(let scalar) = node, scalar.string == "<<" else { return false }
    return Self.isImplicit(scalar.tag) && scalar.style == .plain
      || scalar.tag.rawValue == Tag.Name.merge.rawValue
  }

  private func meaning(of scalar: Node.Scalar) throws(TextError) -> YAMLScalar {
    if Self.isImplicit(scalar.tag) {
      return scalar.style == .plain ? YAMLScalar(plain: scalar.string) : .string(scalar.string)
    }
    do {
      return try YAMLScalar(scalar.string, tag: scalar.tag.rawValue)
    } catch {
      throw textError(.unsupported, .scalar(scalar), error.reason)
    }
  }

  private static func isImplicit(_ tag: Tag) -> Bool {
    let name = tag.rawValue
    return name.isEmpty || name == YAMLSection.implicitTag
      || name.hasPrefix(YAMLSection.duplicateTag)
  }

  /// The pointer of a member or element; nil where lines are not kept, or it gets so long that the
  /// pointers of a text would take far more memory than the text.
  private func place(_ pointer: String?, _ token: @autoclosure () -> String) -> String? {
    guard let pointer, pointer.utf8.count < 512 else { return nil }
    let token = token()
    return token.utf8.count < 512 ? "\(pointer)/\(token)" : nil
  }

  private mutating func note(_ node: Node, at pointer: String) {
    if let line = node.mark?.line { lines[pointer] = firstLine + line - 1 }
  }

  /// Drops the lines of a value that is written over.
  private mutating func forget(_ pointer: String) {
    guard lines[pointer] != nil else { return }
    lines = lines.filter { $0.key != pointer && !$0.key.hasPrefix(pointer + "/") }
  }

  private func textError(_ code: TextError.Code, _ node: Node, _ reason: String) -> TextError {
    TextError(
      code, line: node.mark.map { firstLine + $0.line - 1 }, column: node.mark?.column, reason)
  }
}
