import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct SecretLiteralsTests {
  @Test func onlySensitiveLiteralsAreThere() throws {
    let situation = try Planning.situation(
      .with([
        ("ADMIN_TOKEN", "hunter2"), ("LOG_LEVEL", "debug"), ("REDACTED_TOKEN", "<redacted>"),
        ("WITH_TOKEN", "Bearer $(ADMIN_TOKEN)"), ("URL", "redis://me:hunter3@redis"),
      ]))
    #expect(
      situation.secretLiterals == [
        "ADMIN_TOKEN": "hunter2", "WITH_TOKEN": "Bearer hunter2",
        "URL": "redis://me:hunter3@redis",
      ])
  }
}
