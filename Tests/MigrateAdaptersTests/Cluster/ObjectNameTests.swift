import Foundation
import MigratePlanning
import Testing

@testable import MigrateAdapters

/// Names that come from a cluster, a backup or a file lead to no other path of the API.
struct ObjectNameTests {
  private let asked = ScriptedTransport { _ in .json([:]) }

  static let hostile = [
    "", "-", "--kubeconfig=/tmp/evil", "-f", "--filename=https://evil.example/a.yaml", "--raw=/api",
    "--cache-dir=/etc", "a/b", "secret/x", "../secrets/x", "a,b", "a b", "a\nb", "%2e%2e",
    "\u{1B}]0;x\u{7}", "\u{202E}a", "\u{2010}\u{2010}all",
  ]

  @Test(arguments: hostile)
  func noNameBecomesAnotherPath(name: String) async throws {
    let cluster = asked.cluster()
    let reference = ObjectReference(kind: "Deployment", name: name)
    let object: JSON = [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
    ]
    await #expect(throws: ClusterError.self) { _ = try await cluster.get(reference) }
    await #expect(throws: ClusterError.self) { try await cluster.delete(reference, timeout: 1) }
    await #expect(throws: ClusterError.self) { _ = try await cluster.patch(reference, with: [:]) }
    await #expect(throws: ClusterError.self) { _ = try await cluster.get([object]) }
    await #expect(throws: ClusterError.self) { _ = try await cluster.create(object) }
    await #expect(throws: ClusterError.self) { _ = try await cluster.replace(object) }
    #expect(asked.requests == [])
  }

  @Test(arguments: ["", "--all", "-l", "a/b", "deployments,secrets", "a b", "\u{1B}c"])
  func noKindBecomesAnotherPath(kind: String) async throws {
    let cluster = asked.cluster()
    let reference = ObjectReference(kind: kind, name: "web")
    await #expect(throws: ClusterError.self) { _ = try await cluster.get(reference) }
    await #expect(throws: ClusterError.self) { try await cluster.delete(reference, timeout: 1) }
    #expect(asked.requests == [])
  }

  @Test(arguments: ["web", "web-tcp", "system:node", "sh.helm.release.v1.web.v1", "Web_1"])
  func usualNamesAreAsked(name: String) async throws {
    _ = try await asked.cluster().get(ObjectReference(kind: "ServiceAccount", name: name))
    #expect(
      asked.requests.map { $0.target.removingPercentEncoding }
        == ["/api/v1/namespaces/mqtt/serviceaccounts/\(name)"])
  }
}
