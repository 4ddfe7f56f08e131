/// Which cluster and namespace helm and kubectl talk to.
package struct ClusterConnection: Hashable, Sendable {
  /// Nil for the one of the kubeconfig's context.
  package var namespace: String?
  package var context: String?
  package var kubeconfig: String?

  package init(namespace: String? = nil, context: String? = nil, kubeconfig: String? = nil) {
    self.namespace = namespace
    self.context = context
    self.kubeconfig = kubeconfig
  }

  func arguments(contextFlag: String) -> [String] {
    (namespace.map { ["--namespace", $0] } ?? []) + (context.map { [contextFlag, $0] } ?? [])
      + (kubeconfig.map { ["--kubeconfig", $0] } ?? [])
  }
}
