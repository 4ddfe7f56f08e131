import FoundationEssentials

/// The state of a release from before an apply, whole: what a rollback brings back. It holds the
/// release's secrets, and lives in Secrets of the release's own namespace.
package struct Backup: Sendable {
  package static let schema = "backbone-migrate/backup/v1"
  /// The type of the Secrets.
  package static let secretType = "backbone-migrate/backup"
  /// The most bytes in one Secret: Kubernetes takes 1,048,576 in all.
  package static let partSize = 768 << 10

  /// The apply that made it.
  package var run: String
  package var plan: RunDocument.PlanReference
  /// The plan's options, exactly as typed, secrets among them.
  package var options: [String]
  /// The plan's values, and the digest of its chart: what an apply that goes on has to come to
  /// again.
  package var values: JSON
  package var chartDigest: String
  /// Who made it, as `USER@HOST`.
  package var user: String
  package var createdAt: DocumentTime
  package var snapshot: Snapshot
  /// Helm's Secret of the revision, verbatim; nil when helm keeps it elsewhere.
  package var record: JSON?
  /// The objects that the apply creates, by kind and name.
  package var created: [JSON]
  /// The objects as the apply leaves them; nil in a backup that an earlier version made.
  package var foretold: Foretold?

  package init(
    run: String, plan: RunDocument.PlanReference, options: [String], values: JSON,
    chartDigest: String, user: String, createdAt: DocumentTime, snapshot: Snapshot, record: JSON?,
    created: [JSON], foretold: Foretold? = nil
  ) {
    self.run = run
    self.plan = plan
    self.options = options
    self.values = values
    self.chartDigest = chartDigest
    self.user = user
    self.createdAt = createdAt
    self.snapshot = snapshot
    self.record = record
    self.created = created
    self.foretold = foretold
  }

  /// Everything that is brought back: the release's live objects and its ServiceAccount.
  package var objects: [JSON] {
    snapshot.live.all + snapshot.related.all(kind: "ServiceAccount")
  }
}

/// A backup that cannot be used.
package struct BackupError: Error, Hashable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}

extension Backup {
  private var json: JSON {
    [
      "schema": .string(Self.schema), "run": .string(run),
      "plan": ["id": .string(plan.id), "digest": .string(plan.digest)],
      "options": .array(options.map(JSON.string)), "values": values,
      "chartDigest": .string(chartDigest), "user": .string(user),
      "createdAt": .string(createdAt.text), "release": snapshot.exported, "record": record ?? .null,
      "created": .array(created), "foretold": foretold?.json ?? .null,
    ]
  }

  /// Reads a backup's own JSON.
  ///
  /// - Throws: ``BackupError`` for what is none.
  package init(json: JSON) throws(BackupError) {
    guard json["schema"]?.string == Self.schema, let run = json["run"]?.string,
      let plan = json["plan"]?["id"]?.string, let digest = json["plan"]?["digest"]?.string,
      run.isID(of: "run"), plan.isID(of: "plan")
    else { throw BackupError("the backup is none that this version can read") }
    let snapshot: Snapshot
    do {
      snapshot = try Snapshot(exported: json["release"] ?? .null)
    } catch {
      throw BackupError("the backup of \(run) is damaged: \(error.reason)")
    }
    self.init(
      run: run, plan: RunDocument.PlanReference(id: plan, digest: digest),
      options: (json["options"]?.elements ?? []).compactMap(\.string),
      values: json["values"] ?? [:], chartDigest: json["chartDigest"]?.string ?? "",
      user: json["user"]?.string ?? "",
      createdAt: DocumentTime(text: json["createdAt"]?.string ?? ""),
      snapshot: snapshot, record: json["record"].flatMap { $0 == .null ? nil : $0 },
      created: json["created"]?.elements ?? [], foretold: Foretold(json: json["foretold"]))
  }

  /// The Secrets that hold the backup.
  package var secrets: [JSON] {
    let text = Array(json.canonical.utf8)
    let starts = Array(stride(from: 0, to: text.count, by: Self.partSize))
    let release = snapshot.release
    let annotations: [String: JSON] = [
      "backbone-migrate/plan": .string(plan.id), "backbone-migrate/digest": .string(plan.digest),
      "backbone-migrate/user": .string(user),
      "backbone-migrate/created-at": .string(createdAt.text),
      "backbone-migrate/revision": .string(String(release.revision)),
      "backbone-migrate/parts": .string(String(starts.count)),
      "backbone-migrate/content": .string(ContentDigest.sha256(text)),
    ]
    return starts.enumerated().map { index, start in
      let part = text[start..<min(start + Self.partSize, text.count)]
      return [
        "apiVersion": "v1", "kind": "Secret", "type": .string(Self.secretType),
        "immutable": true,
        "metadata": [
          "name": .string("backbone-migrate.\(release.name).\(run).\(index)"),
          "namespace": .string(release.namespace),
          "labels": .object(BackupLabels.labels(release: release.name, run: run)),
          "annotations": .object(annotations),
        ],
        "data": ["part": .string(Data(part).base64EncodedString())],
      ]
    }
  }

  /// The text of a backup, put together from its Secrets.
  ///
  /// - Throws: ``BackupError`` when a part is missing or another than it was.
  package static func text(of secrets: [JSON]) throws(BackupError) -> [UInt8] {
    guard let first = secrets.first,
      let run = first["metadata"]?["labels"]?[BackupLabels.run]?.string
    else { throw BackupError("there is no backup") }
    let annotations = first["metadata"]?["annotations"]
    let release = first["metadata"]?["labels"]?[BackupLabels.release]?.string ?? ""
    let count = annotations?["backbone-migrate/parts"]?.string.flatMap { Int($0) } ?? 0
    var text: [UInt8] = []
    for index in 0..<max(1, count) {
      let name = "backbone-migrate.\(release).\(run).\(index)"
      guard let part = secrets.first(where: { $0.objectName == name }),
        let data = part["data"]?["part"]?.string.flatMap({ Data(base64Encoded: $0) })
      else {
        throw BackupError("Secret \"\(name)\" of the backup of \(run) is missing or unreadable")
      }
      text += data
    }
    guard annotations?["backbone-migrate/content"]?.string == ContentDigest.sha256(text) else {
      throw BackupError("the backup of \(run) is damaged: its content has another digest")
    }
    return text
  }
}
