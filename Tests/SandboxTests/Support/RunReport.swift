import Foundation
import MigratePlanning

/// A run as a script reads it from standard output.
struct RunReport: Sendable {
  let json: JSON

  /// Reads a run.
  ///
  /// - Throws: when it is no JSON.
  init(_ output: [UInt8]) throws {
    json = try JSONDecoder().decode(JSON.self, from: Data(output))
  }

  var id: String { json["id"]?.string ?? "" }
  var state: String { json["state"]?.string ?? "" }
  var message: String { json["message"]?.string ?? "" }
  var next: String? { json["next"]?.string }
  var back: String? { json["back"]?.string }
  var backup: String? { json["backup"]?.string }
  var differences: [JSON] { json["differences"]?.elements ?? [] }

  /// The steps by name and state, such as `helm done`.
  var steps: [String] {
    (json["steps"]?.elements ?? []).map {
      "\($0["name"]?.string ?? "") \($0["state"]?.string ?? "")"
    }
  }

  /// What there is to say of a step; nil when nothing, or it was not begun.
  func detail(of step: String) -> String? {
    json["steps"]?.elements.first { $0["name"]?.string == step }?["detail"]?.string
  }

  /// The objects that change, such as `create Service/web-tcp`.
  var changes: [String] {
    (json["changes"]?.elements ?? []).compactMap { $0["object"] }.map { object in
      "\(object["change"]?.string ?? "") \(object["kind"]?.string ?? "")/"
        + (object["name"]?.string ?? "")
    }
  }
}

/// What a command that runs left, with the run where it printed one.
struct RunOutcome: Sendable {
  let outcome: Outcome
  let run: RunReport?

  init(_ outcome: Outcome) throws {
    self.outcome = outcome
    run = outcome.output.isEmpty ? nil : try RunReport(outcome.output)
  }

  var status: Int { outcome.status }
  var errorText: String { outcome.errorText }
  /// Why it ended as it did, wherever that stands.
  var words: String { (run?.message ?? "") + errorText }

  /// Whether it ended with this exit status and state; else says how, for the report of a test.
  func ended(_ status: Int, _ state: String?) -> Bool {
    outcome.status == status && run?.state == state
  }
}

extension RunOutcome: CustomStringConvertible {
  var description: String {
    "status \(status), state \(run?.state ?? "none"), \"\(run?.message ?? "")\", "
      + "steps \(run?.steps ?? []), differences \(run?.differences.map(\.canonical) ?? []); "
      + errorText
  }
}

extension PlanReport {
  /// The flags without which an apply asks for them, in its order.
  var acceptances: [String] {
    let codes =
      findings.filter { $0.isOpen && $0.severity == "breaking" }.map(\.code)
      + (json["unchecked"]?.elements ?? []).compactMap { $0["code"]?.string }
    var seen: Set<String> = []
    return codes.filter { seen.insert($0).inserted }.flatMap { ["--accept", $0] }
  }
}

extension Workbench {
  /// Runs a command that changes a release, without its question.
  func change(_ command: String, _ arguments: [String], confirmed: Bool = true) async throws
    -> RunOutcome
  {
    try RunOutcome(
      try await migrate(
        [command] + arguments + ["--namespace", namespace, "--output", "json"]
          + (confirmed ? ["--yes"] : [])))
  }

  func apply(_ arguments: String...) async throws -> RunOutcome {
    try await change("apply", arguments)
  }

  /// Applies a plan with everything accepted that it asks for.
  func apply(_ plan: PlanReport, _ arguments: String...) async throws -> RunOutcome {
    try await change("apply", [plan.id] + plan.acceptances + arguments)
  }

  func rollback(_ arguments: String...) async throws -> RunOutcome {
    try await rollback(arguments)
  }

  func rollback(_ arguments: [String]) async throws -> RunOutcome {
    try await change("rollback", ["web"] + arguments)
  }

  /// What `status` says of release `web`.
  func status() async throws -> RunReport {
    try RunReport(
      try await migrate("status", "web", "--namespace", namespace, "--output", "json")
        .succeeded().output)
  }
}
