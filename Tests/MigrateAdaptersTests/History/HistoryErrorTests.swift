import GRDB
import SystemPackage
import Testing

@testable import MigrateAdapters

@Suite struct HistoryErrorTests {
  static let all: [HistoryError] = [
    .locked(path: "h"), .notADatabase(path: "h"), .notAHistory(path: "h"),
    .damaged(path: "h", detail: "malformed"), .newerSchema(path: "h", writtenBy: "2.0.0"),
    .olderSchema(path: "h"), .changedMigration(path: "h", name: "h"),
    .missingMigration(path: "h", name: "V0001__plans"),
    .failedMigration(path: "h", name: "V0001__plans", reason: "no such table"),
    .unusableMigrations(reason: "\"h\" is not number 1"), .readOnly(path: "h"),
    .diskFull(path: "h"), .notAFile(path: "h", kind: "a folder"),
    .folderNotMade(path: "h", reason: "permission denied"), .permissionDenied(path: "h"),
    .foreignOwner(path: "h", user: 7), .danglingLink(path: "h"), .planExists(id: "h"),
    .unstorablePlan(id: "h", reason: "it holds a NUL character"), .runExists(id: "h"),
    .runIsOver(id: "h"), .unstorableRun(id: "h", reason: "its revision is negative"),
    .unknownPlan(id: "h"), .closed(path: "h"),
    .failed(path: "h", reason: "disk I/O error"),
  ]

  @Test(arguments: all)
  func anErrorNamesItsObjectAndTheRemedyOnOneLine(error: HistoryError) throws {
    let text = error.description
    #expect(text.first?.isLowercase == true)
    #expect(text.contains("\"h\""))
    #expect(text.contains(";"))
    #expect(!text.hasSuffix("."))
    #expect(!text.contains("\n"))
  }

  @Test(arguments: [
    (ResultCode.SQLITE_BUSY, HistoryError.locked(path: "h")),
    (.SQLITE_BUSY_SNAPSHOT, .locked(path: "h")),
    (.SQLITE_NOTADB, .notADatabase(path: "h")),
    (.SQLITE_CORRUPT, .damaged(path: "h", detail: "m")),
    (.SQLITE_READONLY_DBMOVED, .readOnly(path: "h")),
    (.SQLITE_FULL, .diskFull(path: "h")),
    (.SQLITE_CANTOPEN, .permissionDenied(path: "h")),
    (.SQLITE_IOERR_WRITE, .failed(path: "h", reason: "m")),
  ])
  func anErrorOfSQLiteHasAMeaning(code: ResultCode, meaning: HistoryError) throws {
    let error = DatabaseError(resultCode: code, message: "m", sql: "SELECT 'secret'")
    #expect(HistoryError(error, path: "h") == meaning)
  }

  @Test(arguments: [
    (Errno.permissionDenied, HistoryError.permissionDenied(path: "h")),
    (.readOnlyFileSystem, .readOnly(path: "h")),
    (.noSpace, .diskFull(path: "h")),
    (.diskQuotaExceeded, .diskFull(path: "h")),
    (.isDirectory, .notAFile(path: "h", kind: "a folder")),
  ])
  func anErrorOfTheOperatingSystemHasAMeaning(errno: Errno, meaning: HistoryError) throws {
    #expect(HistoryError(errno, path: "h") == meaning)
    #expect(HistoryError(errno as any Error, path: "h") == meaning)
  }
}
