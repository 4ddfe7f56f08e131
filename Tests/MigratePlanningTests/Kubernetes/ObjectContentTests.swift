import MigratePlanning
import Testing

@Suite struct ObjectContentTests {
  @Test func whatTheServerWritesIsLeftOut() {
    let live: JSON = [
      "apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": [
        "name": "web", "uid": "u", "resourceVersion": "7", "generation": 3,
        "creationTimestamp": "2026-03-01T10:00:00Z", "managedFields": [["manager": "helm"]],
        "selfLink": "/apis", "deletionTimestamp": "2026-03-01T10:00:00Z",
        "deletionGracePeriodSeconds": 30, "labels": ["app": "web"],
        "annotations": [
          "deployment.kubernetes.io/revision": "4", "meta.helm.sh/release-name": "web",
        ],
      ],
      "spec": ["replicas": 1], "status": ["replicas": 1],
    ]
    let content: JSON = [
      "apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": [
        "name": "web", "labels": ["app": "web"],
        "annotations": ["meta.helm.sh/release-name": "web"],
      ],
      "spec": ["replicas": 1],
    ]
    #expect(live.content == content)
    #expect(content.content == content)
  }

  @Test func annotationsThatWereOnlyTheServersGo() {
    let live: JSON = ["metadata": ["annotations": ["deployment.kubernetes.io/revision": "4"]]]
    #expect(live.content == ["metadata": [:]])
  }

  @Test func theTokenOfAServiceAccountIsTheServers() {
    let secrets: JSON = ["kind": "ServiceAccount", "secrets": [["name": "web-token"]]]
    #expect(secrets.content == ["kind": "ServiceAccount"])
    let other: JSON = ["kind": "Thing", "secrets": [["name": "web-token"]]]
    #expect(other.content == other)
  }

  @Test func anythingElseStaysAsItIs() {
    for value in [JSON.null, "text", [1, 2], [:]] { #expect(value.content == value) }
  }

  @Test func membersAreTakenOut() {
    let object: JSON = ["a": ["b": ["c": 1, "d": 2]], "e": 3]
    #expect(object.without("a", "b", "c") == ["a": ["b": ["d": 2]], "e": 3])
    #expect(object.without("e") == ["a": ["b": ["c": 1, "d": 2]]])
    #expect(object.without("a", "x", "c") == object)
    #expect(JSON.string("a").without("a") == "a")
  }

  @Test func addressesAreTakenOut() {
    let service: JSON = [
      "spec": [
        "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "healthCheckNodePort": 30002,
        "ports": [["port": 80, "nodePort": 30001]], "type": "LoadBalancer",
      ]
    ]
    #expect(
      service.withoutServiceAddresses == [
        "spec": ["ports": [["port": 80]], "type": "LoadBalancer"]
      ])
  }
}
