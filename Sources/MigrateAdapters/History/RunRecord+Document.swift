package import MigratePlanning

extension RunRecord {
  /// The record of a run's document.
  ///
  /// - Throws: ``HistoryError/unstorableRun(id:reason:)`` when a time is not written as the
  ///   contract says; an error of encoding when the document cannot be written as JSON.
  package init(_ document: RunDocument) throws {
    func moment(_ time: DocumentTime) throws(HistoryError) -> Timestamp {
      guard let moment = time.moment else {
        throw .unstorableRun(id: document.id, reason: "\"\(time.text)\" is no time in UTC")
      }
      return moment
    }
    let release = document.release
    self.init(
      summary: RunSummary(
        id: document.id, planID: document.plan?.id, kind: document.kind, dryRun: document.dryRun,
        state: document.state, release: release.name, namespace: release.namespace,
        clusterID: release.clusterID, context: release.context,
        fromRevision: release.fromRevision, toRevision: release.toRevision,
        startedAt: try moment(document.startedAt),
        finishedAt: try document.finishedAt.map { time in try moment(time) }),
      document: try document.json.canonical)
  }

  /// The document of the record.
  ///
  /// - Throws: ``HistoryError/unreadableRecord(id:reason:)`` when somebody changed it, or a version
  ///   wrote it that has another contract.
  package func read() throws(HistoryError) -> RunDocument {
    do {
      return try RunDocument(text: document)
    } catch {
      throw .unreadableRecord(id: summary.id, reason: error.description)
    }
  }
}
