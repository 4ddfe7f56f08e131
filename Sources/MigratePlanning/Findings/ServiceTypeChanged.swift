/// A Service would get another type.
///
/// Meaning: a `LoadBalancer` that becomes a `ClusterIP` loses its address outside the cluster, a
/// `NodePort` its port on the nodes: whoever comes from outside is cut off. The other way round,
/// the broker is open to the outside.
///
/// Why: chart 0.2.0 makes Services of type `ClusterIP`, and somebody changed the type by hand. The
/// plan keeps it, with its ports and addresses.
///
/// Resolve: there is nothing to do to keep it. To take the type of the chart:
///
///     backbone-migrate plan web --adopt service-type-changed
///
/// Severity: `breaking`, taken care of when the type is kept.
package enum ServiceTypeChanged: ComparisonRule {
  package static let code = FindingCode.serviceTypeChanged
  package static let dimension = Dimension.network

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    return situation.liveHere.all(kind: "Service").compactMap { before in
      let name = before.objectName
      guard let after = comparison.renderedHere.object(kind: "Service", name: name) else {
        return nil
      }
      let subject = ObjectReference(
        kind: "Service", name: name, namespace: situation.snapshot.release.namespace)
      let (old, new) = (type(before), type(after))
      let byDefault = typesByDefault(of: name, situation)
      guard old != new || byDefault != [old] else { return nil }
      return comparison.finding(
        self, .breaking,
        old == new
          ? "\(comparison.targetName) makes it a \(byDefault.joined(separator: " or a ")) by "
            + "default; Service \"\(name)\" stays a \(old)"
          : "Service \"\(name)\" becomes a \(new), where it was a \(old)", subject: subject,
        before: .value(.string(old)), after: .value(.string(new)),
        remedy: old == new
          ? "nothing to do; --adopt \(code) takes the new default" : "leave out what changes it",
        isResolved: old == new,
        acceptedBy: old == new ? nil : comparison.consent(code, service: name))
    }
  }

  /// What the target makes of the Service for the same listener, or of any where it has none for
  /// it.
  private static func typesByDefault(of name: String, _ situation: Situation) -> [String] {
    let own = situation.recipe.listeners.filter { listener in
      situation.factsBefore[NetworkObserver.key(listener.name, NetworkObserver.name)]
        == .value(.string(name))
    }.compactMap { listener in
      if case .value(.string(let type))? =
        situation.factsByDefault[NetworkObserver.key(listener.name, "type")]
      {
        type
      } else {
        nil
      }
    }
    return Set(own.isEmpty ? situation.renderedByDefault.all(kind: "Service").map(type) : own)
      .sorted()
  }

  private static func type(_ service: JSON) -> String {
    service["spec"]?["type"]?.string ?? "ClusterIP"
  }
}
