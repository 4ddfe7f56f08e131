/// An Ingress that somebody made leads to a Service, or a port, that goes.
///
/// Meaning: whoever comes by its address gets an error of the Ingress controller, usually 503, as
/// soon as the upgrade has taken the Service or the port away.
///
/// Why: chart 0.1.0 had no Ingress, so there is one made by hand. It is not of the release, so helm
/// neither knows nor changes it. It goes by the Service's name and port, and you chose others.
///
/// Resolve: leave out what takes the Service away, or lead the Ingress to the new one:
///
///     kubectl edit ingress web --namespace mqtt
///
/// Severity: `breaking`.
package enum IngressOrphaned: FindingRule {
  package static let code = FindingCode.ingressOrphaned
  package static let dimension = Dimension.network

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    let situation = comparison.situation
    let services = situation.liveHere.all(kind: "Service")
    let lost = comparison.lostAddresses
    return evidence.neighbours(.ingress).filter {
      comparison.renderedHere.object(kind: "Ingress", name: $0.objectName) == nil
    }.flatMap(\.ingressBackends).compactMap { backend in
      guard let old = services.first(where: { $0.objectName == backend.service }),
        backend.isServed(by: old.servicePorts)
      else { return nil }
      let gone = lost.contains {
        $0.service == backend.service
          && (backend.port == .integer($0.port)
            || backend.port.string != nil && backend.port.string == $0.portName)
      }
      let new = comparison.renderedHere.object(kind: "Service", name: backend.service)
      guard gone || new.map({ !backend.isServed(by: $0.servicePorts) }) ?? false else {
        return nil
      }
      return comparison.finding(
        self, .breaking,
        "Ingress \"\(backend.ingress)\", which is not of the release, leads to "
          + "\(backend.address), which goes",
        subject: ObjectReference(
          kind: "Ingress", name: backend.ingress,
          namespace: situation.snapshot.release.namespace),
        remedy: "leave out what takes it away, or lead the Ingress elsewhere",
        acceptedBy: situation.choices.consent(homes: [], code: code))
    }
  }
}
