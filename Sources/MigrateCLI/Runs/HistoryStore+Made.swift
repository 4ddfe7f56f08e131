import MigrateAdapters
import MigratePlanning

extension HistoryStore {
  /// Keeps a plan, with marks by which a later apply can say which secret changed, and nobody what
  /// it was.
  ///
  /// - Throws: ``HistoryError``, or an error of encoding.
  func keep(_ made: PlanMaker.Made) throws {
    try record(try PlanRecord(made.document, at: made.moment))
    let marks = try marks(of: made.plan.comparison.situation.secretLiterals)
    if !marks.isEmpty { try record(marks: marks, forPlan: made.document.id) }
  }

  /// The secrets that are others now than when a plan was made, by name; none when it was made
  /// elsewhere.
  ///
  /// - Throws: ``HistoryError``.
  func changedSecrets(since id: String, in plan: Plan) throws -> [String] {
    let before = try marks(ofPlan: id)
    guard !before.isEmpty else { return [] }
    let now = try marks(of: plan.comparison.situation.secretLiterals)
    return Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }.sorted()
  }
}
