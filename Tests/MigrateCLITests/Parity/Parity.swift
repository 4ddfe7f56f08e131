import MigrateAdapters
import MigratePlanning

@testable import MigrateCLI

/// Whether the embedded chart can be told everything that the recipe says it can: a release that
/// differs from the chart in every respect comes out the same, with nothing but the homes.
struct Parity: Sendable {
  let chart: Chart
  let helm: Helm

  /// The names of the variables and facts that do not come out as they were, in order.
  ///
  /// Looks at the rendered objects, not at the recipe, so that what the recipe forgets is seen.
  func differences(of release: ParityRelease, _ recipe: Recipe) async throws -> [String] {
    let snapshot = release.snapshot
    var recipe = recipe
    recipe.sink = nil
    let comparison = try await Planner.plan(
      snapshot, onto: chart.target, recipe: recipe, choices: Choices(container: "mqtt-broker"),
      render: { values in
        try await helm.template(
          release: snapshot.release.name, namespace: snapshot.release.namespace, chart: chart.path,
          values: values)
      }, ask: nil
    ).comparison
    let situation = comparison.situation
    let (before, after) = (situation.before, comparison.after)
    let variables = Set(before.order).filter { !before[$0].agrees(with: after[$0]) }
    let facts = WorkloadObserver.facts(
      WorkloadObserver.facts(
        of: comparison.target, among: comparison.rendered, related: snapshot.related, after,
        recipe),
      besides: situation.factsBefore)
    let changed = situation.factsBefore.filter { key, fact in
      !fact.agrees(with: facts[key] ?? .absent)
    }
    return variables.sorted() + changed.keys.map(\.name).sorted()
  }

  /// The facts of a release that are the same in the chart's defaults, and so prove nothing.
  func idle(in release: ParityRelease, _ recipe: Recipe) async throws -> [String] {
    let snapshot = release.snapshot
    let situation = try Situation(
      snapshot: snapshot, target: chart.target,
      rendered: try await helm.template(
        release: snapshot.release.name, namespace: snapshot.release.namespace, chart: chart.path,
        values: nil),
      recipe: recipe, choices: Choices(container: "mqtt-broker"))
    let variables = recipe.variables.map(\.name).filter { name in
      situation.before[name] == .absent
        || situation.before[name].agrees(with: situation.byDefault[name])
    }
    let facts = situation.factsBefore.filter { key, fact in
      fact.agrees(with: situation.factsByDefault[key] ?? .absent)
    }
    return variables + facts.keys.map(\.name).sorted()
  }

  /// Unpacks the chart for as long as some work takes.
  static func with<Value>(
    _ helm: RealHelm = .four, _ work: (Parity) async throws -> Value
  ) async throws -> Value {
    try await TestFolder.with { folder in
      let chart = try Chart.unpackEmbedded(into: folder + "/chart")
      return try await work(Parity(chart: chart, helm: try helm.client))
    }
  }
}

/// A release in which nothing is as chart 0.2.0 has it by default, except what one release cannot
/// have both ways.
struct ParityRelease: Sendable {
  /// Facts that come out as they are without their homes: a liveness probe that there is not, and
  /// what the chart has as well or has no value for.
  static let needless = [
    "init-containers", "liveness-probe", "readiness-probe-enabled", "service-account-annotations",
  ]

  private let env: [JSON]
  private let volume: JSON

  /// The volume at /data: chart 0.2.0 has one home for a claim and another for everything else.
  enum Volume: CaseIterable, Sendable {
    case claim, folder

    fileprivate var source: JSON {
      switch self {
      case .claim: ["name": "store", "persistentVolumeClaim": ["claimName": "old-claim"]]
      case .folder: ["name": "store", "hostPath": ["path": "/srv/mqtt", "type": "Directory"]]
      }
    }
  }

  /// A release in which every variable differs from the chart's defaults; the referenced ones come
  /// from a Secret.
  init(
    _ recipe: Recipe, defaults: JSON, references: Set<String> = [], volume: Volume = .claim
  ) {
    self.volume = volume.source
    env = recipe.variables.map { variable -> JSON in
      let name = JSON.string(variable.name)
      if references.contains(variable.name) {
        return [
          "name": name,
          "valueFrom": ["secretKeyRef": ["name": "credentials", "key": name]],
        ]
      }
      let fallback = defaults.value(at: variable.home)
      let value =
        switch variable.codec {
        case .flag: fallback?.bool == true ? "false" : "true"
        case .port, .integer: String((fallback?.integer ?? 0) + 17)
        case .text: "parity of \(variable.name): \"'\\ {{ $x }} $$(A) \u{E9}e\u{301}\u{1F600}"
        }
      return ["name": name, "value": .string(value)]
    }
  }

  var snapshot: Snapshot {
    let digest = "sha256:" + String(repeating: "0123456789abcdef", count: 4)
    let container: JSON = [
      "name": "mqtt-broker", "image": .string("mirror.example.com:5000/backbone:0.1.4@" + digest),
      "imagePullPolicy": "Always", "env": .array(env),
      "volumeMounts": [
        ["name": "store", "mountPath": "/data", "subPath": "broker"],
        ["name": "tls", "mountPath": "/tls", "readOnly": true],
      ],
      "ports": [["name": "metrics", "containerPort": 9100, "protocol": "TCP"]],
      "resources": ["limits": ["memory": "256Mi"]], "command": ["/bin/broker"], "args": ["-v"],
      "lifecycle": ["preStop": ["exec": ["command": ["sleep", "5"]]]],
      "securityContext": ["runAsUser": 7, "capabilities": ["drop": ["ALL"]]],
      "readinessProbe": ["exec": ["command": ["ready"]], "periodSeconds": 3],
      "startupProbe": ["tcpSocket": ["port": 9100], "failureThreshold": 60],
    ]
    let deployment: JSON = [
      "apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": [
        "name": "old-name", "labels": ["team": "gateway"],
        "annotations": ["reloader.stakater.com/auto": "true"],
      ],
      "spec": [
        "replicas": 2, "revisionHistoryLimit": 3, "minReadySeconds": 4,
        "progressDeadlineSeconds": 60, "selector": ["matchLabels": ["app": "old", "tier": "mqtt"]],
        "strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 0]],
        "template": [
          "metadata": [
            "labels": ["app": "old", "tier": "mqtt", "team": "edge"],
            "annotations": ["scrape": "true"],
          ],
          "spec": .object(pod(container)),
        ],
      ],
    ]
    return Snapshot(
      release: ReleaseIdentity(
        name: "web", namespace: "mqtt", revision: 1, status: "deployed", chartName: "backbone",
        chartVersion: "0.1.0"),
      supplied: [:], manifest: Objects([deployment] + services),
      live: Objects([deployment] + services), related: Objects([]), sourceKeys: [:])
  }

  private func pod(_ container: JSON) -> [String: JSON] {
    [
      "serviceAccountName": "robot", "automountServiceAccountToken": false,
      "containers": [container, ["name": "proxy", "image": "proxy:1"]],
      "volumes": [volume, ["name": "tls", "secret": ["secretName": "mqtt-tls"]]],
      "imagePullSecrets": [["name": "registry"]], "nodeSelector": ["disk": "ssd"],
      "tolerations": [["key": "mqtt", "operator": "Exists"]],
      "affinity": ["podAntiAffinity": [:]],
      "topologySpreadConstraints": [
        ["maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"]
      ],
      "priorityClassName": "high", "runtimeClassName": "gvisor", "schedulerName": "own",
      "terminationGracePeriodSeconds": 5, "hostNetwork": true,
      "dnsPolicy": "ClusterFirstWithHostNet", "dnsConfig": ["options": [["name": "ndots"]]],
      "hostAliases": [["ip": "10.0.0.1", "hostnames": ["db"]]],
      "securityContext": ["fsGroup": 7, "supplementalGroups": [8, 9]],
    ]
  }

  /// One Service for each listener, with everything that Services may have.
  private var services: [JSON] {
    [("old-http", "HTTP_PORT", 8080, 30080), ("old-mqtt", "TCP_PORT", 11883, 31883)].map {
      name, variable, port, nodePort in
      let target =
        env.last { $0["name"]?.string == variable }?["value"]?.string.flatMap { Int($0) } ?? 0
      return [
        "apiVersion": "v1", "kind": "Service",
        "metadata": [
          "name": .string(name), "annotations": ["cloud/internal": "true"],
          "labels": ["team": "edge"],
        ],
        "spec": [
          "type": "LoadBalancer", "selector": ["app": "old", "tier": "mqtt"],
          "ports": [
            [
              "name": "main", "port": .integer(port), "targetPort": .integer(target),
              "nodePort": .integer(nodePort), "appProtocol": "own/one", "protocol": "TCP",
            ],
            [
              "name": "metrics", "port": 9100, "targetPort": 9100, "protocol": "TCP",
              "nodePort": .integer(nodePort + 1),
            ],
          ],
          "clusterIP": "None", "externalIPs": ["192.0.2.1"], "loadBalancerIP": "192.0.2.2",
          "loadBalancerClass": "own/balancer", "loadBalancerSourceRanges": ["10.0.0.0/8"],
          "allocateLoadBalancerNodePorts": false, "externalTrafficPolicy": "Local",
          "internalTrafficPolicy": "Local", "healthCheckNodePort": 30999,
          "sessionAffinity": "ClientIP",
          "sessionAffinityConfig": ["clientIP": ["timeoutSeconds": 60]],
          "publishNotReadyAddresses": true, "ipFamilyPolicy": "PreferDualStack",
          "ipFamilies": ["IPv6", "IPv4"],
        ],
      ]
    }
  }

}
