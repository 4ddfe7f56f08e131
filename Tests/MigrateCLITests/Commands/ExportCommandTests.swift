import ArgumentParser
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// `export` over programs that answer from a fixture.
@Suite struct ExportCommandTests {
  /// Helm and kubectl as they answer for a fixture's release.
  private func programs(_ fixture: ReleaseFixture) throws -> CommandRunner {
    let snapshot = try ReleaseFile.snapshot(from: Array(fixture.text.utf8), named: "-")
    let release = snapshot.release
    func result(_ json: JSON) -> CommandResult {
      CommandResult(status: 0, output: Array(json.canonical.utf8))
    }
    let status = result([
      "name": .string(release.name), "namespace": .string(release.namespace),
      "version": .integer(release.revision), "info": ["status": .string(release.status)],
      "config": snapshot.supplied,
      "manifest": .string(
        snapshot.manifest.all.map { "---\n" + YAMLWriter().text($0) }.joined()),
    ])
    let history = result([
      [
        "revision": .integer(release.revision), "status": .string(release.status),
        "chart": "backbone-0.1.0",
      ]
    ])
    return { command throws(CommandError) in
      switch (command.executable, command.arguments.first) {
      case ("helm", "status"): return status
      case ("helm", "history"): return history
      default: return try await TestContext.unexpected(command)
      }
    }
  }

  private func export(
    _ arguments: [String], outputIsTerminal: Bool = false
  ) async throws -> (code: Int32, output: String, errors: String) {
    let fixture = ReleaseFixture(name: "secrets")
    var test = TestContext(run: try programs(fixture), outputIsTerminal: outputIsTerminal)
    let snapshot = try ReleaseFile.snapshot(from: Array(fixture.text.utf8), named: "-")
    test.change { context in
      context.transport = FixtureAPI(objects: snapshot.live.all + snapshot.related.all)
    }
    let command = try ExportCommand.parse(["web", "--namespace", "mqtt"] + arguments)
    let code = await test.exitCode { try await command.export(in: $0) }
    return (code, test.output.all, test.errors.all)
  }

  @Test func anExportHoldsNoSecret() async throws {
    let exported = try await export([])
    #expect(exported.code == 0, "\(exported.errors)")
    #expect(!exported.output.contains("hunter2"))
    #expect(exported.output.contains("<redacted>"))
    let snapshot = try ReleaseFile.snapshot(from: Array(exported.output.utf8), named: "-")
    #expect(snapshot.release.name == "web")
  }

  @Test func secretsAreWrittenWhereTheyWereAskedFor() async throws {
    let exported = try await export(["--with-secrets"])
    #expect(exported.code == 0, "\(exported.errors)")
    #expect(exported.output.contains("hunter2-admin-token"))
    let refused = try await export(["--with-secrets"], outputIsTerminal: true)
    #expect(refused.code == 3)
    #expect(refused.output.isEmpty)
  }

  /// A plan from an export without secrets says the same as one with them.
  @Test func aPlanFromAnExportWithoutSecretsSaysTheSame() async throws {
    var findings: [[String]] = []
    for arguments in [[], ["--with-secrets"]] {
      let exported = try await export(arguments)
      let planned = try await Planned.run(["-o", "json"], on: exported.output)
      let document = try JSONReader().value(Array(planned.output.utf8))
      // What was set after helm cannot be told when both sides are redacted.
      let told = (document["findings"]?.elements ?? []).filter { $0["code"] != "drift" }
      findings.append(told.map(\.canonical))
      #expect(!planned.output.contains("hunter2"))
    }
    #expect(findings[0].filter { !findings[1].contains($0) } == [])
    #expect(findings[1].filter { !findings[0].contains($0) } == [])
  }
}

/// An API server that has some objects.
private struct FixtureAPI: ClusterTransport {
  var objects: [JSON]

  func answer(
    to request: HTTPRequest, for action: String, within limit: Duration
  ) async throws(ClusterError) -> HTTPAnswer {
    let path = request.target.split(separator: "?").first ?? ""
    let parts = path.split(separator: "/").map(String.init)
    if parts.count == (parts.first == "api" ? 2 : 3) {
      return Self.answer([
        "resources": .array(
          Self.kinds.map { plural, kind in
            [
              "name": .string(plural), "kind": .string(kind),
              "namespaced": .bool(!["Namespace", "ClusterRoleBinding"].contains(kind)),
            ]
          })
      ])
    }
    if parts.count == 2 {
      return Self.answer(["preferredVersion": ["groupVersion": .string("\(parts[1])/v1")]])
    }
    let name = parts.last ?? ""
    if Self.kinds[name] != nil { return Self.answer(["items": []]) }
    let kind = Self.kinds[parts.dropLast().last ?? ""]
    if kind == "Secret" { return Self.answer(["data": ["REDIS_PASSWORD": "aHVudGVyMg=="]]) }
    if let found = objects.first(where: { $0["kind"]?.string == kind && $0.objectName == name }) {
      return Self.answer(found)
    }
    return Self.answer(
      [
        "kind": "Status", "code": 404, "reason": "NotFound", "message": "not found",
        "details": ["name": .string(name)],
      ], status: 404)
  }

  func end() async {}

  private static func answer(_ json: JSON, status: Int = 200) -> HTTPAnswer {
    HTTPAnswer(
      status: status, headers: ["content-type": "application/json"],
      body: Array(json.canonical.utf8))
  }

  private static let kinds = [
    "configmaps": "ConfigMap", "secrets": "Secret", "services": "Service",
    "deployments": "Deployment", "serviceaccounts": "ServiceAccount", "namespaces": "Namespace",
    "persistentvolumeclaims": "PersistentVolumeClaim", "ingresses": "Ingress",
    "rolebindings": "RoleBinding", "clusterrolebindings": "ClusterRoleBinding",
  ]
}
