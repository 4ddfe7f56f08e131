import Foundation
import MigratePlanning

extension Workbench {
  /// The name of the Lease that locks release `web`.
  static let lease = "backbone-migrate.web"

  /// Locks release `web` in somebody else's name, as a run on another machine did some seconds ago.
  func lock(by holder: String, age: TimeInterval = 0) async throws {
    let moment = Date(timeIntervalSinceNow: -age).formatted(
      Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    let time = moment.replacing("Z", with: "000Z")
    let lease: JSON = [
      "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
      "metadata": [
        "name": .string(Self.lease),
        "labels": [
          "app.kubernetes.io/managed-by": "backbone-migrate", "backbone-migrate/release": "web",
        ],
        "annotations": [
          "backbone-migrate/run": "run-elsewhere", "backbone-migrate/kind": "apply",
          "backbone-migrate/state": "running", "backbone-migrate/step": "helm",
          "backbone-migrate/started-at": .string(moment),
        ],
      ],
      "spec": [
        "holderIdentity": .string(holder), "leaseDurationSeconds": 60,
        "renewTime": .string(time),
      ],
    ]
    _ = try await kubectl(["apply", "--filename", "-"], input: lease.canonical)
  }

  /// Makes the lock of release `web` as old as if its holder had been gone for long.
  func expireLock() async throws { try await setRenewed("2020-01-01T00:00:00.000000Z") }

  /// Makes the lock of release `web` as new as if its holder were at it.
  func renewLock() async throws {
    let now = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    try await setRenewed(now.replacing("Z", with: "000Z"))
  }

  private func setRenewed(_ moment: String) async throws {
    let patch: JSON = ["spec": ["renewTime": .string(moment)]]
    _ = try await kubectl(
      "patch", "lease", Self.lease, "--type=merge", "--patch", patch.canonical)
  }

  /// Who holds the lock of release `web`; nil when nobody does.
  func lockHolder() async throws -> String? {
    try await live("lease", Self.lease)["spec"]?["holderIdentity"]?.string
  }
}
