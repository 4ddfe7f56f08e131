import ArgumentParser
import Foundation
import MigratePlanning
import Testing

@testable import MigrateCLI

/// A plan in a file is somebody's text: nothing of it becomes an option or a command.
struct ApplyPlanFileTests {
  @Test(
    arguments: [
      ("id", "plan-1;id"), ("id", "plan-$(id)"), ("id", "--yes"), ("id", "plan-1\nREADY"),
      ("id", "plan-\u{1B}[2J"), ("release.name", "--post-renderer=/tmp/x"),
      ("release.name", "web;id"), ("release.name", ""), ("release.namespace", "-A"),
      ("release.namespace", "a\nb"), ("release.namespace", "$(id)"),
    ])
  func whatIsNoNameIsRefusedBeforeAnythingRuns(place: String, text: String) async throws {
    let fixture = try #require(ReleaseFixture.all.first)
    let keys = place.split(separator: ".").map(String.init)
    let plan = try await Planned.document(fixture).replacing(keys[...], with: .string(text))
    try await TestFolder.with { folder in
      let file = folder + "/plan.json"
      try Data(plan.pretty.utf8).write(to: URL(filePath: file))
      let test = TestContext(environment: ["HOME": folder])
      let command = try ApplyCommand.parse(["--plan", file, "--yes"])
      #expect(await test.exitCode { try await command.apply(in: $0) } == 1)
      #expect(test.errors.all.hasPrefix("error: "))
      #expect(test.errors.all.split(separator: "\n").count == 1)
      #expect(!test.errors.all.contains("\u{1B}"))
    }
  }
}
