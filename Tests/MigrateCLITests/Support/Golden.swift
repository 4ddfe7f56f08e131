import Foundation
import Testing

/// Recorded files of what people read.
enum Golden {
  /// Requires that a text is as it was recorded in a file below Tests/Golden. UPDATE_GOLDEN=1
  /// records it anew; a missing one fails.
  static func expect(_ text: String, at file: String) throws {
    let golden = ExamplePlan.root.appending(path: "Tests/Golden/\(file)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: golden)
    }
    #expect(try String(contentsOf: golden, encoding: .utf8) == text)
  }
}
