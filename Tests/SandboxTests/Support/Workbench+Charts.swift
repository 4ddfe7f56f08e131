import Foundation
import MigratePlanning

extension Workbench {
  /// A copy of a chart with further files, by their paths in it; one that is there already is
  /// replaced.
  ///
  /// - Returns: the copy's folder.
  func chart(
    _ name: String, like original: String, with files: [String: String]
  ) throws -> String {
    let copy = folder + "/" + name
    try FileManager.default.copyItem(atPath: original, toPath: copy)
    for (path, text) in files {
      let file = URL(filePath: copy).appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    return copy
  }

  /// A copy of the chart that the program carries, with further files.
  func targetChart(_ name: String = "target", with files: [String: String]) async throws -> String {
    let carried = folder + "/carried"
    if !FileManager.default.fileExists(atPath: carried) {
      _ = try await migrate("chart", carried).succeeded()
    }
    return try chart(name, like: carried, with: files)
  }

  /// Installs release `web` of chart 0.1.0 with further templates, and what it needs.
  func installReady(with templates: [String: String], flags: [String] = []) async throws {
    _ = try await kubectl("create", "serviceaccount", "web")
    let chart = try chart(
      "old", like: FixtureChart.appLabel.path,
      with: Dictionary(
        uniqueKeysWithValues: templates.map { ("templates/\($0.key)", $0.value) }))
    _ = try await helm(["install", "web", chart] + flags)
    try await settle()
  }

  /// Writes helm's record of a release's revision anew, with another text in the place of one: as
  /// if the release had been made long ago.
  func rewriteRecord(
    of release: String, revision: Int = 1, _ old: String, with new: String
  ) async throws {
    let script = """
      import base64, gzip, json, sys
      secret = json.load(sys.stdin)
      record = gzip.decompress(base64.b64decode(base64.b64decode(secret["data"]["release"])))
      old, new = (json.dumps(text)[1:-1].encode() for text in sys.argv[1:])
      assert old in record, "the record has no such text"
      packed = base64.b64encode(gzip.compress(record.replace(old, new)))
      secret["data"]["release"] = base64.b64encode(packed).decode()
      json.dump(secret, sys.stdout)
      """
    let name = "sh.helm.release.v1.\(release).v\(revision)"
    let secret = try await kubectl("get", "secret", name, "--output", "json").text
    let written = try await run("python3", ["-c", script, old, new], input: secret).succeeded()
    _ = try await kubectl(["replace", "--filename", "-"], input: written.text)
  }
}
