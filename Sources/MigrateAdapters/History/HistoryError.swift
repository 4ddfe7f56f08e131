import MigratePlanning

/// Why the history cannot be opened, read or written. Whatever the reason, the file is left as it
/// was: it is never deleted, replaced or emptied.
package enum HistoryError: Error, Hashable, Sendable {
  /// Another process kept the file locked for longer than the busy timeout.
  case locked(path: String)
  /// The file is something else than an SQLite database.
  case notADatabase(path: String)
  /// The file is an SQLite database that another program made.
  case notAHistory(path: String)
  /// SQLite found the file malformed; `detail` is what it said.
  case damaged(path: String, detail: String)
  /// The file has migrations that this binary does not know; `writtenBy` is the version that did.
  case newerSchema(path: String, writtenBy: String)
  /// The file lacks migrations and cannot be written to, so that they cannot be applied.
  case olderSchema(path: String)
  /// A migration that was applied to the file differs from this binary's migration of that number.
  case changedMigration(path: String, name: String)
  /// The file has later migrations, but not the one called `name`.
  case missingMigration(path: String, name: String)
  /// Applying a migration failed and was rolled back.
  case failedMigration(path: String, name: String, reason: String)
  /// The binary's own list of migrations is malformed: a defect of the build.
  case unusableMigrations(reason: String)
  /// The file or its file system is read-only, or the store was opened for reading.
  case readOnly(path: String)
  /// No space is left for the file or the folder.
  case diskFull(path: String)
  /// The path leads to something else than a file; `kind` says what, such as `a folder`.
  case notAFile(path: String, kind: String)
  /// A folder on the way to the file is not there and cannot be made.
  case folderNotMade(path: String, reason: String)
  /// The user may not read or write the file or its folder.
  case permissionDenied(path: String)
  /// The file, or the link that leads to it, belongs to another user, given by number.
  case foreignOwner(path: String, user: UInt32)
  /// The path is a symbolic link to a file that does not exist.
  case danglingLink(path: String)
  /// Another plan was recorded under this id.
  case planExists(id: String)
  /// A text of the plan cannot be stored; `reason` says which rule it breaks.
  case unstorablePlan(id: String, reason: String)
  /// Another run was recorded under this id.
  case runExists(id: String)
  /// The run had ended, and its record is not changed any more.
  case runIsOver(id: String)
  /// A text of the run cannot be stored; `reason` says which rule it breaks.
  case unstorableRun(id: String, reason: String)
  /// What is recorded under this id is no document of this version's contract.
  case unreadableRecord(id: String, reason: String)
  /// The plan that something is to be recorded for is not recorded itself.
  case unknownPlan(id: String)
  /// The store was used after it was closed.
  case closed(path: String)
  /// Anything else; `reason` is what the operating system or SQLite said.
  case failed(path: String, reason: String)
}

extension HistoryError: CustomStringConvertible {
  /// One line: lower case, the object in quotes, then what to do.
  package var description: String {
    switch self {
    case .locked(let path):
      "history \"\(path)\" is locked by another process; "
        + "wait until it ends, then run the command again"
    case .notADatabase(let path):
      "history \"\(path)\" is not an SQLite database; name another file with --history"
    case .notAHistory(let path):
      "history \"\(path)\" is a database of another program; name another file with --history"
    case .damaged(let path, let detail):
      "history \"\(path)\" is damaged (\(detail)); "
        + "move it away and restore a copy, or name another file with --history"
    case .newerSchema(let path, let version):
      "history \"\(path)\" was written by a newer backbone-migrate (\(version)); "
        + "use that version or another --history file"
    case .olderSchema(let path):
      "history \"\(path)\" was written by an older backbone-migrate and is read-only; "
        + "copy it to a folder that you can write to and name the copy with --history"
    case .changedMigration(let path, let name):
      "history \"\(path)\" was made with another \"\(name)\" than this backbone-migrate has; "
        + "use the version that wrote it or another --history file"
    case .missingMigration(let path, let name):
      "history \"\(path)\" lacks \"\(name)\" but has later migrations; "
        + "restore a copy, or name another file with --history"
    case .failedMigration(let path, let name, let reason):
      "history \"\(path)\" cannot take \"\(name)\" (\(reason)); it was left as it was, "
        + "use the version that wrote it or another --history file"
    case .unusableMigrations(let reason):
      "the history's migrations are malformed: \(reason); install an unmodified backbone-migrate"
    case .readOnly(let path):
      "history \"\(path)\" is read-only; make it writable or name another file with --history"
    case .diskFull(let path):
      "no space is left for history \"\(path)\"; "
        + "free some space or name a file on another disk with --history"
    case .notAFile(let path, let kind):
      "history \"\(path)\" is \(kind), not a file; name a file with --history"
    case .folderNotMade(let path, let reason):
      "the folder of history \"\(path)\" cannot be made (\(reason)); "
        + "make it or name another file with --history"
    case .permissionDenied(let path):
      "history \"\(path)\" cannot be opened: permission denied; "
        + "change the permissions of the file or its folder, or name another file with --history"
    case .foreignOwner(let path, let user):
      "history \"\(path)\" belongs to another user (\(user)); "
        + "name a file of your own with --history"
    case .danglingLink(let path):
      "history \"\(path)\" is a symbolic link to a file that does not exist; "
        + "remove the link or name another file with --history"
    case .planExists(let id):
      "another plan is recorded as \"\(id)\"; run the plan again to get a new id"
    case .unstorablePlan(let id, let reason):
      "plan \"\(id)\" cannot be recorded: \(reason); run it again with --no-save"
    case .runExists(let id):
      "another run is recorded as \"\(id)\"; run the command again to get a new id"
    case .runIsOver(let id):
      "run \"\(id)\" is over and its record stays as it is; see \"\(NextCommand(.history, id))\""
    case .unstorableRun(let id, let reason):
      "run \"\(id)\" cannot be recorded: \(reason); check the release's name and revision"
    case .unreadableRecord(let id, let reason):
      "\"\(id)\" in the history cannot be read: \(reason); "
        + "use the version that wrote it, or another --history file"
    case .unknownPlan(let id):
      "plan \"\(id)\" is not in the history; run the plan again"
    case .closed(let path):
      "history \"\(path)\" was closed; open it again"
    case .failed(let path, let reason):
      "history \"\(path)\" cannot be used (\(reason)); "
        + "check the file and its folder, or name another file with --history"
    }
  }
}
