import Foundation
package import MigratePlanning
import SystemPackage

/// A chart on disk, with what its own files say of it.
package struct Chart: Sendable {
  /// Where helm finds it.
  package let path: String
  package let target: Target

  /// Unpacks the chart that the binary carries into a folder.
  ///
  /// - Throws: ``ChartError``.
  package static func unpackEmbedded(into folder: String) throws(ChartError) -> Chart {
    try write(embeddedFiles, into: folder)
    return Chart(path: folder, target: try embeddedTarget())
  }

  /// The chart that the binary carries, as a target.
  ///
  /// - Throws: ``ChartError``.
  package static func embeddedTarget() throws(ChartError) -> Target {
    try target(of: embeddedFiles, source: "embedded")
  }

  /// Whether a folder holds the files of the chart that the binary carries as they are, and no
  /// others.
  package static func embeddedFills(_ folder: String) -> Bool {
    let manager = FileManager.default
    guard let enumerator = manager.enumerator(atPath: folder) else { return false }
    var expected = Dictionary(
      embeddedFiles.map { ($0.path, $0.bytes) }, uniquingKeysWith: { _, last in last })
    while let path = enumerator.nextObject() as? String {
      let place = URL(filePath: folder).appending(path: path).path(percentEncoded: false)
      var isFolder: ObjCBool = false
      if manager.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue { continue }
      guard let bytes = expected.removeValue(forKey: path),
        manager.contents(atPath: place).map(Array.init) == bytes
      else { return false }
    }
    return expected.isEmpty
  }

  private static var embeddedFiles: [ChartFile] {
    EmbeddedFiles.chart.map { ChartFile(path: $0.path, bytes: Array($0.text.utf8)) }
  }

  /// The chart of a reference, in a folder of its own, as one packaged file: what is rendered is
  /// what was read, whatever becomes of the original meanwhile.
  ///
  /// helm fetches a remote chart, and packages a folder: so `.helmignore`, links and subcharts
  /// count the way helm has them.
  ///
  /// - Throws: ``ChartError``.
  package static func fetch(
    _ reference: ChartReference, with helm: Helm, into folder: String
  ) async throws(ChartError) -> Chart {
    let path: String
    switch reference.place {
    case .archive:
      if reference.flags.verify { try await verify(reference, with: helm) }
      path = reference.text
    case .folder, .remote:
      try makeFolder(folder)
      do {
        if reference.place == .folder {
          try await helm.package(chart: reference.text, into: folder)
        } else {
          try await helm.pull(reference, into: folder)
        }
      } catch .failed(_, _, _, let detail) {
        throw reference.failure(withoutCredentials(detail))
      } catch {
        throw .helm(error)
      }
      path = try archive(in: folder)
    }
    let bytes: [UInt8]
    let files: [ChartFile]
    do {
      bytes = try InputFile.bytes(at: path)
    } catch {
      throw .notAChart(reference.text, reason: error.reason)
    }
    files = try Self.files(ofArchive: bytes, named: reference.text)
    let target: Target
    do {
      target = try Self.target(of: files, source: reference.source)
    } catch .unreadable(let file, let reason) {
      throw .notAChart(reference.text, reason: "\(file): \(reason)")
    }
    if reference.place != .remote, let wanted = reference.version, wanted != target.chartVersion {
      throw .otherVersion(reference.text, found: target.chartVersion, wanted: wanted)
    }
    let copy = folder + "/read/chart.tgz"
    try write([ChartFile(path: "chart.tgz", bytes: bytes)], into: folder + "/read")
    return Chart(path: copy, target: target)
  }

  /// The files of a packaged chart.
  ///
  /// - Throws: ``ChartError``.
  package static func files(
    ofArchive bytes: [UInt8], named name: String
  ) throws(ChartError) -> [ChartFile] {
    do {
      return try ChartArchive.files(of: bytes)
    } catch {
      throw .notAChart(name, reason: error.reason)
    }
  }

  /// Reads what Chart.yaml and values.yaml among a chart's files say.
  package static func target(
    of files: [ChartFile], source: String
  ) throws(ChartError) -> Target {
    func document(_ name: String) throws(ChartError) -> JSON? {
      guard let file = files.first(where: { $0.path == name }) else { return nil }
      do {
        return try YAMLReader().document(file.bytes)
      } catch {
        throw .unreadable(name, reason: error.description)
      }
    }
    guard let about = try document("Chart.yaml") else {
      throw .unreadable("Chart.yaml", reason: "it is missing")
    }
    guard let name = about["name"]?.string, let version = about["version"]?.string else {
      throw .unreadable("Chart.yaml", reason: "name or version is missing")
    }
    let defaults = try document("values.yaml") ?? .null
    switch defaults {
    case .null, .object: break
    default: throw .unreadable("values.yaml", reason: "keys with values are expected in it")
    }
    return Target(
      chartName: name, chartVersion: version, source: source,
      digest: Target.digest(ofFiles: files.map { ($0.path, $0.digested) }),
      defaults: defaults == .null ? [:] : defaults,
      questions: ChartQuestions(files: texts(of: files)))
  }

  /// The texts of a chart's files, with those of its dependencies, packed ones included.
  private static func texts(
    of files: [ChartFile], depth: Int = 0
  ) -> [(path: String, text: String)] {
    files.flatMap { file -> [(path: String, text: String)] in
      let keys = file.path.split(separator: "/")
      guard keys.dropLast().last == "charts", file.path.hasSuffix(".tgz") else {
        return [(file.path, String(decoding: file.bytes, as: UTF8.self))]
      }
      // helm says what is wrong with one that cannot be read. Deeper ones are nobody's.
      guard depth < 8, let packed = try? ChartArchive.files(of: file.bytes) else { return [] }
      return texts(of: packed, depth: depth + 1).map { ("\(file.path)/\($0.path)", $0.text) }
    }
  }

  private static func verify(
    _ reference: ChartReference, with helm: Helm
  ) async throws(ChartError) {
    do {
      try await helm.verify(archive: reference.text, keyring: reference.flags.keyring)
    } catch .failed(_, _, _, let detail) {
      throw .notVerified(reference.text, reason: detail)
    } catch {
      throw .helm(error)
    }
  }

  /// The one archive that helm left in a folder.
  private static func archive(in folder: String) throws(ChartError) -> String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard let name = names.first(where: { !$0.hasSuffix(".prov") }) else {
      throw .unwritable(folder, reason: "helm left no archive there")
    }
    return folder + "/" + name
  }

  /// A text without what stands before the `@` of URLs.
  private static func withoutCredentials(_ text: String) -> String {
    text.replacing(/:\/\/[^\/@\s"]*@/) { _ in "://" }
  }

  private static func makeFolder(_ folder: String) throws(ChartError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unwritable(folder, reason: error.localizedDescription)
    }
  }

  private static func write(_ files: [ChartFile], into folder: String) throws(ChartError) {
    for file in files {
      let path = FilePath(folder).appending(file.path)
      try makeFolder(path.removingLastComponent().string)
      do {
        // Foundation would wait for the disk, file by file, for what is gone in a second.
        let descriptor = try FileDescriptor.open(
          path, .writeOnly, options: [.create, .truncate, .closeOnExec],
          permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll(file.bytes) }
      } catch {
        throw .unwritable(folder, reason: "\(error)")
      }
    }
  }
}

extension ChartReference {
  /// What it means that helm could not get the chart.
  fileprivate func failure(_ reason: String) -> ChartError {
    guard place == .remote else { return .notAChart(text, reason: reason) }
    let remedy =
      if text.contains("://") {
        "check the address, --chart-version, and helm's own login"
      } else if flags.repository != nil {
        "check --repo, the name and --chart-version"
      } else {
        "see what there is with \"helm search repo \(text) --versions\"; "
          + "\"helm repo add\" and \"helm repo update\" bring more"
      }
    return .notFetched(text, reason: reason, remedy: remedy)
  }
}

extension ChartFile {
  /// The bytes that count for the digest. helm writes Chart.yaml anew when it packages a chart, so
  /// that one counts by what it says.
  fileprivate var digested: [UInt8] {
    let keys = path.split(separator: "/")
    let isDescription =
      keys.last == "Chart.yaml" && keys.count % 2 == 1
      && stride(from: 0, to: keys.count - 1, by: 2).allSatisfy { keys[$0] == "charts" }
    guard isDescription, let document = try? YAMLReader().document(bytes) else { return bytes }
    return Array(document.withoutEmptyParts.canonical.utf8)
  }
}

extension JSON {
  /// The tree with scalars as texts and without what is null, empty or false: what is the same to
  /// helm when it reads a Chart.yaml.
  fileprivate var withoutEmptyParts: JSON {
    switch self {
    case .object(let members):
      .object(members.mapValues(\.withoutEmptyParts).filter { !$0.value.isEmptyPart })
    case .array(let elements): .array(elements.map(\.withoutEmptyParts))
    case .bool(let truth): truth ? "true" : .null
    case .number(let text): .string(text)
    case .null, .string: self
    }
  }

  private var isEmptyPart: Bool { self == .null || self == "" || self == [] || self == [:] }
}
