import MigratePlanning
import Testing

@Suite struct ManagedFieldsTests {
  private static func entry(_ manager: String, _ fields: JSON, subresource: String? = nil) -> JSON {
    var members: [String: JSON] = ["manager": .string(manager), "fieldsV1": fields]
    members["subresource"] = subresource.map(JSON.string)
    return .object(members)
  }

  private static let template: JSON = ["f:spec": ["f:template": ["f:spec": ["f:containers": [:]]]]]
  private static let helm = entry("helm", template)
  private static let status = entry(
    "kube-controller-manager", ["f:status": ["f:replicas": [:]]], subresource: "status")

  /// A record, and what is left of it for one of ours after which helm has the Pod template.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let entry: JSON
    let cleaned: JSON?
    /// What is left when hand tools keep what is theirs.
    let kept: JSON?
  }

  static let cases = [
    Case(testDescription: "helm's", entry: helm, cleaned: helm, kept: helm),
    Case(
      testDescription: "ours", entry: entry("backbone-migrate", template), cleaned: nil, kept: nil),
    Case(
      testDescription: "a record begun anew", entry: entry("before-first-apply", template),
      cleaned: nil, kept: nil),
    Case(
      testDescription: "a hand tool's of the template", entry: entry("kubectl-set", template),
      cleaned: nil, kept: entry("kubectl-set", template)),
    Case(
      testDescription: "a hand tool's of more than that",
      entry: entry(
        "kubectl-edit", ["f:spec": ["f:template": [:], "f:replicas": [:]], "f:metadata": [:]]),
      cleaned: entry("kubectl-edit", ["f:spec": ["f:replicas": [:]], "f:metadata": [:]]),
      kept: entry(
        "kubectl-edit", ["f:spec": ["f:template": [:], "f:replicas": [:]], "f:metadata": [:]])),
    Case(
      testDescription: "a hand tool's of labels",
      entry: entry("kubectl-label", ["f:metadata": ["f:labels": [:]]]),
      cleaned: entry("kubectl-label", ["f:metadata": ["f:labels": [:]]]),
      kept: entry("kubectl-label", ["f:metadata": ["f:labels": [:]]])),
    Case(
      testDescription: "a status", entry: entry("someone", template, subresource: "status"),
      cleaned: entry("someone", template, subresource: "status"),
      kept: entry("someone", template, subresource: "status")),
    Case(
      testDescription: "the controller's", entry: entry("kube-controller-manager", template),
      cleaned: entry("kube-controller-manager", template),
      kept: entry("kube-controller-manager", template)),
  ]

  @Test func helmCanBeWithoutTheTemplate() {
    let replicas = Self.entry(
      "helm", ["f:spec": ["f:replicas": [:], "f:template": ["f:spec": [:]]]])
    #expect(
      ManagedFields.withoutHelmsTemplate(Self.object([replicas, Self.helm, Self.status]))
        == [
          Self.entry("helm", ["f:spec": ["f:replicas": [:]]]), Self.entry("helm", ["f:spec": [:]]),
          Self.status,
        ])
    #expect(ManagedFields.withoutHelmsTemplate(Self.object([Self.status])) == nil)
    #expect(ManagedFields.withoutHelmsTemplate([:]) == nil)
  }

  @Test func handsCanBeTakenOffTheSpec() {
    let edited = Self.entry(
      "kubectl-edit",
      ["f:metadata": ["f:labels": [:]], "f:spec": ["f:minReadySeconds": [:], "f:template": [:]]])
    let scaled = Self.entry("kubectl", ["f:spec": ["f:replicas": [:]]], subresource: "scale")
    #expect(
      ManagedFields.withoutHandsOnSpec(Self.object([Self.helm, edited, scaled, Self.status]))
        == [
          Self.helm,
          Self.entry(
            "kubectl-edit", ["f:metadata": ["f:labels": [:]], "f:spec": ["f:template": [:]]]),
          Self.status,
        ])
    #expect(ManagedFields.withoutHandsOnSpec(Self.object([Self.helm, Self.status])) == nil)
  }

  @Test func whatAManagerWroteIsThePartThatItsRecordNames() {
    let object: JSON = [
      "apiVersion": "v1", "kind": "Service",
      "metadata": [
        "name": "web", "namespace": "mqtt", "labels": ["app": "web", "by-hand": "yes"],
        "finalizers": ["a", "b"],
        "managedFields": [
          Self.entry(
            "argocd-controller",
            [
              "f:metadata": [
                "f:labels": [".": [:], "f:app": [:]], "f:finalizers": ["v:\"a\"": [:]],
              ],
              "f:spec": [
                "f:selector": [:],
                "f:ports": [
                  "k:{\"port\":80,\"protocol\":\"TCP\"}": [
                    ".": [:], "f:port": [:], "f:protocol": [:],
                  ]
                ],
              ],
            ]),
          Self.entry("kubectl-edit", ["f:spec": ["f:type": [:]]]),
          Self.entry(
            "argocd-controller", ["f:status": ["f:loadBalancer": [:]]], subresource: "status"),
        ],
      ],
      "spec": [
        "type": "NodePort", "selector": ["app": "web"],
        "ports": [
          ["port": 80, "protocol": "TCP", "nodePort": 30080], ["port": 81, "protocol": "TCP"],
        ],
      ],
      "status": ["loadBalancer": [:]],
    ]
    #expect(
      ManagedFields.written(object, by: "argocd-controller") == [
        "apiVersion": "v1", "kind": "Service",
        "metadata": [
          "name": "web", "namespace": "mqtt", "labels": ["app": "web"], "finalizers": ["a"],
        ],
        "spec": ["selector": ["app": "web"], "ports": [["port": 80, "protocol": "TCP"]]],
      ])
  }

  @Test(arguments: cases)
  func whatIsLeft(sample: Case) {
    let object: JSON = ["metadata": ["managedFields": [Self.helm, sample.entry]]]
    func cleaned(_ cleansHandTools: Bool) -> [JSON]? {
      ManagedFields.cleaned(object, of: "backbone-migrate", cleansHandTools: cleansHandTools)
    }
    #expect(cleaned(true) == [Self.helm] + [sample.cleaned].compactMap { $0 })
    #expect(cleaned(false) == [Self.helm] + [sample.kept].compactMap { $0 })
  }

  @Test func withoutARecordThereIsNothingToClean() {
    #expect(
      ManagedFields.cleaned(["metadata": [:]], of: "backbone-migrate", cleansHandTools: true)
        == nil)
  }

  private static func object(_ managers: [JSON]) -> JSON {
    ["metadata": ["managedFields": .array(managers)]]
  }

  @Test func helmGetsWhatPeoplesToolsHave() {
    let helm: JSON = ["manager": "helm", "operation": "Apply"]
    let controller: JSON = ["manager": "cloud-controller-manager"]
    let status: JSON = ["manager": "kubectl-patch", "subresource": "status"]
    #expect(
      ManagedFields.withoutHandTools(
        Self.object([
          ["manager": "kubectl-patch"], helm, controller, status, ["manager": "kubectl"],
          ["manager": "backbone-migrate"],
        ])) == [helm, controller, status])
    #expect(ManagedFields.withoutHandTools(Self.object([helm, controller])) == nil)
    // An empty list would mean something else to Kubernetes.
    #expect(ManagedFields.withoutHandTools(Self.object([["manager": "kubectl-edit"]])) == nil)
    #expect(ManagedFields.withoutHandTools([:]) == nil)
  }
}
