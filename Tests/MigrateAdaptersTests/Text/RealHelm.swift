import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

/// The real helm, asked what a YAML text means.
///
/// `make test` names the binaries in BACKBONE_SANDBOX_HELM3 and BACKBONE_SANDBOX_HELM4; without
/// them the sandbox's cache is looked into. A missing binary is an error, never a skipped test.
struct RealHelm: CustomTestStringConvertible, Sendable {
  let version: String
  let variable: String

  static let all = [
    RealHelm(version: "3.17.2", variable: "BACKBONE_SANDBOX_HELM3"),
    RealHelm(version: "4.3.1", variable: "BACKBONE_SANDBOX_HELM4"),
  ]

  var testDescription: String { "helm \(version)" }

  struct Trouble: Error, CustomStringConvertible { let description: String }

  /// What `fromYaml` makes of each text; nil where it refuses the text.
  func readings(of texts: [String]) async throws -> [JSON?] {
    let output = try await render(
      "readings:\n{{ range .Values.texts }}- {{ fromYaml . | toJson | b64enc }}\n{{ end }}",
      values: JSON.object(["texts": .array(texts.map(JSON.string))]).valuesText)
    let readings = try output.split(separator: "\n").filter { $0.hasPrefix("- ") }.map { line in
      try decoded(line.dropFirst(2))
    }
    guard readings.count == texts.count else {
      throw Trouble(description: "helm \(version) read \(readings.count) of \(texts.count) texts")
    }
    return readings.map { $0["Error"] == nil ? $0 : JSON?.none }
  }

  /// What helm makes of a values file on its standard input.
  func values(_ text: String) async throws -> JSON {
    let output = try await render("values: {{ .Values | toJson | b64enc }}\n", values: text)
    guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix("values: ") }) else {
      throw Trouble(description: "helm \(version) rendered no values")
    }
    return try decoded(line.dropFirst(8))
  }

  private func decoded(_ base64: Substring) throws -> JSON {
    guard let data = Data(base64Encoded: String(base64)) else {
      throw Trouble(description: "helm \(version) printed no base64")
    }
    return try JSONReader().value([UInt8](data))
  }

  private func executable() throws -> String {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment[variable], !path.isEmpty { return path }
    let cache =
      environment["BACKBONE_MIGRATE_CACHE"]
      ?? (environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache") + "/backbone-migrate"
    let path = "\(cache)/helm/\(version)/helm"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Trouble(description: "helm \(version) is missing; run \"sandbox/setup tools\"")
    }
    return path
  }

  private func render(_ template: String, values: String) async throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backbone-migrate-text-\(UUID().uuidString)")
    let chart = folder.appending(path: "chart")
    let templates = chart.appending(path: "templates")
    try FileManager.default.createDirectory(at: templates, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("apiVersion: v2\nname: probe\nversion: 0.1.0\n".utf8)
      .write(to: chart.appending(path: "Chart.yaml"))
    try Data(template.utf8).write(to: templates.appending(path: "probe.yaml"))
    let result = try await Subprocesses.run(
      Command(
        try executable(), ["template", "probe", chart.path(), "--values", "-"],
        input: Array(values.utf8)))
    guard result.isSuccess else {
      throw Trouble(description: "helm \(version) failed: \(result.errorText)")
    }
    return String(decoding: result.output, as: UTF8.self)
  }
}
