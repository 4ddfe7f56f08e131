import MigratePlanning
import Testing

@testable import MigrateAdapters

/// Kinds and the paths at which they are served.
@Suite struct DiscoveryTests {
  private static let deployments = APIResource(
    group: "apps", version: "v1", plural: "deployments", kind: "Deployment", isNamespaced: true)
  private static let roles = APIResource(
    group: "rbac.authorization.k8s.io", version: "v1", plural: "clusterroles", kind: "ClusterRole",
    isNamespaced: false)

  @Test func aPathIsMadeOfWhatIsServed() {
    #expect(
      Self.deployments.path("web", in: "mqtt") == "/apis/apps/v1/namespaces/mqtt/deployments/web")
    #expect(Self.deployments.path(in: nil) == "/apis/apps/v1/deployments")
    #expect(
      Self.roles.path("a", in: "mqtt") == "/apis/rbac.authorization.k8s.io/v1/clusterroles/a")
    #expect(APIResource.secrets.path("x", in: "m") == "/api/v1/namespaces/m/secrets/x")
    #expect(APIResource.path(ofVersion: "v1") == "/api/v1")
  }

  @Test(arguments: [
    ("system:admin", "system%3Aadmin"), ("../x", "..%2Fx"), ("a b?c#d", "a%20b%3Fc%23d"),
    ("é", "%C3%A9"), ("owner=helm,name=web", "owner%3Dhelm%2Cname%3Dweb"), ("a-b.c_d~", "a-b.c_d~"),
  ])
  func aNameStaysOneSegment(name: String, encoded: String) {
    #expect(name.urlEncoded == encoded)
  }

  @Test func oneAnswerForAllGroupsIsReadPreferredVersionsFirst() throws {
    let list = try JSONReader().value(
      #"""
      {"kind":"APIGroupDiscoveryList","items":[
        {"metadata":{"name":"policy"},"versions":[
          {"version":"v1","resources":[{"resource":"poddisruptionbudgets","scope":"Namespaced",
            "responseKind":{"group":"policy","version":"v1","kind":"PodDisruptionBudget"}}]},
          {"version":"v1beta1","resources":[{"resource":"podsecuritypolicies","scope":"Cluster",
            "responseKind":{"kind":"PodSecurityPolicy"}}]}]},
        {"metadata":{"name":"apps"},"versions":[{"version":"v1","resources":[
          {"resource":"deployments","scope":"Namespaced","responseKind":{"kind":"Deployment"}}]}]}]}
      """#)
    let resources = Cluster.resources(inAggregated: list)
    #expect(resources.map(\.kind) == ["PodDisruptionBudget", "Deployment", "PodSecurityPolicy"])
    #expect(resources.last?.apiVersion == "policy/v1beta1")
    #expect(resources.map(\.isNamespaced) == [true, true, false])
  }
}
