import MigrateAdapters
import MigratePlanning

/// YAML as people and helm write it.
enum YAMLTarget: FuzzTarget {
  static let name = "yaml"
  static let share = 240

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    if random.happens(oneIn: 3), let mutated = mutated(&random, seeds) { return mutated }
    if random.happens(oneIn: 3) {
      let written = YAMLWriter().text(documents: [
        Hostile.tree(&random, depth: 5), Hostile.tree(&random),
      ])
      return random.happens(oneIn: 4)
        ? Array(written.utf8) : Mutation.bytes(Array(written.utf8), &random)
    }
    // Lines of pieces of the grammar.
    var text = ""
    for _ in 0..<random.below(random.happens(oneIn: 20) ? 200 : 12) {
      text += String(repeating: " ", count: random.below(4) * 2)
      for _ in 0..<random.below(6) {
        text += random.one(of: pieces) ?? ""
        if random.happens(oneIn: 6) { text += Hostile.text(&random) }
      }
      text += random.happens(oneIn: 12) ? "\r\n" : "\n"
    }
    return Array(text.utf8)
  }

  private static let pieces: [String] = [
    "a: ", "b: ", "- ", "? ", ": ", "[", "]", "{", "}", ", ", "&x ", "&y ", "*x", "*y", "*x, *x",
    "[*x, *x]", "{*x: 1}", "<<: *x", "<<: [*x, *y]", "!!str ", "!!int ", "!!binary ", "!!float ",
    "!a ", "|\n  x", ">-\n  x", "'x'", "\"x\"", "\"\\u0041\"", "\"\\ufeff\"", "# c", "---", "...",
    "%YAML 1.1", "1", "y", "~", "1e400", ".nan", "0x1", "x y", "\t", "a", "\"a\": ", "1: ", "'1': ",
    "true: ", "1.0: ", "- - ", "&a [x,x]", "&b [*a,*a]", "&c [*b,*b]", "&d [*c,*c]", "{[*d]}",
    "{*d}",
  ]

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let documents: [JSON]
    do {
      documents = try YAMLReader().documents(input)
    } catch {
      _ = try? YAMLReader().documentWithLines(input)
      let manifest: [JSON]
      do {
        manifest = try YAMLReader().manifestDocuments(input)
      } catch {
        return .refused(error)
      }
      try survives(manifest, input.count)
      return .accepted
    }
    try survives(documents, input.count)
    if documents.count == 1 {
      let located = try Checks.must("lines") { try YAMLReader().documentWithLines(input) }
      try Checks.same(located.value, documents[0], "a document with lines")
    }
    return .accepted
  }

  private static func survives(_ documents: [JSON], _ input: Int) throws {
    let written = YAMLWriter().text(documents: documents)
    let again = try Checks.must("YAML that was written") { try YAMLReader().documents(written) }
    try Checks.same(again, documents, "YAML")
    try Checks.steersNoTerminal(written, "YAML")
    for document in documents {
      let read = try Checks.must("JSON that was written") {
        try JSONReader().value(document.canonical)
      }
      try Checks.same(read, document, "YAML as JSON")
    }
  }
}

/// JSON as helm, kubectl and people write it.
enum JSONTarget: FuzzTarget {
  static let name = "json"
  static let share = 280

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    if random.happens(oneIn: 3), let mutated = mutated(&random, seeds) { return mutated }
    let tree = Hostile.tree(&random, depth: 6)
    let text = random.happens(oneIn: 2) ? tree.canonical : tree.pretty
    return random.happens(oneIn: 4) ? Array(text.utf8) : Mutation.bytes(Array(text.utf8), &random)
  }

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let value: JSON
    do {
      value = try JSONReader().value(input)
    } catch {
      return .refused(error)
    }
    for text in [value.canonical, value.pretty, value.valuesText] {
      let again = try Checks.must("JSON that was written") { try JSONReader().value(text) }
      try Checks.same(again, value, "JSON")
    }
    try Checks.steersNoTerminal(value.pretty, "JSON")
    return .accepted
  }
}

/// What the API server and helm say when they refuse.
enum RefusalTarget: FuzzTarget {
  static let name = "refusals"
  static let share = 100

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    if random.happens(oneIn: 4), let mutated = mutated(&random, seeds) { return mutated }
    var text = ""
    for _ in 0..<random.below(random.happens(oneIn: 30) ? 400 : 8) {
      text += random.one(of: pieces) ?? ""
      if random.happens(oneIn: 5) { text += Hostile.text(&random) }
    }
    return Array(text.utf8)
  }

  private static let pieces: [String] = [
    "Error: ", "error: ", "Error from server (Forbidden): ", "is forbidden: User \"", "\" cannot ",
    "patch resource \"deployments\"", "conflict with \"", "conflicts with \"", "\" using v1: ",
    "\" using apps/v1:\n", "- .spec.template\n", ".spec.containers[name=\"x\"].env", "; ", "\n",
    "Apply failed with 2 conflicts: ", "AlreadyExists", "release: not found", "WARNING: ",
    "connection refused", "\\\"", "://u:p@h/", "admission webhook",
  ]

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let text = String(decoding: input, as: UTF8.self)
    let secret = String(text.prefix(random(text)))
    let object: JSON = ["kind": "Deployment", "metadata": ["name": "web"], "spec": ["a": 1]]
    let cause = ClusterError.Cause(field: text, reason: "FieldManagerConflict", message: text)
    let refused = ClusterError(
      "apply",
      .refused(
        ClusterError.Refusal(code: 409, reason: .conflict, message: text, causes: [cause])))
    _ = FieldsInConflict.found(refused.fieldConflicts, of: object, live: object)
    _ = ClientError(refused).description
    let redactor = Redactor()
    if secret.utf8.count >= 4 { redactor.learn([secret]) }
    let run: CommandRunner = { _ in CommandResult(status: 1, output: [], errorText: text) }
    let helm = Helm(
      executable: "helm", connection: ClusterConnection(), redactor: redactor, run: run)
    let kubectl = Kubectl(
      executable: "kubectl", connection: ClusterConnection(), redactor: redactor, run: run)
    _ = try? await kubectl.unknownFields(in: [object])
    do {
      _ = try await helm.template(
        release: "web", namespace: "mqtt", chart: "x", values: [:])
    } catch {
      return .refused(error)
    }
    return .accepted
  }

  private static func random(_ text: String) -> Int { text.utf8.count % 40 }
}
