import Foundation
import MigratePlanning
import Testing

@testable import MigrateAdapters

/// What helm's words, and the cluster's answers, mean for `doctor`.
@Suite struct CheckFailureTests {
  private func failure(_ words: String) -> CheckFailure {
    let command = Command("helm", ["version"])
    let result = CommandResult(status: 1, output: [], errorText: words)
    return CheckFailure(ClientError("helm version", command, result, redactor: Redactor()))
  }

  @Test(
    arguments: [
      "Error: Unauthorized",
      "Error: the server has asked for the client to provide credentials",
      "Unable to connect to the server: getting credentials: exec: executable aws failed with exit "
        + "code 255",
      "Unable to connect to the server: x509: certificate has expired or is not yet valid",
    ])
  func credentials(words: String) {
    guard case .unauthorized = failure(words) else {
      Issue.record("\(failure(words))")
      return
    }
  }

  @Test(
    arguments: [
      "The connection to the server localhost:8080 was refused - did you specify the right host?",
      "Unable to connect to the server: dial tcp: lookup nowhere: no such host",
      "Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded)",
      "Error: Get \"https://127.0.0.1:1/version\": context deadline exceeded",
      "error: unexpected EOF",
    ])
  func noAnswer(words: String) {
    guard case .unreachable = failure(words) else {
      Issue.record("\(failure(words))")
      return
    }
  }

  @Test func theRest() {
    func failure(_ answer: HTTPAnswer) -> CheckFailure {
      CheckFailure(ClientError(ClusterError("get", answer: answer)))
    }
    let forbidden = "Error: secrets is forbidden: User \"ada\" cannot list"
    guard case .forbidden = self.failure(forbidden),
      case .notFound = failure(RecordedAnswers.notFound),
      case .forbidden = failure(RecordedAnswers.forbidden),
      case .unauthorized = failure(RecordedAnswers.unauthorized),
      case .unreachable = failure(RecordedAnswers.serverIsAway),
      case .other = self.failure("error: current-context must exist in order to minify"),
      case .noProgram("helm") = CheckFailure(.command(.notFound(executable: "helm"))),
      case .notFound = CheckFailure(.releaseNotFound("web", namespace: "mqtt"))
    else {
      Issue.record("another kind")
      return
    }
  }
}

/// What `doctor` finds at the history's path.
@Suite struct HistoryExaminationTests {
  private func examine(_ path: String) throws -> Surroundings.History {
    HistoryStore.examine(at: path, schema: try HistorySchema.embedded(version: "1.0.0"))
  }

  private func withFolder(_ work: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backbone-doctor-\(UUID().uuidString)").path()
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try work(folder)
  }

  @Test func aMissingOneIsNotMade() throws {
    try withFolder { folder in
      let found = try examine(folder + "/deep/er/history.sqlite")
      #expect(found == .absent)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(files == [])
    }
  }

  @Test func aSoundOneIsSound() throws {
    try withFolder { folder in
      let path = folder + "/history.sqlite"
      let schema = try HistorySchema.embedded(version: "1.0.0")
      try HistoryStore.open(at: path, schema: schema).close()
      let sound = try examine(path)
      #expect(sound == .present(problems: [], isOpenToOthers: false))
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      let open = try examine(path)
      #expect(open == .present(problems: [], isOpenToOthers: true))
    }
  }

  @Test func whatIsNoneIsSaidToBeNone() throws {
    try withFolder { folder in
      guard case .unusable(let words) = try examine(folder) else {
        Issue.record("a folder is no history")
        return
      }
      #expect(words.contains("a folder"))
      let path = folder + "/text"
      try String(repeating: "no database ", count: 100)
        .write(toFile: path, atomically: true, encoding: .utf8)
      guard case .unusable(let words) = try examine(path) else {
        Issue.record("a text is no history")
        return
      }
      #expect(words.contains("is not an SQLite database; name another file"))
    }
  }
}
