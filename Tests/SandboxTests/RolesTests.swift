import Foundation
import MigratePlanning
import Testing

/// What the Roles in examples/roles.yaml allow is enough.
@Suite("Permissions")
struct RolesTests {
  @Test("the Roles that come along are enough", arguments: HelmVersion.allCases)
  func rolesAreEnough(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("ADMIN_TOKEN=of-the-admin", "LOG_LEVEL=debug", on: "web")
      try await bench.settle()
      let before = try await bench.state()
      let unlimited = try await bench.plan("web")
      var limited = bench
      limited.kubeconfig = try bench.sandbox.limitedKubeconfig
      _ = try await bench.kubectl("apply", "--filename", Self.roles)

      try await bench.bind("plan")
      let plan = try await limited.plan("web")
      #expect(plan.json["findings"] == unlimited.json["findings"])
      #expect(plan.json["unchecked"] == unlimited.json["unchecked"])
      #expect(try await limited.apply(plan).ended(3, "failed"))
      #expect(try await bench.state().differences(from: before) == [])

      try await bench.bind("apply")
      let applied = try await limited.apply(plan)
      #expect(applied.ended(0, "done"), "\(applied)")

      try await bench.release("plan", "apply")
      try await bench.bind("rollback")
      let wentBack = try await limited.rollback()
      #expect(wentBack.ended(0, "done"), "\(wentBack)")
      #expect(try await bench.state().differences(from: before) == [])
    }
  }

  private static let roles = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples/roles.yaml")
    .path()
}

extension Workbench {
  /// Gives the limited user one of the Roles.
  fileprivate func bind(_ role: String) async throws {
    _ = try await kubectl(
      "create", "rolebinding", role, "--role", "backbone-migrate-\(role)", "--user", "limited")
  }

  fileprivate func release(_ roles: String...) async throws {
    _ = try await kubectl(["delete", "rolebinding"] + roles)
  }
}
