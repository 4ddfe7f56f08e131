import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// `export` of a release that a cluster has as in a fixture.
@Suite struct ExportCommandTests {
  /// What helm keeps of a fixture's release.
  private func record(of snapshot: Snapshot) -> JSON {
    let release = snapshot.release
    let record: JSON = [
      "name": .string(release.name), "namespace": .string(release.namespace),
      "version": .integer(release.revision), "info": ["status": .string(release.status)],
      "chart": ["metadata": ["name": "backbone", "version": "0.1.0"]],
      "config": snapshot.supplied,
      "manifest": .string(
        snapshot.manifest.all.map { "---\n" + YAMLWriter().text($0) }.joined()),
    ]
    let packed = Data(record.canonical.utf8).base64EncodedString()
    return [
      "metadata": ["name": .string("sh.helm.release.v1.\(release.name).v\(release.revision)")],
      "data": ["release": .string(Data(packed.utf8).base64EncodedString())],
    ]
  }

  private func export(
    _ arguments: [String], outputIsTerminal: Bool = false
  ) async throws -> (code: Int32, output: String, errors: String) {
    let fixture = ReleaseFixture(name: "secrets")
    var test = TestContext(outputIsTerminal: outputIsTerminal)
    let snapshot = try ReleaseFile.snapshot(from: Array(fixture.text.utf8), named: "-")
    test.change { context in
      context.transport = FixtureAPI(
        objects: snapshot.live.all + snapshot.related.all, record: record(of: snapshot))
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
  /// What helm keeps of the release.
  var record: JSON

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
    if name == "secrets" { return Self.answer(["items": [record]]) }
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
