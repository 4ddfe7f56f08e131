/// Fields that Kubernetes, helm and kubectl write about an object, and that change nothing in how
/// it works.
///
/// Source: helm's and kubectl's own annotations; Kubernetes' well-known labels and annotations.
package enum Bookkeeping {
  /// Labels that name what made an object, and in which version.
  private static let makersLabels: Set<String> = [
    "helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/version", "chart",
    "heritage",
  ]
  /// Annotations that tell of a change, or of who keeps the object.
  private static let records: Set<String> = [
    "kubernetes.io/change-cause", "kubectl.kubernetes.io/last-applied-configuration",
    "kubectl.kubernetes.io/restartedAt", "deployment.kubernetes.io/revision",
  ]

  /// The annotation by which helm leaves an object where it is.
  static let resourcePolicy = "helm.sh/resource-policy"

  /// Whether a difference is nothing but that. What is added to labels is no difference either,
  /// unless it is a Pod's: a selector may go by those.
  static func covers(_ difference: FieldDifference) -> Bool {
    let keys = difference.path.map(\.name)
    let mayAdd = keys.first == "metadata"
    // Kubernetes' own default of a ServiceAccount, written out.
    if keys == ["automountServiceAccountToken"] {
      return [difference.before, difference.after].allSatisfy { [.null, true].contains($0) }
    }
    guard let index = keys.lastIndex(where: { $0 == "labels" || $0 == "annotations" }),
      index > 0, keys[index - 1] == "metadata"
    else { return keys.first == "status" || keys == ["apiVersion"] }
    guard keys.indices.contains(index + 1) else {
      // The whole map comes or goes: it is bookkeeping when each of its entries is.
      let names = (difference.before.members.keys, difference.after.members.keys)
      return names.0.allSatisfy { isRecord($0, isAdded: false, keys[index]) }
        && names.1.allSatisfy { isRecord($0, isAdded: mayAdd, keys[index]) }
    }
    return isRecord(keys[index + 1], isAdded: mayAdd && difference.before == .null, keys[index])
  }

  static func isRecord(_ name: String, isAdded: Bool, _ map: String) -> Bool {
    if map == "labels" { return isAdded || makersLabels.contains(name) }
    // Whether helm deletes the object is none: that is how it works.
    return records.contains(name) || name.hasPrefix("meta.helm.sh/")
      || name.hasPrefix("helm.sh/") && name != resourcePolicy
      || name.hasPrefix("deployment.kubernetes.io/") || GitOpsOwner.isMark(name)
  }
}

extension FieldDifference.Key {
  /// The member's or the entry's name.
  var name: String {
    switch self {
    case .member(let name), .entry(let name): name
    }
  }
}
