/// Reads the facts of the broker's workload other than its environment, the same from live and
/// from rendered objects, after Kubernetes' own defaulting.
package enum WorkloadObserver {
  /// Where the broker keeps its data (seed: "Use PVC for /data persistence").
  package static let dataPath = "/data"

  static let workloadName = FactKey(.ownership, "workload-name")
  static let containerName = FactKey(.ownership, "container-name")
  static let selector = FactKey(.ownership, "selector")
  static let serviceAccountName = FactKey(.identity, "service-account-name")
  static let serviceAccountInRelease = FactKey(.identity, "service-account-in-release")
  static let strategy = FactKey(.scheduling, "strategy")
  static let imageRepository = FactKey(.image, "repository")
  static let imageTag = FactKey(.image, "tag")
  static let imageDigest = FactKey(.image, "digest")
  static let imagePullPolicy = FactKey(.image, "pull-policy")
  static let dataPersistent = FactKey(.storage, "data-persistent")
  static let dataClaim = FactKey(.storage, "data-claim")
  static let dataVolume = FactKey(.storage, "data-volume")
  static let dataVolumeName = FactKey(.storage, "data-volume-name")
  static let dataSubPath = FactKey(.storage, "data-sub-path")
  static let serviceAccountAnnotations = FactKey(.identity, "service-account-annotations")

  /// Every fact that ``facts(of:among:related:_:_:)`` gives and that has a home of its own in a
  /// recipe.
  package static let keys: Set<FactKey> = PodObserver.keys.union([
    serviceAccountAnnotations, workloadName, containerName, selector, serviceAccountName,
    serviceAccountInRelease,
    imageRepository, imageTag,
    imageDigest, imagePullPolicy, dataPersistent, dataClaim, dataVolume,
    dataVolumeName, dataSubPath, strategy,
  ])

  /// Maps of which only what was there has to stay: what the target adds is no difference.
  private static let cumulative: Set<FactKey> = [
    PodObserver.podLabels, PodObserver.deploymentLabels, serviceAccountAnnotations,
  ]

  /// The facts as far as they are about what was there before.
  package static func facts(_ facts: Facts, besides before: Facts) -> Facts {
    var facts = facts
    for (key, observed) in facts
    where cumulative.contains(key) || key.name.hasSuffix("-service-\(NetworkObserver.labels)") {
      guard case .value(.object(let members)) = observed,
        case .value(.object(let kept))? = before[key]
      else { continue }
      facts[key] = .value(.object(members.filter { kept[$0.key] != nil }))
    }
    return facts
  }

  /// The facts of a workload among the objects of the release that it belongs to, and others that
  /// it depends on.
  package static func facts(
    of workload: Workload, among objects: Objects, related: Objects = Objects([]),
    _ environment: EffectiveEnvironment? = nil, _ recipe: Recipe? = nil
  ) -> Facts {
    let listeners = environment.flatMap { recipe?.listeners(in: $0) } ?? []
    var facts = ownFacts(of: workload, among: objects)
    facts.merge(PodObserver.facts(of: workload, listeners)) { own, _ in own }
    facts.merge(
      NetworkObserver.facts(of: workload, among: objects, listeners, recipe?.listeners ?? [])
    ) { own, _ in own }
    let name = serviceAccountName(of: workload)
    let account =
      objects.object(kind: "ServiceAccount", name: name)
      ?? related.object(kind: "ServiceAccount", name: name)
    facts[serviceAccountAnnotations] = account.map {
      .value(.object($0["metadata"]?["annotations"]?.ownAnnotations ?? [:]))
    }
    return facts
  }

  private static func ownFacts(of workload: Workload, among objects: Objects) -> Facts {
    let accountName = serviceAccountName(of: workload)
    let image = Image(workload.container["image"]?.string ?? "")
    let mount = dataMount(of: workload)
    let data = mount.flatMap { volumeSource(of: $0, in: workload) }
    let claim = data?["persistentVolumeClaim"]?["claimName"]?.string
    return [
      workloadName: .value(.string(workload.name)),
      containerName: .value(.string(workload.containerName)),
      selector: selectorLabels(of: workload),
      strategy: .value(strategy(of: workload)),
      serviceAccountName: .value(.string(accountName)),
      serviceAccountInRelease: .value(
        .bool(objects.object(kind: "ServiceAccount", name: accountName) != nil)),
      imageRepository: .value(.string(image.repository)),
      imageTag: image.tag.map { .value(.string($0)) } ?? .absent,
      imageDigest: image.digest.map { .value(.string($0)) } ?? .absent,
      imagePullPolicy: .value(
        .string(
          workload.container["imagePullPolicy"]?.string
            ?? (image.tag == "latest" ? "Always" : "IfNotPresent"))),
      dataPersistent: .value(.bool(data != nil)),
      dataClaim: claim.map { .value(.string($0)) } ?? .absent,
      dataVolume: claim == nil ? data.map(Observed.value) ?? .absent : .absent,
      dataVolumeName: mount?["name"].map(Observed.value) ?? .absent,
      dataSubPath: (mount?["subPath"]).flatMap { $0 == "" ? nil : .value($0) } ?? .absent,
    ]
  }

  /// The labels by which a Deployment selects its Pods. Where it selects them by expressions,
  /// labels alone are not what it goes by, and no value could say so.
  private static func selectorLabels(of workload: Workload) -> Observed {
    let selector = workload.deployment["spec"]?["selector"]
    guard (selector?["matchExpressions"]?.elements ?? []).isEmpty else {
      return .unknown("it has matchExpressions")
    }
    return .value(selector?["matchLabels"] ?? [:])
  }

  /// The ServiceAccount that the Pods run as; Kubernetes' default is `default`.
  package static func serviceAccountName(of workload: Workload) -> String {
    let spec = workload.podSpec
    return [spec["serviceAccountName"]?.string, spec["serviceAccount"]?.string]
      .compactMap { $0 }.first { !$0.isEmpty } ?? "default"
  }

  /// How the Deployment replaces its Pods, with Kubernetes' defaults.
  private static func strategy(of workload: Workload) -> JSON {
    let written = workload.deployment["spec"]?["strategy"] ?? [:]
    let type = written["type"]?.string ?? "RollingUpdate"
    guard type == "RollingUpdate" else { return ["type": .string(type)] }
    let rolling = written["rollingUpdate"]
    return [
      "type": .string(type),
      "rollingUpdate": [
        "maxSurge": rolling?["maxSurge"] ?? "25%",
        "maxUnavailable": rolling?["maxUnavailable"] ?? "25%",
      ],
    ]
  }

  /// The source of the volume at ``dataPath``; nil when there is none.
  static func dataSource(of workload: Workload) -> JSON? {
    dataMount(of: workload).flatMap { volumeSource(of: $0, in: workload) }
  }

  /// The claim at ``dataPath``; nil when there is none.
  static func dataClaimName(of workload: Workload) -> String? {
    dataSource(of: workload)?["persistentVolumeClaim"]?["claimName"]?.string
  }

  /// The mount at ``dataPath``; nil when there is none.
  static func dataMount(of workload: Workload) -> JSON? {
    (workload.container["volumeMounts"]?.elements ?? []).first { mount in
      var path = mount["mountPath"]?.string ?? ""
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      return path == dataPath
    }
  }

  /// The source of a mount's volume, without its name; nil when there is no such volume.
  private static func volumeSource(of mount: JSON, in workload: Workload) -> JSON? {
    let volume = (workload.podSpec["volumes"]?.elements ?? []).first { $0["name"] == mount["name"] }
    guard case .object(var members)? = volume else { return nil }
    members["name"] = nil
    if members.isEmpty { members["emptyDir"] = [:] }
    if case .object(var hostPath)? = members["hostPath"], hostPath["type"] == "" {
      hostPath["type"] = nil
      members["hostPath"] = .object(hostPath)
    }
    return .object(members)
  }

  /// The parts of an image's name.
  struct Image: Hashable {
    var repository: String
    /// `latest` when neither tag nor digest is given, as the container runtime has it.
    var tag: String?
    var digest: String?

    init(_ name: String) {
      var rest = name[...]
      if let at = rest.firstIndex(of: "@") {
        digest = String(rest[rest.index(after: at)...])
        rest = rest[..<at]
      }
      let nameStart = rest.lastIndex(of: "/").map(rest.index(after:)) ?? rest.startIndex
      if let colon = rest[nameStart...].lastIndex(of: ":") {
        tag = String(rest[rest.index(after: colon)...])
        rest = rest[..<colon]
      }
      if tag == nil && digest == nil { tag = "latest" }
      repository = String(rest)
    }
  }
}
