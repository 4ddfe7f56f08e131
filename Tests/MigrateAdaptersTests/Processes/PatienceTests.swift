import Foundation
import MigratePlanning
import Synchronization
import Testing

@testable import MigrateAdapters

/// Whether a call is made again when the cluster did not answer.
@Suite struct PatienceTests {
  private static let refused =
    "Error: Kubernetes cluster unreachable: Get \"https://10.0.0.1:6443/version\": "
    + "dial tcp 10.0.0.1:6443: connect: connection refused"
  private static let lost =
    "Error: query: failed to query with labels: Get \"https://10.0.0.1/api\": unexpected EOF"
  private static let busy =
    "Error: the server has received too many requests and has asked us to try again later"
  private static let broken = "Error: Internal error occurred: an error on the server"
  private static let absent = "Error: release: not found"
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

    /// A helm that gives these answers one after the other, the last one for ever; nil is a
    /// success.
    func helm(_ answers: [String?], _ patience: Patience?) -> Helm {
      Helm(
        executable: "helm", connection: ClusterConnection(), redactor: Redactor(),
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

  private func ask(_ helm: Helm) async throws(ClientError) {
    _ = try await helm.output("helm list", ["list"])
  }

  private func change(_ helm: Helm) async throws(ClientError) {
    _ = try await helm.output("helm upgrade", ["upgrade"], scope: .change(waiting: .zero))
  }

  @Test(arguments: [refused, lost, busy, broken])
  func aQuestionIsAskedAgainUntilTheClusterIsBack(words: String) async throws {
    let world = World()
    let helm = world.helm([nil, words, words, nil], world.patience())
    try await ask(helm)
    try await ask(helm)
    #expect(world.calls == 4)
    #expect(world.told.count == 1)
    #expect(world.told.first?.contains("asking again, for 5 s at most") == true)
  }

  @Test(arguments: [refused, lost, busy, broken])
  func aClusterThatIsGoneForGoodIsGivenUp(words: String) async throws {
    let world = World()
    let helm = world.helm([nil, words], world.patience())
    try await ask(helm)
    await #expect(throws: ClientError.self) { try await ask(helm) }
    #expect(world.calls == 7)
  }

  @Test func aClusterThatNeverAnsweredIsNotWaitedFor() async {
    let world = World()
    let helm = world.helm([Self.refused], world.patience())
    await #expect(throws: ClientError.self) { try await ask(helm) }
    #expect(world.calls == 1 && world.told == [])
  }

  @Test func anAnswerIsAnAnswer() async {
    let world = World()
    let helm = world.helm([Self.absent, nil], world.patience())
    await #expect(throws: ClientError.self) { try await ask(helm) }
    #expect(world.calls == 1)
  }

  @Test func withoutPatienceNothingIsAskedTwice() async {
    let world = World()
    await #expect(throws: ClientError.self) { try await ask(world.helm([Self.lost], nil)) }
    #expect(world.calls == 1)
  }

  @Test func whoWantsToStopIsNotKeptWaiting() async throws {
    let world = World()
    let helm = world.helm([nil, Self.lost], world.patience(isStopped: true))
    try await ask(helm)
    await #expect(throws: ClientError.self) { try await ask(helm) }
    #expect(world.calls == 2)
  }

  @Test(arguments: [
    (refused, true), (busy, true), (helmStart, true), (lost, false), (broken, false),
  ])
  func aChangeIsSentAgainOnlyWhereItSurelyDidNotArrive(words: String, isSentAgain: Bool)
    async throws
  {
    let world = World()
    let helm = world.helm([nil, words, nil], world.patience())
    try await ask(helm)
    if isSentAgain {
      try await change(helm)
    } else {
      await #expect(throws: ClientError.self) { try await change(helm) }
    }
    #expect(world.calls == (isSentAgain ? 3 : 2))
  }

  @Test func credentialsThatRanOutAreNamed() async {
    let world = World()
    let helm = world.helm(
      ["Error: the server has asked for the client to provide credentials (Unauthorized)"], nil)
    let error = await #expect(throws: ClientError.self) { try await ask(helm) }
    #expect(error?.description.contains("log in again") == true)
  }
}
