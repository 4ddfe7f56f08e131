import MigratePlanning

extension JSON {
  /// The tree with the member or element at a place replaced, or taken away.
  func changed(_ keys: ArraySlice<String>, _ value: JSON?) -> JSON {
    guard let key = keys.first else { return value ?? .null }
    let rest = keys.dropFirst()
    if case .array(var elements) = self, let index = Int(key), elements.indices.contains(index) {
      elements[index] = elements[index].changed(rest, value)
      return .array(elements)
    }
    var members = self.members
    members[key] = rest.isEmpty ? value : (members[key] ?? [:]).changed(rest, value)
    return .object(members)
  }
}
