import Foundation
import MigratePlanning

/// A plan as a script reads it from standard output.
struct PlanReport: Sendable {
  /// A variable that the plan lists.
  struct Row: Sendable {
    let name: String
    let before: JSON
    let after: JSON
    let state: String
    let explainedBy: String?
  }

  struct Override: Sendable {
    let name: String
    let provenance: String
    let manager: String?
    let kind: String
    let isSensitive: Bool
    let value: String?
    let disposition: String
    let path: String?
  }

  struct Finding: Sendable {
    let code: String
    let severity: String
    let message: String
    let remedy: String?
    let isResolved: Bool
    let acceptedBy: String?

    /// Whether it counts for the verdict.
    var isOpen: Bool { !isResolved && acceptedBy == nil }
  }

  let json: JSON
  let id: String
  let verdict: String
  let rows: [Row]
  let overrides: [Override]
  let findings: [Finding]
  let unchecked: [String: String]
  let commands: [String]

  /// Reads a plan.
  ///
  /// - Throws: when it is no JSON.
  init(_ output: [UInt8]) throws {
    let json = try JSONDecoder().decode(JSON.self, from: Data(output))
    func elements(_ key: String) -> [JSON] { json[key]?.elements ?? [] }
    self.json = json
    id = json["id"]?.string ?? ""
    verdict = json["verdict"]?.string ?? ""
    rows = elements("environment").map { row in
      Row(
        name: row["name"]?.string ?? "", before: row["before"] ?? .null,
        after: row["after"] ?? .null, state: row["state"]?.string ?? "",
        explainedBy: row["explainedBy"]?.string)
    }
    overrides = elements("overrides").map { override in
      Override(
        name: override["name"]?.string ?? "", provenance: override["provenance"]?.string ?? "",
        manager: override["manager"]?.string, kind: override["kind"]?.string ?? "",
        isSensitive: override["sensitive"]?.bool ?? false, value: override["value"]?.string,
        disposition: override["disposition"]?.string ?? "", path: override["path"]?.string)
    }
    findings = elements("findings").map { finding in
      Finding(
        code: finding["code"]?.string ?? "", severity: finding["severity"]?.string ?? "",
        message: finding["message"]?.string ?? "", remedy: finding["remedy"]?.string,
        isResolved: finding["resolved"]?.bool ?? false,
        acceptedBy: finding["acceptedBy"]?.string)
    }
    unchecked = Dictionary(
      elements("unchecked").map { ($0["code"]?.string ?? "", $0["reason"]?.string ?? "") },
      uniquingKeysWith: { "\($0); \($1)" })
    commands = elements("commands").compactMap(\.string)
  }

  /// The exit code that belongs to the verdict.
  var exitCode: Int? { ["ready": 0, "attention": 2, "blocked": 3][verdict] }

  /// The codes of the blockers that stand in the way.
  var blockers: Set<String> {
    Set(findings.filter { $0.isOpen && $0.severity == "blocker" }.map(\.code))
  }

  func row(_ name: String) -> Row? { rows.first { $0.name == name } }
  func override(_ name: String) -> Override? { overrides.first { $0.name == name } }
  func findings(_ code: String) -> [Finding] { findings.filter { $0.code == code } }

  /// The only finding of a code; nil when there are none or several.
  func finding(_ code: String) -> Finding? {
    let found = findings(code)
    return found.count == 1 ? found[0] : nil
  }

  /// The value at a path among the plan's values.
  func value(_ path: String...) -> JSON? {
    path.reduce(json["values"]) { value, key in value?[key] }
  }

  /// A setting other than a variable.
  func setting(_ name: String) -> JSON? {
    json["settings"]?.elements.first {
      $0["name"]?.string == name && $0["dimension"] != "environment"
    }
  }
}

/// What a plan shows of a variable.
enum Shown: Equatable {
  case absent
  case text(ExactText)
  case redacted
  case unknown

  /// Reads an observation of the contract; references are looked up.
  init(_ json: JSON, _ sources: Sources) {
    switch json {
    case .null: self = .absent
    case .string("<redacted>"): self = .redacted
    case .string(let text): self = .text(ExactText(text))
    case .object where json["unknown"] != nil: self = .unknown
    case .array(let parts):
      let texts = parts.map { part in part.string ?? sources.value(of: part) ?? "" }
      self = texts.contains("<redacted>") ? .redacted : .text(ExactText(texts.joined()))
    default: self = sources.value(of: json).map { .text(ExactText($0)) } ?? .absent
    }
  }
}
