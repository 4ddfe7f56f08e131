import Foundation
import MigratePlanning
import Testing

@testable import MigrateAdapters

/// What a reference to a chart makes helm do. No helm runs here.
struct ChartReferenceTests {
  @Test func everyFlagGoesToHelmPull() async throws {
    var flags = ChartFlags()
    flags.devel = true
    flags.verify = true
    flags.keyring = "keys.gpg"
    flags.caFile = "ca.pem"
    flags.certFile = "cert.pem"
    flags.keyFile = "key.pem"
    flags.insecureSkipTLSVerify = true
    flags.plainHTTP = true
    let reference = try ChartReference("oci://r.example/c/lantern", version: "^2", flags: flags)
    let seen = try await arguments(fetching: reference)
    #expect(
      seen == [
        "pull", "oci://r.example/c/lantern", "--version", "^2", "--keyring", "keys.gpg",
        "--ca-file", "ca.pem", "--cert-file", "cert.pem", "--key-file", "key.pem", "--devel",
        "--verify", "--insecure-skip-tls-verify", "--plain-http", "--destination", "FOLDER",
      ])
    #expect(reference.source == "oci://r.example/c/lantern")
  }

  @Test func aNameGoesWithItsRepository() async throws {
    var flags = ChartFlags()
    flags.repository = "https://charts.example/"
    let reference = try ChartReference("lantern", flags: flags)
    #expect(
      try await arguments(fetching: reference) == [
        "pull", "lantern", "--repo", "https://charts.example/", "--destination", "FOLDER",
      ])
    #expect(reference.source == "https://charts.example/lantern")
    #expect(
      reference.arguments(version: "2.0.1") == [
        "lantern", "--version", "2.0.1", "--repo", "https://charts.example/",
      ])
  }

  @Test func aNameOfAKnownRepositoryNeedsNoFlag() throws {
    let reference = try ChartReference("mine/lantern")
    #expect(reference.place == .remote)
    #expect(reference.arguments(version: "2.0.0") == ["mine/lantern", "--version", "2.0.0"])
  }

  @Test(arguments: ["./lantern", "/lantern-2", "lantern-2.0.0.tgz", "a/b/lantern"])
  func aPathThatLeadsNowhereIsNamed(_ path: String) {
    #expect(throws: ChartError.noSuchPath(path)) { try ChartReference(path) }
  }

  @Test func aBareNameNeedsARepository() {
    #expect(throws: ChartError.noRepository("lantern")) { try ChartReference("lantern") }
  }

  @Test func whatIsOnDiskComesFirstAsInHelm() throws {
    let folder = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    var flags = ChartFlags()
    flags.verify = true
    #expect(throws: ChartError.folderCannotBeVerified(folder)) {
      try ChartReference(folder, flags: flags)
    }
    flags.repository = "https://charts.example"
    #expect(throws: ChartError.repositoryForPath(folder)) {
      try ChartReference(folder, flags: flags)
    }
    #expect(try ChartReference(folder, version: "1").arguments(version: "1") == [folder])
  }

  @Test func noCredentialStandsInAnError() async throws {
    let run: CommandRunner = { _ in
      CommandResult(
        status: 1, output: [],
        errorText: "Error: Get \"https://me:hunter2@charts.example/index.yaml\": no such host")
    }
    let helm = Helm(
      executable: "helm", connection: ClusterConnection(), redactor: Redactor(), run: run)
    let reference = try ChartReference("mine/lantern")
    await #expect {
      try await Chart.fetch(reference, with: helm, into: temporaryFolder())
    } throws: { error in
      "\(error)".contains("https://charts.example") && !"\(error)".contains("hunter2")
    }
  }

  /// What helm is called with; the fetch fails then, for nothing was fetched.
  private func arguments(fetching reference: ChartReference) async throws -> [String] {
    let (commands, record) = AsyncStream.makeStream(of: Command.self)
    let run: CommandRunner = { command in
      record.yield(command)
      return CommandResult(status: 0, output: [])
    }
    let folder = temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let helm = Helm(
      executable: "helm", connection: ClusterConnection(), redactor: Redactor(), run: run)
    await #expect(throws: ChartError.unwritable(folder, reason: "helm left no archive there")) {
      try await Chart.fetch(reference, with: helm, into: folder)
    }
    record.finish()
    var arguments: [String] = []
    for await command in commands { arguments += command.arguments }
    return arguments.map { $0 == folder ? "FOLDER" : $0 }
  }

  private func temporaryFolder() -> String {
    FileManager.default.temporaryDirectory.path(percentEncoded: false)
      + "/backbone-migrate-reference-\(UUID().uuidString)"
  }
}
