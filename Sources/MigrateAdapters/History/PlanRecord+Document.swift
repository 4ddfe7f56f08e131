package import MigratePlanning

extension PlanRecord {
  /// The record of a plan's document.
  ///
  /// - Throws: when the document cannot be written as JSON.
  package init(_ document: PlanDocument, at moment: Timestamp) throws {
    self.init(
      summary: PlanSummary(
        id: document.id, digest: document.digest, createdAt: moment,
        release: document.release.name, namespace: document.release.namespace,
        revision: document.release.revision, context: document.release.context,
        clusterID: document.release.clusterID,
        target: PlanSummary.Target(
          chart: document.target.chart.name, version: document.target.chart.version,
          digest: document.target.chart.digest),
        verdict: document.verdict),
      document: try document.json.canonical)
  }

  /// The document of the record.
  ///
  /// - Throws: ``HistoryError/unreadableRecord(id:reason:)`` when somebody changed it, or a version
  ///   wrote it that has another contract.
  package func read() throws(HistoryError) -> PlanDocument {
    do {
      return try PlanDocument(text: document)
    } catch {
      throw .unreadableRecord(id: summary.id, reason: error.description)
    }
  }
}
