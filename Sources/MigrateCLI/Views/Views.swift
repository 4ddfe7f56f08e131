import ArgumentParser
package import MigratePlanning

/// Every view of a value, for whoever checks all of them.
package enum Views {
  /// The views of a plan by their formats.
  ///
  /// - Throws: when a part cannot be written as JSON.
  package static func texts(
    of plan: Plan, _ document: PlanDocument
  ) throws -> [(name: String, text: String)] {
    let release = document.release
    let inGit = GitOpsView.Kind.allCases.map { kind in
      let view = GitOpsView(
        kind: kind, plan: plan, document: document,
        command: "backbone-migrate plan \(release.name) --namespace \(release.namespace)",
        connection: " --namespace \(release.namespace)")
      return (kind.rawValue, view.text)
    }
    return try texts(of: document)
      + [("values", ValuesView.text(plan, document, withSecrets: false))] + inGit
  }

  /// The views of a plan that need nothing but its document.
  ///
  /// - Throws: when a part cannot be written as JSON.
  package static func texts(of document: PlanDocument) throws -> [(name: String, text: String)] {
    [
      ("table", PlanTable(width: 80, usesColor: false).text(document)),
      ("json", try document.json.pretty), ("yaml", try PlanYAML.text(document)),
      ("markdown", PlanMarkdown.text(document)), ("junit", PlanJUnit.text(document)),
      ("html", try ReportPage.text(Report(document, isKept: true))),
    ]
  }

  /// The views of a run.
  ///
  /// - Throws: when a part cannot be written as JSON.
  package static func texts(of run: RunDocument) throws -> [(name: String, text: String)] {
    [
      ("table", RunTable(width: 80, usesColor: false).text(run)), ("json", try run.json.pretty),
      ("html", try ReportPage.text(Report(run))),
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
