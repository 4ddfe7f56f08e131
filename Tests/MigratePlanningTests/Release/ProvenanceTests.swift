import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct ProvenanceTests {
  /// `managedFields` as kube-apiserver writes them, one entry a manager.
  private func fields(
    _ entries: [(manager: String, time: String?, names: [String])], container: String = "backbone"
  ) -> [String: JSON] {
    let managed = entries.map { entry -> JSON in
      var members: [String: JSON] = [
        "manager": .string(entry.manager), "operation": "Update", "apiVersion": "apps/v1",
        "fieldsType": "FieldsV1",
        "fieldsV1": [
          "f:spec": [
            "f:template": [
              "f:spec": [
                "f:containers": [
                  "k:{\"name\":\"\(container)\"}": [
                    ".": [:], "f:name": [:],
                    "f:env": .object(
                      Dictionary(
                        uniqueKeysWithValues: entry.names.map { name -> (String, JSON) in
                          ("k:{\"name\":\"\(name)\"}", [".": [:], "f:name": [:], "f:value": [:]])
                        })),
                  ]
                ]
              ]
            ]
          ]
        ],
      ]
      members["time"] = entry.time.map(JSON.string)
      return .object(members)
    }
    return ["uid": "u", "generation": 1, "managedFields": .array(managed)]
  }

  private func provenance(_ name: String, _ release: SampleRelease) throws -> Provenance {
    try Planning.situation(release).provenance(of: name)
  }

  @Test func whatTheChartWroteComesFromTheManifest() throws {
    let release = SampleRelease(
      supplied: ["image": ["tag": "1"]], env: [.variable("K8S_ENABLED", "true")])
    #expect(try provenance("K8S_ENABLED", release) == .manifest)
  }

  @Test(
    arguments: [
      ["env": ["K8S_ENABLED": "true"]],
      ["env": [["name": "K8S_ENABLED", "value": "true"]]],
      ["broker": ["more": [["x": ["name": "K8S_ENABLED"]]]]],
    ] as [JSON])
  func whatTheValuesNameComesFromTheValues(supplied: JSON) throws {
    let release = SampleRelease(supplied: supplied, env: [.variable("K8S_ENABLED", "true")])
    #expect(try provenance("K8S_ENABLED", release) == .values)
  }

  @Test func theLastManagerButHelmSetALiveVariable() throws {
    let release = SampleRelease(
      env: [.variable("HTTP_PORT", "9000"), .variable("TZ", "UTC")],
      declaredEnv: [.variable("HTTP_PORT", "8883")],
      metadata: fields([
        ("kubectl-edit", "2026-02-01T00:00:00Z", ["HTTP_PORT"]),
        ("kubectl-set", "2026-01-01T00:00:00Z", ["HTTP_PORT", "TZ"]),
        ("helm", "2026-03-01T00:00:00Z", ["HTTP_PORT"]),
      ]))
    #expect(try provenance("HTTP_PORT", release) == .live(manager: "kubectl-edit"))
    #expect(try provenance("TZ", release) == .live(manager: "kubectl-set"))
  }

  @Test func helmItselfIsNobodyWhoSetByHand() throws {
    let release = SampleRelease(
      env: [.variable("TZ", "UTC")], declaredEnv: [],
      metadata: fields([("helm", "2026-03-01T00:00:00Z", ["TZ"])]))
    #expect(try provenance("TZ", release) == .live(manager: nil))
  }

  @Test func aValueThatWasChangedLiveIsLiveAlthoughTheValuesNameIt() throws {
    let release = SampleRelease(
      supplied: ["env": ["TZ": "UTC"]], env: [.variable("TZ", "Europe/Vienna")],
      declaredEnv: [.variable("TZ", "UTC")],
      metadata: fields([("kubectl-patch", nil, ["TZ"])]))
    #expect(try provenance("TZ", release) == .live(manager: "kubectl-patch"))
  }

  @Test func withoutManagedFieldsNobodyIsNamed() throws {
    let release = SampleRelease(env: [.variable("TZ", "UTC")], declaredEnv: [])
    #expect(try provenance("TZ", release) == .live(manager: nil))
  }

  @Test func fieldsOfAnotherContainerOrVariableDoNotCount() throws {
    let other = SampleRelease(
      env: [.variable("TZ", "UTC")], declaredEnv: [],
      metadata: fields([("kubectl-set", nil, ["TZ"])], container: "sidecar"))
    #expect(try provenance("TZ", other) == .live(manager: nil))
    let variable = SampleRelease(
      env: [.variable("TZ", "UTC")], declaredEnv: [],
      metadata: fields([("kubectl-set", nil, ["TZ2"])]))
    #expect(try provenance("TZ", variable) == .live(manager: nil))
  }

  @Test func theLastOfSeveralEntriesIsCompared() throws {
    let release = SampleRelease(
      env: [.variable("A", "1"), .variable("A", "2")],
      declaredEnv: [.variable("A", "2"), .variable("A", "1")])
    #expect(try provenance("A", release) == .live(manager: nil))
  }

  @Test func aSourceOfTheManifestIsTheManifests() throws {
    let source = EnvironmentSource.Identity(kind: .secret, name: "s")
    let release = SampleRelease(
      envFrom: [["secretRef": ["name": "s"]]], sourceKeys: [source: .keys(["TOKEN"])])
    #expect(try provenance("TOKEN", release) == .manifest)
  }

  @Test func provenanceIsNamedInTheContract() {
    #expect(Provenance.values.name == "values")
    #expect(Provenance.manifest.name == "manifest")
    #expect(Provenance.live(manager: "kubectl-set").name == "live")
    #expect(Provenance.live(manager: "kubectl-set").manager == "kubectl-set")
    #expect(Provenance.values.manager == nil)
  }
}
