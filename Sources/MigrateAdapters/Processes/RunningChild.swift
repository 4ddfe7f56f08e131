import Foundation

/// A program that a run started on this machine and that is still there, whether or not the run is.
package struct RunningChild: Hashable, Sendable, CustomStringConvertible {
  /// The environment variable by which a run's programs are found: its id. The kernel keeps it for
  /// as long as they run, so that nothing has to be written down, and nothing is missing when this
  /// process is killed between two lines.
  package static let mark = "BACKBONE_MIGRATE_RUN"

  package var process: Int32
  /// The program, such as `helm`.
  package var name: String

  package init(process: Int32, name: String) {
    self.process = process
    self.name = name
  }

  package var description: String { "\(name) (process \(process))" }

  /// The programs of a run, by their process numbers; those of other users are not seen.
  package static func all(of run: String) -> [RunningChild] {
    let entry = Array("\(mark)=\(run)".utf8)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.sorted().compactMap { process in
      guard let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ"),
        environment.split(separator: 0).contains(where: { $0.elementsEqual(entry) })
      else { return nil }
      let name = FileManager.default.contents(atPath: "/proc/\(process)/comm")
        .map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines) }
      return RunningChild(process: process, name: name ?? "a program")
    }
  }
}
