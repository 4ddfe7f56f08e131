import MigratePlanning
import Testing

/// Every ending of a run: its state, what it says, where it leads, and how the process ends.
@Suite struct RunEndingTests {
  private static let subject = RunSubject(
    release: "web", backup: "run-1", place: " --namespace mqtt", planOptions: ["--adopt", "a b"])

  private static func failure(_ kind: RunFailure.Kind = .failed) -> RunFailure {
    RunFailure(kind, "helm is tired")
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String { "\(outcome)" }
    var outcome: RunOutcome
    var state: RunDocument.State
    var message: String
    var next: String?
    var back: String?
    var failure: RunFailure.Kind?

    init(
      _ outcome: RunOutcome, _ state: RunDocument.State, _ message: String, next: String? = nil,
      back: String? = nil, failure: RunFailure.Kind? = nil
    ) {
      self.outcome = outcome
      self.state = state
      self.message = message
      self.next = next
      self.back = back
      self.failure = failure
    }
  }

  private static let rollback = "backbone-migrate rollback web --namespace mqtt"
  private static let back = "backbone-migrate rollback run-1 --namespace mqtt"
  private static let resume = "backbone-migrate apply --resume run-1 --namespace mqtt"
  private static let still = "Deployment/web is held still"

  static let cases = [
    Case(.previewed, .previewed, "nothing was changed"),
    Case(
      .resumptionPreviewed, .previewed, "it would go on where it stopped; nothing was changed"),
    Case(
      .previewFailed(failure(.refused)), .failed, "helm is tired; the real run would end here",
      failure: .refused),
    Case(
      .nothingChanged(failure(.refused)), .failed, "helm is tired; nothing was changed",
      failure: .refused),
    Case(
      .nothingChanged(failure(.interrupted)), .interrupted, "helm is tired; nothing was changed",
      failure: .interrupted),
    Case(
      .nothingChanged(failure(.overtaken)), .failed, "helm is tired; nothing was changed",
      failure: .overtaken),
    Case(.applied("it runs"), .done, "it runs", back: back),
    Case(
      .appliedOtherwise, .differs, "the upgrade is done, and something is otherwise than planned",
      next: rollback),
    Case(
      .notVerified(failure()), .differs,
      "the upgrade is done, and could not be verified: helm is tired", next: rollback),
    Case(
      .applyStopped(failure(.interrupted), broker: still), .interrupted,
      "helm is tired; Deployment/web is held still", next: resume, back: back,
      failure: .interrupted),
    Case(.applyFailed(failure()), .failed, "helm is tired", next: rollback, failure: .failed),
    Case(
      .applyFailed(failure(.overtaken)), .failed, "helm is tired", next: back, failure: .failed),
    Case(
      .rolledBack(after: failure()), .rolledBack,
      "helm is tired; everything is as it was before. When that is mended: "
        + "\"backbone-migrate plan web --namespace mqtt --adopt 'a b'\""),
    Case(
      .rolledBackOtherwise(after: failure()), .failed,
      "helm is tired; it was rolled back, and what is listed is otherwise than before",
      next: rollback, failure: .failed),
    Case(
      .wayBackStopped(after: failure(), broker: still), .interrupted,
      "helm is tired; rolling back was stopped; Deployment/web is held still", next: rollback,
      failure: .interrupted),
    Case(
      .wayBackFailed(after: failure(), RunFailure(.overtaken, "so is kubectl"), broker: nil),
      .failed, "helm is tired; rolling back failed, too: so is kubectl", next: rollback,
      failure: .overtaken),
    Case(
      .wayBackFailed(after: failure(), RunFailure(.failed, "so is kubectl"), broker: still),
      .failed,
      "helm is tired; rolling back failed, too: so is kubectl; Deployment/web is held still",
      next: rollback, failure: .failed),
    Case(.wentBack, .done, "release \"web\" is as it was before run-1"),
    Case(
      .wentBackOtherwise, .differs,
      "the rollback is done, and something is otherwise than it was"),
    Case(
      .rollbackStopped(failure(.interrupted), broker: still), .interrupted,
      "helm is tired; Deployment/web is held still", next: rollback, failure: .interrupted),
    Case(
      .rollbackFailed(failure(), broker: still), .failed,
      "helm is tired; Deployment/web is held still", next: rollback, failure: .failed),
    Case(
      .rollbackFailed(failure(.refused), broker: nil), .failed, "helm is tired", next: rollback,
      failure: .refused),
  ]

  @Test(arguments: cases) func itSaysWhereItLeads(_ sample: Case) {
    let ending = RunEnding(sample.outcome, of: Self.subject)
    #expect(ending.state == sample.state)
    #expect(ending.message == sample.message)
    #expect(ending.next?.text == sample.next)
    #expect(ending.back?.text == sample.back)
    #expect(ending.failure == sample.failure)
  }
}
