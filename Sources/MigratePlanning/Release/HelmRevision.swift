/// One line of a release's history, as `helm history` has it.
package struct HelmRevision: Hashable, Sendable {
  package var number: Int
  /// Helm's word, such as `deployed`, `superseded`, `failed` or `pending-upgrade`.
  package var status: String
  package var chartName: String
  package var chartVersion: String
  /// What helm or the operator noted, such as `Rollback to 1`.
  package var description: String

  package init(
    number: Int, status: String, chartName: String = "", chartVersion: String = "",
    description: String = ""
  ) {
    self.number = number
    self.status = status
    self.chartName = chartName
    self.chartVersion = chartVersion
    self.description = description
  }

  package var isDeployed: Bool { status == "deployed" }
  /// Whether helm did not bring it to its end.
  package var isFailed: Bool { status == "failed" }
  /// Whether helm is at it, or was ended within it.
  package var isPending: Bool { status.hasPrefix("pending-") }

  /// Whether helm made it by going back to a revision.
  package func isRollback(to revision: Int) -> Bool { description == "Rollback to \(revision)" }
}
