/// The lock on a release, which is also the journal that every machine can read: a Lease in the
/// release's namespace. It names the run that holds it, how far that run has come, and the backup
/// to go back to; it stays, without a holder, when the run is over.
package struct ReleaseLock: Hashable, Sendable {
  /// Seconds for which a holder has the lock without renewing it.
  package static let duration = 60

  package var release: String
  package var namespace: String
  /// The run that holds the lock, as `USER@HOST RUN-ID`; nil when nobody does.
  package var holder: String?
  package var renewedAt: Timestamp
  package var transitions: Int
  package var journal: Journal
  /// What the server knows this state of the Lease by; nil for one that is not there yet.
  package var resourceVersion: String?
  /// Of this very Lease: replacing one that is gone would else make it again.
  package var uid: String?

  /// What the last run did, as far as it came.
  package struct Journal: Hashable, Sendable {
    package var run: String
    package var kind: RunDocument.Kind
    package var state: RunDocument.State
    package var step: RunDocument.StepName?
    package var plan: String?
    /// The run whose backup holds the state from before; nil while there is none.
    package var backup: String?
    package var startedAt: DocumentTime

    package init(
      run: String, kind: RunDocument.Kind, state: RunDocument.State = .running,
      step: RunDocument.StepName? = nil, plan: String? = nil, backup: String? = nil,
      startedAt: DocumentTime
    ) {
      self.run = run
      self.kind = kind
      self.state = state
      self.step = step
      self.plan = plan
      self.backup = backup
      self.startedAt = startedAt
    }
  }

  package init(
    release: String, namespace: String, holder: String?, renewedAt: Timestamp,
    transitions: Int = 0,
    journal: Journal, resourceVersion: String? = nil, uid: String? = nil
  ) {
    self.uid = uid
    self.release = release
    self.namespace = namespace
    self.holder = holder
    self.renewedAt = renewedAt
    self.transitions = transitions
    self.journal = journal
    self.resourceVersion = resourceVersion
  }

  /// The name of the Lease of a release.
  package static func name(of release: String) -> String { "backbone-migrate.\(release)" }

  /// Whether somebody holds the lock at a moment.
  package func isHeld(at moment: Timestamp) -> Bool {
    guard let holder, !holder.isEmpty else { return false }
    return renewedAt.adding(seconds: Double(Self.duration)) > moment
  }
}

extension ReleaseLock {
  /// The Lease.
  package var lease: JSON {
    var metadata: [String: JSON] = [
      "name": .string(Self.name(of: release)), "namespace": .string(namespace),
      "labels": .object(BackupLabels.labels(release: release)),
      "annotations": .object(journal.annotations.mapValues(JSON.string)),
    ]
    metadata["resourceVersion"] = resourceVersion.map(JSON.string)
    metadata["uid"] = uid.map(JSON.string)
    var spec: [String: JSON] = [
      "leaseDurationSeconds": .integer(Self.duration),
      "renewTime": .string(renewedAt.microTime), "leaseTransitions": .integer(transitions),
    ]
    spec["holderIdentity"] = holder.map(JSON.string)
    return [
      "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": .object(metadata),
      "spec": .object(spec),
    ]
  }

  /// Reads a Lease; nil when it is none of ours.
  package init?(lease: JSON) {
    guard let metadata = lease["metadata"],
      let release = metadata["labels"]?[BackupLabels.release]?.string,
      let journal = Journal(annotations: metadata["annotations"] ?? [:])
    else { return nil }
    let spec = lease["spec"]
    self.init(
      release: release, namespace: metadata["namespace"]?.string ?? "default",
      holder: spec?["holderIdentity"]?.string.flatMap { $0.isEmpty ? nil : $0 },
      renewedAt: spec?["renewTime"]?.string.flatMap(Timestamp.init(kubernetes:)) ?? .distantPast,
      // Kubernetes counts in 32 bits, and one more has to fit.
      transitions: max(0, min(spec?["leaseTransitions"]?.integer ?? 0, Int(Int32.max) - 1)),
      journal: journal,
      resourceVersion: metadata["resourceVersion"]?.string, uid: metadata["uid"]?.string)
  }
}

extension ReleaseLock.Journal {
  private static let prefix = "backbone-migrate/"

  fileprivate var annotations: [String: String] {
    let pairs: [(String, String?)] = [
      ("run", run), ("kind", kind.rawValue), ("state", state.rawValue), ("step", step?.rawValue),
      ("plan", plan), ("backup", backup), ("started-at", startedAt.text),
    ]
    return Dictionary(
      uniqueKeysWithValues: pairs.compactMap { key, value in
        value.map { (Self.prefix + key, $0) }
      })
  }

  fileprivate init?(annotations: JSON) {
    func text(_ key: String) -> String? { annotations[Self.prefix + key]?.string }
    // Whoever may write the Lease may write anything; an id gets into commands that are shown.
    guard let run = text("run"), run.isID(of: "run"),
      let kind = text("kind").flatMap(RunDocument.Kind.init(rawValue:)),
      let state = text("state").flatMap(RunDocument.State.init(rawValue:))
    else { return nil }
    self.init(
      run: run, kind: kind, state: state,
      step: text("step").flatMap(RunDocument.StepName.init(rawValue:)),
      plan: text("plan").flatMap { $0.isID(of: "plan") ? $0 : nil },
      backup: text("backup").flatMap { $0.isID(of: "run") ? $0 : nil },
      startedAt: DocumentTime(text: text("started-at") ?? ""))
  }
}

/// The labels by which our own objects in the cluster are found.
package enum BackupLabels {
  package static let release = "backbone-migrate/release"
  package static let run = "backbone-migrate/run"

  package static func labels(release: String, run: String? = nil) -> [String: JSON] {
    var labels: [String: JSON] = [
      "app.kubernetes.io/managed-by": "backbone-migrate", Self.release: .string(release),
    ]
    labels[Self.run] = run.map(JSON.string)
    return labels
  }
}
