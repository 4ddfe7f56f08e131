import Foundation
import MigrateAdapters
import Testing

@testable import MigratePlanning

/// A run as apply and rollback leave it.
struct SampleRun: CustomTestStringConvertible, Sendable {
  let name: String
  let document: RunDocument

  var testDescription: String { name }

  static let all = [
    previewed, done, differs, failed, rolledBack, interrupted, unchanged, rollback, running, bare,
  ]

  /// A dry run of an apply that would work, with something to accept.
  static let previewed: SampleRun = make("foretold-apply", dryRun: true, state: .previewed) { run in
    run.message = "nothing was changed"
    run.steps = steps([
      (.validate, .done, 840, "the API server takes it all"),
      (.backup, .done, 310, "would be kept in 2 Secrets"),
    ])
    run.findings = [
      finding(
        .defaultChanged, .breaking,
        "MAX_QUEUED is 1000 after, and was not set before",
        remedy: "keep it with --set config.maxQueued=0, or accept it with --accept "
          + "default-changed"),
      finding(.secretInPlainText, .info, "settled", resolved: true),
    ]
    let container = "spec.template.spec.containers[backbone]"
    run.changes = [
      change(
        "Deployment", "web", .update,
        [
          ("metadata.labels[helm.sh/chart]", "backbone-0.1.0", "backbone-0.2.0"),
          ("\(container).env[LOG_LEVEL].value", "debug", .null),
          ("\(container).env[ADMIN_TOKEN].value", "<redacted>", .null),
          ("\(container).env[ADMIN_TOKEN].valueFrom", .null, ["secretKeyRef": ["name": "web"]]),
          ("\(container).env[ENABLED].value", "true", true),
          ("\(container).image", "registry.example/backbone:1", "registry.example/backbone:2"),
          (
            "\(container).args[0]",
            .string(String(repeating: "--listen 0.0.0.0 ", count: 12) + "--quiet"),
            .string(String(repeating: "--listen 0.0.0.0 ", count: 12) + "--verbose")
          ),
          ("\(container).readinessProbe", .null, ["httpGet": ["path": "/ready", "port": 8080]]),
          ("spec.replicas", 1, 2),
        ]),
      change("ConfigMap", "web-config", .create, [("data.LOG_LEVEL", .null, "debug")]),
      change("ServiceAccount", "web", .keep, []),
      change("Service", "web", .none, []),
    ]
    run.next = "backbone-migrate apply plan-x7k2m9qa --accept default-changed --namespace mqtt"
  }

  static let done: SampleRun = make("done-apply", state: .done) { run in
    run.message =
      "release \"web\" runs chart 0.2.0, and the broker sees what it saw before"
    run.release.toRevision = 4
    run.backup = run.id
    run.steps = applied()
    run.changes = [
      change("Deployment", "web", .update, [("spec.replicas", 1, 2)]),
      change("Service", "web", .update, [("spec.type", "LoadBalancer", "ClusterIP")]),
      change("ServiceAccount", "web", .keep, []),
    ]
    run.back = "backbone-migrate rollback run-k3m8p2vd --namespace mqtt"
  }

  static let differs: SampleRun = make("differing-apply", state: .differs) { run in
    run.message = "the upgrade is done, and something is otherwise than planned"
    run.release.toRevision = 4
    run.backup = run.id
    run.steps = applied(verified: "3 fields are otherwise than planned")
    let container = "spec.template.spec.containers[backbone]"
    run.differences = [
      difference("Deployment", "web", "\(container).env[LOG_LEVEL].value", "debug", "info"),
      difference("Deployment", "web", "\(container).env[ADMIN_TOKEN].value", "<redacted>", .null),
      difference(
        "Service", "web", "spec.ports", [["name": "mqtt", "port": 1883]],
        [["name": "mqtt", "port": 1883], ["name": "ws", "port": 9001]]),
    ]
    run.next = "backbone-migrate rollback run-k3m8p2vd --namespace mqtt"
  }

  static let failed: SampleRun = make("failed-apply", state: .failed) { run in
    run.message =
      "helm upgrade web failed with status 1: cannot patch \"web\" with kind Service: Service "
      + "\"web\" is "
      + "invalid: spec.ports[0].nodePort: Invalid value: 31883: provided port is already allocated"
    run.backup = run.id
    run.steps = Array(applied().prefix(4))
    run.steps.append(step(.helm, .failed, 3640, 75_430, run.message))
    run.next = "backbone-migrate rollback run-k3m8p2vd --namespace mqtt"
  }

  static let rolledBack: SampleRun = make("rolled-back-apply", state: .rolledBack) { run in
    let late =
      "Deployment/web is not ready after 300 s: 1 of 1 Pods are new, 0 of them available, 1 old "
      + "one is still there; Pod web-7c9d8-x2x4b: container backbone runs and is not ready"
    run.message =
      "\(late); everything is as it was before. When that is mended: \"backbone-migrate plan web "
      + "--namespace mqtt\""
    run.release.toRevision = 5
    run.backup = run.id
    run.steps = Array(applied().prefix(7))
    run.steps.append(step(.wait, .failed, 9250, 300_000, late))
    run.steps += steps(back, from: 309_260)
  }

  static let interrupted: SampleRun = make("interrupted-apply", state: .interrupted) { run in
    run.message =
      "stopped on request; Deployment/web is held still: "
      + "its Pods run on as they are until you go on or go back"
    run.backup = run.id
    run.steps = Array(applied().prefix(4))
    run.steps.append(step(.helm, .running, 3640, nil, nil))
    run.next = "backbone-migrate apply --resume run-k3m8p2vd --namespace mqtt"
    run.back = "backbone-migrate rollback run-k3m8p2vd --namespace mqtt"
  }

  /// Stopped before it changed what it was to change.
  static let unchanged: SampleRun = make("unchanged-apply", state: .interrupted) { run in
    run.message = "stopped on request; nothing was changed"
    run.release.toRevision = run.release.fromRevision
    run.changes = previewed.document.changes
    run.steps = Array(applied().prefix(2))
    run.next = "backbone-migrate apply plan-x7k2m9qa --namespace mqtt"
  }

  static let rollback: SampleRun = make("done-rollback", kind: .rollback, state: .done) { run in
    run.id = "run-n4q9t6wz"
    run.message = "release \"web\" is as it was before run-k3m8p2vd"
    run.release.fromRevision = 4
    run.release.toRevision = 5
    run.backup = "run-k3m8p2vd"
    run.steps = steps([(.lock, .done, 120, "for 60 s, and renewed")] + back)
  }

  /// A run that goes on.
  static let running: SampleRun = make("running-apply", state: .running) { run in
    run.steps = Array(applied().prefix(7))
    run.steps.append(
      step(.wait, .running, 9250, nil, "0 of 1 Pods are new, 1 old one is still there"))
  }

  /// A run of which nothing is known but that it began.
  static let bare: SampleRun = make("bare", state: .running) { run in
    run.plan = nil
    run.release.context = nil
    run.release.clusterID = nil
  }

  private static func make(
    _ name: String, kind: RunDocument.Kind = .apply, dryRun: Bool = false,
    state: RunDocument.State, _ change: (inout RunDocument) -> Void
  ) -> SampleRun {
    var run = RunDocument(
      id: "run-k3m8p2vd", kind: kind, dryRun: dryRun, state: state, startedAt: moment(0),
      release: RunDocument.Release(
        name: "web", namespace: "mqtt", clusterID: "5f1e0a52-7c2f-4a51-9a43-0d3c6bafc6b4",
        context: "production", fromRevision: 3),
      plan: RunDocument.PlanReference(
        id: "plan-x7k2m9qa", digest: "sha256:" + String(repeating: "0123456789abcdef", count: 4)))
    change(&run)
    if state != .running {
      run.finishedAt = run.steps.last.flatMap { $0.finishedAt ?? $0.startedAt }
    }
    return SampleRun(name: name, document: run)
  }

  private typealias Part = (RunDocument.StepName, RunDocument.Step.State, Int, String?)

  private static func applied(
    verified: String = "5 objects and 21 variables are as planned"
  ) -> [RunDocument.Step] {
    steps([
      (.lock, .done, 420, "for 60 s, and renewed"),
      (.validate, .done, 840, "the API server takes it all"),
      (.backup, .done, 1310, "kept in 2 Secrets of this namespace"),
      (.prepare, .done, 1030, "Deployment/web is held still with its new Pod template"),
      (.helm, .done, 4260, "helm made revision 4"),
      (.restore, .done, 840, "helm's merge had made another Pod template"),
      (.resume, .done, 480, "Deployment/web rolls out"),
      (.wait, .done, 15_930, "every Pod is new and available after 16 s"),
      (.verify, .done, 520, verified),
    ])
  }

  /// The way back, once the lock is there.
  private static let back: [Part] = [
    (.prepare, .done, 450, "Deployment/web is held still with its old Pod template"),
    (.helm, .done, 3820, "helm made revision 5 of revision 3"),
    (.restore, .done, 610, "Service/web is as it was, ConfigMap/web-config is deleted"),
    (.resume, .done, 490, "Deployment/web rolls out"),
    (.wait, .done, 12_400, "every Pod is new and available after 12 s"),
    (.verify, .done, 380, "3 objects are as they were"),
  ]

  private static func steps(_ parts: [Part], from start: Int = 0) -> [RunDocument.Step] {
    var time = start
    return parts.map { name, state, duration, detail in
      defer { time += duration + 10 }
      return step(name, state, time, duration, detail)
    }
  }

  static func step(
    _ name: RunDocument.StepName, _ state: RunDocument.Step.State, _ start: Int, _ duration: Int?,
    _ detail: String?
  ) -> RunDocument.Step {
    RunDocument.Step(
      name: name, state: state, startedAt: moment(start),
      finishedAt: duration.map { moment(start + $0) }, detail: detail)
  }

  /// So many milliseconds after ten o'clock.
  private static func moment(_ milliseconds: Int) -> DocumentTime {
    DocumentTime(
      Timestamp(Date(timeIntervalSince1970: 1_772_359_200 + Double(milliseconds) / 1000)))
  }

  private static func change(
    _ kind: String, _ name: String, _ change: ObjectChange.Kind, _ fields: [(String, JSON, JSON)]
  ) -> RunDocument.Change {
    RunDocument.Change(
      object: PlanDocument.Object(
        ObjectReference(kind: kind, name: name, namespace: "mqtt"), change),
      fields: fields.map { RunDocument.Field(path: $0, before: $1, after: $2) })
  }

  private static func difference(
    _ kind: String, _ name: String, _ path: String, _ expected: JSON, _ found: JSON
  ) -> RunDocument.Difference {
    RunDocument.Difference(
      object: PlanDocument.Subject(kind: kind, name: name, namespace: "mqtt"), path: path,
      expected: expected, found: found)
  }

  private static func finding(
    _ code: FindingCode, _ severity: Finding.Severity, _ message: String,
    remedy: String? = nil, resolved: Bool = false
  ) -> PlanDocument.FindingEntry {
    PlanDocument.FindingEntry(
      code: code, dimension: .environment, severity: severity,
      subject: PlanDocument.Subject(kind: "Deployment", name: "web", namespace: "mqtt"),
      message: message, before: .null, after: "1000", remedy: remedy, resolved: resolved,
      acceptedBy: nil)
  }
}
