/// A Service of the release goes.
///
/// Meaning: helm deletes it, and its name and address with it. Clients that go by its name find no
/// broker, although the broker itself is well.
///
/// Why: chart 0.2.0 names its Services after the Deployment, with `-tcp` for MQTT, and has two of
/// them. The plan keeps the names and ports of the Services that lead to the broker's listeners. A
/// further one has no place, or you chose other names.
///
/// Resolve: leave out what renames it. A Service that the chart has no place for can be kept by
/// marking it; it then belongs to nobody, and finds the Pods as before:
///
///     kubectl annotate service web-metrics --namespace mqtt \
///       helm.sh/resource-policy=keep
///
/// Severity: `breaking`, taken care of when the names are kept.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ServiceRemoved: ComparisonRule {
  package static let code = FindingCode.serviceRemoved
  package static let dimension = Dimension.network

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let namespace = situation.snapshot.release.namespace
    let services = situation.liveHere.all(kind: "Service")
    let removed = services.filter {
      comparison.renderedHere.object(kind: "Service", name: $0.objectName) == nil
        && !comparison.keptServices.contains($0.objectName)
    }
    let open = removed.map { service in
      let name = service.objectName
      let ports = service.servicePorts.map { String($0.number) }.joined(separator: ", ")
      return comparison.finding(
        self, .breaking,
        "Service \"\(name)\" goes" + (ports.isEmpty ? "" : ", with port \(ports)")
          + ": clients that use its name lose it",
        subject: ObjectReference(kind: "Service", name: name, namespace: namespace),
        remedy: "keep it: kubectl annotate service \(name.shellQuoted) "
          + "helm.sh/resource-policy=keep --namespace \(namespace)",
        acceptedBy: comparison.consent(code, service: name))
    }
    let safe = services.map(\.objectName).filter { name in
      comparison.renderedHere.object(kind: "Service", name: name) != nil
        && !comparison.servicesByDefault.contains(name)
    }
    guard !safe.isEmpty else { return open }
    return open + [
      comparison.finding(
        self, .breaking,
        "\(comparison.targetName) names its Services "
          + comparison.servicesByDefault.map { "\"\($0)\"" }.joined(separator: " and ")
          + " by default; " + safe.map { "\"\($0)\"" }.joined(separator: " and ") + " stays",
        remedy: "nothing to do; --adopt fullnameOverride takes the new names", isResolved: true)
    ]
  }
}

extension Comparison {
  /// The names of the Services that the target makes by default.
  var servicesByDefault: [String] {
    situation.renderedByDefault.all(kind: "Service").map(\.objectName)
  }
}
