import MigratePlanning

/// Reads what `helm get all` prints: a release without its live objects.
enum HelmGetAll {
  /// The lines without what ends them: a line feed, or a carriage return before it, which Swift
  /// takes for one character of another kind.
  private static func lines(of text: String) -> [Substring] {
    text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      Substring(line.last == 0x0D ? line.dropLast() : line)
    }
  }

  /// Whether a text looks like it.
  static func recognises(_ text: String) -> Bool {
    text.utf8.starts(with: "NAME: ".utf8)
      && lines(of: text).contains { $0.utf8.elementsEqual("MANIFEST:".utf8) }
  }

  /// The release, with the manifest in place of the live objects and what that hides.
  ///
  /// - Throws: ``TextError`` and `ExportError`.
  static func snapshot(from text: String) throws -> Snapshot {
    var facts: [String: String] = [:]
    var sections: [String: [Substring]] = [:]
    var section: String?
    let titles = ["USER-SUPPLIED VALUES", "COMPUTED VALUES", "HOOKS", "MANIFEST", "NOTES"]
    for line in lines(of: text) {
      if let title = titles.first(where: { line == $0 + ":" }) {
        section = title
      } else if let section {
        sections[section, default: []].append(line)
      } else if let colon = line.firstIndex(of: ":") {
        facts[String(line[..<colon])] =
          line[line.index(after: colon)...]
          .trimmingPrefix { $0 == " " }.description
      }
    }
    guard let name = facts["NAME"], let namespace = facts["NAMESPACE"],
      let status = facts["STATUS"], !status.isEmpty,
      let revision = facts["REVISION"].flatMap({ Int($0) }),
      revision > 0
    else {
      throw ExportError(
        reason: "the output of \"helm get all\" lacks NAME, NAMESPACE, STATUS or REVISION")
    }
    try ReleaseIdentity.check(name: name, namespace: namespace)
    func joined(_ title: String) -> String { sections[title, default: []].joined(separator: "\n") }
    let manifest = Objects(try YAMLReader().manifestDocuments(joined("MANIFEST")))
    let supplied = try YAMLReader().document(joined("USER-SUPPLIED VALUES"))
    return Snapshot(
      release: ReleaseIdentity(
        name: name, namespace: namespace, revision: revision, status: status,
        chartName: facts["CHART"] ?? "", chartVersion: facts["VERSION"] ?? ""),
      supplied: supplied == .null ? [:] : supplied, manifest: manifest, live: manifest,
      related: Objects([]), sourceKeys: [:],
      templates: ReleaseReader.templates(inManifest: joined("MANIFEST")),
      hidden: ReleaseReader.hidden(because: "\"helm get all\" does not show live objects"))
  }
}
