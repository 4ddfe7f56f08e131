import MigratePlanning

/// A release of chart 0.1.0 for tests, as it was installed and configured by hand.
struct SampleRelease: Sendable {
  var name = "web"
  var namespace = "mqtt"
  var revision = 3
  var status = "deployed"
  var chartName = "backbone"
  var chartVersion = "0.1.0"
  var context: String?
  var clusterID: String? = "0b6c1f52-93d1-4d0e-8f54-0d8c3a1b2c3d"
  var applyMethod = ReleaseIdentity.ApplyMethod.clientSide
  /// The values given to helm.
  var supplied: JSON = [:]
  /// The container's `env` in the cluster.
  var env: [JSON] = []
  /// The container's `env` in helm's manifest; nil when nobody changed it since.
  var declaredEnv: [JSON]?
  var envFrom: [JSON] = []
  var sourceKeys: SourceKeys = [:]
  var image = "backbone:0.1.0"
  var serviceAccount: String? = "web"
  /// Whether the ServiceAccount is there, made by hand.
  var hasForeignAccount = true
  var deploymentName = "web"
  var selector: JSON = ["app": "web"]
  var containerName = "backbone"
  /// Further members of the container, the Pod's and the Deployment's spec and metadata.
  var container: [String: JSON] = [:]
  var pod: [String: JSON] = [:]
  var spec: [String: JSON] = [:]
  /// Members of the Deployment's spec in helm's manifest that are others than in the cluster.
  var declaredSpec: [String: JSON] = [:]
  /// Members of the Pod template's metadata.
  var template: [String: JSON] = [:]
  var metadata: [String: JSON] = [
    "uid": "6f2b8f0e-7a39-4f5c-9d0c-1f2e3d4c5b6a", "generation": 4,
  ]
  /// The Deployment's status in the cluster.
  var workloadStatus: JSON?
  var moreContainers: [JSON] = []
  /// The Services of the release; nil for the one that chart 0.1.0 has.
  var services: [JSON]?
  /// The Services in helm's manifest; nil when nobody changed them since.
  var declaredServices: [JSON]?
  /// Further objects of the release, in the manifest and in the cluster.
  var moreObjects: [JSON] = []
  /// Further live objects that are not of the release.
  var related: [JSON] = []
  var templates: [String] = []
  var aliases: [ChartAlias] = []
  var revisions: [Int] = []
  var storedBytes: Int?
  /// Objects of the manifest whose kind is not served.
  var unserved: [JSON] = []
  var hidden: [Unchecked] = []

  /// A release with literal variables, set in the cluster.
  static func with(_ variables: [(String, String)]) -> SampleRelease {
    SampleRelease(env: variables.map(JSON.variable))
  }

  /// The release as it is read.
  var snapshot: Snapshot {
    let services = services ?? [service()]
    let account: JSON = [
      "apiVersion": "v1", "kind": "ServiceAccount",
      "metadata": ["name": .string(serviceAccount ?? "default")],
    ]
    return Snapshot(
      release: ReleaseIdentity(
        name: name, namespace: namespace, revision: revision, status: status, chartName: chartName,
        chartVersion: chartVersion, context: context, clusterID: clusterID,
        applyMethod: applyMethod),
      supplied: supplied,
      manifest: Objects(
        [deployment(declaredEnv ?? env, isLive: false)] + (declaredServices ?? services)
          + moreObjects),
      live: Objects([deployment(env, isLive: true)] + services + moreObjects),
      related: Objects((hasForeignAccount ? [account] : []) + related), sourceKeys: sourceKeys,
      templates: templates, aliases: aliases, revisions: revisions, storedBytes: storedBytes,
      unserved: unserved, hidden: hidden)
  }

  /// The workload in the cluster.
  var live: Workload {
    get throws {
      try Workload.find(in: snapshot.live, preferred: [containerName], where: "the release")
    }
  }

  /// The Service of chart 0.1.0, changed as somebody did by hand.
  func service(
    _ name: String? = nil, ports: [JSON]? = nil, spec: [String: JSON] = [:],
    annotations: JSON = [:]
  ) -> JSON {
    var members: [String: JSON] = [
      "type": "ClusterIP", "clusterIP": "10.43.7.21", "selector": selector,
      "ports": .array(
        ports ?? [
          ["name": "http", "port": 80, "targetPort": 8883, "protocol": "TCP"],
          ["name": "mqtt", "port": 1883, "targetPort": 1883, "protocol": "TCP"],
        ]),
    ]
    members.merge(spec) { _, given in given }
    return [
      "apiVersion": "v1", "kind": "Service",
      "metadata": [
        "name": .string(name ?? deploymentName), "annotations": annotations, "labels": selector,
        "uid": "2e3d4c5b-7a39-4f5c-9d0c-1f2e3d4c5b6a",
      ],
      "spec": .object(members),
    ]
  }

  private func deployment(_ env: [JSON], isLive: Bool) -> JSON {
    var broker = container
    broker["name"] = .string(containerName)
    broker["image"] = .string(image)
    if broker["ports"] == nil {
      broker["ports"] = [
        ["name": "http", "containerPort": 8883, "protocol": "TCP"],
        ["name": "mqtt", "containerPort": 1883, "protocol": "TCP"],
      ]
    }
    if !env.isEmpty { broker["env"] = .array(env) }
    if !envFrom.isEmpty { broker["envFrom"] = .array(envFrom) }
    var pod = pod
    pod["containers"] = .array([.object(broker)] + moreContainers)
    if let serviceAccount { pod["serviceAccountName"] = .string(serviceAccount) }
    var about: [String: JSON] = isLive ? metadata : [:]
    about["name"] = .string(deploymentName)
    var deployment: [String: JSON] = [
      "replicas": 1, "selector": ["matchLabels": selector],
      "template": [
        "metadata": .object(["labels": selector].merging(template) { _, given in given }),
        "spec": .object(pod),
      ],
    ]
    deployment.merge(spec) { _, given in given }
    if !isLive { deployment.merge(declaredSpec) { _, given in given } }
    var object: [String: JSON] = [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": .object(about),
      "spec": .object(deployment),
    ]
    if isLive { object["status"] = workloadStatus }
    return .object(object)
  }
}

extension JSON {
  /// A literal variable of a container.
  static func variable(_ name: String, _ value: String) -> JSON {
    ["name": .string(name), "value": .string(value)]
  }

  /// A variable that Kubernetes reads from a Secret.
  static func variable(_ name: String, secret: String, key: String) -> JSON {
    [
      "name": .string(name),
      "valueFrom": ["secretKeyRef": ["name": .string(secret), "key": .string(key)]],
    ]
  }
}
