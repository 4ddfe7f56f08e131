import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

/// What a rollback has to bring back, as kubectl shows it: every Deployment, Service and
/// ServiceAccount of a namespace, without what the server writes into them.
struct ReleaseState: Sendable {
  let objects: [String: JSON]

  init(_ list: JSON) {
    objects = Dictionary(
      (list["items"]?.elements ?? []).map { object in
        let name = "\(object["kind"]?.string ?? "")/\(object["metadata"]?["name"]?.string ?? "")"
        return (name, Self.withoutServerFields(object))
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func withoutServerFields(_ object: JSON) -> JSON {
    var members = object.members
    members["status"] = nil
    var metadata = members["metadata"]?.members ?? [:]
    for key in [
      "resourceVersion", "generation", "managedFields", "uid", "creationTimestamp", "selfLink",
    ] {
      metadata[key] = nil
    }
    var annotations = metadata["annotations"]?.members ?? [:]
    annotations["deployment.kubernetes.io/revision"] = nil
    metadata["annotations"] = annotations.isEmpty ? nil : .object(annotations)
    members["metadata"] = .object(metadata)
    return .object(members)
  }

  /// Where another state differs, in words.
  func differences(from other: ReleaseState) -> [String] {
    Set(objects.keys).union(other.objects.keys).sorted().flatMap { name in
      Self.differences(objects[name] ?? .null, other.objects[name] ?? .null, at: name)
    }
  }

  private static func differences(_ one: JSON, _ other: JSON, at path: String) -> [String] {
    if one == other { return [] }
    if case .object(let left) = one, case .object(let right) = other {
      return Set(left.keys).union(right.keys).sorted().flatMap {
        differences(left[$0] ?? .null, right[$0] ?? .null, at: "\(path).\($0)")
      }
    }
    if case .array(let left) = one, case .array(let right) = other, left.count == right.count {
      return zip(left, right).enumerated().flatMap { index, pair in
        differences(pair.0, pair.1, at: "\(path)[\(index)]")
      }
    }
    return ["\(path) is \(one.canonical) and was \(other.canonical)"]
  }
}

extension Workbench {
  /// What a rollback has to bring back. The ServiceAccount that every namespace has is left out.
  func state() async throws -> ReleaseState {
    let all = try await list("deployments", "services", "serviceaccounts")
    let objects = (all["items"]?.elements ?? []).filter { $0.objectName != "default" }
    return ReleaseState(["items": .array(objects)])
  }

  /// The kinds of objects that a run could write.
  private static let kinds = [
    "deployments", "services", "secrets", "configmaps", "serviceaccounts", "leases",
    "persistentvolumeclaims", "roles", "rolebindings",
  ]

  /// The versions of all objects that a run could touch, by kind and name. Controllers change them
  /// too.
  func versions() async throws -> [String: JSON] {
    byName(try await sandbox.api.list(Self.kinds + ["replicasets"], in: namespace)) {
      $0["metadata"]?["resourceVersion"] ?? .null
    }
  }

  /// What somebody other than a controller wrote into all objects that a run could touch, by kind
  /// and name. A Deployment may be rolling out meanwhile: its status and the number of its revision
  /// are left out, and its generation counts each change of its spec.
  func written() async throws -> [String: JSON] {
    byName(try await sandbox.api.list(Self.kinds, in: namespace)) { object in
      let metadata = object["metadata"] ?? .null
      guard object["kind"] == "Deployment" else { return metadata["resourceVersion"] ?? .null }
      var annotations = metadata["annotations"]?.members ?? [:]
      annotations["deployment.kubernetes.io/revision"] = nil
      return [
        "uid": metadata["uid"] ?? .null, "generation": metadata["generation"] ?? .null,
        "labels": metadata["labels"] ?? .null, "annotations": .object(annotations),
      ]
    }
  }

  private func byName(_ list: JSON, _ view: (JSON) -> JSON) -> [String: JSON] {
    let pairs = (list["items"]?.elements ?? []).map { object in
      ("\(object["kind"]?.string ?? "")/\(object.objectName)", view(object))
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// Waits until every Deployment has rolled out and nothing changes by itself any more.
  func settle() async throws {
    try await rollOut()
    var last = try await versions()
    for _ in 0..<40 {
      try await Task.sleep(for: .milliseconds(300))
      let now = try await versions()
      if now == last { return }
      last = now
    }
  }

  /// Waits until every Deployment that is not paused has rolled out, a minute at most.
  func rollOut() async throws {
    let end = ContinuousClock.now + .seconds(60)
    while true {
      let deployments = try await list("deployments")["items"]?.elements ?? []
      let late = deployments.filter { $0["spec"]?["paused"] != true && !Self.isRolledOut($0) }
      if late.isEmpty { return }
      guard ContinuousClock.now < end else { throw NotRolledOut(deployments: late) }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private static func isRolledOut(_ deployment: JSON) -> Bool {
    let status = deployment["status"]
    let wanted = deployment["spec"]?["replicas"]?.integer ?? 1
    return status?["observedGeneration"] == deployment["metadata"]?["generation"]
      && ["replicas", "updatedReplicas", "availableReplicas"].allSatisfy {
        status?[$0]?.integer ?? 0 == wanted
      }
  }

  /// Deployments were expected to roll out and did not.
  struct NotRolledOut: Error, CustomStringConvertible {
    let deployments: [JSON]

    var description: String {
      "not rolled out after a minute: "
        + deployments.map { "\($0.objectName) \($0["status"]?.canonical ?? "")" }
        .joined(separator: ", ")
    }
  }

  /// Requires that some work writes no object of the namespace.
  func expectNothingChanged<Value>(
    _ about: Comment? = nil, by work: nonisolated(nonsending) () async throws -> Value
  ) async throws -> Value {
    let before = try await written()
    let value = try await work()
    let after = try await written()
    let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    #expect(changed.isEmpty, about)
    return value
  }

  /// Where the live objects lack what helm's manifest of a release says.
  func unmetFields(of release: String) async throws -> [String] {
    let manifest = try await helm("get", "manifest", release).text
    var unmet: [String] = []
    for object in try YAMLReader().manifestDocuments(manifest) {
      unmet += Self.unmet(
        object, try await sandbox.api.live(object, in: namespace),
        at: "\(object["kind"]?.string ?? "")/\(object.objectName)")
    }
    return unmet
  }

  /// Kubernetes leaves out what is empty, false or zero, and adds to objects and to named entries.
  private static func unmet(_ wanted: JSON, _ live: JSON, at path: String) -> [String] {
    if wanted == live { return [] }
    switch (wanted, live) {
    case (.null, _), (.bool(false), .null), (.string(""), .null), (.number("0"), .null): return []
    case (.object(let members), _):
      return members.sorted { $0.key < $1.key }.flatMap { key, value in
        unmet(value, live[key] ?? .null, at: "\(path).\(key)")
      }
    case (.array(let entries), _):
      let there = live.elements
      guard entries.count == there.count else {
        return ["\(path) has \(there.count) entries, not \(entries.count)"]
      }
      return zip(entries, there).enumerated().flatMap { index, pair in
        unmet(pair.0, pair.1, at: "\(path)[\(index)]")
      }
    default: return ["\(path) is \(live.canonical), not \(wanted.canonical)"]
    }
  }
}
