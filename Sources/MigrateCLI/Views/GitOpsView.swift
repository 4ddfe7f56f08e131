import MigrateAdapters
import MigratePlanning

/// What belongs into git where a controller or Helmfile owns the release: the chart's new version
/// and the plan's values, without secrets, and what has to be done before.
struct GitOpsView {
  enum Kind: String, CaseIterable {
    case helmRelease = "helmrelease"
    case application, helmfile
  }

  let kind: Kind
  let plan: Plan
  let document: PlanDocument
  /// The command that makes the plan again, with everything but its output.
  let command: String
  /// The flags that lead kubectl to the release.
  let connection: String

  /// The document as YAML, with comments that say what it is and what comes before it.
  var text: String {
    var writer = YAMLWriter(keyOrder: .given(Self.keyOrders))
    writer.comments = ["": head.joined(separator: "\n")]
    writer.comments.merge(comments) { _, new in new }
    return writer.text(content)
  }

  private var situation: Situation { plan.comparison.situation }
  private var release: ReleaseIdentity { situation.snapshot.release }

  /// Who owns the release, when it is this controller.
  private func owner(_ controller: GitOpsOwner.Controller) -> GitOpsOwner? {
    situation.gitOpsOwner.flatMap { $0.controller == controller ? $0 : nil }
  }

  private var values: JSON {
    JSON.object([:]).replacing(
      situation.valuesPrefix[...], with: document.values.refusingRedacted)
  }

  /// The chart that the release is of; of one around the broker's, the version is its owner's.
  private var chart: (name: String, version: String?) {
    guard let parent = situation.parentCharts.first else {
      return (situation.target.chartName, situation.target.chartVersion)
    }
    return (parent, nil)
  }

  private var head: [String] {
    let title =
      switch kind {
      case .helmRelease: "HelmRelease for Flux"
      case .application: "Application for Argo CD"
      case .helmfile: "Helmfile"
      }
    var lines = [
      "\(title): release \"\(release.name)\" in namespace \"\(release.namespace)\" with chart "
        + "\(situation.target.chartName) \(situation.target.chartVersion), from \(document.id).",
      "Put the chart's version and the values into the one that is in git.",
    ]
    if let parent = situation.parentCharts.first {
      lines.append(
        "Its chart is \(parent): first give that one the dependency "
          + "\(situation.recipe.from.chart) \(situation.target.chartVersion), and a new version.")
    }
    return lines + SecretView(plan: plan, command: command, connection: connection).steps
      + obstacles
  }

  /// What the controller cannot do, as helm could not alone.
  private var obstacles: [String] {
    let comparison = plan.comparison
    var words: [String] = []
    if comparison.replacesWorkload {
      words.append(
        "the live Deployment cannot become this by helm's merge, "
          + "for its name or its selector changes. "
          + "Plan without the choice that changes it, or delete the Deployment just before the "
          + "sync: no broker runs until the new one is up.")
    } else if comparison.defeatsMerge {
      words.append(
        "the live Deployment cannot become this by helm's merge. Set it by hand first as it shall "
          + "be, so that nothing is left to merge, then plan again.")
    }
    let kept =
      comparison.proposal.keptVariables.map(\.name)
      + comparison.proposal.keptSources.map { "what comes from \($0.kind.rawValue) \"\($0.name)\"" }
    if !kept.isEmpty {
      words.append(
        "no value holds \(kept.joined(separator: ", ")). A sync leaves there what was set by hand "
          + "on the "
          + "Deployment, unless it corrects drift; what the old chart set it takes away: set that "
          + "by hand again after it.")
    }
    return words.flatMap { ["", "NOT BY THIS ALONE: \($0)"] } + nulls
  }

  /// What is lost on the way into the cluster: docs/measured.md.
  private var nulls: [String] {
    guard kind != .helmfile, values.holds(.null) else { return [] }
    return [
      "",
      "Values that are null take defaults of the chart away, and a plain \"kubectl apply\" drops "
        + "them: use \"kubectl apply --server-side\".",
    ]
  }

  private var content: JSON {
    switch kind {
    case .helmRelease: helmRelease
    case .application: application
    case .helmfile: helmfile
    }
  }

  private var comments: [String: String] {
    switch kind {
    case .helmRelease: ["/spec/chart/spec/sourceRef": "Yours."]
    case .application: ["/spec/project": "Yours, as repoURL below is."]
    case .helmfile: ["/repositories": "Yours."]
    }
  }

  private var helmRelease: JSON {
    let owner = owner(.flux)
    var chartSpec: [String: JSON] = [
      "chart": .string(chart.name),
      "sourceRef": ["kind": "HelmRepository", "name": .string(chart.name)],
    ]
    chartSpec["version"] = chart.version.map(JSON.string)
    var spec: [String: JSON] = [
      "interval": "1h", "releaseName": .string(release.name),
      "chart": ["spec": .object(chartSpec)], "values": values,
    ]
    if let namespace = owner?.namespace, namespace != release.namespace {
      spec["targetNamespace"] = .string(release.namespace)
    }
    return [
      "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease",
      "metadata": [
        "name": .string(owner?.name ?? release.name),
        "namespace": .string(owner?.namespace ?? release.namespace),
      ],
      "spec": .object(spec),
    ]
  }

  private var application: JSON {
    var source: [String: JSON] = [
      "repoURL": "https://charts.example", "chart": .string(chart.name),
      "helm": ["releaseName": .string(release.nameInChart), "valuesObject": values],
    ]
    source["targetRevision"] = chart.version.map(JSON.string)
    let owner = owner(.argoCD)
    return [
      "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
      "metadata": [
        "name": .string(owner?.name ?? release.name),
        "namespace": .string(owner?.namespace ?? "argocd"),
      ],
      "spec": [
        "project": "default",
        "destination": [
          "server": "https://kubernetes.default.svc", "namespace": .string(release.namespace),
        ],
        "source": .object(source),
      ],
    ]
  }

  private var helmfile: JSON {
    var entry: [String: JSON] = [
      "name": .string(release.name), "namespace": .string(release.namespace),
      "chart": .string("charts/\(chart.name)"), "values": [values],
    ]
    entry["version"] = chart.version.map(JSON.string)
    return [
      "repositories": [["name": "charts", "url": "https://charts.example"]],
      "releases": [.object(entry)],
    ]
  }

  private static let keyOrders = [
    "": ["apiVersion", "kind", "metadata", "spec", "repositories", "releases"],
    "/metadata": ["name", "namespace"],
    "/spec": [
      "project", "destination", "interval", "releaseName", "targetNamespace", "chart", "source",
      "values",
    ],
    "/spec/chart/spec": ["chart", "version", "sourceRef"],
    "/spec/source": ["repoURL", "chart", "targetRevision", "helm"],
    "/spec/source/helm": ["releaseName", "valuesObject"],
    "/repositories/0": ["name", "url"],
    "/releases/0": ["name", "namespace", "chart", "version", "values"],
  ]
}
