import Foundation

/// Where the target chart comes from, as the operator named it, and how helm fetches it.
package struct ChartReference: Hashable, Sendable {
  package enum Place: Hashable, Sendable {
    case folder, archive, remote
  }

  /// What was typed: a path, `REPOSITORY/NAME`, a name, or a URL.
  package let text: String
  package let place: Place
  /// The version that was asked for; helm's constraints such as `^0.2.0` too.
  package let version: String?
  package let flags: ChartFlags

  /// Looks whether the text is a path, as helm does, which takes paths before repositories.
  ///
  /// - Throws: ``ChartError`` when it can be neither.
  package init(
    _ text: String, version: String? = nil, flags: ChartFlags = ChartFlags()
  ) throws(ChartError) {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: text, isDirectory: &isFolder)
    if exists {
      guard flags.repository == nil else { throw .repositoryForPath(text) }
      guard !flags.verify || !isFolder.boolValue else { throw .folderCannotBeVerified(text) }
      place = isFolder.boolValue ? .folder : .archive
    } else if text.contains("://") || flags.repository != nil {
      place = .remote
    } else if text.hasPrefix(".") || text.hasPrefix("/") || text.hasSuffix(".tgz") {
      throw .noSuchPath(text)
    } else if text.split(separator: "/").count == 2 {
      place = .remote
    } else {
      throw text.contains("/") ? .noSuchPath(text) : .noRepository(text)
    }
    self.text = text
    self.version = version
    self.flags = flags
  }

  /// Where it comes from, in one text.
  package var source: String {
    guard let repository = flags.repository else { return text }
    return (repository.hasSuffix("/") ? repository : repository + "/") + text
  }

  /// The words by which helm finds the chart of a version, such as `repo/name --version 0.2.0`.
  package func arguments(version: String?) -> [String] {
    let pinned = place == .remote ? version.map { ["--version", $0] } ?? [] : []
    return [text] + pinned + flags.arguments
  }
}

/// Helm's flags for repositories and signatures. Passwords are not among them: every process on a
/// machine can read another's arguments, so helm takes them from its own logins.
package struct ChartFlags: Hashable, Sendable {
  package var repository: String?
  package var devel = false
  package var verify = false
  package var keyring: String?
  package var caFile: String?
  package var certFile: String?
  package var keyFile: String?
  package var insecureSkipTLSVerify = false
  package var plainHTTP = false

  package init() {}

  /// The flags as helm's `pull`, `template` and `upgrade` take them alike.
  package var arguments: [String] {
    let named: [(flag: String, value: String?)] = [
      ("--repo", repository), ("--keyring", keyring), ("--ca-file", caFile),
      ("--cert-file", certFile), ("--key-file", keyFile),
    ]
    let switches: [(flag: String, isOn: Bool)] = [
      ("--devel", devel), ("--verify", verify),
      ("--insecure-skip-tls-verify", insecureSkipTLSVerify), ("--plain-http", plainHTTP),
    ]
    return named.flatMap { flag, value in value.map { [flag, $0] } ?? [] }
      + switches.filter(\.isOn).map(\.flag)
  }
}
