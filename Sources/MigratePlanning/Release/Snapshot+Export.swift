/// An exported release that cannot be used.
package struct ExportError: Error, Hashable, CustomStringConvertible {
  package var reason: String

  package init(reason: String) { self.reason = reason }

  package var description: String { "not an exported release: \(reason)" }
}

extension ReleaseIdentity {
  /// Verifies names that come from a file: they go to helm as arguments, and into the commands that
  /// a plan shows.
  ///
  /// - Throws: ``ExportError`` for what helm or Kubernetes would not take as a name.
  package static func check(name: String, namespace: String) throws(ExportError) {
    let label = /[a-z0-9]([-a-z0-9]*[a-z0-9])?/
    guard name.utf8.count <= 53,
      name.split(separator: ".", omittingEmptySubsequences: false)
        .allSatisfy({ $0.wholeMatch(of: label) != nil })
    else {
      throw ExportError(reason: "\(name.jsonQuoted) is no name of a release")
    }
    guard namespace.utf8.count <= 63, namespace.wholeMatch(of: label) != nil else {
      throw ExportError(reason: "\(namespace.jsonQuoted) is no namespace")
    }
  }
}

extension Snapshot {
  /// The name of the format.
  package static let exportSchema = "backbone-migrate/export/v1"

  /// The size of helm's record; no Secret holds more than a MiB, and no other storage a GiB.
  private static func storedBytes(_ json: JSON?) throws(ExportError) -> Int? {
    guard let json, json != .null else { return nil }
    guard let size = json.integer, (0...1 << 30).contains(size) else {
      throw ExportError(reason: "\"storedBytes\" is no size of a release")
    }
    return size
  }

  /// Reads an exported release: the JSON or YAML that ``exported`` makes.
  ///
  /// - Throws: ``ExportError`` for what is missing or of the wrong kind.
  package init(exported json: JSON) throws(ExportError) {
    guard json["schema"]?.string == Self.exportSchema else {
      throw ExportError(reason: "\"schema\" is not \"\(Self.exportSchema)\"")
    }
    func text(_ place: JSON?, _ keys: String...) throws(ExportError) -> String {
      var value = place
      for key in keys { value = value?[key] }
      guard let text = value?.string, !text.isEmpty else {
        throw ExportError(reason: "\"\(keys.joined(separator: "."))\" is missing or no text")
      }
      return text
    }
    func objects(_ key: String) throws(ExportError) -> Objects {
      guard case .array(let elements)? = json[key] else {
        throw ExportError(reason: "\"\(key)\" is no list of objects")
      }
      return Objects(elements)
    }
    let release = json["release"]
    guard let revision = release?["revision"]?.integer, revision >= 0 else {
      throw ExportError(reason: "\"release.revision\" is no number from 0 up")
    }
    let methodName = release?["applyMethod"]?.string ?? "client-side"
    guard let method = ReleaseIdentity.ApplyMethod(rawValue: methodName) else {
      throw ExportError(reason: "\"release.applyMethod\" is neither client-side nor server-side")
    }
    var sourceKeys: SourceKeys = [:]
    for source in json["sources"]?.elements ?? [] {
      guard let kind = EnvironmentSource.Kind(rawValue: source["kind"]?.string ?? "") else {
        throw ExportError(reason: "a source is neither a ConfigMap nor a Secret")
      }
      // An `envFrom` may name nothing, and the export says so.
      guard let name = source["name"]?.string else {
        throw ExportError(reason: "\"name\" is missing or no text")
      }
      let identity = EnvironmentSource.Identity(kind: kind, name: name)
      if let reason = source["unreadable"]?.string {
        sourceKeys[identity] = .unreadable(reason)
      } else if let keys = source["keys"]?.elements {
        sourceKeys[identity] = .keys(keys.compactMap(\.string))
      } else {
        sourceKeys[identity] = .missing
      }
    }
    let supplied = json["values"] ?? [:]
    let (name, namespace) = (try text(release, "name"), try text(release, "namespace"))
    try ReleaseIdentity.check(name: name, namespace: namespace)
    let nameInChart = release?["nameInChart"]?.string
    if let nameInChart { try ReleaseIdentity.check(name: nameInChart, namespace: namespace) }
    self.init(
      release: ReleaseIdentity(
        name: name, namespace: namespace,
        revision: revision, status: try text(release, "status"),
        chartName: try text(release, "chart", "name"),
        chartVersion: try text(release, "chart", "version"),
        clusterID: release?["clusterID"]?.string, applyMethod: method,
        deployedRevision: release?["deployedRevision"]?.integer, nameInChart: nameInChart),
      supplied: supplied == .null ? [:] : supplied, manifest: try objects("manifest"),
      live: try objects("live"),
      related: json["related"] == nil ? Objects([]) : try objects("related"),
      sourceKeys: sourceKeys,
      templates: (json["templates"]?.elements ?? []).compactMap(\.string),
      aliases: (json["aliases"]?.elements ?? []).compactMap { entry in
        guard let alias = entry["alias"]?.string, let version = entry["version"]?.string else {
          return nil
        }
        return ChartAlias(alias: alias, name: entry["name"]?.string, version: version)
      },
      revisions: (json["revisions"]?.elements ?? []).compactMap(\.integer),
      storedBytes: try Self.storedBytes(json["storedBytes"]),
      unserved: (json["unserved"]?.elements ?? []).filter {
        $0["kind"]?.string != nil && $0["apiVersion"]?.string != nil
      },
      hidden: (json["hidden"]?.elements ?? []).compactMap { entry in
        guard let code = entry["code"]?.string, let reason = entry["reason"]?.string else {
          return nil
        }
        return Unchecked(code: code, reason: reason)
      })
  }

  /// The release as a document that ``init(exported:)`` reads. It holds the release's secrets.
  package var exported: JSON {
    let sources = sourceKeys.sorted {
      ($0.key.kind.rawValue, $0.key.name) < ($1.key.kind.rawValue, $1.key.name)
    }.map { identity, content -> JSON in
      var members: [String: JSON] = [
        "kind": .string(identity.kind.rawValue), "name": .string(identity.name),
      ]
      switch content {
      case .keys(let keys): members["keys"] = .array(keys.map(JSON.string))
      case .missing: break
      case .unreadable(let reason): members["unreadable"] = .string(reason)
      }
      return .object(members)
    }
    var identity: [String: JSON] = [
      "name": .string(release.name), "namespace": .string(release.namespace),
      "revision": .integer(release.revision),
      "deployedRevision": .integer(release.deployedRevision), "status": .string(release.status),
      "chart": ["name": .string(release.chartName), "version": .string(release.chartVersion)],
      "clusterID": release.clusterID.map(JSON.string) ?? .null,
      "applyMethod": .string(release.applyMethod.rawValue),
    ]
    if release.nameInChart != release.name {
      identity["nameInChart"] = .string(release.nameInChart)
    }
    return [
      "schema": .string(Self.exportSchema), "release": .object(identity),
      "values": supplied,
      "manifest": .array(manifest.all), "live": .array(live.all), "related": .array(related.all),
      "sources": .array(sources),
      "templates": .array(templates.map(JSON.string)),
      "aliases": .array(
        aliases.map { entry in
          [
            "alias": .string(entry.alias), "name": entry.name.map(JSON.string) ?? .null,
            "version": .string(entry.version),
          ]
        }),
      "revisions": .array(revisions.map(JSON.integer)),
      "storedBytes": storedBytes.map(JSON.integer) ?? .null, "unserved": .array(unserved),
      "hidden": .array(
        hidden.map { ["code": .string($0.code), "reason": .string($0.reason)] }),
    ]
  }
}
