import MigratePlanning
import Testing

@testable import PlanSamples

/// As whom the broker runs, and what that means.
@Suite struct SecurityFindingTests {
  private static func volume(_ source: JSON) -> (inout FindingCase) -> Void {
    { finding in
      finding.release.container["volumeMounts"] = [["name": "data", "mountPath": "/data"]]
      finding.release.pod["volumes"] = [
        source.replacing(["name"], with: "data")
      ]
    }
  }

  private static func namespace(_ level: String?) -> JSON {
    [
      "kind": "Namespace",
      "metadata": [
        "name": "mqtt",
        "labels": level.map { ["pod-security.kubernetes.io/enforce": .string($0)] } ?? [:],
      ],
    ]
  }

  /// A role for a ServiceAccount.
  private static func binding(to account: String, _ kind: String) -> [JSON] {
    let rules: JSON = [
      ["apiGroups": [""], "resources": ["pods", "configmaps"], "verbs": ["get", "list"]]
    ]
    let role: JSON = [
      "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind),
      "metadata": ["name": "web"], "rules": rules,
    ]
    let binding: JSON = [
      "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string("\(kind)Binding"),
      "metadata": ["name": "web"], "roleRef": ["kind": .string(kind), "name": "web"],
      "subjects": [
        ["kind": "ServiceAccount", "name": .string(account), "namespace": "mqtt"],
        ["kind": "User", "name": "web"],
      ],
    ]
    return [role, binding]
  }

  static func cases() throws -> [FindingCase] {
    try users() + writing() + [
      .due(
        .permissionsAdded, "by a Role of the chart's", .warning,
        "ServiceAccount \"web\" gets Role \"web\": get, list of pods, configmaps"
      ) {
        $0.chart.moreObjects = binding(to: "web", "Role")
      },
      .due(.permissionsAdded, "in every namespace", .warning, "configmaps in the whole cluster") {
        $0.chart.moreObjects = binding(to: "web", "ClusterRole")
      },
      .nearMiss(.permissionsAdded, "it has them already") {
        $0.chart.moreObjects = binding(to: "web", "Role")
        $0.release.moreObjects = binding(to: "web", "Role")
      },
      .nearMiss(.permissionsAdded, "somebody else gets them") {
        $0.chart.moreObjects = binding(to: "cleaner", "Role")
      },
      .due(.privilegedPort, "adopted with a low port", .breaking, "\"http\" has port 80") {
        $0.release.env = [.variable("API_ENABLED", "true"), .variable("HTTP_PORT", "80")]
        $0.choices.adopt = ["runs-as-non-root"]
      },
      .nearMiss(.privilegedPort, "the listener is off") {
        $0.release.env = [.variable("HTTP_PORT", "80")]
        $0.choices.adopt = ["runs-as-non-root"]
      },
      .nearMiss(.privilegedPort, "as it was") {
        $0.release.env = [.variable("API_ENABLED", "true"), .variable("HTTP_PORT", "80")]
      },
      .nearMiss(.privilegedPort, "it did so as another user before") {
        $0.release.env = [.variable("API_ENABLED", "true"), .variable("HTTP_PORT", "80")]
        $0.release.pod["securityContext"] = ["runAsUser": 33]
      },
      .nearMiss(.privilegedPort, "the Pod allows it to everybody") {
        $0.release.env = [.variable("TCP_ENABLED", "true"), .variable("TCP_PORT", "883")]
        $0.choices.adopt = ["runs-as-non-root"]
        $0.choices.set = [
          try ValuePath("podSecurityContext"): [
            "sysctls": [["name": "net.ipv4.ip_unprivileged_port_start", "value": "0"]]
          ]
        ]
      },
      .due(.capabilitiesDropped, "set by hand", .breaking, "is kept") {
        $0.release.container["securityContext"] = ["capabilities": ["add": ["NET_ADMIN"]]]
        $0.isResolved = true
      },
      .due(.capabilitiesDropped, "adopted", .breaking, "to not set") {
        $0.release.container["securityContext"] = ["capabilities": ["add": ["NET_ADMIN"]]]
        $0.choices.adopt = ["securityContext"]
        $0.acceptedBy = "--adopt securityContext"
      },
      .nearMiss(.capabilitiesDropped, "what Kubernetes does anyway") {
        $0.release.container["securityContext"] = [
          "privileged": false, "readOnlyRootFilesystem": false,
        ]
      },
      .due(
        .podSecurityLevel, "restricted", .breaking,
        "lets in Pods of level restricted only, and the new ones break it"
      ) {
        $0.release.related = [namespace("restricted")]
      },
      .due(.podSecurityLevel, "a folder of the node", .breaking, "hostPath volumes") {
        volume(["hostPath": ["path": "/srv"]])(&$0)
        $0.release.related = [namespace("baseline")]
      },
      .due(
        .noWayBack, "a level that came later", .breaking,
        "lets in Pods of level restricted only, and those of now break it"
      ) {
        $0.release.related = [namespace("restricted")]
      },
      .nearMiss(.noWayBack, "a level that the Pods keep") {
        $0.release.related = [namespace("baseline")]
      },
      .nearMiss(.podSecurityLevel, "baseline") { $0.release.related = [namespace("baseline")] },
      .nearMiss(.podSecurityLevel, "no level") {
        $0.release.related = [namespace(nil), namespace("privileged")]
      },
      .nearMiss(.podSecurityLevel, "restricted, and it keeps it") {
        $0.release.related = [namespace("restricted")]
        $0.release.pod["securityContext"] = [
          "runAsNonRoot": true, "seccompProfile": ["type": "RuntimeDefault"],
        ]
        $0.release.container["securityContext"] = [
          "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
        ]
      },
    ]
  }

  private static func users() throws -> [FindingCase] {
    try [
      .due(.runsAsNonRoot, "nothing set", .breaking, "the image's user is kept") {
        $0.isResolved = true
      },
      .due(.runsAsNonRoot, "adopted", .breaking, "where it ran as the image's user") {
        $0.choices.adopt = ["runs-as-non-root"]
        $0.acceptedBy = "--adopt runs-as-non-root"
      },
      .due(.runsAsNonRoot, "set at the container", .breaking, #"{"runAsUser":7} is kept"#) {
        $0.release.container["securityContext"] = ["runAsUser": 7]
        $0.isResolved = true
      },
      .due(.runsAsNonRoot, "a chart without the values", .breaking, "where it ran as") {
        $0.release.pod["securityContext"] = ["runAsUser": 7]
        $0.chart = .bare
      },
      .nearMiss(.runsAsNonRoot, "the chart's own") {
        $0.release.pod["securityContext"] = [
          "runAsNonRoot": true, "runAsUser": 1000, "fsGroup": 1000,
        ]
      },
    ]
  }

  private static func writing() throws -> [FindingCase] {
    try [
      .due(.volumeNotWritable, "a folder of the node", .breaking, "the hostPath at /data") {
        volume(["hostPath": ["path": "/srv"]])(&$0)
        $0.choices.adopt = ["runs-as-non-root"]
      },
      .due(
        .volumeNotWritable, "nothing mounted", .warning, "user 1000 writes to /data in the image"
      ) {
        $0.choices.adopt = ["runs-as-non-root"]
      },
      .due(.volumeNotWritable, "a read-only root", .breaking, "becomes read-only") {
        $0.choices.set = [
          try ValuePath("containerSecurityContext"): ["readOnlyRootFilesystem": true]
        ]
      },
      .due(.volumeNotWritable, "said to be all right", .breaking, "the nfs at /data") {
        volume(["nfs": ["server": "files", "path": "/"]])(&$0)
        $0.choices.adopt = ["runs-as-non-root", "volume-not-writable"]
        $0.acceptedBy = "--adopt volume-not-writable"
      },
      .due(.volumeNotWritable, "a new claim without a group", .breaking, "at /data") {
        $0.release.pod["securityContext"] = ["runAsUser": 999, "runAsNonRoot": true]
        $0.choices.set = [try ValuePath("persistence.enabled"): true]
      },
      .nearMiss(.volumeNotWritable, "a new claim with a group") {
        $0.release.pod["securityContext"] = ["runAsUser": 999, "fsGroup": 999]
        $0.choices.set = [try ValuePath("persistence.enabled"): true]
      },
      .nearMiss(.volumeNotWritable, "a new claim for root") {
        $0.choices.set = [try ValuePath("persistence.enabled"): true]
      },
      .nearMiss(.volumeNotWritable, "a claim, which Kubernetes hands over") {
        volume(["persistentVolumeClaim": ["claimName": "store"]])(&$0)
        $0.choices.adopt = ["runs-as-non-root"]
      },
      .nearMiss(.volumeNotWritable, "the user stays") {
        volume(["hostPath": ["path": "/srv"]])(&$0)
      },
    ]
  }

  @Test(arguments: try cases())
  func findingsAreMadeWhereTheyAreDue(_ finding: FindingCase) async throws {
    try await finding.check()
  }

  @Test func noSecurityContextStaysNone() async throws {
    let plan = try await Planning.plan(SampleRelease())
    #expect(
      try plan.value("securityContext") == [
        "fsGroup": .null, "readOnlyRootFilesystem": .null, "runAsNonRoot": .null,
        "runAsUser": .null,
      ])
    #expect(plan.comparison.target.podSpec["securityContext"] == [:])
    #expect(plan.verdict == .ready)
  }
}
