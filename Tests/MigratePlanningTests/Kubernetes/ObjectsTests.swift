import MigratePlanning
import Testing

@Suite struct ObjectsTests {
  private static let service: JSON = ["kind": "Service", "metadata": ["name": "web"]]

  @Test func listsGiveTheirItemsAndOtherThingsAreLeftOut() {
    let objects = Objects([
      Self.service, ["kind": "List", "items": [Self.service, ["kind": "Pod"]]], .null, [:],
      ["metadata": ["name": "x"]], ["kind": "List"],
    ])
    #expect(objects.all == [Self.service, Self.service])
  }

  @Test func objectsAreFoundByKindAndName() {
    let objects = Objects([Self.service])
    #expect(objects.object(kind: "Service", name: "web") == Self.service)
    #expect(objects.object(kind: "Service", name: "other") == nil)
    #expect(objects.object(kind: "Ingress", name: "web") == nil)
    #expect(objects.all(kind: "Service").count == 1)
  }

  @Test func objectsOfTheSameNameInOtherNamespacesAreOthers() {
    let elsewhere: JSON = ["kind": "Service", "metadata": ["name": "web", "namespace": "other"]]
    let objects = Objects([elsewhere, Self.service])
    func found(_ namespace: String) -> JSON? {
      objects.object(
        ObjectReference(kind: "Service", name: "web", namespace: namespace), in: "mqtt")
    }
    #expect(found("mqtt") == Self.service)
    #expect(found("other") == elsewhere)
    #expect(found("third") == nil)
    #expect(objects.counterpart(of: elsewhere, in: "mqtt") == elsewhere)
    #expect(objects.counterpart(of: Self.service, in: "mqtt") == Self.service)
    #expect(objects.within("mqtt").all == [Self.service])
  }

  @Test func objectsInNoNamespaceAreFoundFromEverywhere() {
    let role: JSON = ["kind": "ClusterRole", "metadata": ["name": "web"]]
    let objects = Objects([role])
    #expect(objects.object(ObjectReference(kind: "ClusterRole", name: "web"), in: "a") == role)
    #expect(objects.within("a").all == [role])
  }

  @Test(
    arguments: [
      ("v1", true), ("apps/v1", true), ("networking.k8s.io/v1", true),
      ("extensions/v1beta1", true), ("gateway.networking.k8s.io/v1", false),
      ("snapshot.storage.k8s.io/v1", false), ("x-k8s.io/v1", false), ("cert-manager.io/v1", false),
    ])
  func kubernetesOwnKindsAreToldByTheirGroup(version: String, isOwn: Bool) {
    let object: JSON = ["apiVersion": .string(version), "kind": "X", "metadata": ["name": "x"]]
    #expect(object.isBuiltInKind == isOwn)
  }

  @Test(
    arguments: [
      ("Service", nil, "mqtt"), ("Service", "other", "other"), ("ClusterRole", nil, nil),
      ("ClusterRoleBinding", "x", nil), ("Namespace", nil, nil), ("StorageClass", nil, nil),
      ("Role", nil, "mqtt"),
    ] as [(String, String?, String?)])
  func objectsLiveInTheReleasesNamespaceUnlessTheyLiveInNone(
    kind: String, written: String?, namespace: String?
  ) {
    var metadata: [String: JSON] = ["name": "x"]
    metadata["namespace"] = written.map(JSON.string)
    let object: JSON = ["kind": .string(kind), "metadata": .object(metadata)]
    #expect(
      Objects([object]).references(defaultNamespace: "mqtt")
        == [ObjectReference(kind: kind, name: "x", namespace: namespace)])
  }
}
