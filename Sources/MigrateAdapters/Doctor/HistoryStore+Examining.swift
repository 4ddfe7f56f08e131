import Foundation
package import MigratePlanning
import SystemPackage

extension HistoryStore {
  /// How the history at a path is. It is not made when it is not there; damage is an answer.
  package static func examine(
    at path: String, schema: HistorySchema
  ) -> Surroundings.History {
    do throws(HistoryError) {
      let file = try HistoryFile(path)
      guard try file.size() != nil else {
        return file.canBeMade
          ? .absent
          : .unusable(HistoryError.permissionDenied(path: path).description)
      }
      // Opening it takes others' permissions away.
      let isOpenToOthers = file.isOpenToOthers
      let store = try openForReading(at: path, schema: schema)
      defer { store.close() }
      do throws(HistoryError) {
        try file.checkWritable()
      } catch {
        return .readOnly(error.description)
      }
      let mark = "\"\(path)\" is readable or writable"
      return .present(
        problems: try store.integrity().filter { !$0.hasPrefix(mark) },
        isOpenToOthers: isOpenToOthers)
    } catch {
      if case .damaged(_, let detail) = error {
        return .present(problems: [detail], isOpenToOthers: false)
      }
      return .unusable(error.description)
    }
  }
}

extension HistoryFile {
  /// Whether the first folder on the way that is there lets the user make something in it.
  fileprivate var canBeMade: Bool {
    var folder = path.removingLastComponent()
    while (try? Stat(folder)) == nil, !folder.isEmpty, folder != folder.removingLastComponent() {
      folder = folder.removingLastComponent()
    }
    return faccessat(AT_FDCWD, folder.string, W_OK | X_OK, AT_EACCESS) == 0
  }
}
