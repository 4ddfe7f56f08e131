import Foundation

/// The inputs that are kept: what other inputs are made from, and what was once found.
package enum Corpus {
  /// The inputs of a target, in the order of their names.
  package static func seeds(of target: String, in folder: String) -> [[UInt8]] {
    let place = URL(filePath: folder).appending(path: target)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path())) ?? []
    return names.sorted().compactMap { name in
      (try? Data(contentsOf: place.appending(path: name))).map { [UInt8]($0) }
    }
  }

  /// Writes an input into a folder.
  package static func keep(_ input: [UInt8], as name: String, in folder: String) {
    let place = URL(filePath: folder)
    try? FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try? Data(input).write(to: place.appending(path: name))
  }
}
