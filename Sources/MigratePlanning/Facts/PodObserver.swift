/// Reads what a Deployment says of its Pods and of the broker's container beyond image, environment
/// and data: the same from live and from rendered objects, with Kubernetes' own defaults.
enum PodObserver {
  /// A field, and what Kubernetes makes of it when it is left out.
  private struct Field: Sendable {
    let key: FactKey
    let absent: JSON
    let read: @Sendable (Workload) -> JSON?

    init(
      _ dimension: Dimension, _ name: String, absent: JSON,
      read: @escaping @Sendable (Workload) -> JSON?
    ) {
      key = FactKey(dimension, name)
      self.absent = absent
      self.read = read
    }
  }

  static let replicas = FactKey(.scheduling, "replicas")
  static let securityContext = FactKey(.security, "security-context")
  static let containerSecurityContext = FactKey(.security, "container-security-context")
  static let podLabels = FactKey(.scheduling, "pod-labels")
  static let podAnnotations = FactKey(.scheduling, "pod-annotations")
  static let deploymentLabels = FactKey(.scheduling, "deployment-labels")
  static let deploymentAnnotations = FactKey(.scheduling, "deployment-annotations")
  static let containerPorts = FactKey(.scheduling, "container-ports")
  static let otherVolumes = FactKey(.storage, "other-volumes")
  static let otherMounts = FactKey(.storage, "other-mounts")
  static let command = FactKey(.scheduling, "command")
  static let arguments = FactKey(.scheduling, "args")
  static let extraContainers = FactKey(.scheduling, "extra-containers")
  static let initContainers = FactKey(.scheduling, "init-containers")
  static let lifecycle = FactKey(.scheduling, "lifecycle")

  /// Facts whose content may hold secrets that no variable names, and is not shown.
  static let hidden: Set<FactKey> = [
    command, arguments, extraContainers, initContainers, lifecycle,
  ]

  private static let fields: [Field] = [
    Field(.scheduling, "replicas", absent: 1) { $0.spec["replicas"] },
    Field(.scheduling, "revision-history-limit", absent: 10) { $0.spec["revisionHistoryLimit"] },
    Field(.scheduling, "min-ready-seconds", absent: 0) { $0.spec["minReadySeconds"] },
    Field(.scheduling, "progress-deadline-seconds", absent: 600) {
      $0.spec["progressDeadlineSeconds"]
    },
    Field(.scheduling, "node-selector", absent: [:]) { $0.podSpec["nodeSelector"] },
    Field(.scheduling, "tolerations", absent: []) { $0.podSpec["tolerations"] },
    Field(.scheduling, "affinity", absent: [:]) { $0.podSpec["affinity"] },
    Field(.scheduling, "topology-spread-constraints", absent: []) {
      $0.podSpec["topologySpreadConstraints"]
    },
    Field(.scheduling, "priority-class-name", absent: "") { $0.podSpec["priorityClassName"] },
    Field(.scheduling, "runtime-class-name", absent: "") { $0.podSpec["runtimeClassName"] },
    Field(.scheduling, "scheduler-name", absent: "") {
      $0.podSpec["schedulerName"].unless("default-scheduler")
    },
    Field(.scheduling, "termination-grace-period-seconds", absent: 30) {
      $0.podSpec["terminationGracePeriodSeconds"]
    },
    Field(.scheduling, "resources", absent: [:]) { workload in
      workload.container["resources"].map { resources in
        .object(resources.members.filter { $0.value != [:] && $0.value != .null })
      }
    },
    Field(.scheduling, "image-pull-secrets", absent: []) { $0.podSpec["imagePullSecrets"] },
    Field(.scheduling, "command", absent: []) { $0.container["command"] },
    Field(.scheduling, "args", absent: []) { $0.container["args"] },
    Field(.scheduling, "lifecycle", absent: [:]) { $0.container["lifecycle"] },
    Field(.scheduling, "extra-containers", absent: []) { workload in
      .array(
        (workload.podSpec["containers"]?.elements ?? [])
          .filter { $0["name"]?.string != workload.containerName })
    },
    Field(.scheduling, "init-containers", absent: []) { $0.podSpec["initContainers"] },
    Field(.scheduling, "host-network", absent: false) { $0.podSpec["hostNetwork"] },
    Field(.scheduling, "dns-policy", absent: "") {
      $0.podSpec["dnsPolicy"].unless("ClusterFirst")
    },
    Field(.scheduling, "dns-config", absent: [:]) { $0.podSpec["dnsConfig"] },
    Field(.scheduling, "host-aliases", absent: []) { $0.podSpec["hostAliases"] },
    Field(.scheduling, "pod-annotations", absent: [:]) { workload in
      .object(
        workload.template["metadata"]?["annotations"]?.ownAnnotations
          // The trace of a restart; the upgrade is one.
          .filter { $0.key != "kubectl.kubernetes.io/restartedAt" } ?? [:])
    },
    Field(.scheduling, "pod-labels", absent: [:]) { workload in
      let selector = workload.spec["selector"]?["matchLabels"]?.members ?? [:]
      return .object(workload.podLabels.filter { selector[$0.key] != $0.value })
    },
    Field(.scheduling, "deployment-labels", absent: [:]) { workload in
      .object(
        (workload.deployment["metadata"]?["labels"]?.members ?? [:]).filter {
          !Bookkeeping.isRecord($0.key, isAdded: false, "labels") && !GitOpsOwner.isMark($0.key)
        })
    },
    Field(.scheduling, "deployment-annotations", absent: [:]) { workload in
      .object(
        (workload.deployment["metadata"]?["annotations"]?.members ?? [:]).filter {
          !Bookkeeping.isRecord($0.key, isAdded: false, "annotations")
        })
    },
    Field(.identity, "automount-token", absent: true) {
      $0.podSpec["automountServiceAccountToken"]
    },
    Field(.storage, "other-volumes", absent: []) { workload in
      let data = WorkloadObserver.dataMount(of: workload)?["name"]
      return .array(
        (workload.podSpec["volumes"]?.elements ?? [])
          .filter { data == nil || $0["name"] != data })
    },
    Field(.storage, "other-mounts", absent: []) { workload in
      let data = WorkloadObserver.dataMount(of: workload)
      return .array(
        (workload.container["volumeMounts"]?.elements ?? []).filter { $0 != data })
    },
    Field(.security, "security-context", absent: [:]) { SecurityContexts($0).structured },
    Field(.security, "container-security-context", absent: [:]) {
      SecurityContexts($0).beyondStructure
    },
  ]

  static let keys: Set<FactKey> =
    Set(fields.map(\.key) + Probe.Kind.allCases.flatMap { [$0.enabledKey, $0.contentKey] })
    .union([containerPorts])

  /// The facts of a workload whose listeners are known.
  static func facts(of workload: Workload, _ listeners: [Listener]) -> Facts {
    var facts: Facts = [:]
    for field in fields {
      let read = field.read(workload)
      facts[field.key] = .value(read == nil || read == .null ? field.absent : read ?? .null)
    }
    for kind in Probe.Kind.allCases {
      let probe = Probe(kind, of: workload)
      facts[kind.enabledKey] = .value(.bool(probe != nil))
      facts[kind.contentKey] = probe.map { .value($0.content) } ?? .absent
    }
    facts[containerPorts] = .value(.array(further(workload, listeners)))
    return facts
  }

  /// The ports of the broker's container that are not those of its listeners.
  private static func further(_ workload: Workload, _ listeners: [Listener]) -> [JSON] {
    (workload.container["ports"]?.elements ?? []).map { port in
      port["protocol"] == nil ? port.replacing(["protocol"], with: "TCP") : port
    }.filter { port in
      let isTCP = port["protocol"] == "TCP"
      return !listeners.contains { listener in
        isTCP && port["containerPort"]?.integer == listener.port
          || port["name"]?.string == listener.name
      }
    }
  }

  /// Fields of a Deployment's `spec`, by the fact that sees each.
  private static let specFacts: [String: FactKey] = [
    "replicas": replicas, "revisionHistoryLimit": FactKey(.scheduling, "revision-history-limit"),
    "minReadySeconds": FactKey(.scheduling, "min-ready-seconds"),
    "progressDeadlineSeconds": FactKey(.scheduling, "progress-deadline-seconds"),
  ]

  /// Fields of a Pod's `spec`, by the fact that sees each.
  private static let podFacts: [String: FactKey] = [
    "nodeSelector": FactKey(.scheduling, "node-selector"),
    "tolerations": FactKey(.scheduling, "tolerations"),
    "affinity": FactKey(.scheduling, "affinity"),
    "topologySpreadConstraints": FactKey(.scheduling, "topology-spread-constraints"),
    "priorityClassName": FactKey(.scheduling, "priority-class-name"),
    "runtimeClassName": FactKey(.scheduling, "runtime-class-name"),
    "schedulerName": FactKey(.scheduling, "scheduler-name"),
    "terminationGracePeriodSeconds": FactKey(.scheduling, "termination-grace-period-seconds"),
    "imagePullSecrets": FactKey(.scheduling, "image-pull-secrets"),
    "initContainers": initContainers, "hostNetwork": FactKey(.scheduling, "host-network"),
    "dnsPolicy": FactKey(.scheduling, "dns-policy"),
    "dnsConfig": FactKey(.scheduling, "dns-config"),
    "hostAliases": FactKey(.scheduling, "host-aliases"),
    "automountServiceAccountToken": FactKey(.identity, "automount-token"),
    "securityContext": securityContext,
  ]

  /// Fields of the broker's container, by the fact that sees each.
  private static let containerFacts: [String: FactKey] = {
    var facts: [String: FactKey] = [
      "resources": FactKey(.scheduling, "resources"), "command": command, "args": arguments,
      "lifecycle": lifecycle, "securityContext": securityContext,
    ]
    for kind in Probe.Kind.allCases { facts[kind.member] = kind.enabledKey }
    return facts
  }()

  /// Whether a field of the Deployment's `spec` is judged: by its fact, where the recipe has a
  /// home for that, or among the rest.
  static func covers(spec field: String, _ has: (FactKey...) -> Bool) -> Bool {
    specFacts[field].map { has($0) } ?? true
  }

  /// The same of a field of the Pods' `spec`.
  static func covers(pod field: String, _ has: (FactKey...) -> Bool) -> Bool {
    podFacts[field].map { has($0) } ?? true
  }

  /// The same of a field of the broker's container.
  static func covers(container field: String, _ has: (FactKey...) -> Bool) -> Bool {
    containerFacts[field].map { has($0) } ?? true
  }

  /// What is left of the Deployment when everything is taken away that has a fact, by the field's
  /// name; what Kubernetes would put there itself is left out.
  static func rest(of workload: Workload) -> [String: JSON] {
    var rest: [String: JSON] = [:]
    func collect(
      _ value: JSON, _ prefix: String, known: Set<String>, defaults: [String: JSON]
    ) {
      for (key, member) in value.members
      where !known.contains(key) && member != .null && defaults[key] != member {
        rest[prefix + key] = member
      }
    }
    collect(
      workload.spec, "spec.",
      known: [
        "replicas", "selector", "template", "strategy", "minReadySeconds", "revisionHistoryLimit",
        "progressDeadlineSeconds", "paused",
      ], defaults: [:])
    collect(
      workload.podSpec, "",
      known: [
        "containers", "initContainers", "volumes", "serviceAccount", "serviceAccountName",
        "automountServiceAccountToken", "imagePullSecrets", "securityContext", "nodeSelector",
        "tolerations", "affinity", "topologySpreadConstraints", "priorityClassName",
        "runtimeClassName", "schedulerName", "terminationGracePeriodSeconds", "hostNetwork",
        "dnsPolicy", "dnsConfig", "hostAliases",
      ],
      defaults: [
        "restartPolicy": "Always", "enableServiceLinks": true, "shareProcessNamespace": false,
        "hostPID": false, "hostIPC": false,
      ])
    collect(
      workload.container, "container.",
      known: [
        "name", "image", "imagePullPolicy", "env", "envFrom", "ports", "volumeMounts", "resources",
        "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "securityContext",
        "command", "args",
      ],
      defaults: [
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
        "stdin": false, "stdinOnce": false, "tty": false,
      ])
    if let mount = WorkloadObserver.dataMount(of: workload) {
      collect(
        mount, "/data ", known: ["name", "mountPath", "subPath"],
        defaults: [
          "readOnly": false, "mountPropagation": "None", "recursiveReadOnly": "Disabled",
          "subPathExpr": "",
        ])
    }
    for port in workload.container["ports"]?.elements ?? [] {
      guard let host = port["hostPort"]?.integer, host != 0 else { continue }
      rest["hostPort \(host)"] = port["containerPort"]
    }
    return rest
  }
}

extension Workload {
  /// The Deployment's `spec`.
  var spec: JSON { deployment["spec"] ?? [:] }
  var template: JSON { spec["template"] ?? [:] }
  /// The labels of its Pods.
  var podLabels: [String: JSON] { template["metadata"]?["labels"]?.members ?? [:] }
}

extension JSON {
  /// Annotations without those by which helm and kubectl keep their own records.
  var ownAnnotations: [String: JSON] {
    members.filter {
      !$0.key.hasPrefix("meta.helm.sh/") && !$0.key.hasPrefix("helm.sh/")
        && $0.key != "kubectl.kubernetes.io/last-applied-configuration"
        && !GitOpsOwner.isMark($0.key)
    }
  }

  /// The value without null members, at any depth.
  var withoutNulls: JSON {
    switch self {
    case .object(let members):
      .object(members.filter { $0.value != .null }.mapValues(\.withoutNulls))
    case .array(let elements): .array(elements.map(\.withoutNulls))
    default: self
    }
  }
}

extension JSON? {
  /// Nothing where Kubernetes' own default is written out.
  fileprivate func unless(_ usual: JSON) -> JSON? { self == usual ? nil : self }
}
