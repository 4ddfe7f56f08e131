/// The place of one value in a chart's values, such as `config.adminToken`.
///
/// Keys are joined by dots, a dot inside a key is written `\.`, as in helm's `--set`. Lists are
/// values as a whole: a path never leads into one.
package struct ValuePath: Hashable, Sendable {
  /// The keys from the outermost inwards; never empty.
  package let keys: [String]
  /// The most keys of a path; helm takes 30 in its own `--set`.
  package static let maximumDepth = 64

  /// Reads a path from its dotted text.
  ///
  /// - Throws: ``ValuePathError`` when a key is empty, or there are too many.
  package init(_ text: String) throws(ValuePathError) {
    var keys: [String] = []
    var key = ""
    var escaped = false
    for character in text {
      if escaped {
        if character != "." { key.append("\\") }
        key.append(character)
        escaped = false
      } else if character == "\\" {
        escaped = true
      } else if character == "." {
        keys.append(key)
        key = ""
      } else {
        key.append(character)
      }
    }
    if escaped { key.append("\\") }
    keys.append(key)
    guard keys.allSatisfy({ !$0.isEmpty }), keys.count <= Self.maximumDepth else {
      throw ValuePathError(text: text)
    }
    self.keys = keys
  }
}

extension ValuePath {
  /// The path of a key below this one.
  func appending(_ key: String) -> ValuePath { ValuePath(keys: keys + [key]) }

  private init(keys: [String]) { self.keys = keys }
}

/// A text that is no value path.
package struct ValuePathError: Error, Hashable, CustomStringConvertible {
  package let text: String

  package var description: String {
    text.utf8.count > 1_000
      ? "a value path has at most \(ValuePath.maximumDepth) keys and some hundred letters, such as "
        + "config.adminToken; this one has \(text.utf8.count) bytes"
      : "\"\(text)\" is not a value path; write up to \(ValuePath.maximumDepth) keys joined by "
        + "single dots, such as config.adminToken"
  }
}

extension ValuePath: CustomStringConvertible, Comparable {
  package var description: String {
    keys.map { $0.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "\\.") }
      .joined(separator: ".")
  }

  package static func < (left: ValuePath, right: ValuePath) -> Bool {
    left.keys.lexicographicallyPrecedes(right.keys)
  }
}

extension JSON {
  /// The value, with null for every key that a default has and it has not: helm merges maps, and
  /// only null takes a default away.
  func overriding(_ byDefault: JSON?) -> JSON {
    guard case .object(var members) = self, case .object(let others)? = byDefault else {
      return self
    }
    for (key, value) in others { members[key] = members[key]?.overriding(value) ?? .null }
    return .object(members)
  }

  /// The value at a path; nil where the path leads nowhere.
  package func value(at path: ValuePath) -> JSON? { value(atKeys: path.keys) }

  /// The value to which keys lead from object to object; nil where they lead nowhere.
  package func value(atKeys keys: [String]) -> JSON? {
    var value: JSON? = self
    for key in keys { value = value?[key] }
    return value
  }

  /// Puts a value at a path, making objects on the way and replacing whatever else stands there.
  package mutating func set(_ value: JSON, at path: ValuePath) {
    self = replacing(path.keys[...], with: value)
  }

  /// The tree with another value where keys lead from object to object.
  package func replacing(_ keys: ArraySlice<String>, with value: JSON) -> JSON {
    guard let key = keys.first else { return value }
    var members = self.members
    members[key] = (members[key] ?? .null).replacing(keys.dropFirst(), with: value)
    return .object(members)
  }

  /// Whether a value stands anywhere in this one.
  package func holds(_ value: JSON) -> Bool {
    self == value || elements.contains { $0.holds(value) }
      || members.values.contains { $0.holds(value) }
  }

  /// The paths of all leaves: scalars, lists and empty objects.
  package var leaves: [(path: [String], value: JSON)] {
    guard case .object(let members) = self, !members.isEmpty else { return [([], self)] }
    return members.sorted { $0.key < $1.key }.flatMap { key, value in
      value.leaves.map { ([key] + $0.path, $0.value) }
    }
  }
}
