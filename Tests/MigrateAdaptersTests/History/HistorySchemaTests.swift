import Foundation
import MigrateAdapters
import Testing

@Suite struct HistorySchemaTests {
  let folder: HistoryFolder
  var path: String { folder.file() }

  /// A migration that a later version might have.
  static let second = (
    path: "migrations/history/V0003__notes.sql",
    text: "CREATE TABLE note (plan TEXT NOT NULL REFERENCES plan (id), text TEXT NOT NULL) STRICT;"
  )

  init() throws {
    folder = try HistoryFolder()
  }

  private func record(_ plan: PlanRecord, _ schema: HistorySchema) throws {
    let store = try HistoryStore.open(at: path, schema: schema)
    try store.record(plan)
    store.close()
  }

  @Test func anOlderHistoryIsBroughtUpToDateWithItsPlans() throws {
    try record(samplePlanRecord(), historySchema())
    let newer = try historySchema(adding: [Self.second])
    let store = try HistoryStore.open(at: path, schema: newer)
    #expect(try store.plans() == [samplePlanRecord().summary])
    store.close()
    try executeSQL("INSERT INTO note VALUES ('plan-1', 'kept')", on: path)
    #expect(try HistoryStore.open(at: path, schema: newer).integrity().isEmpty)
  }

  @Test func aHistoryOfPlansLearnsOfRuns() throws {
    try record(samplePlanRecord(), firstHistorySchema())
    let store = try HistoryStore.open(at: path, schema: historySchema())
    #expect(try store.plan(id: "plan-1") == samplePlanRecord())
    #expect(try store.runs().isEmpty)
    #expect(try store.marks(ofPlan: "plan-1").isEmpty)
    try store.record(sampleRunRecord())
    try store.record(marks: try store.marks(of: ["TOKEN": "hunter2"]), forPlan: "plan-1")
    store.close()
    let again = try HistoryStore.openForReading(at: path, schema: historySchema())
    #expect(try again.runs() == [sampleRunRecord().summary])
    #expect(try again.integrity().isEmpty)
    #expect(throws: HistoryError.newerSchema(path: path, writtenBy: "1.0.0")) {
      try HistoryStore.open(at: path, schema: firstHistorySchema())
    }
  }

  @Test func readingBringsAWritableHistoryUpToDate() throws {
    try record(samplePlanRecord(), historySchema())
    let newer = try historySchema(adding: [Self.second])
    let store = try HistoryStore.openForReading(at: path, schema: newer)
    #expect(try store.plans().count == 1)
    store.close()
    try executeSQL("SELECT * FROM note", on: path)
  }

  @Test(arguments: [true, false])
  func aNewerSchemaIsRefusedAndLeftAsItWas(reading: Bool) throws {
    try record(samplePlanRecord(), historySchema(adding: [Self.second], version: "2.3.0"))
    let before = try fileBytes(path)
    let error = #expect(throws: HistoryError.newerSchema(path: path, writtenBy: "2.3.0")) {
      _ =
        reading
        ? try HistoryStore.openForReading(at: path, schema: historySchema())
        : try HistoryStore.open(at: path, schema: historySchema())
    }
    #expect(error?.description.contains("use that version or another --history file") == true)
    #expect(try fileBytes(path) == before)
    #expect(try folder.names() == ["history.sqlite"])
  }

  @Test func aChangedMigrationIsRefused() throws {
    try record(samplePlanRecord(), historySchema())
    let changed = try HistorySchema(
      files: try repositoryMigrations().map { ($0.path, $0.text + "\n") }, version: "1.0.0",
      checksum: standInChecksum)
    let before = try fileBytes(path)
    #expect(throws: HistoryError.changedMigration(path: path, name: "V0001__plans")) {
      try HistoryStore.open(at: path, schema: changed)
    }
    #expect(try fileBytes(path) == before)
  }

  @Test func aRenamedMigrationIsRefused() throws {
    try record(samplePlanRecord(), historySchema(adding: [Self.second]))
    let renamed = try historySchema(adding: [("V0003__remarks.sql", Self.second.text)])
    #expect(throws: HistoryError.changedMigration(path: path, name: "V0003__notes")) {
      try HistoryStore.open(at: path, schema: renamed)
    }
  }

  @Test func aGapInTheHistoryIsRefused() throws {
    let newer = try historySchema(adding: [Self.second])
    try record(samplePlanRecord(), newer)
    try executeSQL("DELETE FROM history_migration WHERE number = 1", on: path)
    #expect(throws: HistoryError.missingMigration(path: path, name: "V0001__plans")) {
      try HistoryStore.open(at: path, schema: newer)
    }
  }

  @Test func aHistoryWithoutItsListOfMigrationsIsDamaged() throws {
    try record(samplePlanRecord(), historySchema())
    try executeSQL("DROP TABLE history_migration", on: path)
    #expect(
      throws: HistoryError.damaged(path: path, detail: "its list of migrations is missing")
    ) {
      try HistoryStore.open(at: path, schema: historySchema())
    }
  }

  @Test(arguments: [
    "CREATE TABLE half (a INTEGER); CREATE TABLE plan (a INTEGER);",
    "CREATE TABLE half (a INTEGER); no sql at all;",
    "CREATE TABLE half (a INTEGER REFERENCES plan (id)); INSERT INTO half VALUES (7);",
    "CREATE TABLE half (a INTEGER NOT NULL); INSERT INTO half VALUES (NULL);",
  ])
  func aFailingMigrationLeavesTheHistoryAsItWas(sql: String) throws {
    try record(samplePlanRecord(), historySchema())
    let broken = try historySchema(adding: [("V0003__broken.sql", sql)])
    let error = #expect(throws: HistoryError.self) {
      try HistoryStore.open(at: path, schema: broken)
    }
    guard case .failedMigration(path, "V0003__broken", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let store = try HistoryStore.open(at: path, schema: historySchema())
    #expect(try store.plans().count == 1)
    store.close()
    #expect(throws: (any Error).self) { try executeSQL("SELECT * FROM half", on: path) }
  }

  @Test func aMigrationThatEndsItsTransactionIsRefused() throws {
    let broken = try historySchema(adding: [("V0003__broken.sql", "COMMIT;")])
    let error = #expect(throws: HistoryError.self) {
      try HistoryStore.open(at: path, schema: broken)
    }
    guard case .failedMigration(path, "V0003__broken", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: [
    [], ["V0002__a.sql"], ["V0001__a.sql", "V0003__b.sql"], ["V0001__a.sql", "V0001__b.sql"],
    ["0001__a.sql"], ["V1__a.sql"], ["V0000__a.sql"], ["V0001__A.sql"], ["V0001_a.sql"],
    ["V0001__a.sql.orig"], ["V0001__.sql"], ["V0001__a.sql", "README.md"], [""],
  ])
  func malformedMigrationsAreRefused(names: [String]) throws {
    let error = #expect(throws: HistoryError.self) {
      try HistorySchema(
        files: names.map { ($0, "") }, version: "1.0.0", checksum: standInChecksum)
    }
    guard case .unusableMigrations = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func migrationsAreOrderedByTheirNumbers() throws {
    let schema = try HistorySchema(
      files: [("b/V0002__b.sql", "b"), ("V0003__c_d.sql", "c"), ("a/V0001__z1.sql", "a")],
      version: "1.0.0", checksum: { "sum of " + $0 })
    #expect(schema.migrations.map(\.name) == ["V0001__z1", "V0002__b", "V0003__c_d"])
    #expect(schema.migrations.map(\.checksum) == ["sum of a", "sum of b", "sum of c"])
  }

  @Test(arguments: [
    "id = 'run-1'", "id = NULL", "digest = 'md5:1'", "created_at = '2026-05-04 03:02:01'",
    "created_at = '2026-05-04T03:02:01.007+02:00'", "revision = -1", "revision = 'three'",
    "verdict = 'Ready'", "document = NULL", "release_name = NULL", "target_digest = NULL",
  ])
  func theTableRefusesWhatNoPlanHas(assignment: String) throws {
    try record(samplePlanRecord(), historySchema())
    #expect(throws: (any Error).self) { try executeSQL("UPDATE plan SET \(assignment)", on: path) }
  }

  @Test(arguments: [
    "id = 'plan-1'", "id = NULL", "plan_id = 'run-1'", "kind = 'upgrade'", "dry_run = 2",
    "dry_run = NULL", "state = 'Done'", "release_name = NULL", "namespace = NULL",
    "from_revision = -1", "from_revision = NULL", "to_revision = 'four'", "started_at = NULL",
    "started_at = '2026-05-04 03:02:01'", "finished_at = 'later'", "document = NULL",
  ])
  func theTableRefusesWhatNoRunHas(assignment: String) throws {
    let store = try HistoryStore.open(at: path, schema: historySchema())
    try store.record(sampleRunRecord())
    store.close()
    #expect(throws: (any Error).self) { try executeSQL("UPDATE run SET \(assignment)", on: path) }
  }

  @Test(arguments: [
    "UPDATE plan_secret SET mark = 'hunter2'", "UPDATE plan_secret SET name = NULL",
    "UPDATE plan_secret SET mark = upper(mark)", "UPDATE history_key SET key = x'00'",
    "UPDATE history_key SET key = NULL", "INSERT INTO history_key SELECT 2, key FROM history_key",
  ])
  func theTablesRefuseWhatNoMarkHas(sql: String) throws {
    let store = try HistoryStore.open(at: path, schema: historySchema())
    try store.record(samplePlanRecord())
    let marks = try store.marks(of: ["A": "a", "B": "b", "C": "c", "D": "d"])
    try store.record(marks: marks, forPlan: "plan-1")
    store.close()
    #expect(throws: (any Error).self) { try executeSQL(sql, on: path) }
  }
}
