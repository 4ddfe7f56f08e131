/// What helm's client-side merge does to an object other than a Deployment, as one strategic merge
/// patch that the API server can be asked about.
///
/// Helm deletes what the old manifest has and the new one lacks, and sets what the new one has;
/// what neither mentions stays. Kubernetes merges the ports of a Service by their number, and
/// replaces most other lists whole.
package enum StrategicPatch {
  /// The patch from a release's manifest to its new one.
  package static func patch(from manifest: JSON, to rendered: JSON) -> JSON {
    merge(manifest, rendered, isPorts: false)
  }

  private static func merge(_ old: JSON, _ new: JSON, isPorts: Bool) -> JSON {
    if isPorts, case .array(let before) = old, case .array(let after) = new {
      let kept = Set(after.map { $0["port"] ?? .null })
      let deleted = before.compactMap { $0["port"] }.filter { !kept.contains($0) }
      return .array(after + deleted.map { ["$patch": "delete", "port": $0] })
    }
    guard case .object(let before) = old, case .object(var after) = new else { return new }
    for (key, value) in before where after[key] == nil && value != .null { after[key] = .null }
    for (key, value) in after where before[key] != nil {
      after[key] = merge(before[key] ?? .null, value, isPorts: key == "ports")
    }
    return .object(after)
  }
}
