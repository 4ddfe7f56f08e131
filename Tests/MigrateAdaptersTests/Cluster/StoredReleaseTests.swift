import Foundation
import MigratePlanning
import Testing

@testable import MigrateAdapters

/// helm's own records, without helm.
@Suite struct StoredReleaseTests {
  private static let record: JSON = [
    "name": "web", "namespace": "mqtt", "version": 3,
    "info": ["status": "deployed", "description": "Upgrade complete", "first_deployed": "x"],
    "chart": [
      "metadata": ["name": "backbone", "version": "0.1.0", "appVersion": "1.2"], "templates": [],
    ],
    "config": ["image": ["tag": "1"]], "manifest": "---\nkind: Service\n",
  ]

  /// Base64 of the record, compressed by gzip itself.
  private static func packed(_ record: JSON, isCompressed: Bool = true) async throws -> String {
    var bytes = Array(record.canonical.utf8)
    if isCompressed {
      bytes = try await Subprocesses.run(Command("gzip", ["-9"], input: bytes)).output
    }
    return Data(bytes).base64EncodedString()
  }

  private static func secret(_ text: String) -> JSON {
    [
      "kind": "Secret", "data": ["release": .string(Data(text.utf8).base64EncodedString())],
      "metadata": [
        "name": "sh.helm.release.v1.web.v3", "namespace": "mqtt",
        "labels": ["owner": "helm", "name": "web", "version": "3"],
      ],
    ]
  }

  private static func configMap(_ text: String) -> JSON {
    [
      "kind": "ConfigMap", "metadata": ["name": "sh.helm.release.v1.web.v3"],
      "data": ["release": .string(text)],
    ]
  }

  @Test(arguments: [true, false], [true, false])
  func aRecordIsReadFromBoth(isSecret: Bool, isCompressed: Bool) async throws {
    let text = try await Self.packed(Self.record, isCompressed: isCompressed)
    let release = try StoredRelease(isSecret ? Self.secret(text) : Self.configMap(text))
    #expect(release.name == "web" && release.namespace == "mqtt" && release.revision == 3)
    #expect(release.status == "deployed" && release.description == "Upgrade complete")
    #expect(release.chartName == "backbone" && release.chartVersion == "0.1.0")
    #expect(release.appVersion == "1.2" && release.config == ["image": ["tag": "1"]])
    #expect(release.manifest == "---\nkind: Service\n" && release.applyMethod == .clientSide)
    #expect(release.labels["owner"] == (isSecret ? "helm" : nil))
    #expect(release.storedBytes == text.utf8.count)
  }

  @Test func dependenciesUnderAnotherNameAreKnown() async throws {
    func aliases(_ lock: JSON) async throws -> [ChartAlias] {
      let chart: JSON = [
        "metadata": [
          "name": "umbrella", "version": "1.0.0",
          "dependencies": [
            ["name": "redis"], ["name": "mqtt", "alias": "mqtt", "version": "~0.1.0"],
          ],
        ], "lock": lock,
      ]
      let record = Self.record.replacing(["chart"], with: chart)
      return try StoredRelease(Self.secret(try await Self.packed(record))).aliases
    }
    let unknown = ChartAlias(alias: "mqtt", name: nil, version: "~0.1.0")
    var found = try await aliases(.null)
    #expect(found == [unknown])
    found = try await aliases(["dependencies": [["name": "backbone", "version": "0.1.0"]]])
    #expect(found == [unknown])
    found = try await aliases([
      "dependencies": [["name": "redis"], ["name": "backbone", "version": "0.1.3"]]
    ])
    #expect(found == [ChartAlias(alias: "mqtt", name: "backbone", version: "0.1.3")])
  }

  private static let odd: [(String, JSON, ReleaseIdentity.ApplyMethod)] = [
    ("apply_method", "ssa", .serverSide), ("apply_method", "csa", .clientSide),
    ("config", .null, .clientSide), ("chart", .null, .clientSide),
    ("unknown", [1, 2], .clientSide),
  ]

  @Test(arguments: odd)
  func oddRecordsAreReadAsHelmDoes(
    key: String, value: JSON, method: ReleaseIdentity.ApplyMethod
  ) async throws {
    var members = Self.record.members
    members[key] = value
    let release = try StoredRelease(Self.secret(try await Self.packed(.object(members))))
    #expect(release.applyMethod == method && release.revision == 3)
    if key == "config" { #expect(release.config == [:]) }
    if key == "chart" { #expect(release.chartVersion.isEmpty) }
  }

  @Test(arguments: ["name", "version", "info"])
  func aRecordWithoutWhatNamesItIsRefused(key: String) async throws {
    var members = Self.record.members
    members[key] = nil
    let text = try await Self.packed(.object(members))
    let error = #expect(throws: StoredReleaseError.self) {
      try StoredRelease(Self.secret(text))
    }
    #expect(error?.description.contains("Secret/sh.helm.release.v1.web.v3") == true)
  }

  @Test(arguments: ["", "!!!!", "AAAA", "H4sIAAAAAAAA", "e30=", "W10=", "bm90IGpzb24="])
  func rubbishIsRefused(text: String) {
    #expect(throws: StoredReleaseError.self) { try StoredRelease(Self.configMap(text)) }
    #expect(throws: StoredReleaseError.self) { try StoredRelease(Self.secret(text)) }
  }

  @Test func whatHoldsNoReleaseIsRefused() {
    #expect(throws: StoredReleaseError.self) { try StoredRelease(["kind": "Secret"]) }
    #expect(throws: StoredReleaseError.self) { try StoredRelease(["kind": "Pod"]) }
  }

  @Test func aBombIsRefused() async throws {
    let bomb = try await Subprocesses.run(
      Command("sh", ["-c", "head -c 120000000 /dev/zero | gzip -9"])
    ).output
    let error = #expect(throws: StoredReleaseError.self) {
      try StoredRelease(Self.configMap(Data(bomb).base64EncodedString()))
    }
    #expect(error?.reason == "it holds more than 100 MiB")
  }

  @Test func aRevisionIsFoundAsHelmFindsIt() {
    #expect(StoredRelease.objectName(of: "web", revision: 3) == "sh.helm.release.v1.web.v3")
    #expect(StoredRelease.selector(of: "web") == "owner=helm,name=web")
  }
}
