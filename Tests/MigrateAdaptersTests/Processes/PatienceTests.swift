import Foundation
import MigratePlanning
import Synchronization
import Testing

@testable import MigrateAdapters

/// Whether a call is made again when the cluster did not answer.
@Suite struct PatienceTests {
  private static let refused = "The connection to the server 10.0.0.1:6443 was refused"
  private static let lost = "error: Post \"https://10.0.0.1/apis\": unexpected EOF"
  private static let busy = "Error from server (TooManyRequests): too many requests"
  private static let broken = "Error from server (InternalError): an error on the server"
  private static let absent = "Error from server (NotFound): deployments \"web\" not found"
  private static let helmStart =
    "Error: UPGRADE FAILED: Kubernetes cluster unreachable: Get \"https://x\": connection refused"

  /// A world in which time goes by as somebody sleeps.
  private final class World: Sendable {
    let state = Mutex((time: Date(timeIntervalSince1970: 0), told: [String](), calls: 0))

    func patience(isStopped: Bool = false) -> Patience {
      Patience(
        limit: .seconds(5), now: { self.state.withLock(\.time) },
        sleep: { pause in
          self.state.withLock { $0.time.addTimeInterval(Double(pause.components.seconds)) }
        }, isStopped: { isStopped },
        tell: { words in self.state.withLock { $0.told.append(words) } })
    }

    /// A kubectl that gives these answers one after the other, the last one for ever; nil is a
    /// success.
    func kubectl(_ answers: [String?], _ patience: Patience?) -> Kubectl {
      Kubectl(
        executable: "kubectl", connection: ClusterConnection(), redactor: Redactor(),
        run: { _ throws(CommandError) in
          let call = self.state.withLock { state in
            state.calls += 1
            return state.calls
          }
          guard let words = answers[min(call, answers.count) - 1] else {
            return CommandResult(status: 0, output: Array("{}".utf8))
          }
          return CommandResult(status: 1, output: [], errorText: words)
        }, patience: patience)
    }

    var calls: Int { state.withLock(\.calls) }
    var told: [String] { state.withLock(\.told) }
  }

  private func ask(_ kubectl: Kubectl) async throws(ClientError) {
    _ = try await kubectl.output("kubectl get", ["get"])
  }

  private func change(_ kubectl: Kubectl) async throws(ClientError) {
    _ = try await kubectl.output("kubectl patch", ["patch"], isQuestion: false)
  }

  @Test(arguments: [refused, lost, busy, broken])
  func aQuestionIsAskedAgainUntilTheClusterIsBack(words: String) async throws {
    let world = World()
    let kubectl = world.kubectl([nil, words, words, nil], world.patience())
    try await ask(kubectl)
    try await ask(kubectl)
    #expect(world.calls == 4)
    #expect(world.told.count == 1)
    #expect(world.told.first?.contains("asking again, for 5 s at most") == true)
  }

  @Test(arguments: [refused, lost, busy, broken])
  func aClusterThatIsGoneForGoodIsGivenUp(words: String) async throws {
    let world = World()
    let kubectl = world.kubectl([nil, words], world.patience())
    try await ask(kubectl)
    await #expect(throws: ClientError.self) { try await ask(kubectl) }
    #expect(world.calls == 7)
  }

  @Test func aClusterThatNeverAnsweredIsNotWaitedFor() async {
    let world = World()
    let kubectl = world.kubectl([Self.refused], world.patience())
    await #expect(throws: ClientError.self) { try await ask(kubectl) }
    #expect(world.calls == 1 && world.told == [])
  }

  @Test func anAnswerIsAnAnswer() async {
    let world = World()
    let kubectl = world.kubectl([Self.absent, nil], world.patience())
    await #expect(throws: ClientError.self) { try await ask(kubectl) }
    #expect(world.calls == 1)
  }

  @Test func withoutPatienceNothingIsAskedTwice() async {
    let world = World()
    await #expect(throws: ClientError.self) { try await ask(world.kubectl([Self.lost], nil)) }
    #expect(world.calls == 1)
  }

  @Test func whoWantsToStopIsNotKeptWaiting() async throws {
    let world = World()
    let kubectl = world.kubectl([nil, Self.lost], world.patience(isStopped: true))
    try await ask(kubectl)
    await #expect(throws: ClientError.self) { try await ask(kubectl) }
    #expect(world.calls == 2)
  }

  @Test(arguments: [
    (refused, true), (busy, true), (helmStart, true), (lost, false), (broken, false),
  ])
  func aChangeIsSentAgainOnlyWhereItSurelyDidNotArrive(words: String, isSentAgain: Bool)
    async throws
  {
    let world = World()
    let kubectl = world.kubectl([nil, words, nil], world.patience())
    try await ask(kubectl)
    if isSentAgain {
      try await change(kubectl)
    } else {
      let error = await #expect(throws: ClientError.self) { try await change(kubectl) }
      #expect(error?.leavesOpen == true)
    }
    #expect(world.calls == (isSentAgain ? 3 : 2))
  }

  /// What kubectl says, and whether the change may have been made all the same.
  static let ends: [(words: String, leavesOpen: Bool)] = [
    (lost, true), (broken, true), ("Error from server (Timeout): the request timed out", true),
    ("Error from server: etcdserver: request timed out", true),
    ("Unable to connect to the server: net/http: TLS handshake timeout", true),
    ("error: the server closed the connection", true), ("", true),
    (refused, false), (busy, false), (absent, false),
    ("Error from server (Forbidden): deployments.apps \"web\" is forbidden: no", false),
    ("The Deployment \"web\" is invalid: spec.replicas: Invalid value: -1", false),
    ("error: You must be logged in to the server (Unauthorized)", false),
    ("Error from server: admission webhook \"x\" denied the request: no", false),
  ]

  @Test(arguments: ends)
  func whatBecameOfAChangeIsSaidOrLeftOpen(words: String, leavesOpen: Bool) async {
    let world = World()
    let kubectl = world.kubectl([words], nil)
    let error = await #expect(throws: ClientError.self) { try await change(kubectl) }
    #expect(error?.leavesOpen == leavesOpen, "\(words)")
  }

  @Test func credentialsThatRanOutAreNamed() async {
    let world = World()
    let kubectl = world.kubectl(["error: You must be logged in to the server (Unauthorized)"], nil)
    let error = await #expect(throws: ClientError.self) { try await ask(kubectl) }
    #expect(error?.description.contains("log in again") == true)
  }
}
