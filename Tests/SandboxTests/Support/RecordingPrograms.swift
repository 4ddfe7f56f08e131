import Foundation

/// Programs that stand in for helm and kubectl, and write down with what they were run.
struct RecordingPrograms: Sendable {
  /// What a program does when it is not merely recorded.
  enum Mishap: String, CaseIterable, Sendable {
    /// Prints what it reads to its error output, and fails.
    case echo = "cat >&2"
    /// The same with every `\n` made a line break, as YAML prints it.
    case unescaped = "sed 's/\\\\n/\\n/g' >&2"
  }

  let helm: String
  let kubectl: String
  private let folder: String

  /// Makes the programs. The mishap happens with arguments that a pattern of a shell's `case`
  /// matches; where something else watches, nothing is written down.
  init(
    in bench: Workbench, failing mishap: Mishap? = nil, with pattern: String = "",
    isSilent: Bool = false
  ) throws {
    let mishap = mishap.map(\.rawValue)
    try self.init(in: bench, doing: mishap, with: pattern, isSilent: isSilent)
  }

  /// Makes the programs; a line of a shell takes the place of the calls that a pattern matches.
  init(in bench: Workbench, doing line: String?, with pattern: String, isSilent: Bool) throws {
    folder = bench.folder + "/record"
    helm = folder + "/helm"
    kubectl = folder + "/kubectl"
    try FileManager.default.createDirectory(
      atPath: folder + "/children", withIntermediateDirectories: true)
    let programs = [
      (helm, bench.sandbox.helm(bench.helmVersion)), (kubectl, bench.sandbox.kubectl),
    ]
    for (path, program) in programs {
      let failure = line.map { "case \"$*\" in \(pattern)) \($0); exit 1 ;; esac" } ?? ""
      let record = """
        child='\(folder)/children/'$$
        printf '%s\\n' "$0" "$@" > "$child.arguments"
        env > "$child.environment"
        cp -R "$TMPDIR" "$child.temporary" 2>/dev/null
        """
      let script = """
        #!/bin/sh
        \(isSilent ? "" : record)
        \(failure)
        exec '\(program)' "$@"

        """
      try script.write(toFile: path, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
  }

  /// The options that make the binary run them.
  var options: [String] { ["--helm", helm, "--kubectl", kubectl] }

  /// What was written down, by the name of the file.
  func records() throws -> [String: Data] { try Self.files(below: folder + "/children") }

  /// Every file below a folder.
  static func files(below folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    for name in names {
      let path = folder + "/" + name
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      guard attributes?[.type] as? FileAttributeType == .typeRegular else { continue }
      files[name] = try Data(contentsOf: URL(filePath: path))
    }
    return files
  }
}
