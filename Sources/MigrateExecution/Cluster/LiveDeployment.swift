import MigrateAdapters
import MigratePlanning

/// A Deployment in the cluster, and what both ways do to it: pause it, let it roll out, and wait
/// for it.
struct LiveDeployment: Sendable {
  let reference: ObjectReference
  let context: RunContext

  init(_ reference: ObjectReference, in context: RunContext) {
    self.reference = reference
    self.context = context
  }

  private var cluster: Cluster { context.cluster }

  /// The Deployment as it is now; nil when there is none.
  func live() async throws(ClusterError) -> Deployment? {
    try await cluster.get(reference).map(Deployment.init)
  }

  /// Pauses the Deployment with another Pod template; `managers` is a new record of who has which
  /// field. It holds for the very object that was read only.
  ///
  /// - Returns: the Deployment as the server has it then.
  func pause(
    _ deployment: Deployment, as wanted: Deployment, managers: JSON? = nil, dryRun: Bool = false
  ) async throws(ClusterError) -> Deployment {
    Deployment(
      try await cluster.patch(
        reference, with: deployment.patch(toPauseAs: wanted, managers: managers), dryRun: dryRun))
  }

  /// Puts the Pod template of a paused Deployment back when helm made another of it.
  ///
  /// - Returns: whether it was needed.
  func restore(_ paused: Deployment) async throws -> Bool {
    guard let live = try await live() else {
      throw RunFailure(.failed, "\(reference) is gone; somebody or helm deleted it")
    }
    guard
      live.template != paused.template || live.strategy != paused.strategy || !live.isPaused
    else { return false }
    _ = try await pause(live, as: paused)
    return true
  }

  /// Lets the Deployment roll out, and takes our own name and those of hand tools from its Pod
  /// template's fields: else helm's next server-side apply would conflict with them.
  ///
  /// With `staysPaused` it was paused before we came, and is left so; with `cleansHandTools` hand
  /// tools lose the template's fields, because helm has them now.
  ///
  /// - Throws: ``ClusterError``, or `RunFailure` when the Deployment is gone.
  func resume(staysPaused: Bool = false, cleansHandTools: Bool) async throws {
    for attempt in 1...5 {
      guard let live = try await live() else {
        throw RunFailure(.failed, "\(reference) is gone; somebody deleted it")
      }
      // The server says plainly when this is not the version any more; a test would not.
      var operations: [JSON] = [
        [
          "op": "replace", "path": "/metadata/resourceVersion",
          "value": live.resourceVersion ?? .null,
        ]
      ]
      if let cleaned = ManagedFields.cleaned(
        live.object, of: Cluster.fieldManager, cleansHandTools: cleansHandTools)
      {
        operations.append(
          ["op": "replace", "path": "/metadata/managedFields", "value": .array(cleaned)])
      }
      if live.isPaused, !staysPaused {
        operations.append(["op": "remove", "path": "/spec/paused"])
      }
      do {
        _ = try await cluster.patch(reference, with: .array(operations))
        return
      } catch {
        // Somebody was faster, or no answer came: look again.
        guard attempt < 5, error.isConflict || error.leavesOpen else { throw error }
      }
    }
  }

  /// The ReplicaSets and Pods that the Deployment selects.
  func pods(of deployment: Deployment) async throws(ClusterError) -> Objects {
    let selection = Cluster.Selection(labels: deployment.labelSelector)
    let replicaSets = try await cluster.list("replicasets.apps", selection)
    return Objects(replicaSets.all + (try await cluster.list("pods", selection)).all)
  }
}

extension Deployment {
  /// Fields beside template and strategy that people set by hand. Without a value, the server has
  /// its default.
  private static let timing = [
    "minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit",
  ]

  /// The patch that pauses this very version of the Deployment and gives it the other's Pod
  /// template: nothing rolls out until it is resumed.
  func patch(toPauseAs wanted: Deployment, managers: JSON? = nil) -> JSON {
    let timing = Self.timing.compactMap { field -> JSON? in
      let (now, then) = (spec?[field], wanted.spec?[field])
      guard now != then else { return nil }
      let path = JSON.string("/spec/\(field)")
      return then.map { ["op": "add", "path": path, "value": $0] } ?? [
        "op": "remove", "path": path,
      ]
    }
    let records = [managers].compactMap { $0 }.map { record -> JSON in
      ["op": "replace", "path": "/metadata/managedFields", "value": record]
    }
    return .array(
      [
        ["op": "test", "path": "/metadata/uid", "value": uid ?? .null],
        // Of the moment ago when it was read: Kubernetes compares texts as they are spelled, and so
        // content would not do.
        ["op": "test", "path": "/metadata/generation", "value": generation ?? .null],
        ["op": "add", "path": "/spec/paused", "value": true],
        ["op": "replace", "path": "/spec/template", "value": wanted.template ?? [:]],
        ["op": "add", "path": "/spec/strategy", "value": wanted.strategy ?? [:]],
      ] + timing + records)
  }
}
