/// An Ingress of the release leads to a Service, or a port, that does not exist.
///
/// Meaning: whoever comes by its address gets an error of the Ingress controller, usually 503.
///
/// Why: a defect of the target chart, or of its values: the Ingress names a Service that the chart
/// does not make, or another port.
///
/// Resolve: give the Ingress a Service that there is, or leave the Ingress off:
///
///     backbone-migrate plan web --chart ./our-backbone \
///       --set ingress.enabled=false
///
/// Severity: `breaking`.
package enum IngressBackendMissing: FindingRule {
  package static let code = FindingCode.ingressBackendMissing
  package static let dimension = Dimension.network

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    let snapshot = comparison.situation.snapshot
    return comparison.renderedHere.all(kind: "Ingress").flatMap(\.ingressBackends).compactMap {
      backend in
      let service =
        comparison.renderedHere.object(kind: "Service", name: backend.service)
        ?? evidence.neighbours(.service).first { $0.objectName == backend.service }
      if let service, backend.isServed(by: service.servicePorts) { return nil }
      if service == nil, evidence.unread(.service) != nil {
        return nil
      }
      return comparison.finding(
        self, .breaking,
        "Ingress \"\(backend.ingress)\" leads to \(backend.address), and there is no such "
          + (service == nil ? "Service" : "port"),
        subject: ObjectReference(
          kind: "Ingress", name: backend.ingress, namespace: snapshot.release.namespace),
        remedy: "lead it to a Service that there is",
        acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
    }
  }
}
