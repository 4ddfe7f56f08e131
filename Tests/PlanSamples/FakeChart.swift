import MigratePlanning

/// A chart that is rendered by simple code instead of helm: values in, objects out.
///
/// As it stands it does what chart 0.2.0 does with the environment, names, image, ServiceAccount,
/// data, Services, probes and all that it hands through to the Pod; its switches make it a chart of
/// somebody else's.
struct FakeChart: Sendable {
  var version = "0.2.0"
  /// Whether there is a list for any further variable, and one for sources.
  var hasSink = true
  /// Whether a secret can come from a Kubernetes `EnvVarSource`.
  var hasReferences = true
  /// Whether names and the selector can be kept.
  var keepsNames = true
  /// What the chart makes of the text of one of its own variables.
  var rewrites: @Sendable (_ name: String, _ text: String) -> String = { _, text in text }
  /// Variables that the chart writes with a fixed text, whatever the values are.
  var fixed: [String: String] = [:]
  /// Fields that the chart puts into the Pod template's container.
  var containerExtras: [String: JSON] = [:]
  /// Whether the values for security, probes, scheduling and Services have an effect.
  var keepsPods = true
  /// Further objects that the chart makes.
  var moreObjects: [JSON] = []
  /// Defaults of the chart that are not those of chart 0.2.0.
  var otherDefaults: JSON = [:]
  /// What the chart's templates ask beyond the values.
  var questions = ChartQuestions()
  /// Changes what is rendered, as a defect of the chart would.
  var defect: @Sendable (JSON) -> JSON = { $0 }

  /// A chart with other ideas: no list for further variables, no references, names of its own.
  static let foreign = FakeChart(
    version: "7.1.0", hasSink: false, hasReferences: false, keepsNames: false)

  /// A chart that has values for the environment and names only.
  static let bare = FakeChart(keepsPods: false)

  var defaults: JSON { usualDefaults.merged(with: otherDefaults) }

  /// The chart as the planner knows it.
  var target: Target {
    Target(
      chartName: "backbone", chartVersion: version, source: "test", digest: "sha256:0123",
      defaults: defaults, questions: questions)
  }

  /// The objects for a release with values.
  func render(_ values: JSON, release: String = "web", namespace: String = "mqtt") -> Objects {
    let values = defaults.merged(with: values)
    func value(_ keys: String...) -> JSON {
      var value = values
      for key in keys { value = value[key] ?? .null }
      return value
    }
    func text(_ keys: String...) -> String {
      var value = values
      for key in keys { value = value[key] ?? .null }
      return value.chartText
    }
    let automatic = release.contains("backbone") ? release : "\(release)-backbone"
    let name = text("fullnameOverride").isEmpty ? automatic : text("fullnameOverride")
    let account =
      text("serviceAccount", "name").isEmpty
      ? (value("serviceAccount", "create") == true ? name : "default")
      : text("serviceAccount", "name")
    let labels: JSON =
      value("selectorLabels").members.isEmpty
      ? [
        "app.kubernetes.io/name": "backbone", "app.kubernetes.io/instance": .string(release),
      ] : value("selectorLabels")
    var container = containerExtras
    container["name"] =
      text("containerName").isEmpty ? "backbone" : .string(text("containerName"))
    container["image"] = .string(image(values))
    container["imagePullPolicy"] = value("image", "pullPolicy")
    let environment = environment(values)
    container["env"] = .array(environment)
    let ports = ports(environment)
    container["ports"] = [
      ["name": "http", "containerPort": .integer(ports.http), "protocol": "TCP"],
      ["name": "mqtt", "containerPort": .integer(ports.mqtt), "protocol": "TCP"],
    ]
    var pod: [String: JSON] = [:]
    if keepsPods { addPodFields(values, environment, &container, &pod) }
    if !value("extraEnvFrom").elements.isEmpty { container["envFrom"] = value("extraEnvFrom") }
    pod["serviceAccountName"] = .string(account)
    if value("persistence", "enabled") == true {
      var mount: [String: JSON] = [
        "name": value("persistence", "volumeName"), "mountPath": "/data",
      ]
      if !text("persistence", "subPath").isEmpty {
        mount["subPath"] = value("persistence", "subPath")
      }
      container["volumeMounts"] =
        .array([.object(mount)] + (container["volumeMounts"]?.elements ?? []))
      var volume = value("persistence", "volume").members
      if volume.isEmpty {
        let claim = text("persistence", "existingClaim")
        volume["persistentVolumeClaim"] = [
          "claimName": .string(claim.isEmpty ? "\(name)-data" : claim)
        ]
      }
      volume["name"] = value("persistence", "volumeName")
      pod["volumes"] = .array([.object(volume)] + (pod["volumes"]?.elements ?? []))
    }
    pod["containers"] = .array([.object(container)] + value("extraContainers").elements)
    func object(_ kind: String, _ name: String, _ more: [String: JSON] = [:]) -> JSON {
      .object(
        more.merging([
          "apiVersion": kind == "Deployment" ? "apps/v1" : "v1", "kind": .string(kind),
          "metadata": ["name": .string(name), "namespace": .string(namespace)],
        ]) { given, _ in given })
    }
    let podLabels = value("podLabels").members.merging(labels.members) { _, fixed in fixed }
    var metadata: [String: JSON] = ["labels": .object(podLabels)]
    if !value("podAnnotations").members.isEmpty {
      metadata["annotations"] = value("podAnnotations")
    }
    var spec: [String: JSON] = [
      "replicas": keepsPods ? value("replicaCount") : 1, "selector": ["matchLabels": labels],
      "template": ["metadata": .object(metadata), "spec": .object(pod)],
    ]
    if !value("strategy").members.isEmpty {
      spec["strategy"] = value("strategy")
    } else if value("persistence", "enabled") == true {
      spec["strategy"] = ["type": "Recreate"]
    }
    var own: [String: JSON] = ["name": .string(name), "namespace": .string(namespace)]
    if keepsPods {
      own["labels"] = .object(
        value("deploymentLabels").members.merging(labels.members) { _, fixed in fixed })
      let annotations = value("deploymentAnnotations")
      if !annotations.members.isEmpty { own["annotations"] = annotations }
    }
    var objects = [
      object("Deployment", name, ["metadata": .object(own), "spec": .object(spec)])
    ]
    for (role, target) in [("http", "http"), ("tcp", "mqtt")] {
      guard value("service", role, "enabled") == true else { continue }
      let given = text("service", role, "name")
      let usual = role == "http" ? name : "\(name)-tcp"
      objects.append(
        service(value("service", role), given.isEmpty ? usual : given, labels, target, namespace))
    }
    if value("persistence", "enabled") == true, value("persistence", "volume").members.isEmpty,
      text("persistence", "existingClaim").isEmpty
    {
      var claim: [String: JSON] = ["accessModes": ["ReadWriteOnce"]]
      if !text("persistence", "storageClass").isEmpty {
        claim["storageClassName"] = value("persistence", "storageClass")
      }
      objects.append(object("PersistentVolumeClaim", "\(name)-data", ["spec": .object(claim)]))
    }
    if value("serviceAccount", "create") == true {
      var metadata: [String: JSON] = [
        "name": .string(account), "namespace": .string(namespace),
      ]
      if !value("serviceAccount", "annotations").members.isEmpty {
        metadata["annotations"] = value("serviceAccount", "annotations")
      }
      objects.append([
        "apiVersion": "v1", "kind": "ServiceAccount", "metadata": .object(metadata),
      ])
    }
    return Objects((objects + moreObjects).map(defect))
  }

  /// The numbers of the listeners' ports.
  private func ports(_ environment: [JSON]) -> (http: Int, mqtt: Int) {
    func port(_ name: String, _ usual: Int) -> Int {
      environment.last { $0["name"]?.string == name }?["value"]?.string.flatMap { Int($0) } ?? usual
    }
    return (port("HTTP_PORT", 8883), port("TCP_PORT", 1883))
  }

  /// What the chart hands through to the Pod, and its probes and security contexts.
  private func addPodFields(
    _ values: JSON, _ environment: [JSON], _ container: inout [String: JSON],
    _ pod: inout [String: JSON]
  ) {
    for key in ["command", "args", "resources", "lifecycle"] {
      guard let value = values[key], value != [] && value != [:] else { continue }
      container[key] = value
    }
    for key in [
      "imagePullSecrets", "nodeSelector", "tolerations", "affinity", "topologySpreadConstraints",
      "priorityClassName", "runtimeClassName", "schedulerName", "dnsPolicy", "dnsConfig",
      "hostAliases",
    ] {
      guard let value = values[key], value != [] && value != [:] && value != "" else { continue }
      pod[key] = value
    }
    if values["hostNetwork"] == true { pod["hostNetwork"] = true }
    pod["terminationGracePeriodSeconds"] = values["terminationGracePeriodSeconds"]
    if values["serviceAccount"]?["automountServiceAccountToken"] == false {
      pod["automountServiceAccountToken"] = false
    }
    container["ports"] = .array(
      (container["ports"]?.elements ?? []) + (values["extraContainerPorts"]?.elements ?? []))
    container["volumeMounts"] = values["extraVolumeMounts"]
    pod["volumes"] = values["extraVolumes"]
    let context = values["securityContext"]?.members ?? [:]
    let own: Set<String> = ["readOnlyRootFilesystem", "capabilities", "allowPrivilegeEscalation"]
    pod["securityContext"] = .object(
      context.filter { !own.contains($0.key) }
        .merging(values["podSecurityContext"]?.members ?? [:]) { _, exact in exact })
    container["securityContext"] = .object(
      context.filter { own.contains($0.key) }
        .merging(values["containerSecurityContext"]?.members ?? [:]) { _, exact in exact })
    func isOn(_ name: String) -> Bool {
      environment.last { $0["name"]?.string == name }?["value"] == "true"
    }
    let check: JSON? =
      isOn("API_ENABLED")
      ? ["httpGet": ["path": "/health", "port": "http"]]
      : isOn("TCP_ENABLED")
        ? ["tcpSocket": ["port": "mqtt"]]
        : isOn("WS_ENABLED") ? ["tcpSocket": ["port": "http"]] : nil
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
      guard values[probe]?["enabled"] == true else { continue }
      let custom = values[probe]?["custom"] ?? [:]
      container[probe] = custom.members.isEmpty ? check : custom
    }
  }

  /// One Service, as its values have it.
  private func service(
    _ values: JSON, _ name: String, _ selector: JSON, _ target: String, _ namespace: String
  ) -> JSON {
    var port: [String: JSON] = ["targetPort": .string(target), "protocol": "TCP"]
    port["port"] = values["port"]
    port["name"] = values["portName"]
    if values["nodePort"] != 0 { port["nodePort"] = values["nodePort"] }
    var spec: [String: JSON] = [
      "selector": selector,
      "ports": .array([.object(port)] + (values["extraPorts"]?.elements ?? [])),
    ]
    spec["type"] = values["type"]
    for key in [
      "externalTrafficPolicy", "loadBalancerIP", "loadBalancerSourceRanges", "sessionAffinity",
    ] {
      if let value = values[key], value != "" && value != [] { spec[key] = value }
    }
    var metadata: [String: JSON] = ["name": .string(name), "namespace": .string(namespace)]
    metadata["annotations"] = values["annotations"]
    metadata["labels"] = .object(
      (values["labels"]?.members ?? [:]).merging(selector.members) { _, fixed in fixed })
    return [
      "apiVersion": "v1", "kind": "Service", "metadata": .object(metadata),
      "spec": .object(spec),
    ]
  }

  /// The chart's own values.yaml.
  private var usualDefaults: JSON {
    var members: [String: JSON] = [
      "k8s": ["enabled": true], "ws": ["enabled": false], "api": ["enabled": false],
      "tcp": ["enabled": false], "timezone": "", "strategy": [:],
      "image": ["repository": "backbone", "tag": "", "digest": "", "pullPolicy": "IfNotPresent"],
      "serviceAccount": ["create": true, "name": ""],
      "persistence": [
        "enabled": false, "existingClaim": "", "volume": [:], "volumeName": "data", "subPath": "",
        "size": "1Gi", "storageClass": "",
      ],
    ]
    if keepsPods {
      for key in [
        "nodeSelector", "affinity", "resources", "lifecycle", "dnsConfig", "podLabels",
        "podAnnotations", "deploymentLabels", "deploymentAnnotations", "podSecurityContext",
        "containerSecurityContext",
      ] { members[key] = [:] }
      for key in [
        "tolerations", "topologySpreadConstraints", "imagePullSecrets", "command", "args",
        "hostAliases", "extraContainers", "extraContainerPorts", "extraVolumes",
        "extraVolumeMounts",
      ] { members[key] = [] }
      for key in ["priorityClassName", "runtimeClassName", "schedulerName", "dnsPolicy"] {
        members[key] = ""
      }
      members["replicaCount"] = 1
      members["hostNetwork"] = false
      members["terminationGracePeriodSeconds"] = 30
      members["serviceAccount"] = [
        "create": true, "name": "", "annotations": [:], "automountServiceAccountToken": true,
      ]
      members["securityContext"] = [
        "runAsNonRoot": true, "runAsUser": 1000, "fsGroup": 1000, "readOnlyRootFilesystem": false,
      ]
      members["livenessProbe"] = ["enabled": true, "custom": [:]]
      members["readinessProbe"] = ["enabled": true, "custom": [:]]
      members["startupProbe"] = ["enabled": false, "custom": [:]]
    }
    members["service"] = [
      "http": .object(Self.service.merging(["port": 80, "portName": "http"]) { _, own in own }),
      "tcp": .object(Self.service.merging(["port": 1883, "portName": "mqtt"]) { _, own in own }),
    ]
    var config: [String: JSON] = [
      "adminToken": "", "jwtSecret": "", "httpPort": 8883, "tcpPort": 1883,
    ]
    var oidc: [String: JSON] = [
      "enabled": false, "discovery": "", "clientId": "", "clientSecret": "",
      "groupField": "groups", "adminGroup": "", "writerGroup": "", "readerGroup": "",
    ]
    var redis: [String: JSON] = [
      "enabled": false, "host": "localhost", "port": 6379, "password": "", "db": 0,
    ]
    if hasReferences {
      config["adminTokenFrom"] = [:]
      config["jwtSecretFrom"] = [:]
      oidc["clientSecretFrom"] = [:]
      redis["passwordFrom"] = [:]
    }
    if hasSink {
      members["extraEnv"] = []
      members["extraEnvFrom"] = []
    }
    if keepsNames {
      members["fullnameOverride"] = ""
      members["containerName"] = ""
      members["selectorLabels"] = [:]
    }
    members["config"] = .object(config)
    members["oidc"] = .object(oidc)
    members["redis"] = .object(redis)
    return .object(members)
  }

  /// The values of a Service.
  private static let service: [String: JSON] = [
    "enabled": true, "name": "", "type": "ClusterIP", "nodePort": 0, "annotations": [:],
    "labels": [:], "extraPorts": [], "externalTrafficPolicy": "", "loadBalancerIP": "",
    "loadBalancerSourceRanges": [], "sessionAffinity": "", "appProtocol": "",
  ]

  /// The chart's variables in its order: name, keys of the value, whether it is always there.
  private static let variables: [(name: String, keys: [String], isAlways: Bool)] = [
    ("ADMIN_TOKEN", ["config", "adminToken"], false),
    ("JWT_SECRET", ["config", "jwtSecret"], false),
    ("HTTP_PORT", ["config", "httpPort"], true), ("TCP_PORT", ["config", "tcpPort"], true),
    ("K8S_ENABLED", ["k8s", "enabled"], true), ("WS_ENABLED", ["ws", "enabled"], true),
    ("API_ENABLED", ["api", "enabled"], true), ("TCP_ENABLED", ["tcp", "enabled"], true),
    ("OIDC_ENABLED", ["oidc", "enabled"], true), ("OIDC_DISCOVERY", ["oidc", "discovery"], false),
    ("OIDC_CLIENT_ID", ["oidc", "clientId"], false),
    ("OIDC_CLIENT_SECRET", ["oidc", "clientSecret"], false),
    ("OIDC_GROUP_FIELD", ["oidc", "groupField"], true),
    ("OIDC_ADMIN_GROUP", ["oidc", "adminGroup"], false),
    ("OIDC_WRITER_GROUP", ["oidc", "writerGroup"], false),
    ("OIDC_READER_GROUP", ["oidc", "readerGroup"], false),
    ("REDIS_ENABLED", ["redis", "enabled"], true), ("REDIS_HOST", ["redis", "host"], true),
    ("REDIS_PORT", ["redis", "port"], true), ("REDIS_PASSWORD", ["redis", "password"], false),
    ("REDIS_DB", ["redis", "db"], true), ("TZ", ["timezone"], false),
  ]

  private func environment(_ values: JSON) -> [JSON] {
    let extra = values["extraEnv"]?.elements ?? []
    let taken = Set(extra.compactMap { $0["name"]?.string })
    var entries: [JSON] = Self.variables.compactMap { variable -> JSON? in
      guard !taken.contains(variable.name) else { return nil }
      let name = JSON.string(variable.name)
      if let text = fixed[variable.name] { return ["name": name, "value": .string(text)] }
      var value: JSON? = values
      for key in variable.keys.dropLast() { value = value?[key] }
      let key = variable.keys.last ?? ""
      if let source = value?["\(key)From"], !source.members.isEmpty {
        return ["name": name, "valueFrom": source]
      }
      let text = (value?[key] ?? .null).chartText
      guard variable.isAlways || !text.isEmpty else { return nil }
      return ["name": name, "value": .string(rewrites(variable.name, text))]
    }
    for name in fixed.keys.sorted() where !Self.variables.contains(where: { $0.name == name }) {
      entries.append(["name": .string(name), "value": .string(fixed[name] ?? "")])
    }
    return entries + extra
  }

  private func image(_ values: JSON) -> String {
    let image = values["image"] ?? [:]
    let digest = image["digest"]?.string ?? ""
    var tag = image["tag"]?.string ?? ""
    if tag.isEmpty, digest.isEmpty { tag = version }
    return (image["repository"]?.string ?? "") + (tag.isEmpty ? "" : ":\(tag)")
      + (digest.isEmpty ? "" : "@\(digest)")
  }
}

extension JSON {
  /// Values over defaults as helm merges them: key by key, everything else as a whole.
  fileprivate func merged(with other: JSON) -> JSON {
    guard case .object(var members) = self, case .object(let others) = other else { return other }
    for (key, value) in others { members[key] = members[key]?.merged(with: value) ?? value }
    return .object(members.filter { $0.value != .null })
  }

  /// A scalar as a template writes it.
  fileprivate var chartText: String {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let truth): truth ? "true" : "false"
    default: ""
    }
  }
}
