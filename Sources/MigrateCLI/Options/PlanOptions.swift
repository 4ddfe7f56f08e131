import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning

/// What decides how a plan comes out.
struct PlanOptions: ParsableArguments {
  @OptionGroup(title: "Chart options")
  var target: ChartOptions

  @Option(
    help: ArgumentHelp(
      "The description of the step from one chart to another; default: "
        + "the one from 0.1.0 to 0.2.0.",
      valueName: "file"))
  var recipe: String?

  @Option(help: "The broker's container, where a Pod has several.")
  var container: String?

  @Option(
    help: ArgumentHelp(
      "Plan an exported release instead of one in a cluster; - reads standard input.",
      valueName: "file"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Set a value of the new chart, such as persistence.enabled=true; may be repeated.",
      valueName: "path=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      "What becomes of a variable that the chart has no place for: fail blocks the plan, keep "
        + "leaves it on the live Deployment, drop lets it go.",
      valueName: "fail|keep|drop"))
  var unmapped = Choices.Unmapped.fail

  @Option(
    help: ArgumentHelp(
      "Take the new default of a value path, or of everything that a finding is about; "
        + "may be repeated.",
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
    return Choices(container: container, unmapped: unmapped, set: values, adopt: Set(adopt))
  }

  /// Refuses the mark that stands for a secret where commands are shown: pasted as it is, it would
  /// become the secret.
  func refuseMarks() throws(CommandFailure) {
    guard set.contains(where: { $0.contains(Sensitivity.redacted) }) else { return }
    throw CommandFailure(
      status: .refused,
      message: "write the secret itself in the place of \(Sensitivity.redacted) after --set")
  }

  /// The recipe that was named, or the embedded one.
  func readRecipe() throws -> Recipe {
    try recipe.map { try RecipeFile.recipe(at: $0) } ?? RecipeFile.embedded()
  }

  /// The options as they were typed, for the commands that a plan shows; secrets are left out.
  func typed(
    _ recipe: Recipe, _ sensitivity: Sensitivity, chart: ChartReference?, version: String
  ) -> [String] {
    arguments(
      recipe, sensitivity, chart: chart?.typed(version: version) ?? [], recipePath: self.recipe)
  }

  /// Whether nothing was typed.
  var isEmpty: Bool {
    target.chart == nil && recipe == nil && container == nil && from == nil && unmapped == .fail
      && set.isEmpty && adopt.isEmpty
  }

  /// The options exactly as they were typed, secrets among them, with the paths of files in full:
  /// for a backup.
  func exact(chart: ChartReference?, version: String) -> [String] {
    arguments(
      chart: chart?.kept(version: version) ?? [], recipePath: recipe?.fullPath, assignments: set)
  }

  /// The options as a plan keeps them, so that it can be made again from anywhere: like ``typed``,
  /// with the paths of files in full. Of the file that a release was read from only the name is
  /// kept: such a plan is made again where the release lives.
  func kept(
    _ recipe: Recipe, _ sensitivity: Sensitivity, chart: ChartReference?, version: String
  ) -> [String] {
    (from.map { ["--from", $0.lastPathPart] } ?? [])
      + arguments(
        recipe, sensitivity, chart: chart?.kept(version: version) ?? [],
        recipePath: self.recipe?.fullPath)
  }

  private func arguments(
    _ recipe: Recipe, _ sensitivity: Sensitivity, chart: [String], recipePath: String?
  ) -> [String] {
    let assignments = set.map { assignment -> String in
      let path = assignment.prefix { $0 != "=" }
      let text = String(assignment.dropFirst(path.count + 1))
      // A map such as a reference is none of the texts that it is written with.
      let read = (try? YAMLReader().document(text)) ?? .null
      let value = read.members.isEmpty && read.elements.isEmpty ? .string(text) : read
      guard let valuePath = try? ValuePath(String(path)),
        Sensitivity.isSensitive(value, at: valuePath, recipe)
      else { return sensitivity.shown(assignment) }
      return "\(path)=\(Sensitivity.redacted)"
    }
    return arguments(chart: chart, recipePath: recipePath, assignments: assignments)
  }

  private func arguments(
    chart: [String], recipePath: String?, assignments: [String]
  ) -> [String] {
    chart + (recipePath.map { ["--recipe", $0] } ?? [])
      + (container.map { ["--container", $0] } ?? [])
      + (unmapped == .fail ? [] : ["--unmapped", unmapped.rawValue])
      + assignments.flatMap { ["--set", $0] } + adopt.flatMap { ["--adopt", $0] }
  }

  private func value(_ text: String, like fallback: JSON?) throws -> JSON {
    if case .string = fallback { return .string(text) }
    return try YAMLReader().document(text)
  }

  private func wrongUsage(_ message: String) -> CommandFailure {
    CommandFailure(status: .wrongUsage, message: message)
  }
}

extension Choices.Unmapped: ExpressibleByArgument {}

extension Choices {
  /// The mistake of the operator's that made a chart refuse its values; nil when it is not his.
  func mistake(in error: ClientError, _ target: Target) -> CommandFailure? {
    let chart = "chart \(target.chartName) \(target.chartVersion)"
    let mistakes = SchemaRefusal.all(in: error).flatMap { refusal in
      set.keys.sorted().filter(refusal.concerns).map { path in
        if let reason = refusal.reason { return "--set \(path): \(chart) refuses it: \(reason)" }
        let near = Suggestions.near(path.description, among: target.valuePaths)
        return "--set \(path): \(chart) has no such value; "
          + (Suggestions.question(near)
            ?? "see the values.yaml that \"\(NextCommand(.chart))\" writes")
      }
    }
    guard !mistakes.isEmpty else { return nil }
    return CommandFailure(status: .wrongUsage, message: mistakes.joined(separator: "; "))
  }
}

extension Target {
  /// The paths of all values that the chart has by default.
  fileprivate var valuePaths: [String] {
    func paths(_ value: JSON, below path: String) -> [String] {
      value.members.sorted { $0.key < $1.key }.flatMap { key, value in
        let name = (path.isEmpty ? "" : path + ".") + key.replacing(".", with: "\\.")
        return [name] + paths(value, below: name)
      }
    }
    return paths(defaults, below: "")
  }
}

extension String {
  /// The name of a file without its folder.
  fileprivate var lastPathPart: String { split(separator: "/").last.map(String.init) ?? self }

  /// A path from the root, which means the same in every folder.
  fileprivate var fullPath: String {
    URL(filePath: self).standardizedFileURL.path(percentEncoded: false)
  }
}
