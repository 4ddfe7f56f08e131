package import MigratePlanning

/// What the history lists about a run.
package struct RunSummary: Hashable, Sendable {
  /// The run's id: `run-` and more.
  package var id: String
  /// The plan that is carried out or undone, which this history need not have; nil when not known.
  package var planID: String?
  package var kind: RunDocument.Kind
  package var dryRun: Bool
  package var state: RunDocument.State
  /// The release's name.
  package var release: String
  package var namespace: String
  /// The cluster's identity; nil when it could not be read.
  package var clusterID: String?
  /// The kubeconfig context; nil when none was named.
  package var context: String?
  /// Helm's number of the revision that the run began with; not negative.
  package var fromRevision: Int
  /// Helm's number of the revision that the run left; nil while there is none.
  package var toRevision: Int?
  package var startedAt: Timestamp
  /// Nil while the run goes on.
  package var finishedAt: Timestamp?

  package init(
    id: String, planID: String?, kind: RunDocument.Kind, dryRun: Bool, state: RunDocument.State,
    release: String, namespace: String, clusterID: String?, context: String?, fromRevision: Int,
    toRevision: Int?, startedAt: Timestamp, finishedAt: Timestamp?
  ) {
    self.id = id
    self.planID = planID
    self.kind = kind
    self.dryRun = dryRun
    self.state = state
    self.release = release
    self.namespace = namespace
    self.clusterID = clusterID
    self.context = context
    self.fromRevision = fromRevision
    self.toRevision = toRevision
    self.startedAt = startedAt
    self.finishedAt = finishedAt
  }

  /// Whether the run left, or may have left, the release half-way. A dry run changes nothing.
  package var needsHelp: Bool { !dryRun && state.needsHelp }
}

/// A run as the history keeps it.
package struct RunRecord: Hashable, Sendable {
  package var summary: RunSummary
  /// The run's JSON contract, `backbone-migrate/run/v1`. Redacted by the caller: the history stores
  /// it as it is.
  package var document: String

  package init(summary: RunSummary, document: String) {
    self.summary = summary
    self.document = document
  }
}
