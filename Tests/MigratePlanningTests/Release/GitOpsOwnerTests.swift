import MigratePlanning
import Testing

@Suite struct GitOpsOwnerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var labels: JSON = [:]
    var annotations: JSON = [:]
    var manager = "helm"
    var controller: GitOpsOwner.Controller?
    var name: String?
    var namespace: String?
  }

  static let cases = [
    Case(
      testDescription: "a HelmRelease",
      labels: ["helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "flux"],
      controller: .flux, name: "web", namespace: "flux"),
    Case(
      testDescription: "a Kustomization, which is no HelmRelease",
      labels: ["kustomize.toolkit.fluxcd.io/name": "apps"], controller: .flux),
    Case(
      testDescription: "an Application by its annotation",
      annotations: ["argocd.argoproj.io/tracking-id": "web:apps/Deployment:mqtt/web"],
      controller: .argoCD, name: "web"),
    Case(
      testDescription: "an Application of a team's own namespace",
      annotations: ["argocd.argoproj.io/tracking-id": "team_web:apps/Deployment:mqtt/web"],
      controller: .argoCD, name: "web", namespace: "team"),
    Case(
      testDescription: "an Application by its label",
      labels: ["argocd.argoproj.io/instance": "web"],
      controller: .argoCD, name: "web"),
    Case(
      testDescription: "a field manager", manager: "argocd-controller", controller: .argoCD),
    Case(testDescription: "nobody", labels: ["app.kubernetes.io/instance": "web"]),
    Case(
      testDescription: "an option for Argo CD, which anybody may set",
      annotations: ["argocd.argoproj.io/sync-wave": "3"]),
  ]

  @Test(arguments: cases)
  func isReadFromTheMarks(sample: Case) {
    let owner = GitOpsOwner(of: [
      "metadata": [
        "labels": sample.labels, "annotations": sample.annotations,
        "managedFields": [["manager": .string(sample.manager), "fieldsV1": [:]]],
      ]
    ])
    #expect(owner?.controller == sample.controller)
    #expect(owner?.name == sample.name)
    #expect(owner?.namespace == sample.namespace)
  }
}
