import MigratePlanning
import Synchronization
import Testing

@testable import MigrateAdapters

/// Names that come from a cluster, a backup or a file never become options of kubectl.
struct ObjectNameTests {
  /// A kubectl that answers nothing, and the arguments of every call.
  private final class Asked: Sendable {
    private let list = Mutex<[[String]]>([])

    var calls: [[String]] { list.withLock { $0 } }

    var kubectl: Kubectl {
      Kubectl(
        executable: "kubectl", connection: ClusterConnection(namespace: "mqtt"),
        redactor: Redactor()
      ) {
        command throws(CommandError) in
        self.list.withLock { $0.append(command.arguments) }
        return CommandResult(status: 0, output: [])
      }
    }
  }

  static let hostile = [
    "", "-", "--kubeconfig=/tmp/evil", "-f", "--filename=https://evil.example/a.yaml", "--raw=/api",
    "--cache-dir=/etc", "a/b", "secret/x", "a,b", "a b", "a\nb", "%2e%2e", "\u{1B}]0;x\u{7}",
    "\u{202E}a", "\u{2010}\u{2010}all",
  ]

  @Test(arguments: hostile)
  func noNameBecomesAnOption(name: String) async throws {
    let asked = Asked()
    let kubectl = asked.kubectl
    let reference = ObjectReference(kind: "Deployment", name: name)
    await #expect(throws: ClientError.self) { _ = try await kubectl.get(reference) }
    await #expect(throws: ClientError.self) { try await kubectl.delete(reference, timeout: 1) }
    await #expect(throws: ClientError.self) { _ = try await kubectl.patch(reference, with: [:]) }
    #expect(asked.calls == [])
  }

  @Test(arguments: ["", "--all", "-l", "a/b", "deployments,secrets", "a b", "\u{1B}c"])
  func noKindBecomesAnOption(kind: String) async throws {
    let asked = Asked()
    let kubectl = asked.kubectl
    let reference = ObjectReference(kind: kind, name: "web")
    await #expect(throws: ClientError.self) { _ = try await kubectl.get(reference) }
    await #expect(throws: ClientError.self) { try await kubectl.delete(reference, timeout: 1) }
    #expect(asked.calls == [])
  }

  @Test(arguments: ["web", "web-tcp", "system:node", "sh.helm.release.v1.web.v1", "Web_1"])
  func usualNamesAreAsked(name: String) async throws {
    let asked = Asked()
    _ = try await asked.kubectl.get(ObjectReference(kind: "ServiceAccount", name: name))
    #expect(asked.calls.first?.prefix(3) == ["get", "serviceaccount", name])
  }
}
