package import MigratePlanning

/// What the history lists about a plan.
package struct PlanSummary: Hashable, Sendable {

  /// The chart that a plan upgrades to.
  package struct Target: Hashable, Sendable {
    package var chart: String
    package var version: String
    /// The digest of the chart's content.
    package var digest: String

    package init(chart: String, version: String, digest: String) {
      self.chart = chart
      self.version = version
      self.digest = digest
    }
  }

  /// The plan's id: `plan-` and more.
  package var id: String
  /// The digest of what the plan saw: `sha256:` and hexadecimal digits.
  package var digest: String
  package var createdAt: Timestamp
  /// The release's name.
  package var release: String
  package var namespace: String
  /// Helm's number of the revision that was planned from; not negative.
  package var revision: Int
  /// The kubeconfig context; nil for a plan made from an exported release.
  package var context: String?
  /// The cluster's identity; nil for a plan made from an exported release.
  package var clusterID: String?
  package var target: Target
  package var verdict: Plan.Verdict

  package init(
    id: String, digest: String, createdAt: Timestamp, release: String, namespace: String,
    revision: Int, context: String?, clusterID: String?, target: Target, verdict: Plan.Verdict
  ) {
    self.id = id
    self.digest = digest
    self.createdAt = createdAt
    self.release = release
    self.namespace = namespace
    self.revision = revision
    self.context = context
    self.clusterID = clusterID
    self.target = target
    self.verdict = verdict
  }
}

/// A plan as the history keeps it.
package struct PlanRecord: Hashable, Sendable {
  package var summary: PlanSummary
  /// The plan's JSON contract, `backbone-migrate/plan/v1`. Redacted by the caller: the history
  /// stores it as it is.
  package var document: String

  package init(summary: PlanSummary, document: String) {
    self.summary = summary
    self.document = document
  }
}
