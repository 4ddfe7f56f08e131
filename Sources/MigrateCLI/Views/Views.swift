import ArgumentParser
package import MigratePlanning

/// Every view of a value, for whoever checks all of them.
package enum Views {
  /// One way to show something, by the name of its format.
  package struct View {
    package let name: String
    /// Throws when a part cannot be written as JSON.
    package let text: () throws -> String
  }

  /// The views of a plan.
  package static func all(of plan: Plan, _ document: PlanDocument) -> [View] {
    let release = document.release
    let inGit = GitOpsView.Kind.allCases.map { kind in
      View(name: kind.rawValue) {
        GitOpsView(
          kind: kind, plan: plan, document: document,
          command: NextCommand(
            .plan, release.name, options: " --namespace \(release.namespace)"
          ).text,
          connection: " --namespace \(release.namespace)"
        ).text
      }
    }
    return all(of: document)
      + [View(name: "values") { ValuesView.text(plan, document, withSecrets: false) }] + inGit
  }

  /// The views of a plan that need nothing but its document.
  package static func all(of document: PlanDocument) -> [View] {
    [
      View(name: "table") { PlanTable(width: 80, usesColor: false).text(document) },
      View(name: "plain") {
        PlanTable(width: .max / 2, usesColor: false, isPlain: true).text(document)
      },
      View(name: "json") { try document.json.pretty },
      View(name: "yaml") { try PlanYAML.text(document) },
      View(name: "markdown") { PlanMarkdown.text(document, isKept: true) },
      View(name: "junit") { PlanJUnit.text(document) },
      View(name: "html") { try ReportPage.text(Report(document, isKept: true)) },
    ]
  }

  /// The views of a run.
  package static func all(of run: RunDocument) -> [View] {
    [
      View(name: "table") { RunTable(width: 80, usesColor: false).text(run) },
      View(name: "plain") {
        RunTable(width: .max / 2, usesColor: false, isPlain: true).text(run)
      },
      View(name: "json") { try run.json.pretty },
      View(name: "html") { try ReportPage.text(Report(run)) },
    ]
  }

  /// An error as a command reports it.
  package static func shown(_ error: any Error) -> String {
    let message = (error as? CommandFailure)?.message ?? "\(error)"
    return TextLayout.message(message)
  }

  /// The choices of a plan's options as they are typed; nothing is run.
  ///
  /// - Throws: ``CommandFailure``, also for what the parser of arguments refuses.
  package static func choices(fromArguments arguments: [String], _ target: Target) throws -> Choices
  {
    let options: PlanOptions
    do {
      options = try PlanOptions.parse(arguments)
    } catch {
      throw CommandFailure(status: .wrongUsage, message: PlanOptions.message(for: error))
    }
    return try options.choices(target)
  }
}
