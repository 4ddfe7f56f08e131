import MigratePlanning
import Testing

/// Which webhooks and policies may have changed an object.
@Suite struct MutatorsTests {
  private static let deployment: JSON = [
    "apiVersion": "apps/v1", "kind": "Deployment",
    "metadata": ["name": "web", "labels": ["app": "web"]],
  ]
  private static let namespace: JSON = [
    "kind": "Namespace", "metadata": ["name": "mqtt", "labels": ["team": "edge"]],
  ]

  private static func rule(_ group: JSON, _ resource: JSON) -> JSON {
    ["apiGroups": [group], "resources": [resource]]
  }

  private static let cases: [(webhook: JSON, looks: Bool)] = [
    (["rules": [rule("apps", "deployments")]], true),
    (["rules": [rule("*", "*")]], true),
    (["rules": [rule("", "services"), rule("apps", "deployments")]], true),
    (["rules": [rule("", "pods")]], false),
    (["rules": [rule("batch", "deployments")]], false),
    (["rules": [rule("*", "*")], "namespaceSelector": ["matchLabels": ["team": "edge"]]], true),
    (["rules": [rule("*", "*")], "namespaceSelector": ["matchLabels": ["team": "core"]]], false),
    (["rules": [rule("*", "*")], "objectSelector": ["matchLabels": ["app": "other"]]], false),
    (
      [
        "rules": [rule("*", "*")],
        "namespaceSelector": [
          "matchExpressions": [["key": "team", "operator": "NotIn", "values": ["edge"]]]
        ],
      ], false
    ),
    (
      [
        "rules": [rule("*", "*")],
        "objectSelector": ["matchExpressions": [["key": "skip", "operator": "DoesNotExist"]]],
      ], true
    ),
    (
      [
        "rules": [rule("*", "*")],
        "objectSelector": [
          "matchExpressions": [
            ["key": "app", "operator": "In", "values": ["web"]],
            ["key": "app", "operator": "Exists"],
          ]
        ],
      ], true
    ),
  ]

  @Test(arguments: cases.indices)
  func aWebhookLooksAtWhatItsRulesAndSelectorsName(row: Int) {
    let (webhook, looks) = Self.cases[row]
    #expect(
      Mutators.looks(["webhooks": [webhook]], at: Self.deployment, in: Self.namespace) == looks)
  }

  @Test func aPolicyDoesSoByItsConstraints() {
    let policy: JSON = [
      "spec": ["matchConstraints": ["resourceRules": [Self.rule("apps", "deployments")]]]
    ]
    #expect(Mutators.looks(policy, at: Self.deployment, in: nil))
    #expect(!Mutators.looks(policy, at: ["kind": "Service", "apiVersion": "v1"], in: nil))
  }
}
