import MigratePlanning
import Testing

@testable import MigrateAdapters

@Suite struct ClientErrorTests {
  private func detail(_ errorText: String) -> String? {
    let result = CommandResult(status: 1, output: [], errorText: errorText)
    guard
      case .failed(_, _, _, let detail) = ClientError(
        "kubectl get", Command("kubectl", []), result, redactor: Redactor())
    else { return nil }
    return detail
  }

  @Test func whatWasUninstalledSaysHowItComesBack() {
    let error = ClientError.releaseUninstalled("web", namespace: "mqtt", revision: 3)
    #expect(error.description.contains("\"helm rollback web 3 --namespace mqtt\""))
    #expect(error.reason == nil && !error.mayPass)
  }

  /// kubectl 1.32 asks five times for the kinds that there are, and logs each answer.
  @Test func kubectlsLogIsLeftOutWhereItSaysTheSameItself() {
    let log = "E1128 09:41:00.924061   11952 memcache.go:265] \"Unhandled Error\" err=\"no list\"\n"
    #expect(detail(log + log + "error: no list of kinds\n") == "no list of kinds")
    #expect(detail(log)?.hasSuffix("err=\"no list\"") == true)
  }
}
