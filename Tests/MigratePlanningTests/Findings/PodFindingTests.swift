import MigratePlanning
import Testing

@testable import PlanSamples

/// Health, scheduling, and what else is said of Pods; and the volumes.
@Suite struct PodFindingTests {
  private static let api: [JSON] = [.variable("API_ENABLED", "true")]

  private static func claim(_ modes: JSON) -> JSON {
    [
      "kind": "PersistentVolumeClaim", "metadata": ["name": "store"],
      "spec": ["accessModes": modes],
    ]
  }

  private static func mounts(_ source: JSON) -> (inout FindingCase) -> Void {
    { finding in
      finding.release.container["volumeMounts"] = [["name": "data", "mountPath": "/data"]]
      finding.release.pod["volumes"] = [source.replacing(["name"], with: "data")]
    }
  }

  private static let store: JSON = ["persistentVolumeClaim": ["claimName": "store"]]

  private static func storageClass(_ name: String, isDefault: Bool) -> JSON {
    [
      "kind": "StorageClass",
      "metadata": [
        "name": .string(name),
        "annotations": [
          "storageclass.kubernetes.io/is-default-class": .string(isDefault ? "true" : "false")
        ],
      ],
    ]
  }

  static func cases() throws -> [FindingCase] {
    try health() + scheduling() + pods() + storage()
  }

  private static func health() throws -> [FindingCase] {
    try [
      .due(.probeIntroduced, "none before", .breaking, "it is checked as it is now") {
        $0.release.env = api
        $0.isResolved = true
      },
      .due(.probeIntroduced, "adopted", .breaking, "a liveness probe begins") {
        $0.release.env = api
        $0.choices.adopt = ["probe-introduced"]
        $0.acceptedBy = "--adopt probe-introduced"
        $0.count = 2
      },
      .due(.probeIntroduced, "one of somebody's own", .breaking, "livenessProbe.custom") {
        $0.release.env = api
        $0.release.container["livenessProbe"] = ["exec": ["command": ["true"]]]
        $0.isResolved = true
      },
      .due(.probeIntroduced, "a slow start", .breaking, "took 90 s to start") {
        $0.release.env = api
        $0.choices.adopt = ["livenessProbe.enabled"]
        $0.answers.startUpSeconds = 90
        $0.count = 3
      },
      .due(.probeIntroduced, "a chart without the values", .breaking, "the readiness probe goes") {
        $0.release.container["readinessProbe"] = ["tcpSocket": ["port": 1883]]
        $0.chart = .bare
      },
      .nearMiss(.probeIntroduced, "no listener is on"),
      .due(.probeIntroduced, "the same by a number", .breaking, "it is checked as it is now") {
        $0.isResolved = true
        $0.release.env = api
        for probe in ["livenessProbe", "readinessProbe"] {
          $0.release.container[probe] = [
            "httpGet": ["path": "/health", "port": 8883, "scheme": "HTTP"], "timeoutSeconds": 1,
            "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3,
          ]
        }
      },
      .due(
        .probeWithoutEndpoint, "what is off", .blocker, "where listener \"http\" is switched off"
      ) {
        $0.choices.set = [
          try ValuePath("livenessProbe.custom"): ["httpGet": ["path": "/", "port": "http"]]
        ]
      },
      .due(.probeWithoutEndpoint, "/health without the API", .blocker, "asks for /health") {
        $0.release.env = [.variable("WS_ENABLED", "true")]
        $0.choices.set = [
          try ValuePath("readinessProbe.custom"): ["httpGet": ["path": "/health", "port": 8883]]
        ]
      },
      .due(.probeWithoutEndpoint, "no such port", .blocker, "calls port \"metrics\"") {
        $0.choices.set = [
          try ValuePath("livenessProbe.custom"): ["tcpSocket": ["port": "metrics"]]
        ]
      },
      .due(.probeWithoutEndpoint, "as it was", .warning, "as it does now") {
        $0.release.container["readinessProbe"] = ["tcpSocket": ["port": 1883]]
      },
      .nearMiss(.probeWithoutEndpoint, "what is on") {
        $0.release.env = api
        $0.choices.adopt = ["probe-introduced"]
      },
      .nearMiss(.probeWithoutEndpoint, "a port of its own") {
        $0.choices.set = [try ValuePath("livenessProbe.custom"): ["tcpSocket": ["port": 9100]]]
      },
    ]
  }

  private static func scheduling() throws -> [FindingCase] {
    try [
      .due(.replicasChanged, "scaled by hand", .breaking, "3 is kept") {
        $0.release.spec["replicas"] = 3
        $0.isResolved = true
      },
      .due(.replicasChanged, "adopted", .breaking, "from 3 to 1") {
        $0.release.spec["replicas"] = 3
        $0.choices.adopt = ["replicaCount"]
        $0.acceptedBy = "--adopt replicaCount"
      },
      .nearMiss(.replicasChanged, "one"),
      .due(.replicasChanged, "scaled to the default", .info, "helm rollback alone would undo it") {
        $0.release.declaredSpec["replicas"] = 1
        $0.release.spec["replicas"] = 2
        $0.chart.otherDefaults = ["replicaCount": 2]
        $0.isResolved = true
      },
      .nearMiss(.replicasChanged, "the default, and the old chart's") {
        $0.release.spec["replicas"] = 2
        $0.chart.otherDefaults = ["replicaCount": 2]
      },
      .due(.schedulingLost, "by hand", .breaking, "kept: nodeSelector, tolerations") {
        $0.release.pod["nodeSelector"] = ["disk": "ssd"]
        $0.release.pod["tolerations"] = [["key": "mqtt", "operator": "Exists"]]
        $0.isResolved = true
      },
      .due(.schedulingLost, "a chart without the values", .breaking, "priorityClassName changes") {
        $0.release.pod["priorityClassName"] = "high"
        $0.chart = .bare
      },
      .due(
        .schedulingLost, "an autoscaler of the old name", .breaking, "HorizontalPodAutoscaler/web"
      ) {
        $0.choices.adopt = ["fullnameOverride"]
        $0.answers.neighbours = Objects([
          [
            "kind": "HorizontalPodAutoscaler", "metadata": ["name": "web"],
            "spec": ["scaleTargetRef": ["kind": "Deployment", "name": "web"]],
          ]
        ])
      },
      .due(.schedulingLost, "a budget of the old labels", .breaking, "PodDisruptionBudget/web") {
        $0.choices.adopt = ["selectorLabels"]
        $0.answers.neighbours = Objects([
          [
            "kind": "PodDisruptionBudget", "metadata": ["name": "web"],
            "spec": ["selector": ["matchLabels": ["app": "web"]]],
          ]
        ])
      },
      .nearMiss(.schedulingLost, "written out empty") {
        $0.release.pod["nodeSelector"] = [:]
        $0.release.pod["schedulerName"] = "default-scheduler"
        $0.release.pod["priorityClassName"] = ""
      },
      .nearMiss(.schedulingLost, "what goes by what stays") {
        $0.answers.neighbours = Objects([
          [
            "kind": "HorizontalPodAutoscaler", "metadata": ["name": "web"],
            "spec": ["scaleTargetRef": ["kind": "Deployment", "name": "web"]],
          ],
          [
            "kind": "PodDisruptionBudget", "metadata": ["name": "web"],
            "spec": ["selector": ["matchLabels": ["app": "web"]]],
          ],
        ])
      },
      .due(.resourcesLost, "by hand", .breaking, "are kept") {
        $0.release.container["resources"] = ["limits": ["memory": "256Mi"]]
        $0.isResolved = true
      },
      .nearMiss(.resourcesLost, "written out empty") { $0.release.container["resources"] = [:] },
      .due(.imagePullSecretsLost, "by hand", .breaking, "are kept") {
        $0.release.pod["imagePullSecrets"] = [["name": "registry"]]
        $0.isResolved = true
      },
      .nearMiss(.imagePullSecretsLost, "none"),
      .due(.strategyChanged, "the time of a rollout", .breaking, "progressDeadlineSeconds") {
        $0.release.spec["progressDeadlineSeconds"] = 60
      },
      .due(.brokersOverlap, "a claim that two may have", .warning, "have /data open") {
        mounts(store)(&$0)
        $0.release.related = [claim(["ReadWriteMany"])]
      },
      .nearMiss(.brokersOverlap, "one after the other") {
        mounts(store)(&$0)
        $0.release.spec["strategy"] = ["type": "Recreate"]
      },
      .nearMiss(.brokersOverlap, "nothing in common") { mounts(["emptyDir": [:]])(&$0) },
    ]
  }

  private static func pods() throws -> [FindingCase] {
    try [
      .due(.containerLost, "a sidecar", .breaking, "kept: extraContainers") {
        $0.release.moreContainers = [["name": "proxy", "image": "proxy:1"]]
        $0.isResolved = true
      },
      .due(.containerLost, "an init container", .breaking, "initContainers changes") {
        $0.release.pod["initContainers"] = [["name": "prepare", "image": "prepare:1"]]
      },
      .due(.containerLost, "an init container that may go", .breaking, "initContainers changes") {
        $0.release.pod["initContainers"] = [["name": "prepare", "image": "prepare:1"]]
        $0.choices.adopt = ["container-lost"]
        $0.acceptedBy = "--adopt container-lost"
      },
      .due(.containerLost, "arguments", .breaking, "kept: command, args") {
        $0.release.container["command"] = ["/bin/broker"]
        $0.release.container["args"] = ["--token=hunter2"]
        $0.isResolved = true
      },
      .nearMiss(.containerLost, "nothing of the sort") { $0.release.container["args"] = [] },
      .due(
        .podSettingsLost, "annotations and aliases", .breaking, "kept: podAnnotations, hostAliases"
      ) {
        $0.release.template["annotations"] = ["scrape": "true"]
        $0.release.pod["hostAliases"] = [["ip": "10.0.0.1", "hostnames": ["db"]]]
        $0.isResolved = true
      },
      .due(.podSettingsLost, "no chart has it", .breaking, "hostPID changes") {
        $0.release.pod["hostPID"] = true
      },
      .due(.podSettingsLost, "another path into the volume", .breaking, "/data subPathExpr changes")
      {
        mounts(store)(&$0)
        $0.release.container["volumeMounts"] = [
          ["name": "data", "mountPath": "/data", "subPathExpr": "$(POD_NAME)"]
        ]
      },
      .nearMiss(.podSettingsLost, "what Kubernetes writes out") {
        $0.release.pod.merge([
          "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "enableServiceLinks": true,
          "terminationGracePeriodSeconds": 30, "schedulerName": "default-scheduler",
        ]) { _, new in new }
        $0.release.container["terminationMessagePath"] = "/dev/termination-log"
        $0.release.container["terminationMessagePolicy"] = "File"
        $0.release.template["annotations"] = ["kubectl.kubernetes.io/restartedAt": "2026"]
        $0.release.template["creationTimestamp"] = .null
      },
      .nearMiss(.podSettingsLost, "labels that the chart adds"),
    ]
  }

  private static func storage() throws -> [FindingCase] {
    try [
      .due(.volumeLost, "certificates", .breaking, "kept: extraVolumes, extraVolumeMounts") {
        $0.release.container["volumeMounts"] = [["name": "tls", "mountPath": "/tls"]]
        $0.release.pod["volumes"] = [["name": "tls", "secret": ["secretName": "web-tls"]]]
        $0.isResolved = true
      },
      .due(.volumeLost, "certificates without a value", .breaking, "extraVolumes changes") {
        $0.release.container["volumeMounts"] = [["name": "tls", "mountPath": "/tls"]]
        $0.release.pod["volumes"] = [["name": "tls", "secret": ["secretName": "web-tls"]]]
        $0.chart = .bare
        $0.count = 2
      },
      .due(.volumeLost, "settings that the upgrade deletes", .blocker, "and the new Pods mount it")
      {
        $0.release.container["volumeMounts"] = [["name": "settings", "mountPath": "/settings"]]
        $0.release.pod["volumes"] = [["name": "settings", "configMap": ["name": "web-settings"]]]
        $0.release.moreObjects = [["kind": "ConfigMap", "metadata": ["name": "web-settings"]]]
        $0.count = 2
      },
      .due(.environmentFromSource, "deleted by the upgrade", .blocker, "variables come from it") {
        $0.release.env = [.variable("ADMIN_TOKEN", secret: "web-token", key: "token")]
        $0.release.moreObjects = [["kind": "Secret", "metadata": ["name": "web-token"]]]
      },
      .nearMiss(.environmentFromSource, "somebody else's Secret") {
        $0.release.env = [.variable("ADMIN_TOKEN", secret: "web-token", key: "token")]
        $0.release.moreObjects = [["kind": "Secret", "metadata": ["name": "other"]]]
      },
      .due(.dataLeftBehind, "an emptyDir", .warning, "ends with the Pod") {
        mounts(["emptyDir": [:]])(&$0)
      },
      .due(.dataLeftBehind, "a new volume", .warning, "the new volume at /data is empty") {
        $0.choices.set = [try ValuePath("persistence.enabled"): true]
      },
      .nearMiss(.dataLeftBehind, "a claim that stays") { mounts(store)(&$0) },
      .nearMiss(.dataLeftBehind, "nothing, as before"),
      .due(.claimDeletedByRollback, "a new claim", .warning, "would delete the new") {
        $0.choices.set = [try ValuePath("persistence.enabled"): true]
      },
      .nearMiss(.claimDeletedByRollback, "a claim of one's own") {
        $0.choices.set = [
          try ValuePath("persistence.enabled"): true,
          try ValuePath("persistence.existingClaim"): "mine",
        ]
      },
      .due(.singleWriterRollout, "one node", .warning, "which one node may have at a time") {
        mounts(store)(&$0)
        $0.release.related = [claim(["ReadWriteOnce"])]
      },
      .due(.singleWriterRollout, "one Pod", .breaking, "which one Pod may have at a time") {
        mounts(store)(&$0)
        $0.release.related = [claim(["ReadWriteOncePod"])]
      },
      .nearMiss(.singleWriterRollout, "one after the other") {
        mounts(store)(&$0)
        $0.release.related = [claim(["ReadWriteOnce"])]
        $0.choices.adopt = ["strategy"]
      },
      .nearMiss(.singleWriterRollout, "many") {
        mounts(store)(&$0)
        $0.release.related = [claim(["ReadWriteMany"])]
      },
      .due(.storageClassMissing, "no default", .breaking, "asks for the default storage class") {
        $0.choices.set = [try ValuePath("persistence.enabled"): true]
        $0.answers.neighbours = Objects([storageClass("slow", isDefault: false)])
      },
      .due(.storageClassMissing, "no such", .breaking, "asks for storage class \"fast\"") {
        $0.choices.set = [
          try ValuePath("persistence.enabled"): true,
          try ValuePath("persistence.storageClass"): "fast",
        ]
        $0.answers.neighbours = Objects([storageClass("slow", isDefault: true)])
      },
      .nearMiss(.storageClassMissing, "the default") {
        $0.choices.set = [try ValuePath("persistence.enabled"): true]
        $0.answers.neighbours = Objects([storageClass("slow", isDefault: true)])
      },
      .nearMiss(.storageClassMissing, "no new claim") { mounts(store)(&$0) },
    ]
  }

  @Test(arguments: try cases())
  func findingsAreMadeWhereTheyAreDue(_ finding: FindingCase) async throws {
    try await finding.check()
  }

  /// Whatever an operator adds by hand that the chart has a value for comes over, and asks nothing.
  @Test func everythingThatHasAValueComesOver() async throws {
    var release = SampleRelease.with([("TCP_ENABLED", "true"), ("API_ENABLED", "true")])
    release.pod = [
      "nodeSelector": ["disk": "ssd"], "tolerations": [["key": "mqtt", "operator": "Exists"]],
      "affinity": ["podAntiAffinity": [:]], "priorityClassName": "high",
      "imagePullSecrets": [["name": "registry"]], "hostNetwork": true,
      "dnsPolicy": "ClusterFirstWithHostNet", "terminationGracePeriodSeconds": 5,
      "securityContext": ["fsGroup": 7], "automountServiceAccountToken": false,
      "volumes": [["name": "tls", "secret": ["secretName": "web-tls", "defaultMode": 420]]],
    ]
    release.container = [
      "resources": ["limits": ["memory": "1Gi"]], "args": ["-v"],
      "securityContext": ["runAsUser": 7, "allowPrivilegeEscalation": false],
      "readinessProbe": ["tcpSocket": ["port": "mqtt"], "periodSeconds": 3],
      "volumeMounts": [["name": "tls", "mountPath": "/tls", "readOnly": true]],
      "ports": [
        ["name": "http", "containerPort": 8883], ["name": "mqtt", "containerPort": 1883],
        ["name": "metrics", "containerPort": 9100, "protocol": "TCP"],
      ],
    ]
    release.template["labels"] = ["app": "web", "team": "edge"]
    release.template["annotations"] = ["scrape": "true"]
    release.spec["replicas"] = 2
    release.moreContainers = [["name": "proxy", "image": "proxy:1"]]
    release.services = [
      release.service(
        spec: [
          "type": "LoadBalancer", "loadBalancerIP": "10.1.2.3", "sessionAffinity": "ClientIP",
        ],
        annotations: ["cloud/internal": "true"])
    ]
    let plan = try await Planning.plan(release)
    #expect(plan.verdict == .ready)
    #expect(plan.findings.filter(\.isOpen).allSatisfy { $0.severity == .warning })
    #expect(plan.comparison.settings.filter { !$0.isKept }.map(\.home.key.name) == [])
    #expect(plan.unchecked == [])
  }

  @Test func argumentsAreNeverShown() async throws {
    var release = SampleRelease()
    release.container["args"] = ["--token=swordfish-2207"]
    release.pod["initContainers"] = [
      ["name": "prepare", "env": [["name": "PIN", "value": "swordfish-2207"]]]
    ]
    release.moreContainers = [
      ["name": "proxy", "command": ["proxy", "swordfish-2207"]]
    ]
    let plan = try await Planning.plan(release)
    #expect(try plan.value("args") == ["--token=swordfish-2207"])
    let json = try Planning.document(plan).json
    #expect(json.places(of: "swordfish-2207") == [])
  }

  /// Annotations go by their names, kept or let go, on Pods and on Services.
  @Test(arguments: [[], ["podAnnotations", "service.http.annotations"]])
  func aSecretInAnAnnotationIsNotShown(adopt: [String]) async throws {
    let secret: JSON = ["example.com/db-password": "hunter-two-hunter"]
    var release = SampleRelease()
    release.template["annotations"] = secret
    release.services = [release.service(annotations: secret)]
    let plan = try await Planning.plan(release, choices: Choices(adopt: Set(adopt)))
    let json = try Planning.document(plan).json
    #expect(json.canonical.contains("nnotations"))
    #expect(json.places(of: "hunter-two-hunter") == [])
  }
}
