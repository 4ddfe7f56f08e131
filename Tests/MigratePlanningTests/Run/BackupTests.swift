import Foundation
import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct BackupTests {
  private static func backup(_ change: (inout SampleRelease) -> Void = { _ in }) -> Backup {
    var release = SampleRelease.with([("ADMIN_TOKEN", "t0ken"), ("NEL", "a\u{85}b\u{7F}")])
    change(&release)
    return Backup(
      run: "run-1", plan: RunDocument.PlanReference(id: "plan-1", digest: "sha256:0123"),
      options: ["--set", "timezone=UTC"], values: ["timezone": "UTC"], chartDigest: "sha256:4567",
      user: "ann@there", createdAt: "2026-03-01T10:00:00.000Z",
      snapshot: release.snapshot,
      record: ["kind": "Secret", "metadata": ["name": "sh.helm.release.v1.web.v3"]],
      created: [["kind": "Service", "metadata": ["name": "web-tcp"]]])
  }

  /// A release whose backup needs several Secrets.
  private static let large = backup {
    $0.env += (0..<30).map { .variable("TEXT_\($0)", String(repeating: "x\($0)", count: 20_000)) }
  }

  private func read(_ secrets: [JSON]) throws -> Backup {
    let text = try Backup.text(of: secrets)
    return try Backup(json: try JSONDecoder().decode(JSON.self, from: Data(text)))
  }

  @Test(arguments: [false, true])
  func itIsReadAsItWasWritten(isLarge: Bool) throws {
    let backup = isLarge ? Self.large : Self.backup()
    let again = try read(backup.secrets)
    #expect(again.run == backup.run && again.plan == backup.plan)
    #expect(again.values == backup.values && again.chartDigest == backup.chartDigest)
    #expect(again.options == backup.options && again.user == backup.user)
    #expect(again.createdAt == backup.createdAt)
    #expect(again.snapshot.live == backup.snapshot.live)
    #expect(again.snapshot.related == backup.snapshot.related)
    #expect(again.snapshot.exported == backup.snapshot.exported)
    #expect(again.record == backup.record && again.created == backup.created)
    #expect(again.secrets == backup.secrets)
  }

  @Test func withoutHelmsRecordItIsReadAsWell() throws {
    var backup = Self.backup()
    backup.record = nil
    #expect(try read(backup.secrets).record == nil)
  }

  @Test func itHoldsTheReleaseAndItsServiceAccount() {
    let backup = Self.backup()
    #expect(
      backup.objects.map { "\($0["kind"]?.string ?? "")/\($0.objectName)" }
        == ["Deployment/web", "Service/web", "ServiceAccount/web"])
  }

  @Test func aSmallOneIsOneSecret() throws {
    let secrets = Self.backup().secrets
    try #require(secrets.count == 1)
    #expect(secrets[0].objectName == "backbone-migrate.web.run-1.0")
    #expect(secrets[0]["type"]?.string == Backup.secretType)
    #expect(secrets[0]["immutable"] == true)
    let metadata = secrets[0]["metadata"]
    #expect(metadata?["namespace"] == "mqtt")
    #expect(metadata?["labels"]?["backbone-migrate/release"] == "web")
    #expect(metadata?["labels"]?["backbone-migrate/run"] == "run-1")
    #expect(metadata?["annotations"]?["backbone-migrate/parts"] == "1")
    // Annotations are shown to whoever lists Secrets.
    #expect(metadata?.canonical.contains("t0ken") == false)
  }

  @Test func aLargeOneIsPutTogetherInAnyOrder() throws {
    let secrets = Self.large.secrets
    try #require(secrets.count > 1)
    for secret in secrets {
      let data = Data(base64Encoded: secret["data"]?["part"]?.string ?? "") ?? Data()
      #expect(data.count <= Backup.partSize && secret.canonical.utf8.count < 1_200_000)
    }
    #expect(try Backup.text(of: secrets.reversed()) == Backup.text(of: secrets))
  }

  @Test func aPartThatIsMissingIsNamed() throws {
    let secrets = Self.large.secrets
    let error = #expect(throws: BackupError.self) { try Backup.text(of: [secrets[0]]) }
    #expect(
      error?.description
        == "Secret \"backbone-migrate.web.run-1.1\" of the backup of run-1 is missing or unreadable"
    )
    #expect(throws: BackupError.self) { try Backup.text(of: []) }
  }

  @Test(arguments: ["", "AAAA", "no base64"])
  func aPartThatWasChangedIsFound(part: String) throws {
    var secrets = Self.large.secrets
    var members = secrets[1].members
    members["data"] = ["part": .string(part)]
    secrets[1] = .object(members)
    #expect(throws: BackupError.self) { try Backup.text(of: secrets) }
  }

  @Test(
    arguments: [
      ([:], "none that this version can read"),
      (["schema": "backbone-migrate/backup/v2"], "none that this version can read"),
      (
        [
          "schema": "backbone-migrate/backup/v1", "run": "run-1;id",
          "plan": ["id": "plan-1", "digest": "d"],
        ], "none that this version can read"
      ),
      (
        [
          "schema": "backbone-migrate/backup/v1", "run": "run-1",
          "plan": ["id": "plan-1\nREADY", "digest": "d"],
        ], "none that this version can read"
      ),
      (
        [
          "schema": "backbone-migrate/backup/v1", "run": "run-1",
          "plan": ["id": "plan-1", "digest": "d"],
        ], "the backup of run-1 is damaged: "
      ),
    ] as [(JSON, String)])
  func whatIsNoneIsRefused(json: JSON, words: String) {
    let error = #expect(throws: BackupError.self) { try Backup(json: json) }
    #expect(error?.description.contains(words) == true)
  }
}
