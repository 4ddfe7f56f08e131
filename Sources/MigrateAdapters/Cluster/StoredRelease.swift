import Foundation
package import MigratePlanning

/// One revision of a release as helm keeps it in a Secret or a ConfigMap.
package struct StoredRelease: Hashable, Sendable {
  package var name: String
  package var namespace: String
  package var revision: Int
  /// Such as `deployed`.
  package var status: String
  package var description: String
  package var chartName: String
  package var chartVersion: String
  package var appVersion: String
  /// The dependencies of the release's chart that have another name there.
  package var aliases: [ChartAlias]
  /// The user's values.
  package var config: JSON
  package var manifest: String
  package var applyMethod: ReleaseIdentity.ApplyMethod
  package var labels: [String: String]
  /// The size of what is kept, in bytes.
  package var storedBytes: Int
}

/// Helm's record that cannot be read, and why.
package struct StoredReleaseError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The object that holds it, such as `Secret/sh.helm.release.v1.web.v1`.
  package var object: String
  package var reason: String

  package var description: String { "helm's record in \(object) cannot be read: \(reason)" }
}

extension StoredRelease {
  /// The name of the object that helm keeps a revision in.
  package static func objectName(of release: String, revision: Int) -> String {
    "sh.helm.release.v1.\(release).v\(revision)"
  }

  /// The labels by which helm finds the revisions of a release.
  package static func selector(of release: String) -> String { "owner=helm,name=\(release)" }

  /// Reads a Secret or ConfigMap: JSON, gzip, Base64; in a Secret, the API has it in Base64 once
  /// more.
  ///
  /// - Throws: ``StoredReleaseError``.
  package init(_ object: JSON) throws(StoredReleaseError) {
    let kind = object["kind"]?.string ?? "object"
    let place = "\(kind)/\(object.objectName)"
    func trouble(_ reason: String) -> StoredReleaseError {
      StoredReleaseError(object: place, reason: reason)
    }
    guard kind == "Secret" || kind == "ConfigMap" else { throw trouble("it holds no release") }
    guard let text = object["data"]?["release"]?.string else {
      throw trouble("it has no \"release\"")
    }
    func decoded(_ text: [UInt8]) throws(StoredReleaseError) -> [UInt8] {
      guard let bytes = Data(base64Encoded: Data(text)) else { throw trouble("it is no Base64") }
      return Array(bytes)
    }
    var bytes = Array(text.utf8)
    if kind == "Secret" { bytes = try decoded(bytes) }
    storedBytes = bytes.count
    bytes = try decoded(bytes)
    // As helm does: releases of its first years are not compressed.
    if bytes.starts(with: [0x1F, 0x8B, 0x08]) {
      do {
        bytes = try Gunzip.content(of: bytes)
      } catch {
        throw trouble(error.reason)
      }
    }
    let record: JSON
    do {
      record = try JSONReader().value(bytes)
    } catch {
      throw trouble(error.description)
    }
    guard let name = record["name"]?.string, !name.isEmpty else {
      throw trouble("it names no release")
    }
    guard let revision = record["version"]?.integer, revision > 0 else {
      throw trouble("it has no revision")
    }
    guard let status = record["info"]?["status"]?.string else { throw trouble("it has no status") }
    self.name = name
    self.revision = revision
    self.status = status
    namespace =
      record["namespace"]?.string ?? object["metadata"]?["namespace"]?.string ?? ""
    description = record["info"]?["description"]?.string ?? ""
    let metadata = record["chart"]?["metadata"]
    chartName = metadata?["name"]?.string ?? ""
    chartVersion = metadata?["version"]?.string ?? ""
    appVersion = metadata?["appVersion"]?.string ?? ""
    // helm writes the alias over the name as well; a lock has the name.
    let dependencies = metadata?["dependencies"]?.elements ?? []
    let locked = record["chart"]?["lock"]?["dependencies"]?.elements ?? []
    aliases = dependencies.enumerated().compactMap { index, dependency in
      guard let alias = dependency["alias"]?.string, !alias.isEmpty else { return nil }
      let lock = locked.count == dependencies.count ? locked[index] : nil
      return ChartAlias(
        alias: alias, name: lock?["name"]?.string,
        version: lock?["version"]?.string ?? dependency["version"]?.string ?? "")
    }
    config = record["config"].flatMap { $0 == .null ? nil : $0 } ?? [:]
    manifest = record["manifest"]?.string ?? ""
    // Helm 3 has no other method and does not name it; Helm 4 writes "csa" or "ssa".
    applyMethod = record["apply_method"] == "ssa" ? .serverSide : .clientSide
    labels = (object["metadata"]?["labels"]?.members ?? [:]).compactMapValues(\.string)
  }
}

extension Cluster {
  /// Where helm keeps releases in the cluster.
  package enum ReleaseStorage: String, Sendable {
    case secret = "Secret"
    case configMap = "ConfigMap"

    fileprivate var resource: APIResource { self == .secret ? .secrets : .configMaps }
  }

  /// All revisions of a release that helm keeps, the oldest first; empty when there are none.
  ///
  /// - Throws: ``ClusterError``; a record that cannot be read is one that says so.
  package func releases(
    of name: String, in storage: ReleaseStorage = .secret
  ) async throws(ClusterError) -> [StoredRelease] {
    let action = "list \(storage.resource.plural)"
    let (items, _) = try await list(
      storage.resource, Selection(labels: StoredRelease.selector(of: name)))
    var releases: [StoredRelease] = []
    for item in items { releases.append(try Self.release(item, action)) }
    return releases.sorted { $0.revision < $1.revision }
  }

  /// One revision of a release; nil when helm does not keep it, or not there.
  ///
  /// - Throws: ``ClusterError``; a record that cannot be read is one that says so.
  package func release(
    _ name: String, revision: Int, in storage: ReleaseStorage = .secret
  ) async throws(ClusterError) -> StoredRelease? {
    let object = StoredRelease.objectName(of: name, revision: revision)
    let found = try await get(storage.resource, object, in: try await namespace())
    guard let found else { return nil }
    return try Self.release(found, "get \(storage.rawValue)/\(object)")
  }

  /// The releases that helm has not uninstalled, by the labels of what it keeps.
  ///
  /// - Throws: ``ClusterError``.
  func listed(
    in storage: ReleaseStorage, isEverywhere: Bool
  ) async throws(ClusterError) -> [Helm.Listed] {
    let (items, _) = try await list(
      storage.resource, Selection(labels: "owner=helm", isEverywhere: isEverywhere),
      isMetadataOnly: true)
    var listed: [Helm.Listed] = []
    for metadata in items.compactMap({ $0["metadata"] }) {
      let status = metadata["labels"]?["status"]?.string
      guard let name = metadata["labels"]?["name"]?.string, status != "uninstalled",
        status != "superseded"
      else { continue }
      let release = Helm.Listed(name: name, namespace: metadata["namespace"]?.string ?? "")
      if !listed.contains(release) { listed.append(release) }
    }
    return listed
  }

  private static func release(
    _ object: JSON, _ action: String
  ) throws(ClusterError) -> StoredRelease {
    do {
      return try StoredRelease(object)
    } catch {
      throw ClusterError(action, .unreadable(error.description))
    }
  }
}
