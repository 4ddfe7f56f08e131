import Foundation
import MigratePlanning
import Testing

/// The shape of a JSON value in the contract.
private indirect enum Shape: Sendable {
  case text, number, boolean, any
  case word([String])
  case optional(Shape)
  case list(Shape)
  case object([String: Shape])

  /// Where a value differs from the shape. Keys that the shape does not name are welcome.
  func mismatches(_ json: JSON, at path: String = "plan") -> [String] {
    switch (self, json) {
    case (.any, _), (.text, .string), (.number, .number), (.boolean, .bool), (.optional, .null):
      return []
    case (.word(let words), .string(let text)):
      return words.contains(text) ? [] : ["\(path) is \(text), not one of \(words)"]
    case (.optional(let shape), _):
      return shape.mismatches(json, at: path)
    case (.list(let shape), .array(let elements)):
      return elements.enumerated().flatMap { shape.mismatches($1, at: "\(path)[\($0)]") }
    case (.object(let shapes), .object(let members)):
      return shapes.sorted { $0.key < $1.key }.flatMap { key, shape in
        members[key].map { shape.mismatches($0, at: "\(path).\(key)") }
          ?? ["\(path).\(key) is missing"]
      }
    default:
      return ["\(path) is \(json)"]
    }
  }
}

/// The JSON contract on real output.
@Suite("The contract backbone-migrate/plan/v1")
struct ContractTests {
  private static let subject = Shape.object([
    "kind": .text, "name": .text, "namespace": .optional(.text),
  ])
  private static let dimension = Shape.word([
    "environment", "image", "identity", "storage", "network", "security", "health", "scheduling",
    "ownership",
  ])
  private static let plan = Shape.object([
    "schema": .word(["backbone-migrate/plan/v1"]), "id": .text, "digest": .text,
    "createdAt": .text, "verdict": .word(["ready", "attention", "blocked"]),
    "release": .object([
      "name": .text, "namespace": .text, "revision": .number, "status": .text,
      "chart": .object(["name": .text, "version": .text]), "context": .optional(.text),
      "clusterID": .optional(.text),
    ]),
    "target": .object([
      "chart": .object(["name": .text, "version": .text, "source": .text, "digest": .text]),
      "helmVersion": .text, "applyMethod": .word(["client-side", "server-side"]),
    ]),
    "overrides": .list(
      .object([
        "name": .text, "container": .text, "provenance": .word(["values", "live", "manifest"]),
        "manager": .optional(.text),
        "kind": .word([
          "literal", "secretRef", "configMapRef", "fieldRef", "resourceFieldRef", "envFrom",
        ]),
        "sensitive": .boolean, "value": .optional(.text),
        "disposition": .word(["mapped", "kept", "dropped", "unresolved"]),
        "path": .optional(.text),
      ])),
    "environment": .list(
      .object([
        "name": .text, "before": .any, "after": .any,
        "state": .word(["same", "changed", "added", "removed"]), "explainedBy": .optional(.text),
      ])),
    "settings": .list(
      .object([
        "dimension": dimension, "subject": subject, "name": .text, "before": .any,
        "byDefault": .any, "after": .any, "carrier": .text, "path": .optional(.text),
      ])),
    "findings": .list(
      .object([
        "code": .text, "dimension": dimension,
        "severity": .word(["blocker", "breaking", "warning", "info"]), "subject": subject,
        "message": .text, "before": .any, "after": .any, "remedy": .optional(.text),
        "resolved": .boolean, "acceptedBy": .optional(.text),
      ])),
    "unchecked": .list(.object(["code": .text, "reason": .text])),
    "objects": .list(
      .object([
        "kind": .text, "name": .text, "namespace": .optional(.text),
        "change": .word(["create", "update", "replace", "delete", "keep", "none"]),
      ])),
    "interruption": .object([
      "kind": .word(["none", "rolling", "recreate", "replace"]), "brokersOverlap": .boolean,
      "estimateSeconds": .optional(.number),
    ]),
    "values": .object([:]), "commands": .list(.text),
  ])

  @Test("holds for releases of every chart", arguments: FixtureChart.allCases)
  func holds(chart: FixtureChart) async throws {
    let helm: HelmVersion = chart.path.utf8.count % 2 == 0 ? .helm3 : .helm4
    try await Workbench.with(helm) { bench in
      try await bench.installReady(chart)
      let workload = chart.workloadName(in: "web")
      try await bench.setByHand("ADMIN_TOKEN=t", "HTTP_PORT=abc", "A=$(HTTP_PORT)", on: workload)
      let entries = [
        EnvironmentEntry("B", .secretKey("none", of: "nowhere")),
        EnvironmentEntry("C", "$(B)-$(A)"),
        EnvironmentEntry("D", .field("metadata.name")),
        EnvironmentEntry("E", .resource("limits.cpu")),
      ]
      try await bench.patchContainer(
        of: workload,
        with: [
          "env": .array(entries.map(\.json)),
          "envFrom": [["configMapRef": ["name": "nowhere", "optional": true]]],
        ])
      let (outcome, plan) = try await bench.planned("web", ["--adopt", "k8s.enabled"])
      #expect(Self.plan.mismatches(plan.json).isEmpty)
      #expect(outcome.errorText.isEmpty)
    }
  }

  @Test(
    "names the release, the cluster, the chart and helm as they are",
    arguments: HelmVersion.allCases)
  func namesThings(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let plan = try await bench.plan("web").json
      let cluster = try await bench.live("namespace", "kube-system")["metadata"]?["uid"]
      let release: JSON = [
        "name": "web", "namespace": .string(bench.namespace), "revision": 1, "status": "deployed",
        "chart": ["name": "backbone", "version": "0.1.0"], "context": .null,
        "clusterID": cluster ?? .null,
      ]
      #expect(plan["release"] == release)
      #expect(plan["target"]?["chart"]?["version"] == "0.2.0")
      #expect(plan["target"]?["chart"]?["digest"]?.string?.hasPrefix("sha256:") == true)
      let version = try await bench.run("helm", ["version", "--template", "{{.Version}}"]).text
      #expect("v\(plan["target"]?["helmVersion"]?.string ?? "")" == version)
      #expect(
        plan["target"]?["applyMethod"] == (helm == .helm3 ? "client-side" : "server-side"))
      #expect(plan["id"]?.string?.wholeMatch(of: /plan-[a-z0-9]{8}/) != nil)
      let moment = plan["createdAt"]?.string ?? ""
      #expect(moment.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil)
    }
  }

  @Test(
    "has the same digest for the same release, another one for another",
    arguments: HelmVersion.only(.helm3))
  func digest(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", "ADMIN_TOKEN=a", on: "web")
      let first = try await bench.plan("web")
      let again = try await bench.plan("web")
      #expect(first.json["digest"] == again.json["digest"])
      #expect(first.id != again.id)
      let adopted = try await bench.plan("web", "--adopt", "k8s.enabled")
      #expect(adopted.json["digest"] != first.json["digest"])
      try await bench.setByHand("LOG_LEVEL=info", on: "web")
      #expect(try await bench.plan("web").json["digest"] != first.json["digest"])
    }
  }

  @Test("output that cannot be written is a failure", arguments: HelmVersion.only(.helm4))
  func fullDisk(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let place = "--namespace \(bench.namespace)"
      for command in [
        "plan web \(place) -o values", "plan web \(place) -o json --no-save", "explain drift",
      ] {
        let outcome = try await bench.shell("backbone-migrate \(command) > /dev/full")
        #expect(outcome.status == 1, "\(command)")
        #expect(
          outcome.errorText.contains("could be written: No space left on device"), "\(command)")
      }
      // How a run ended is in the cluster all the same.
      let applied = try await bench.shell("backbone-migrate apply web \(place) --yes > /dev/full")
      #expect(applied.status == 1)
      #expect(try await bench.status().state == "done")
      let few = try await bench.shell("backbone-migrate explain | head -n 1")
      #expect(few.status == 0 && few.errorText.isEmpty)
    }
  }
}
