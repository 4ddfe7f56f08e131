/// The controller that brings an object to what git says, and what it is told so by.
package struct GitOpsOwner: Hashable, Sendable {
  package enum Controller: String, Sendable, CaseIterable {
    case flux = "Flux"
    case argoCD = "Argo CD"
  }

  package var controller: Controller
  /// The HelmRelease or the Application; nil when the marks do not say, or it is another kind of
  /// object.
  package var name: String?
  /// The namespace of the HelmRelease or Application; nil when the marks do not say.
  package var namespace: String?

  /// The label of Argo CD's instances.
  static let instanceLabel = "argocd.argoproj.io/instance"
  /// The annotation by which Argo CD tracks, such as `web:apps/Deployment:mqtt/web`.
  static let trackingAnnotation = "argocd.argoproj.io/tracking-id"

  /// The field managers of Flux and Argo CD.
  static let managers: [String: Controller] = [
    "helm-controller": .flux, "kustomize-controller": .flux, "argocd-controller": .argoCD,
    "argocd-application-controller": .argoCD,
  ]

  /// Whether a label or an annotation is such a mark, which the controller makes anew.
  static func isMark(_ key: String) -> Bool {
    [instanceLabel, trackingAnnotation].contains { key.hasPrefix($0) }
      || ["helm", "kustomize"].contains { controller in
        ["name", "namespace"].contains { key == "\(controller).toolkit.fluxcd.io/\($0)" }
      }
  }

  /// Reads the marks of a live object: labels, annotations, then field managers. Nil when there are
  /// none.
  ///
  /// Source: Flux's helm-controller and kustomize-controller label what they apply; Argo CD tracks
  /// by an annotation, a label, or both.
  package init?(of object: JSON) {
    let metadata = object["metadata"]
    let labels = metadata?["labels"]?.members ?? [:]
    let annotations = metadata?["annotations"]?.members ?? [:]
    if labels.keys.contains(where: { $0.hasPrefix("helm.toolkit.fluxcd.io/") }) {
      self.init(
        .flux, labels["helm.toolkit.fluxcd.io/name"]?.string,
        labels["helm.toolkit.fluxcd.io/namespace"]?.string)
    } else if labels.keys.contains(where: { $0.hasPrefix("kustomize.toolkit.fluxcd.io/") }) {
      self.init(.flux)
    } else if let tracking = annotations.first(where: { $0.key.hasPrefix(Self.trackingAnnotation) })
    {
      // An Application outside Argo CD's own namespace is tracked as NAMESPACE_NAME.
      let application = (tracking.value.string ?? "").prefix { $0 != ":" }
        .split(separator: "_", maxSplits: 1).map(String.init)
      self.init(.argoCD, application.last, application.count == 2 ? application.first : nil)
    } else if let label = labels.first(where: { $0.key.hasPrefix(Self.instanceLabel) }) {
      self.init(.argoCD, label.value.string)
    } else {
      let controller = (metadata?["managedFields"]?.elements ?? []).lazy
        .compactMap { $0["manager"]?.string }.compactMap { Self.managers[$0] }.first
      guard let controller else { return nil }
      self.init(controller)
    }
  }

  private init(_ controller: Controller, _ name: String? = nil, _ namespace: String? = nil) {
    self.controller = controller
    self.name = name
    self.namespace = namespace
  }
}
