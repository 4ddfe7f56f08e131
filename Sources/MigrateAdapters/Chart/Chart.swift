import Foundation
package import MigratePlanning

/// A chart on disk, with what its own files say of it.
package struct Chart: Sendable {
  /// Where helm finds it.
  package let path: String
  package let target: Target

  /// Unpacks the chart that the binary carries into a folder.
  ///
  /// - Throws: ``ChartError``.
  package static func unpackEmbedded(into folder: String) throws(ChartError) -> Chart {
    try write(EmbeddedFiles.chart, into: folder)
    return Chart(
      path: folder, target: try target(of: EmbeddedFiles.chart, source: "embedded"))
  }

  /// Reads what Chart.yaml and values.yaml among a chart's files say.
  package static func target(
    of files: [EmbeddedFiles.File], source: String
  ) throws(ChartError) -> Target {
    func document(_ name: String) throws(ChartError) -> JSON {
      guard let text = files.first(where: { $0.path == name })?.text else {
        throw .unreadable(name, reason: "it is missing")
      }
      do {
        return try YAMLReader().document(text)
      } catch {
        throw .unreadable(name, reason: error.description)
      }
    }
    let about = try document("Chart.yaml")
    guard let name = about["name"]?.string, let version = about["version"]?.string else {
      throw .unreadable("Chart.yaml", reason: "name or version is missing")
    }
    return Target(
      chartName: name, chartVersion: version, source: source,
      digest: Target.digest(ofFiles: files.map { ($0.path, Array($0.text.utf8)) }),
      defaults: try document("values.yaml"))
  }

  private static func write(
    _ files: [EmbeddedFiles.File], into folder: String
  ) throws(ChartError) {
    do {
      for file in files {
        let url = URL(filePath: folder).appending(path: file.path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700])
        try Data(file.text.utf8).write(to: url)
      }
    } catch {
      throw .unwritable(folder, reason: error.localizedDescription)
    }
  }
}

/// A chart that cannot be used.
package enum ChartError: Error, Hashable, CustomStringConvertible {
  case unreadable(String, reason: String)
  case unwritable(String, reason: String)

  package var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file) of the chart cannot be used: \(reason)"
    case .unwritable(let folder, let reason):
      "the chart cannot be written to \"\(folder)\": \(reason)"
    }
  }
}
