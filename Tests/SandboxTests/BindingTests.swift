import MigratePlanning
import Testing

@Suite("What hangs on the ServiceAccount")
struct BindingTests {
  private static let role = "eks.amazonaws.com/role-arn"
  /// Ways to another ServiceAccount, and its name.
  static let renamings = [
    ["--adopt", "serviceAccount.name", "default"],
    ["--adopt", "service-account-renamed", "default"],
    ["--set", "serviceAccount.name=web-broker", "web-broker"],
  ]

  @Test(
    "its annotations do not come over to another one", arguments: HelmVersion.only(.helm4),
    renamings)
  func annotationsLost(helm: HelmVersion, renaming: [String]) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installAnnotated(Self.role)
      let options = Array(renaming[..<2])
      let (outcome, plan) = try await bench.planned("web", options)
      let finding = try #require(plan.finding("service-account-annotations-lost"))
      #expect(finding.severity == "breaking")
      #expect(finding.isOpen)
      #expect(finding.message.contains(Self.role))
      #expect(finding.message.contains("\"\(renaming[2])\""))
      #expect(!finding.message.contains("kubectl.kubernetes.io"))
      #expect(outcome.status != 0)

      let code = "service-account-annotations-lost"
      let accepted = try await bench.planned("web", options + ["--adopt", code]).plan
      #expect(accepted.finding(code)?.acceptedBy == "--adopt \(code)")
      #expect(accepted.finding(code)?.isResolved == false)
    }
  }

  @Test(
    "its annotations come along to one that the chart makes", arguments: HelmVersion.only(.helm3))
  func annotationsComeAlong(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installAnnotated(Self.role)
      let plan = try await bench.plan(
        "web", "--set", "serviceAccount.name=web-broker", "--adopt", "serviceAccount.create")
      #expect(plan.finding("service-account-annotations-lost")?.isResolved == true)
      #expect(plan.value("serviceAccount", "annotations", Self.role) != nil)
    }
  }

  @Test("its annotations matter to nobody when it stays", arguments: HelmVersion.only(.helm4))
  func annotationsStay(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installAnnotated(Self.role)
      let plan = try await bench.plan("web")
      #expect(plan.findings("service-account-annotations-lost").isEmpty)

      let annotated = try await bench.plan(
        "web", "--set", "serviceAccount.name=web-broker", "--set", "serviceAccount.create=true",
        "--set", "serviceAccount.annotations={\(Self.role): 'arn:aws:iam::1:role/web'}")
      #expect(annotated.findings("service-account-annotations-lost").isEmpty)
      try await bench.follow(annotated)
      let account = try await bench.live("serviceaccount", "web-broker")
      #expect(account["metadata"]?["annotations"]?[Self.role] == "arn:aws:iam::1:role/web")
    }
  }

  @Test(
    "roles that are bound to it stay behind", arguments: HelmVersion.only(.helm3), renamings)
  func bindingsStayBehind(helm: HelmVersion, renaming: [String]) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.bind(["web"])
      let plan = try await bench.planned("web", Array(renaming[..<2])).plan
      let findings = plan.findings("role-binding-left-behind")
      #expect(findings.allSatisfy { $0.isOpen && $0.severity == "breaking" })
      #expect(findings.allSatisfy { $0.message.contains("\"\(renaming[2])\"") })
      #expect(findings.count { $0.message.hasPrefix("RoleBinding/") } == 1)
      #expect(findings.count { $0.message.hasPrefix("ClusterRoleBinding/") } == 1)

      // Nobody asks for bindings where the account stays.
      #expect(try await bench.plan("web").findings("role-binding-left-behind").isEmpty)
    }
  }

  @Test(
    "roles that are bound to both, or to its namesakes, do not", arguments: HelmVersion.only(.helm4)
  )
  func bindingsOfBoth(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.bind(["web", "web-broker"])
      try await bench.create([
        bench.binding(
          "RoleBinding", named: "namesakes",
          subjects: [
            ["kind": "ServiceAccount", "name": "web", "namespace": "elsewhere"],
            ["apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "web"],
          ])
      ])
      let plan = try await bench.plan("web", "--set", "serviceAccount.name=web-broker")
      #expect(plan.findings("role-binding-left-behind").isEmpty)
      #expect(plan.unchecked["role-binding-left-behind"] == nil)
    }
  }

  @Test("bindings that may not be read are not judged", arguments: HelmVersion.only(.helm3))
  func bindingsHidden(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.bind(["web"])
      let limited = try await bench.limited(to: [
        Rule(groups: [""], resources: ["secrets"], verbs: ["get", "list"]),
        Rule(groups: [""], resources: ["services", "serviceaccounts"], verbs: ["*"]),
        Rule(groups: ["apps"], resources: ["deployments"], verbs: ["*"]),
      ])
      let (outcome, plan) = try await limited.planned(
        "web", ["--set", "serviceAccount.name=web-broker"])
      #expect(plan.findings("role-binding-left-behind").isEmpty)
      #expect(plan.unchecked["role-binding-left-behind"]?.contains("forbidden") == true)
      // The server is asked about the rest.
      #expect(plan.unchecked["server-rejects"] == nil)
      #expect(plan.unchecked["object-unowned"] == nil)
      #expect(outcome.status != 0)
      #expect(try await limited.plan("web").unchecked["role-binding-left-behind"] == nil)
    }
  }
}

extension Workbench {
  /// Installs release `web` with a hand-made ServiceAccount that an annotation grants something.
  fileprivate func installAnnotated(_ annotation: String) async throws {
    try await installReady(.appLabel)
    _ = try await kubectl(
      "annotate", "serviceaccount", "web", "\(annotation)=arn:aws:iam::1:role/web",
      "kubectl.kubernetes.io/last-applied-configuration={}")
  }

  /// Binds roles to ServiceAccounts of the namespace, in it and in the whole cluster.
  fileprivate func bind(_ accounts: [String]) async throws {
    let subjects = accounts.map { account -> JSON in
      ["kind": "ServiceAccount", "name": .string(account), "namespace": .string(namespace)]
    }
    try await create([binding("RoleBinding", named: "by-hand", subjects: subjects)])
    try await createForCluster(
      binding("ClusterRoleBinding", named: namespace, subjects: subjects))
  }

  fileprivate func binding(_ kind: String, named name: String, subjects: [JSON]) -> JSON {
    [
      "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind),
      "metadata": ["name": .string(name)], "subjects": .array(subjects),
      "roleRef": [
        "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view",
      ],
    ]
  }

  /// Makes an object outside of any namespace that goes when the test's namespace does.
  func createForCluster(_ object: JSON) async throws {
    let owner: JSON = [
      "apiVersion": "v1", "kind": "Namespace", "name": .string(namespace),
      "uid": try await live("namespace", namespace)["metadata"]?["uid"] ?? .null,
    ]
    var members = object.members
    var metadata = object["metadata"]?.members ?? [:]
    metadata["ownerReferences"] = [owner]
    members["metadata"] = .object(metadata)
    try await create([.object(members)])
  }
}
