import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

struct AdoptionTests {
  @Test(arguments: [
    "k8s.enabled", "config.adminTokenFrom", "fullnameOverride", "drift", "runs-as-non-root",
    "service.tcp.enabled",
  ])
  func whatIsKnownCanBeAdopted(adoption: String) throws {
    try Choices(adopt: [adoption]).check(against: try RecipeFile.embedded())
  }

  @Test(arguments: [
    ("k8s.enbaled", "did you mean \"k8s.enabled\"?"),
    ("K8S_ENABLED", "did you mean \"k8s.enabled\"?"),
    ("OIDC_DISCOVERY_URL", "did you mean \"oidc.discovery\"?"),
    ("defualt-changed", "did you mean \"default-changed\"?"),
    ("unheard-of", "use a path such as k8s.enabled, or a code"),
  ])
  func whatIsUnknownIsRefusedWithWhatMayBeMeant(adoption: String, hint: String) throws {
    let recipe = try RecipeFile.embedded()
    let error = #expect(throws: PlanError.self) {
      try Choices(adopt: ["k8s.enabled", adoption]).check(against: recipe)
    }
    #expect(error?.description.contains(hint) == true)
    #expect(error?.description.contains("--adopt \"\(adoption)\"") == true)
  }

  @Test func itIsWrongUsageWhereAnotherCommandLineHelps() async throws {
    var context = CommandContext.live
    context.writeError = { _ in }
    for (error, status) in [
      (.unknownAdoption("x", near: []), 64), (.noWorkload(place: "x"), 1),
    ] as [(PlanError, Int32)] {
      await #expect {
        try await context.perform { throw error }
      } throws: { thrown in
        "\(thrown)".contains("rawValue: \(status)")
      }
    }
  }
}
