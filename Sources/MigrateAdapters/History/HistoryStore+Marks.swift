import Foundation
import GRDB
import MigratePlanning

/// Marks tell whether a secret is still what it was when a plan was made, and say nothing else: a
/// keyed digest, whose key never leaves the history.
extension HistoryStore {
  /// The marks of secrets by their names. The same name and text have the same mark in this
  /// history, and another one in every other; the same text under another name has another one,
  /// too.
  ///
  /// - Throws: ``HistoryError``, also when there is no key yet and the store is for reading only.
  package func marks(of secrets: [String: String]) throws(HistoryError) -> [String: String] {
    guard !secrets.isEmpty else { return [:] }
    let key = try key()
    return Dictionary(
      uniqueKeysWithValues: secrets.map { name, text in
        let message: JSON = [.string(name), .string(text)]
        return (name, KeyedDigest.hmacSHA256(Array(message.canonical.utf8), key: key))
      })
  }

  /// Records the marks of a plan's secrets, in place of those that it had.
  ///
  /// - Throws: ``HistoryError/unknownPlan(id:)`` when the plan is not recorded.
  package func record(marks: [String: String], forPlan id: String) throws(HistoryError) {
    try write { database in
      guard
        try Bool.fetchOne(database, sql: "SELECT 1 FROM plan WHERE id = ?", arguments: [id]) != nil
      else { throw HistoryError.unknownPlan(id: id) }
      try database.execute(sql: "DELETE FROM plan_secret WHERE plan_id = ?", arguments: [id])
      for (name, mark) in marks {
        try database.execute(
          sql: "INSERT INTO plan_secret (plan_id, name, mark) VALUES (?, ?, ?)",
          arguments: [id, name, mark])
      }
    }
  }

  /// The marks of a plan's secrets by their names; empty when it has none, or is not recorded.
  package func marks(ofPlan id: String) throws(HistoryError) -> [String: String] {
    try read(whenAbsent: [:]) { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT name, mark FROM plan_secret WHERE plan_id = ?", arguments: [id])
      return try rows.reduce(into: [:]) { marks, row in
        marks[try row.decode(String.self, forColumn: "name")] =
          try row.decode(String.self, forColumn: "mark")
      }
    }
  }

  /// The key of the marks; made when there is none yet.
  private func key() throws(HistoryError) -> [UInt8] {
    let select = "SELECT key FROM history_key"
    let known = try read(whenAbsent: nil) { try Data.fetchOne($0, sql: select) }
    if let known { return [UInt8](known) }
    // The operating system's source of randomness, which is fit for keys.
    var source = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &source) }
    let kept = try write { database in
      // Another process may have been faster; then its key is the one.
      try database.execute(
        sql: "INSERT INTO history_key (id, key) VALUES (1, ?) ON CONFLICT (id) DO NOTHING",
        arguments: [Data(bytes)])
      return try Data.fetchOne(database, sql: select)
    }
    return kept.map { [UInt8]($0) } ?? bytes
  }
}
