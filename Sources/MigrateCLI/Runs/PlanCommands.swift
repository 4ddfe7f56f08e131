import MigrateAdapters
import MigratePlanning

/// The commands that a plan shows.
struct PlanCommands {
  let plan: Plan
  let options: PlanOptions
  let global: GlobalOptions
  /// The chart that was named; nil for the embedded one.
  let chart: ChartReference?

  private var situation: Situation { plan.comparison.situation }
  private var release: ReleaseIdentity { situation.snapshot.release }

  /// The command that makes the plan again, without its output.
  var again: String {
    // A file without secrets gives no values: the live release has to be asked.
    let file = plan.values.holds(.string(Sensitivity.redacted)) ? nil : options.from
    let source =
      file.map { NextCommand(.plan, "--from", $0) }
      ?? NextCommand(.plan, release.name, options: connection(contextFlag: "--kube-context"))
    let typed = options.typed(
      situation.recipe, plan.sensitivity, chart: chart, version: situation.target.chartVersion)
    return source.adding(typed.map { " \($0.shellQuoted)" }.joined()).text
  }

  /// The flags that lead helm or kubectl to the release.
  func connection(contextFlag: String) -> String {
    " --namespace \(release.namespace)"
      + (global.kubeContext.map { " \(contextFlag) \($0.shellQuoted)" } ?? "")
      + (global.kubeconfig.map { " --kubeconfig \($0.shellQuoted)" } ?? "")
  }

  /// The commands by which a reader gets the same with helm alone, or in git.
  func all(id: String) -> [String] {
    let again = self.again
    switch situation.gitOpsOwner?.controller {
    case .flux: return ["\(again) --output helmrelease"]
    case .argoCD: return ["\(again) --output application"]
    case nil where !situation.parentCharts.isEmpty: return ["\(again) --output values"]
    case nil: break
    }
    // Helm alone would fail here, or make something else of it.
    if plan.comparison.needsPreparation { return [NextCommand(.apply, id).text] }
    let target = situation.target
    let version = target.chartVersion
    let folder = "./\(target.chartName)-\(version)"
    let named =
      chart?.arguments(version: version).map(\.shellQuoted).joined(separator: " ") ?? folder
    let method =
      release.applyMethod == .clientSide
      ? "" : plan.values.defeatsServerSideApply ? " --server-side=false" : " --force-conflicts"
    let flags = method + (plan.values.defeatsSchemaValidation ? " \(Helm.skipSchemaFlag)" : "")
    let upgrade =
      "helm upgrade \(release.name) \(named)" + connection(contextFlag: "--kube-context")
    let unpack = chart == nil ? [NextCommand(.chart, folder).text] : []
    let deployment =
      " \("deployment/\(situation.live.name)".shellQuoted)" + connection(contextFlag: "--context")
    // Where helm's manifest has a name twice, its merge deletes both entries; a second upgrade
    // brings the one that counts. No Pod is replaced in between. A Deployment that is paused is
    // not planned, so the plan comes first.
    let isTwice = situation.declaresDuplicates
    let pause = isTwice ? "kubectl rollout pause\(deployment) && " : ""
    let commands =
      unpack + [
        // Without the guard, helm would upgrade with the chart's defaults when the plan fails.
        "values=\"$(\(again) --output values --with-secrets --no-save)\"; "
          + "case $? in 0|2) \(pause)printf '%s\\n' \"$values\" | \(upgrade) --reset-values "
          + "--values -\(flags) ;; *) false ;; esac"
      ]
    guard isTwice else { return commands }
    return commands
      + ["\(upgrade) --reuse-values\(flags)", "kubectl rollout resume\(deployment)"]
  }
}
