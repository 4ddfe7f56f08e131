/// Which cluster and namespace helm and kubectl talk to.
package struct ClusterConnection: Hashable, Sendable {
  /// Nil for the one of the kubeconfig's context.
  package var namespace: String?
  package var context: String?
  package var kubeconfig: String?
  /// How long one question to the cluster may take.
  package var requestTimeout: Duration

  package init(
    namespace: String? = nil, context: String? = nil, kubeconfig: String? = nil,
    requestTimeout: Duration = .seconds(60)
  ) {
    self.namespace = namespace
    self.context = context
    self.kubeconfig = kubeconfig
    self.requestTimeout = requestTimeout
  }

  func arguments(contextFlag: String) -> [String] {
    (namespace.map { ["--namespace", $0] } ?? []) + (context.map { [contextFlag, $0] } ?? [])
      + (kubeconfig.map { ["--kubeconfig", $0] } ?? [])
  }
}
