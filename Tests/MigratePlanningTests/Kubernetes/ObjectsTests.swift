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
