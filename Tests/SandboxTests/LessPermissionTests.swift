import Foundation
import MigratePlanning
import Testing

/// A Role that lacks something: nothing is begun that could not be finished.
@Suite("Less permission")
struct LessPermissionTests {
  /// What a Role lacks.
  struct Lack: Sendable, CustomStringConvertible {
    let verb: String
    let resource: String

    init(_ text: String) {
      let words = text.split(separator: " ").map(String.init)
      (verb, resource) = (words[0], words[1])
    }

    var description: String { "\(verb) \(resource)" }
  }

  /// What an apply in place and the way back from it do not go without.
  static let needed = [
    "create leases", "update leases", "get secrets", "create secrets", "update secrets",
    "get deployments", "patch deployments", "get serviceaccounts", "patch services",
    "update services", "delete services",
  ].map(Lack.init)

  /// What is only for words, or for a Deployment or a Service that is made anew.
  static let forWords = [
    "delete secrets", "list leases", "list pods", "list events", "list replicasets",
    "get configmaps", "delete deployments", "create deployments", "list services",
    "watch services",
  ].map(Lack.init)

  @Test(
    "an apply is refused before it begins, and says why", arguments: ReleaseMode.only(.helm4))
  func apply(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let limited = try await bench.limited(to: .apply)
      for lack in Self.needed {
        try await bench.expectRefused(lack, mode) { try await limited.applyAnything() }
      }
      // Without helm's revisions there is not even a plan.
      try await bench.expectRefused(Lack("list secrets"), mode, status: 1) {
        try await limited.applyAnything()
      }
      for lack in ["delete deployments", "watch deployments"].map(Lack.init) {
        try await bench.expectRefused(lack, mode) {
          try await limited.applyAnything(ApplyFailureTests.renaming)
        }
      }
    }
  }

  @Test("all that is missing is named at once", arguments: ReleaseMode.only(.helm4))
  func severalAtOnce(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let limited = try await bench.limited(to: .apply)
      try await bench.take(["update leases", "delete services", "update secrets"].map(Lack.init))
      let refused = try await bench.expectNothingChanged {
        try await limited.applyAnything()
      }
      #expect(refused.ended(3, "failed"), "\(refused)")
      #expect(
        refused.run?.message.contains(
          "the user may not update secrets, delete services, update leases in namespace") == true,
        "\(refused)")
      #expect(refused.run?.message.contains("doctor --namespace \(bench.namespace)") == true)
    }
  }

  @Test(
    "what is only for words hinders nothing", arguments: ReleaseMode.one(.helm3, of: .helm3, .helm4)
  )
  func onlyWords(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let limited = try await bench.limited(to: .apply)
      try await bench.take(Self.forWords)
      let applied = try await limited.applyAnything()
      #expect(applied.ended(0, "done"), "\(mode): \(applied)")
      try await bench.settle()
      #expect(try await limited.rollback().ended(0, "done"), "\(mode)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
      // One that fails goes back all the same, and says what it does not see.
      let failed = try await limited.applyAnything(ApplyFailureTests.neverReady, "--timeout", "5s")
      #expect(failed.ended(1, "rolled-back"), "\(mode): \(failed)")
      #expect(
        failed.run?.message.contains("its Pods cannot be read") == true, "\(mode): \(failed)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test(
    "a rollback is refused before it begins, and says why", arguments: ReleaseMode.only(.helm3))
  func rollback(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let limited = try await bench.limited(to: .apply)
      #expect(try await limited.applyAnything().ended(0, "done"), "\(mode)")
      try await bench.settle()
      let needed = [
        "update leases", "update secrets", "patch deployments", "get services", "update services",
        "delete services",
      ]
      for lack in needed.map(Lack.init) {
        try await bench.expectRefused(lack, mode) { try await limited.rollback() }
      }
      try await bench.give()
      #expect(try await limited.rollback().ended(0, "done"), "\(mode)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }
}

extension Workbench {
  /// Plans and applies release `web` with everything accepted, whatever the plan cannot see.
  fileprivate func applyAnything(
    _ options: [String] = ["--adopt", "service.tcp.enabled"], _ more: String...
  ) async throws -> RunOutcome {
    let planned = try await migrate(
      ["plan", "web", "--namespace", namespace, "--output", "json"] + options)
    let acceptances =
      planned.output.isEmpty ? [] : try PlanReport(planned.output).acceptances
    return try await change("apply", ["web"] + options + acceptances + more)
  }

  /// Gives the limited user the Role to apply as it is.
  fileprivate func give() async throws { try await take([]) }

  /// Gives the limited user the Role to apply without some of it, and waits until that holds.
  fileprivate func take(_ lacks: [LessPermissionTests.Lack]) async throws {
    let role = try RolesTests.role(.apply)
    let rules = (role["rules"]?.elements ?? []).flatMap { rule in
      (rule["resources"]?.elements ?? []).map { resource -> JSON in
        let verbs = (rule["verbs"]?.elements ?? []).filter { verb in
          !lacks.contains { .string($0.verb) == verb && .string($0.resource) == resource }
        }
        return [
          "apiGroups": rule["apiGroups"] ?? [], "resources": [resource], "verbs": .array(verbs),
        ]
      }
    }.filter { !($0["verbs"]?.elements ?? []).isEmpty }
    var members = role.members
    members["rules"] = .array(rules)
    _ = try await kubectl(["apply", "--filename", "-"], input: JSON.object(members).canonical)
    var limited = self
    limited.kubeconfig = try sandbox.limitedKubeconfig
    // A Role holds a moment after it was written.
    for _ in 1...100 {
      let checks =
        lacks.isEmpty
        ? ["delete services", "update services"].map(LessPermissionTests.Lack.init) : lacks
      var hold = true
      for check in checks {
        let answer = try await limited.run(
          "kubectl",
          ["--namespace", namespace, "auth", "can-i", check.verb, check.resource, "--quiet"])
        hold = hold && (answer.status == 0) == lacks.isEmpty
      }
      if hold { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("the Role does not hold: \(lacks)")
  }

  /// Requires that a command ends before it changes anything, and names what the Role lacks.
  fileprivate func expectRefused(
    _ lack: LessPermissionTests.Lack, _ mode: ReleaseMode, status: Int = 3,
    by work: nonisolated(nonsending) () async throws -> RunOutcome
  ) async throws {
    try await take([lack])
    let leases = try await names(of: "leases")
    let outcome = try await expectNothingChanged("\(mode): \(lack)", by: work)
    #expect(outcome.status == status, "\(mode): \(lack): \(outcome)")
    let text = outcome.errorText + (outcome.run?.message ?? "")
    let isNamed =
      text.contains("\(lack)")
      || text.contains(/cannot \w+ resource/) && text.contains(lack.verb)
        && text.contains(lack.resource)
    #expect(isNamed, "\(mode): \(lack): \(outcome)")
    if let run = outcome.run {
      #expect(run.message.contains("nothing was changed"), "\(mode): \(lack): \(outcome)")
    }
    #expect(try await names(of: "leases") == leases, "\(mode): \(lack)")
  }
}
