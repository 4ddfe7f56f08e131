import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct ExportTests {
  /// An `envFrom` may name nothing; what was read of it has to come back all the same.
  @Test func aSourceWithoutANameComesBack() throws {
    var release = SampleRelease()
    release.sourceKeys = [EnvironmentSource.Identity(kind: .secret, name: ""): .missing]
    let again = try Snapshot(exported: release.snapshot.exported)
    #expect(again.sourceKeys == release.sourceKeys)
  }

  private static let export: JSON = [
    "schema": "backbone-migrate/export/v1",
    "release": [
      "name": "web", "namespace": "mqtt", "revision": 3, "deployedRevision": 3,
      "status": "deployed",
      "chart": ["name": "backbone", "version": "0.1.0"], "clusterID": "c-1",
      "applyMethod": "server-side",
    ],
    "values": ["env": ["TZ": "UTC"]],
    "manifest": [["kind": "Deployment", "metadata": ["name": "web"]]],
    "live": [["kind": "Deployment", "metadata": ["name": "web", "uid": "u"]]],
    "related": [["kind": "ServiceAccount", "metadata": ["name": "web"]]],
    "sources": [
      ["kind": "ConfigMap", "name": "a", "keys": ["B", "A"]], ["kind": "Secret", "name": "b"],
      ["kind": "Secret", "name": "c", "unreadable": "forbidden"],
    ],
    "templates": ["backbone/templates/deployment.yaml"],
    "aliases": [["alias": "mqtt", "name": "backbone", "version": "0.1.0"]],
    "revisions": [2, 3], "storedBytes": 5120,
    "unserved": [
      [
        "apiVersion": "networking.k8s.io/v1beta1", "kind": "Ingress",
        "metadata": ["name": "web"],
      ]
    ],
    "hidden": [["code": "service-account-missing", "reason": "it may not be read"]],
  ]

  private func export(_ change: (inout [String: JSON]) -> Void) -> JSON {
    var members = Self.export.members
    change(&members)
    return .object(members)
  }

  private func exportWithRelease(_ key: String, _ value: JSON?) -> JSON {
    export { members in
      var release = members["release"]?.members ?? [:]
      release[key] = value
      members["release"] = .object(release)
    }
  }

  @Test func anExportIsReadWhole() throws {
    let snapshot = try Snapshot(exported: Self.export)
    #expect(snapshot.release.name == "web" && snapshot.release.namespace == "mqtt")
    #expect(snapshot.release.revision == 3 && snapshot.release.status == "deployed")
    #expect(snapshot.release.chartName == "backbone" && snapshot.release.chartVersion == "0.1.0")
    #expect(snapshot.release.clusterID == "c-1" && snapshot.release.context == nil)
    #expect(snapshot.release.applyMethod == .serverSide)
    #expect(snapshot.supplied == ["env": ["TZ": "UTC"]])
    #expect(snapshot.manifest.all.count == 1 && snapshot.live.all.count == 1)
    #expect(snapshot.related.object(kind: "ServiceAccount", name: "web") != nil)
    typealias Identity = EnvironmentSource.Identity
    #expect(snapshot.sourceKeys[Identity(kind: .configMap, name: "a")] == .keys(["B", "A"]))
    #expect(snapshot.sourceKeys[Identity(kind: .secret, name: "b")] == .missing)
    #expect(
      snapshot.sourceKeys[Identity(kind: .secret, name: "c")] == .unreadable("forbidden"))
    #expect(snapshot.templates == ["backbone/templates/deployment.yaml"])
    #expect(snapshot.revisions == [2, 3] && snapshot.storedBytes == 5120)
    let alias = ChartAlias(alias: "mqtt", name: "backbone", version: "0.1.0")
    #expect(snapshot.aliases == [alias])
    #expect(snapshot.unserved.map(\.objectName) == ["web"])
    #expect(snapshot.hidden.map(\.code) == ["service-account-missing"])
  }

  @Test func whatIsWrittenIsReadAsTheSame() throws {
    let snapshot = try Snapshot(exported: Self.export)
    #expect(snapshot.exported == Self.export)
    #expect(try Snapshot(exported: snapshot.exported).exported == snapshot.exported)
    let named = exportWithRelease("nameInChart", "broker")
    #expect(try Snapshot(exported: named).exported == named)
    #expect(snapshot.release.nameInChart == "web")
  }

  @Test(arguments: SeededGenerator.seeds(100))
  func aRandomReleaseSurvivesTheRoundTrip(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var release = RandomRelease.release(&random)
    release.context = nil
    let snapshot = release.snapshot
    let again = try Snapshot(exported: snapshot.exported)
    #expect(again.release == snapshot.release)
    #expect(again.supplied == snapshot.supplied)
    #expect(again.manifest == snapshot.manifest && again.live == snapshot.live)
    #expect(again.related == snapshot.related)
    #expect(again.sourceKeys == snapshot.sourceKeys)
    #expect(again.templates == snapshot.templates && again.revisions == snapshot.revisions)
    #expect(again.storedBytes == snapshot.storedBytes && again.hidden == snapshot.hidden)
  }

  @Test func whatIsNotGivenHasADefault() throws {
    let snapshot = try Snapshot(
      exported: export { members in
        members["values"] = .null
        members["related"] = nil
        for key in ["sources", "templates", "revisions", "storedBytes", "hidden"] {
          members[key] = nil
        }
      })
    #expect(snapshot.supplied == [:])
    #expect(snapshot.related.all.isEmpty && snapshot.sourceKeys.isEmpty)
    #expect(snapshot.templates.isEmpty && snapshot.revisions.isEmpty && snapshot.hidden.isEmpty)
    #expect(snapshot.storedBytes == nil)
    let older = try Snapshot(exported: exportWithRelease("applyMethod", nil))
    #expect(older.release.applyMethod == .clientSide)
  }

  @Test func sourcesOfOneNameAreAlwaysInTheSameOrder() throws {
    let sources: [JSON] = ["ConfigMap", "Secret"].flatMap { kind in
      (0..<20).map { ["kind": .string(kind), "name": .string("s\($0)")] }
    }
    let texts = try [sources, sources.reversed()].map { sources in
      try Snapshot(exported: export { $0["sources"] = .array(sources) }).exported.canonical
    }
    #expect(texts[0] == texts[1])
  }

  @Test(
    arguments: [
      ("name", nil, "\"name\" is missing or no text"), ("name", "", "\"name\" is missing"),
      ("namespace", 3, "\"namespace\" is missing or no text"),
      ("revision", -1, "\"release.revision\" is no number from 0 up"),
      ("revision", "3", "\"release.revision\" is no number from 0 up"),
      ("revision", .number("1.5"), "\"release.revision\" is no number from 0 up"),
      ("status", nil, "\"status\" is missing"), ("chart", nil, "\"chart.name\" is missing"),
      ("chart", ["name": "backbone"], "\"chart.version\" is missing"),
      ("nameInChart", "--debug", "\"--debug\" is no name of a release"),
      ("applyMethod", "magic", "neither client-side nor server-side"),
    ] as [(String, JSON?, String)])
  func aBrokenReleaseIsRefused(key: String, value: JSON?, words: String) {
    let error = #expect(throws: ExportError.self) {
      try Snapshot(exported: exportWithRelease(key, value))
    }
    #expect(error?.description.hasPrefix("not an exported release: ") == true)
    #expect(error?.description.contains(words) == true)
  }

  @Test(
    arguments: [
      ("schema", nil, "\"schema\" is not \"backbone-migrate/export/v1\""),
      ("schema", "backbone-migrate/export/v2", "\"schema\" is not"),
      ("storedBytes", .integer(.max), "\"storedBytes\" is no size of a release"),
      ("storedBytes", -1, "\"storedBytes\" is no size of a release"),
      ("storedBytes", "many", "\"storedBytes\" is no size of a release"),
      ("release", nil, "\"release.revision\" is no number"),
      ("manifest", nil, "\"manifest\" is no list of objects"),
      ("live", [:], "\"live\" is no list of objects"),
      ("related", "x", "\"related\" is no list of objects"),
      ("sources", [["kind": "Pod", "name": "x"]], "a source is neither a ConfigMap nor a Secret"),
      ("sources", [["kind": "Secret"]], "\"name\" is missing"),
    ] as [(String, JSON?, String)])
  func aBrokenExportIsRefused(key: String, value: JSON?, words: String) {
    let error = #expect(throws: ExportError.self) {
      try Snapshot(exported: export { $0[key] = value })
    }
    #expect(error?.description.contains(words) == true)
  }

  /// Names of releases, namespaces and charts come from a file that anybody may have written, and
  /// go into commands that the reader copies.
  @Test(
    arguments: [
      ("name", "web; rm -rf ."), ("name", "$(id)"), ("name", "web\nother"),
      ("name", "web\u{1B}[1m"),
      ("namespace", "mqtt --dry-run"), ("namespace", "mqtt`id`"),
    ])
  func namesThatKubernetesWouldNotTakeAreRefused(key: String, value: String) {
    #expect(throws: ExportError.self) {
      try Snapshot(exported: exportWithRelease(key, .string(value)))
    }
  }

  @Test(arguments: [JSON.null, "text", [], [:]])
  func anythingElseIsNoExport(json: JSON) {
    #expect(throws: ExportError.self) { try Snapshot(exported: json) }
  }
}
