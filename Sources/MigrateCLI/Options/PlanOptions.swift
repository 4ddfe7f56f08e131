import ArgumentParser
import MigrateAdapters
import MigratePlanning

/// What decides how a plan comes out.
struct PlanOptions: ParsableArguments {
  @Option(help: "The broker's container, where a Pod has several.")
  var container: String?

  @Option(
    help: ArgumentHelp(
      "Plan an exported release instead of one in a cluster; - reads standard input.",
      valueName: "file"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Set a value of the new chart, such as persistence.enabled=true.", valueName: "path=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      "Take the new default of a value path, or of everything that a finding is about.",
      valueName: "path|code"))
  var adopt: [String] = []

  /// The choices, with values of the type that the target's own defaults have.
  func choices(_ target: Target) throws(CommandFailure) -> Choices {
    var values: [ValuePath: JSON] = [:]
    for assignment in set {
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw wrongUsage("--set \"\(assignment)\" has no value; write PATH=VALUE")
      }
      do {
        let path = try ValuePath(String(parts[0]))
        values[path] = try value(String(parts[1]), like: target.defaults.value(at: path))
      } catch let error as ValuePathError {
        throw wrongUsage("--set: \(error)")
      } catch {
        throw wrongUsage("--set \(parts[0]): \(error)")
      }
    }
    return Choices(container: container, set: values, adopt: Set(adopt))
  }

  /// The options as they were typed, for the commands that a plan shows; secrets are left out.
  func typed(_ recipe: Recipe) -> [String] {
    let assignments = set.map { assignment -> String in
      let path = assignment.prefix { $0 != "=" }
      guard let valuePath = try? ValuePath(String(path)),
        Sensitivity.isSensitive(path: valuePath, recipe)
      else { return "--set \(assignment.shellQuoted)" }
      return "--set \(path)=\(Sensitivity.redacted)".shellQuoted
    }
    return (container.map { ["--container \($0)"] } ?? []) + assignments
      + adopt.map { "--adopt \($0.shellQuoted)" }
  }

  private func value(_ text: String, like fallback: JSON?) throws -> JSON {
    if case .string = fallback { return .string(text) }
    return try YAMLReader().document(text)
  }

  private func wrongUsage(_ message: String) -> CommandFailure {
    CommandFailure(status: .wrongUsage, message: message)
  }
}

extension String {
  /// The text as one word of a POSIX shell.
  var shellQuoted: String {
    if !isEmpty,
      allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=:,@%+".contains($0)) })
    {
      return self
    }
    return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
