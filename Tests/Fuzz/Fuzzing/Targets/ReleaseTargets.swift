import MigrateAdapters
import MigratePlanning

/// A release in a file, as `plan --from` reads it.
enum ExportTarget: FuzzTarget {
  static let name = "export"
  static let share = 40

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    if random.happens(oneIn: 4), let mutated = mutated(&random, seeds) { return mutated }
    var export = ReleaseInput.export(&random)
    if !random.happens(oneIn: 4) { export = Mutation.tree(export, &random) }
    let text = random.happens(oneIn: 2) ? export.canonical : YAMLWriter().text(export)
    return random.happens(oneIn: 8) ? Mutation.bytes(Array(text.utf8), &random) : Array(text.utf8)
  }

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let snapshot: Snapshot
    do {
      snapshot = try ReleaseFile.snapshot(from: input, named: "release.json")
    } catch {
      return .refused(error)
    }
    // Old versions of helm do not print the chart, and such a release is not exported.
    if !snapshot.release.chartName.isEmpty, !snapshot.release.chartVersion.isEmpty {
      let again = try Checks.must("an export that was written") {
        try ReleaseFile.snapshot(from: Array(snapshot.exported.pretty.utf8), named: "again.json")
      }
      try Checks.same(again.exported, snapshot.exported, "an export")
    }
    return try await PlanCheck.plan(
      snapshot, chart: input.count % 5 == 0 ? .foreign : FakeChart(), input: input.count)
  }
}

/// What `helm get all` prints.
enum HelmTextTarget: FuzzTarget {
  static let name = "helm-get-all"
  static let share = 15

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    if random.happens(oneIn: 4), let mutated = mutated(&random, seeds) { return mutated }
    var export = ReleaseInput.export(&random)
    if random.happens(oneIn: 2) { export = Mutation.tree(export, &random) }
    let text = Array(ReleaseInput.helmText(export).utf8)
    return random.happens(oneIn: 3) ? Mutation.bytes(text, &random) : text
  }

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    try await ExportTarget.run(input)
  }
}

/// A live release: what helm and kubectl print, part by part.
enum LiveTarget: FuzzTarget {
  static let name = "live"
  static let share = 20

  /// Between the parts of an input.
  static let separator = Array("\n=====\n".utf8)

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    if random.happens(oneIn: 5), let mutated = mutated(&random, seeds) { return mutated }
    let export = ReleaseInput.export(&random)
    let manifest = (export["manifest"]?.elements ?? []).map {
      "---\n# Source: backbone/templates/x.yaml\n" + YAMLWriter().text($0)
    }.joined()
    let status: JSON = [
      "name": "web", "namespace": "mqtt", "version": 3, "info": ["status": "deployed"],
      "config": export["values"] ?? .null, "manifest": .string(manifest),
      "apply_method": random.happens(oneIn: 2) ? "ssa" : "csa",
    ]
    let history: JSON = [
      ["revision": 2, "status": "superseded", "chart": "backbone-0.1.0", "description": "x"],
      ["revision": 3, "status": "deployed", "chart": "backbone-0.1.0", "description": "y"],
    ]
    let isApplication = random.happens(oneIn: 8)
    let live =
      (export["live"]?.elements ?? []).map { object in
        isApplication
          ? object.replacing(
            ["metadata", "annotations", "argocd.argoproj.io/tracking-id"], with: "web:x") : object
      } + [ReleaseInput.account("web")]
      + [["kind": "Namespace", "metadata": ["name": "kube-system", "uid": "u"]]]
    let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(live)]
    let bindings: JSON = [
      "kind": "List",
      "items": [
        [
          "kind": "RoleBinding", "metadata": ["name": "b", "namespace": "mqtt"],
          "subjects": [["kind": "ServiceAccount", "name": "web", "namespace": "mqtt"]],
        ]
      ],
    ]
    var parts = [status, history, list, bindings].map { tree in
      Array((random.happens(oneIn: 3) ? Mutation.tree(tree, &random) : tree).canonical.utf8)
    }
    if isApplication { parts[0] = Array("!".utf8) }
    parts.append(Array("ADMIN_TOKEN\nA\nfound".utf8))
    parts.append(
      Array((random.happens(oneIn: 2) ? "" : Hostile.text(&random) + "(Forbidden)").utf8))
    if random.happens(oneIn: 4) {
      let place = random.below(parts.count)
      parts[place] = Mutation.bytes(parts[place], &random)
    }
    return Array(parts.joined(separator: separator))
  }

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let parts = Self.parts(of: input)
    func part(_ place: Int) -> [UInt8] { place < parts.count ? parts[place] : [] }
    let refusal = String(decoding: part(5), as: UTF8.self)
    let answers = (0..<5).map(part)
    let run: CommandRunner = { command throws(CommandError) in
      let words = command.arguments
      if words.first == "status", answers[0].first == UInt8(ascii: "!") {
        // Argo CD's objects are looked for then.
        return CommandResult(status: 1, output: [], errorText: "Error: release: not found")
      }
      return CommandResult(
        status: 0, output: words.first == "status" ? answers[0] : answers[1])
    }
    let redactor = Redactor()
    // Half of them are records that are decoded, for the others helm is asked.
    let isStored = answers[1].count.isMultiple(of: 2)
    let api = FakeAPI(
      objects: answers[2], lists: answers[3], record: isStored ? answers[0] : nil)
    let reader = ReleaseReader(
      releases: ReleaseStore(
        helm: Helm(
          executable: "helm", connection: ClusterConnection(namespace: "mqtt"),
          redactor: redactor, run: run),
        cluster: api.cluster(redactor), driver: isStored ? nil : "sql"),
      cluster: { namespace in api.cluster(redactor, namespace: namespace ?? "mqtt") },
      context: nil)
    let snapshot: Snapshot
    do {
      snapshot = try await reader.read("web", withRoleBindings: true)
    } catch {
      return .refused(error)
    }
    let exported = snapshot.exported.pretty
    if (try? ReleaseIdentity.check(
      name: snapshot.release.name, namespace: snapshot.release.namespace)) != nil,
      snapshot.release.revision >= 0, !snapshot.release.chartName.isEmpty,
      !snapshot.release.chartVersion.isEmpty, !snapshot.release.status.isEmpty
    {
      let again = try Checks.must("an export of a live release") {
        try ReleaseFile.snapshot(from: Array(exported.utf8), named: "again.json")
      }
      try Checks.same(again.exported, snapshot.exported, "a live release as an export")
    }
    return try await PlanCheck.plan(
      snapshot,
      answers: ServerAnswers(
        existing: Objects([]), avoided: Objects([]), conflicts: [],
        rejections: refusal.isEmpty
          ? []
          : [
            .init(
              object: ObjectReference(kind: "Service", name: "web", namespace: "mqtt"),
              reason: refusal)
          ],
        unasked: [], neighbours: Objects([]), unread: [:], sourceKeys: [:], startUpSeconds: nil,
        predicted: Dictionary(
          snapshot.live.all.map { object in
            (
              object.objectReference(defaultNamespace: "mqtt"),
              snapshot.manifest.all.last ?? object
            )
          }, uniquingKeysWith: { first, _ in first }), wayBack: [], backAgain: [:],
        mutators: []),
      input: input.count)
  }

  /// The parts of an input.
  static func parts(of input: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    var rest = input[...]
    while let start = rest.firstStart(of: separator) {
      parts.append(Array(rest[..<start]))
      rest = rest[(start + separator.count)...]
    }
    return parts + [Array(rest)]
  }
}

extension ArraySlice<UInt8> {
  fileprivate func firstStart(of part: [UInt8]) -> Int? {
    guard let first = part.first else { return nil }
    var place = startIndex
    while let start = self[place...].firstIndex(of: first) {
      if self[start...].starts(with: part) { return start }
      place = start + 1
    }
    return nil
  }
}
