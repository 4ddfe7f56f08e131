import Foundation
import MigrateAdapters
import MigratePlanning

/// What both ways do to a Deployment: hold it still, let it go, and wait for it.
struct DeploymentSteps: Sendable {
  let tools: Tools
  let reference: ObjectReference
  let secrets: [String]

  private var kubectl: Kubectl { tools.kubectl }

  /// The live Deployment; nil when there is none.
  func live() async throws(ClientError) -> JSON? { try await kubectl.get(reference) }

  /// Fields beside template and strategy that people set by hand. Without a value, the server has
  /// its default.
  private static let timing = [
    "minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit",
  ]

  /// The patch that holds a Deployment still and gives it its new Pod template: nothing rolls out
  /// until it is resumed. It holds for the very object that was read only.
  static func hold(_ deployment: JSON, as wanted: JSON, managers: JSON? = nil) -> JSON {
    let metadata = deployment["metadata"]
    let spec = wanted["spec"]
    let timing = timing.compactMap { field -> JSON? in
      let (now, then) = (deployment["spec"]?[field], spec?[field])
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
        ["op": "test", "path": "/metadata/uid", "value": metadata?["uid"] ?? .null],
        ["op": "test", "path": "/metadata/generation", "value": metadata?["generation"] ?? .null],
        ["op": "add", "path": "/spec/paused", "value": true],
        ["op": "replace", "path": "/spec/template", "value": spec?["template"] ?? [:]],
        ["op": "add", "path": "/spec/strategy", "value": spec?["strategy"] ?? [:]],
      ] + timing + records)
  }

  /// Holds the Deployment still with another Pod template; `managers` is a new record of who has
  /// which field.
  ///
  /// - Returns: the Deployment as the server has it then.
  func hold(
    _ deployment: JSON, as wanted: JSON, managers: JSON? = nil, dryRun: Bool = false
  ) async throws(ClientError) -> JSON {
    try await kubectl.patch(
      reference, with: Self.hold(deployment, as: wanted, managers: managers), dryRun: dryRun,
      secrets: secrets)
  }

  /// Whether a Deployment is held still, and by this program.
  func isHeld(_ deployment: JSON) -> Bool {
    deployment["spec"]?["paused"] == true
      && (deployment["metadata"]?["managedFields"]?.elements ?? []).contains {
        $0["manager"]?.string == Kubectl.fieldManager
          && $0["fieldsV1"]?["f:spec"]?["f:paused"] != nil
      }
  }

  /// Puts the held Pod template back when helm made another of it.
  ///
  /// - Returns: whether it was needed.
  func restore(_ held: JSON) async throws -> Bool {
    guard let live = try await live() else {
      throw RunFailure(.failed, "\(reference) is gone; somebody or helm deleted it")
    }
    guard
      live["spec"]?["template"] != held["spec"]?["template"]
        || live["spec"]?["strategy"] != held["spec"]?["strategy"]
        || live["spec"]?["paused"] != true
    else { return false }
    _ = try await hold(live, as: held)
    return true
  }

  /// Lets the Deployment roll out, and takes our own name and those of hand tools from its Pod
  /// template's fields: else helm's next server-side apply would conflict with them.
  ///
  /// With `staysPaused` it was held still before we came, and is left so; with `cleansHandTools`
  /// hand tools lose the template's fields, because helm has them now.
  ///
  /// - Throws: ``ClientError``, or ``RunFailure`` when the Deployment is gone.
  func resume(staysPaused: Bool = false, cleansHandTools: Bool) async throws {
    for attempt in 1...5 {
      guard let live = try await live() else {
        throw RunFailure(.failed, "\(reference) is gone; somebody deleted it")
      }
      // The server says plainly when this is not the version any more; a test would not.
      var operations: [JSON] = [
        [
          "op": "replace", "path": "/metadata/resourceVersion",
          "value": live["metadata"]?["resourceVersion"] ?? .null,
        ]
      ]
      if let cleaned = ManagedFields.cleaned(
        live, of: Kubectl.fieldManager, cleansHandTools: cleansHandTools)
      {
        operations.append(
          ["op": "replace", "path": "/metadata/managedFields", "value": .array(cleaned)])
      }
      if live["spec"]?["paused"] == true, !staysPaused {
        operations.append(["op": "remove", "path": "/spec/paused"])
      }
      do {
        _ = try await kubectl.patch(reference, with: .array(operations), secrets: secrets)
        return
      } catch {
        // Somebody was faster, or no answer came: look again.
        guard attempt < 5, error.isConflict || error.leavesOpen else { throw error }
      }
    }
  }

  /// Waits until the Deployment has only new Pods and all of them are available, and tells
  /// meanwhile what it waits for.
  ///
  /// - Throws: ``RunFailure`` with the reasons when it gets stuck or the time is over.
  func wait(
    atMost limit: Duration, telling tell: (String) async -> Void
  ) async throws -> String {
    let begin = tools.now()
    let end = begin.addingTimeInterval(TimeInterval(limit.components.seconds))
    var looked = begin
    var reasons: [String] = []
    while true {
      try tools.stop.heed()
      let deployment: JSON
      do {
        guard let live = try await live() else {
          throw RunFailure(.failed, "\(reference) is gone; somebody deleted it")
        }
        deployment = live
      } catch let error as ClientError {
        // One question without an answer says nothing of the broker.
        guard tools.now() < end else { throw error }
        await tell("the cluster does not answer: \(error)")
        await tools.sleep(.seconds(1))
        continue
      }
      var rollout = Rollout(deployment: deployment, among: Objects([]))
      let isLate = tools.now() >= end
      if rollout == .complete {
        let seconds = Int(tools.now().timeIntervalSince(begin))
        return "every Pod is new and available after \(seconds) s"
      }
      if case .progressing(let words) = rollout, !isLate {
        // The Deployment's own are among the words already.
        let more = reasons.filter { !words.contains($0) }.map { "; \($0)" }.joined()
        await tell((words + more).redacted(secrets))
        // Not each second: most Pods come up meanwhile.
        if tools.now() >= looked.addingTimeInterval(5) {
          looked = tools.now()
          let objects = (try? await pods(of: deployment)) ?? Objects([])
          reasons = Rollout.reasons(deployment, objects)
        }
        await tools.sleep(.seconds(1))
        continue
      }
      // Without its Pods there is less to say, and no other end.
      var hidden = ""
      do {
        rollout = Rollout(deployment: deployment, among: try await pods(of: deployment))
      } catch {
        hidden = "; its Pods cannot be read: \(error)"
      }
      switch rollout {
      case .complete: continue
      case .progressing(let words):
        if !isLate { continue }
        throw RunFailure(
          .failed,
          "\(reference) is not ready after \(limit.components.seconds) s: "
            + (words + hidden + (await warnings(since: begin, beyond: words))).redacted(secrets))
      case .stuck(let words):
        throw RunFailure(
          .failed,
          "\(reference) does not come up: "
            + (words + hidden + (await warnings(since: begin, beyond: words))).redacted(secrets))
      }
    }
  }

  /// The ReplicaSets and Pods that the Deployment selects.
  private func pods(of deployment: JSON) async throws(ClientError) -> Objects {
    let labels = (deployment["spec"]?["selector"]?["matchLabels"]?.members ?? [:]).sorted {
      $0.key < $1.key
    }.map { "\($0.key)=\($0.value.string ?? "")" }
    return try await kubectl.list([
      "replicasets,pods", "--selector", labels.joined(separator: ","),
    ])
  }

  /// What Kubernetes warned of since a moment beyond some words; nothing when the events may not be
  /// read.
  private func warnings(since moment: Date, beyond words: String) async -> String {
    guard
      let events = try? await kubectl.list(["events", "--field-selector", "type=Warning"])
    else { return "" }
    // Events have whole seconds.
    let since = moment.addingTimeInterval(-1).formatted(.iso8601)
    return Rollout.warnings(events, of: reference.name, since: since, beyond: words)
      .map { "; \($0)" }.joined()
  }
}

extension String {
  /// The text without secrets.
  func redacted(_ secrets: [String]) -> String { Sensitivity.redacting(self, secrets) }
}
