/// A whole ConfigMap or Secret fills variables (`envFrom`).
///
/// Meaning: every key of the source is a variable of the broker. The plan keeps the source. A
/// variable that the target chart sets by itself is read from its very key, so that the source
/// still decides.
///
/// Why: `env` wins over `envFrom`. The chart always writes some variables, such as `HTTP_PORT`, and
/// would hide what the source says about them. Another chart may have no list of sources at all,
/// and lose the source as a whole.
///
/// Resolve: there is nothing to do, unless the source does not exist or could not be read. Without
/// a source that is not optional, Pods do not start: create it. To be read, it needs permission,
/// which this answers (for `secrets` likewise):
///
///     kubectl auth can-i get configmaps --namespace mqtt
///
/// For a source that the chart has no place for, plan with a chart that has one, or let the source
/// go with `--unmapped drop`.
///
/// Severity: `blocker` when the chart has no place for it, or the upgrade deletes it, `breaking`
/// when you chose to drop it; `breaking`, taken care of, when the source fills what the chart sets;
/// `warning` when it does not exist; `info` otherwise. A source that cannot be read is listed as
/// not judged.
package enum EnvironmentFromSource: ComparisonRule {
  package static let code = FindingCode.environmentFromSource
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    return deletedSources(comparison)
      + situation.live.environment.sources.map { source in
        let hidden = comparison.environment.filter { row in
          guard let reference = situation.before.fromSource[row.name],
            reference.selector["name"]?.string == source.name
          else { return false }
          return situation.byDefault.sets(row.name)
        }
        let content = situation.snapshot.sourceKeys[source.identity]
        let name = "\(source.kind.rawValue) \"\(source.name)\""
        let subject = ObjectReference(
          kind: source.kind.rawValue, name: source.name,
          namespace: situation.snapshot.release.namespace)
        if content == .missing {
          return comparison.finding(
            self, source.isOptional ? .info : .warning,
            "\(name), an envFrom source, does not exist",
            subject: subject,
            remedy: source.isOptional ? nil : "Pods cannot start without it; create it",
            isResolved: source.isOptional)
        }
        if let lost = self.lost(source, name, subject, comparison) { return lost }
        let names = hidden.map(\.name).joined(separator: ", ")
        return comparison.finding(
          self, hidden.isEmpty ? .info : .breaking,
          hidden.isEmpty
            ? "\(name) fills variables and stays an envFrom source"
            : "\(name) fills \(names), which \(comparison.targetName) sets by itself",
          subject: subject,
          remedy: hidden.isEmpty ? nil : "nothing to do: they are read from the source's keys",
          isResolved: hidden.allSatisfy { $0.expected.agrees(with: $0.after) })
      }
  }

  /// ConfigMaps and Secrets that helm deletes although the new Pods' variables come from them.
  private static func deletedSources(_ comparison: Comparison) -> [Finding] {
    let containers: JSON = .array(
      ["env", "envFrom"].compactMap { comparison.target.container[$0] })
    let members = [
      "ConfigMap": ["configMapKeyRef", "configMapRef"] as Set<String>,
      "Secret": ["secretKeyRef", "secretRef"],
    ]
    let namespace = comparison.situation.snapshot.release.namespace
    return comparison.deleted.filter { object in
      members[object.kind].map {
        containers.mentions(.string(object.name), under: $0, at: "name")
      } ?? false
    }.map { object in
      comparison.finding(
        self, .blocker,
        "\(object) belongs to the release and is not in \(comparison.targetName): the upgrade "
          + "deletes it, and variables come from it", subject: object,
        remedy: "keep it: kubectl annotate \(object.kind.lowercased()) \(object.name.shellQuoted) "
          + "helm.sh/resource-policy=keep --namespace \(namespace)")
    }
  }

  /// The finding of a source that the target has no place for; nil when it has one, or when all
  /// that the source fills comes out as it was.
  private static func lost(
    _ source: EnvironmentSource, _ name: String, _ subject: ObjectReference,
    _ comparison: Comparison
  ) -> Finding? {
    let place = "\(name), an envFrom source, has no place in \(comparison.targetName)"
    if comparison.proposal.keptSources.contains(source) {
      let isReplaced = comparison.replacesWorkload
      return comparison.finding(
        self, isReplaced ? .blocker : .warning,
        place
          + (isReplaced
            ? " and cannot be kept on a Deployment that is made anew"
            : " and is kept on the live Deployment, where no value says that it is there"),
        subject: subject,
        remedy: isReplaced
          ? "keep the Deployment's name and selector, or use a chart that takes the source" : nil,
        acceptedBy: "--unmapped keep")
    }
    guard !comparison.target.environment.sources.contains(source) else { return nil }
    let situation = comparison.situation
    if case .keys? = situation.snapshot.sourceKeys[source.identity],
      comparison.environment.allSatisfy({ row in
        situation.before.fromSource[row.name]?.selector["name"]?.string != source.name
          || row.expected.agrees(with: row.after)
      })
    {
      return nil
    }
    let isDropped = situation.choices.unmapped == .drop
    return comparison.finding(
      self, isDropped ? .breaking : .blocker,
      place + (isDropped ? " and is dropped" : " and would be lost"), subject: subject,
      remedy: isDropped
        ? nil
        : "use a target chart that has a list such as extraEnvFrom; --unmapped drop lets it go",
      acceptedBy: isDropped ? "--unmapped drop" : nil)
  }
}
