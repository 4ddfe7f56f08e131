import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

/// The Job that plans inside the cluster. No container runs here: its arguments are run with the
/// rights of its ServiceAccount.
@Suite("The Job that plans")
struct PlanJobTests {
  @Test("it may do all that its arguments need", arguments: HelmVersion.only(.helm4))
  func job(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("ADMIN_TOKEN=sunflower-7041", on: "web")
      for name in ["roles", "plan-job"] {
        _ = try await bench.kubectl("apply", "--filename", Self.example(name))
      }
      let file = try String(contentsOfFile: Self.example("plan-job"), encoding: .utf8)
      let objects = try YAMLReader().manifestDocuments(Array(file.utf8))
      let pod = objects.first { $0["kind"] == "Job" }?["spec"]?["template"]?["spec"]
      let container = try #require(pod?["containers"]?.elements.first)
      let arguments = (container["args"]?.elements ?? []).compactMap(\.string)
      #expect(container["env"]?.elements.map { $0["name"] } == ["HELM_NAMESPACE"])

      var inside = bench
      inside.kubeconfig = try await bench.kubeconfig(
        ofAccount: try #require(pod?["serviceAccountName"]?.string))
      inside.variables["HELM_NAMESPACE"] = bench.namespace
      let outcome = try await inside.migrate(arguments)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(outcome.text.hasPrefix("## Migration of release `web` in namespace `"))
      #expect(!outcome.text.contains("sunflower"))

      // It may plan, and that is all.
      let applied = try await inside.migrate("apply", "web", "--yes")
      #expect(applied.status == 3)
      #expect(applied.errorText.contains("may not"), "\(applied.errorText)")
    }
  }

  private static func example(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../examples/\(name).yaml"
    )
    .standardizedFileURL.path()
  }
}

extension Workbench {
  /// A kubeconfig with the token of a ServiceAccount, in the test's folder.
  fileprivate func kubeconfig(ofAccount account: String) async throws -> String {
    let token = try await kubectl("create", "token", account).text
    let path = folder + "/account.kubeconfig"
    let admin = try await kubectl("config", "view", "--raw", "--output", "json")
    var config = try JSONDecoder().decode(JSON.self, from: Data(admin.output))
    let users = (config["users"]?.elements ?? []).map { user -> JSON in
      ["name": user["name"] ?? .null, "user": ["token": .string(token.filter { $0 != "\n" })]]
    }
    config = config.replacing(["users"], with: .array(users))
    try config.canonical.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}
