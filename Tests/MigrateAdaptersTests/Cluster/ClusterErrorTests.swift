import MigratePlanning
import Testing

@testable import MigrateAdapters

/// What the API server's and the proxy's answers mean.
@Suite struct ClusterErrorTests {
  /// What is asked of an error, as letters: what holds.
  private static func kinds(_ error: ClusterError) -> String {
    let all: [(String, Bool)] = [
      ("exists", error.isAlreadyExists), ("conflict", error.isConflict),
      ("not-found", error.isNotFound), ("forbidden", error.isForbidden),
      ("unauthorized", error.isUnauthorized), ("refusal", error.isRefusal),
      ("passes", error.mayPass), ("unchanged", error.hasSurelyChangedNothing),
      ("open", error.leavesOpen),
    ]
    return all.filter(\.1).map(\.0).joined(separator: " ")
  }

  private static let table: [(HTTPAnswer, String, ClusterError.Reason)] = [
    (RecordedAnswers.alreadyExists, "exists refusal", .alreadyExists),
    (RecordedAnswers.notFound, "not-found refusal", .notFound),
    (RecordedAnswers.noSuchGroup, "not-found refusal", .notFound),
    (RecordedAnswers.noSuchResource, "not-found refusal", .notFound),
    (RecordedAnswers.badRequest, "refusal", .badRequest),
    (RecordedAnswers.failedTest, "conflict refusal", .invalid),
    (RecordedAnswers.conflict, "conflict refusal", .conflict),
    (RecordedAnswers.invalid, "refusal", .invalid),
    (RecordedAnswers.immutable, "refusal", .invalid),
    (RecordedAnswers.fieldConflicts, "refusal", .conflict),
    (RecordedAnswers.unsupportedMediaType, "refusal", .unsupportedMediaType),
    (RecordedAnswers.methodNotAllowed, "refusal", .methodNotAllowed),
    (RecordedAnswers.tooLarge, "refusal", .requestEntityTooLarge),
    (RecordedAnswers.forbidden, "forbidden refusal", .forbidden),
    (RecordedAnswers.quota, "forbidden refusal", .forbidden),
    (RecordedAnswers.unauthorized, "unauthorized", .unauthorized),
    (RecordedAnswers.serverIsAway, "passes unchanged", .unknown),
    (RecordedAnswers.loginFailed, "passes unchanged", .unknown),
    (RecordedAnswers.eof, "passes open", .unknown),
    (RecordedAnswers.tooMany, "passes unchanged", .tooManyRequests),
    (RecordedAnswers.etcd, "passes open", .unknown),
    (RecordedAnswers.serverTimeout, "passes open", .timeout),
    (RecordedAnswers.loadBalancer, "passes open", .unknown),
  ]

  @Test(arguments: table.indices)
  func anAnswerMeans(row: Int) {
    let (answer, kinds, reason) = Self.table[row]
    let error = ClusterError("patch Deployment/web", answer: answer)
    #expect(Self.kinds(error) == kinds && error.reason == reason)
    #expect(!error.description.contains("\n") && !error.description.hasSuffix("."))
  }

  @Test(arguments: [
    (HTTPFailure.notConnected("x"), "passes unchanged"), (.noAnswer("x"), "passes open"),
    (.timedOut(seconds: 3), "passes open"), (.tooLarge(limit: 1 << 20), "open"),
    (.malformed("x"), "open"), (.cancelled, "open"),
  ])
  func noAnswerMeans(failure: HTTPFailure, kinds: String) {
    #expect(Self.kinds(ClusterError("patch Deployment/web", failure: failure)) == kinds)
  }

  @Test func causesAreReadByField() {
    let error = ClusterError("patch", answer: RecordedAnswers.invalid)
    #expect(
      error.causes.map(\.field) == [
        "spec.replicas", "spec.template.spec.containers[0].name",
        "spec.template.spec.containers[0].image",
      ])
    #expect(
      error.causes.map(\.reason) == [
        "FieldValueInvalid", "FieldValueInvalid", "FieldValueRequired",
      ])
    #expect(error.refusal?.kind == "Deployment" && error.refusal?.name == "web")
  }

  @Test func fieldsOfOthersAreReadFromTheCauses() {
    let error = ClusterError("apply", answer: RecordedAnswers.fieldConflicts)
    let container = ".spec.template.spec.containers[name=\"backbone\"]"
    #expect(
      error.fieldConflicts.map { "\($0.manager) \($0.field)" } == [
        "helm .spec.replicas", "helm \(container).image",
        // Kubernetes 1.20 names one of two fields twice.
        "kubectl-set \(container).env[name=\"B\"].value",
        "kubectl-set \(container).env[name=\"B\"].value",
      ])
  }

  @Test func whatTheUserMayNotDoIsNamed() {
    func permission(_ answer: HTTPAnswer) -> String? {
      ClusterError("patch", answer: answer).missingPermission
    }
    #expect(permission(RecordedAnswers.forbidden) == "get deployments")
    #expect(permission(RecordedAnswers.forbiddenPatch) == "patch deployments")
    #expect(permission(RecordedAnswers.quota) == nil)
    #expect(permission(RecordedAnswers.invalid) == nil)
  }

  @Test func theServerSaysHowLongToWait() {
    func seconds(_ answer: HTTPAnswer) -> Int? {
      ClusterError("get", answer: answer).retryAfterSeconds
    }
    #expect(seconds(RecordedAnswers.tooMany) == 7)
    #expect(seconds(RecordedAnswers.serverTimeout) == 3)
    #expect(seconds(RecordedAnswers.conflict) == nil)
  }

  @Test func theTextNamesWhatWasDone() {
    func text(_ answer: HTTPAnswer) -> String {
      "\(ClusterError("get Deployment/web", answer: answer))"
    }
    #expect(
      text(RecordedAnswers.quota)
        == "get Deployment/web failed with status 403: Error from server (Forbidden): configmaps "
        + "\"c3\" is forbidden: exceeded quota: q, requested: count/configmaps=1, used: "
        + "count/configmaps=1, limited: count/configmaps=1")
    #expect(text(RecordedAnswers.unauthorized).contains("log in again"))
    #expect(text(RecordedAnswers.loginFailed).contains("exit code 1"))
    #expect(text(RecordedAnswers.loadBalancer).contains("<html>; <b>Bad Gateway</b>; </html>"))
  }

  @Test func aSecretGoesFromEveryText() {
    let error = ClusterError("patch", answer: RecordedAnswers.invalid).mapping {
      $0.replacing("Bad Name", with: "…")
    }
    #expect(!"\(error) \(error.causes)".contains("Bad Name"))
    #expect(error.causes.count == 3 && error.reason == .invalid)
    let silent = ClusterError("patch", failure: .noAnswer("hunter2")).mapping {
      $0.replacing("hunter2", with: "…")
    }
    #expect(!"\(silent)".contains("hunter2"))
  }
}
