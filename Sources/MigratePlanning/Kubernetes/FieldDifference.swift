import FoundationEssentials

/// One field that differs between two versions of a Kubernetes object.
package struct FieldDifference: Hashable, Sendable {
  /// The keys that lead to the field; an entry of a list goes by its name, port or mount path.
  package var path: [Key]
  /// Null where it is not there.
  package var before: JSON
  package var after: JSON

  /// One step of a path.
  package enum Key: Hashable, Sendable {
    case member(String)
    case entry(String)
  }

  /// The path as people read it, such as `spec.template.spec.containers[web].env[TZ].value`.
  package var pathText: String { Self.text(path) }

  static func text(_ path: [Key]) -> String {
    path.reduce("") { text, key in
      switch key {
      case .member(let name): text.isEmpty ? name : "\(text).\(name)"
      case .entry(let name): "\(text)[\(name)]"
      }
    }
  }
}

extension FieldDifference {
  /// Every field in which two versions of an object differ.
  package static func between(_ before: JSON, _ after: JSON) -> [FieldDifference] {
    FieldComparison(onlyExpected: false).differences(before, after, at: [])
  }

  /// Every field in which two values differ that stand at a path. Exactly, what is empty differs
  /// from what is empty in another way: a rule that lets everybody in is an empty one.
  static func between(
    _ before: JSON, _ after: JSON, at path: [Key] = [], exactly isExact: Bool = false
  ) -> [FieldDifference] {
    FieldComparison(onlyExpected: false, isExact: isExact).differences(before, after, at: path)
  }

  /// The fields that a rendered object sets and a live one has otherwise.
  ///
  /// What Kubernetes fills in by itself is no difference; nor is the spelling of a quantity (`0.5`,
  /// `500m`), leaving out what is empty, or a further named entry of a list, which a merge keeps.
  package static func unmet(_ rendered: JSON, by live: JSON) -> [FieldDifference] {
    FieldComparison(onlyExpected: true).differences(rendered, live, at: [])
  }
}

extension FieldDifference {
  fileprivate static let listKeys = [
    ["name"], ["mountPath"], ["devicePath"], ["containerPort"], ["port"], ["port", "protocol"],
    ["containerPort", "protocol"], ["ip"], ["topologyKey"],
  ]

  /// What the entries of a list are called by some of their members; nil where one has no name, or
  /// two have the same.
  fileprivate static func names(of entries: [JSON], by keys: [String]) -> [String]? {
    let names = entries.compactMap { entry -> String? in
      let parts = keys.compactMap { key in
        (entry[key] ?? (key == "protocol" ? "TCP" : nil)).flatMap {
          $0.string ?? $0.integer.map(String.init)
        }
      }
      return parts.count == keys.count ? parts.joined(separator: "/") : nil
    }
    return names.count == entries.count && Set(names).count == names.count ? names : nil
  }

  /// The entry of a list that goes by a name, as in a path; nil when none does.
  static func entry(_ name: String, of entries: [JSON]) -> JSON? {
    for key in listKeys {
      guard let names = names(of: entries, by: key), let index = names.firstIndex(of: name) else {
        continue
      }
      return entries[index]
    }
    return nil
  }
}

private struct FieldComparison {
  /// Whether members that only the second side has are let pass.
  let onlyExpected: Bool
  /// Whether only what is missing is the same as what is empty.
  var isExact = false

  func differences(
    _ before: JSON, _ after: JSON, at path: [FieldDifference.Key]
  ) -> [FieldDifference] {
    if before == after || isSame(before, after, at: path) { return [] }
    if case .object(let old) = before, case .object(let new) = after {
      let keys = onlyExpected ? Set(old.keys) : Set(old.keys).union(new.keys)
      return keys.sorted().flatMap {
        differences(old[$0] ?? .null, new[$0] ?? .null, at: path + [.member($0)])
      }
    }
    if case .array(let old) = before, case .array(let new) = after {
      return differences(old, new, at: path)
    }
    return [FieldDifference(path: path, before: before, after: after)]
  }

  /// Compares lists: entries with a name of their own go by it, others by their place.
  private func differences(
    _ old: [JSON], _ new: [JSON], at path: [FieldDifference.Key]
  ) -> [FieldDifference] {
    guard let names = Self.names(old, new) else {
      return (0..<max(old.count, new.count)).flatMap { index in
        differences(
          index < old.count ? old[index] : .null, index < new.count ? new[index] : .null,
          at: path + [.entry(String(index))])
      }
    }
    let after = Dictionary(zip(names.new, new), uniquingKeysWith: { first, _ in first })
    let before = Set(names.old)
    return zip(names.old, old).flatMap { name, entry in
      differences(entry, after[name] ?? .null, at: path + [.entry(name)])
    }
      + (onlyExpected ? [] : Array(zip(names.new, new)).filter { !before.contains($0.0) })
      .flatMap { name, entry in differences(.null, entry, at: path + [.entry(name)]) }
  }

  /// The names of the entries of two lists, where each has one and no two have the same. These are
  /// the keys by which Kubernetes merges lists; ports of one number are told apart by protocol.
  private static func names(_ old: [JSON], _ new: [JSON]) -> (old: [String], new: [String])? {
    for key in FieldDifference.listKeys {
      if let old = FieldDifference.names(of: old, by: key),
        let new = FieldDifference.names(of: new, by: key)
      {
        return (old, new)
      }
    }
    return nil
  }

  private func isSame(_ before: JSON, _ after: JSON, at path: [FieldDifference.Key]) -> Bool {
    if isExact {
      let nothing: [JSON] = [.null, "", []]
      if nothing.contains(before), nothing.contains(after) { return true }
    } else if before.isNothing, after.isNothing {
      return true
    }
    // Go leaves out what is false or zero.
    if onlyExpected, after == .null, before == .bool(false) || before == 0 { return true }
    guard path.contains(where: Self.holdsQuantities), let left = Quantity(before),
      let right = Quantity(after)
    else { return false }
    return left == right
  }

  private static func holdsQuantities(_ key: FieldDifference.Key) -> Bool {
    switch key {
    case .member("resources"), .member("sizeLimit"), .member("divisor"), .member("capacity"),
      .member("hard"):
      true
    default: false
    }
  }
}

extension JSON {
  /// Whether there is nothing in it; Kubernetes leaves such fields out.
  var isNothing: Bool {
    switch self {
    case .null, .string(""): true
    case .array(let elements): elements.isEmpty
    case .object(let members): members.values.allSatisfy(\.isNothing)
    default: false
    }
  }
}

/// A quantity as Kubernetes writes them, such as `500m` or `1Gi`: a number times a power.
private struct Quantity: Equatable {
  /// The digits without leading and trailing zeros, and the power of ten; with a binary suffix, the
  /// whole number.
  private let value: Decimal

  init?(_ json: JSON) {
    let text: String
    switch json {
    case .string(let string): text = string
    case .number(let number): text = number
    default: return nil
    }
    guard let match = text.wholeMatch(of: /([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)/),
      let number = Decimal(string: String(match.1))
    else { return nil }
    let factors: [String: Decimal] = [
      "": 1, "n": Decimal(sign: .plus, exponent: -9, significand: 1),
      "u": Decimal(sign: .plus, exponent: -6, significand: 1),
      "m": Decimal(sign: .plus, exponent: -3, significand: 1), "k": 1000, "M": 1_000_000,
      "G": 1_000_000_000, "T": 1_000_000_000_000, "P": 1_000_000_000_000_000,
      "E": 1_000_000_000_000_000_000, "Ki": 1024, "Mi": 1_048_576, "Gi": 1_073_741_824,
      "Ti": 1_099_511_627_776, "Pi": 1_125_899_906_842_624, "Ei": 1_152_921_504_606_846_976,
    ]
    guard let factor = factors[String(match.2)] else { return nil }
    value = number * factor
  }
}
