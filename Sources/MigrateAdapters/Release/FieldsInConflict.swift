package import MigratePlanning

/// The fields of objects that other managers than helm own and that helm would change.
package enum FieldsInConflict {
  /// A field and its manager, as the API server names them.
  package typealias Conflict = (manager: String, field: String)

  /// The conflicts of one object.
  package struct Found: Sendable {
    package var all: [Conflict]
    /// How many more there are, of which the server does not name the field.
    package var unnamed: Int
  }

  /// What a refusal says in its causes, with every field that it counts.
  ///
  /// Of several fields beside each other, Kubernetes 1.20 names one as often as there are fields.
  /// Who owns which is then looked up on the live object; what even that does not tell is counted.
  package static func found(
    _ named: [Conflict], of rendered: JSON, live: JSON
  ) -> Found {
    var managers: [String] = []
    for conflict in named where !managers.contains(conflict.manager) {
      managers.append(conflict.manager)
    }
    var (conflicts, unnamed): ([Conflict], Int) = ([], 0)
    for manager in managers {
      let fields = named.filter { $0.manager == manager }.map(\.field)
      var different: [String] = []
      for field in fields where !different.contains(field) { different.append(field) }
      if different.count < fields.count {
        let owned = changed(by: rendered, of: live, ownedBy: manager)
        if owned.count == fields.count { different = owned }
      }
      conflicts += different.map { (manager, $0) }
      unnamed += fields.count - different.count
    }
    return Found(all: conflicts, unnamed: unnamed)
  }

  /// The fields that a manager set on a live object and that another one has otherwise.
  private static func changed(
    by rendered: JSON, of live: JSON, ownedBy manager: String
  ) -> [String] {
    var fields: [String] = []
    for entry in ManagedFields.setByHand(live) where entry.manager == manager {
      guard let after = value(at: entry.path, in: rendered),
        after != value(at: entry.path, in: live)
      else { continue }
      let field = entry.path.map(words).joined()
      if !fields.contains(field) { fields.append(field) }
    }
    return fields
  }

  /// A key of `managedFields` as the server writes it in a path.
  private static func words(of key: String) -> String {
    guard let members = members(of: key) else { return "." + key }
    let pairs = members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.canonical)" }
    return "[\(pairs.joined(separator: ","))]"
  }

  private static func value(at path: [String], in object: JSON) -> JSON? {
    path.reduce(object) { place, key in
      guard let members = members(of: key) else { return place?[key] }
      return place?.elements.first { element in
        members.allSatisfy { element[$0.key] == $0.value }
      }
    }
  }

  /// What names an entry of a list, `k:{"name":"backbone"}`; nil for the name of a field.
  private static func members(of key: String) -> [String: JSON]? {
    guard key.hasPrefix("k:"), let json = try? JSONReader().value(Array(key.utf8.dropFirst(2)))
    else { return nil }
    return json.members
  }
}
