extension PlanDocument {
  /// What a document says beyond the plan itself.
  package struct Circumstances: Sendable {
    package var id: String
    /// The time in UTC, ISO 8601.
    package var createdAt: DocumentTime
    package var helmVersion: String
    /// The options, as arguments, secrets redacted.
    package var options: [String]
    package var commands: [String]

    package init(
      id: String, createdAt: DocumentTime, helmVersion: String, options: [String] = [],
      commands: [String]
    ) {
      self.id = id
      self.createdAt = createdAt
      self.helmVersion = helmVersion
      self.options = options
      self.commands = commands
    }
  }

  /// The document of a plan, every secret redacted.
  ///
  /// - Throws: when a part cannot be written as JSON.
  package init(_ plan: Plan, _ circumstances: Circumstances) throws {
    let comparison = plan.comparison
    let situation = comparison.situation
    let release = situation.snapshot.release
    schema = Self.schema
    id = circumstances.id
    createdAt = circumstances.createdAt
    verdict = plan.verdict
    self.release = Release(
      name: release.name, namespace: release.namespace, revision: release.revision,
      status: release.status,
      chart: Chart(name: release.chartName, version: release.chartVersion),
      context: release.context, clusterID: release.clusterID)
    target = Target(
      chart: TargetChart(
        name: situation.target.chartName, version: situation.target.chartVersion,
        source: situation.target.source, digest: situation.target.digest),
      helmVersion: circumstances.helmVersion, applyMethod: release.applyMethod)
    overrides = Self.overrides(plan)
    environment = comparison.environment.map { row in
      Variable(
        name: row.name, before: plan.sensitivity.shown(row.before, of: row.name).json,
        after: plan.sensitivity.shown(row.after, of: row.name).json, state: row.state,
        explainedBy: row.explanation)
    }
    settings = Self.settings(plan)
    findings = plan.findings.map { finding in
      FindingEntry(
        code: finding.code, dimension: finding.dimension, severity: finding.severity,
        subject: Subject(finding.subject), message: plan.sensitivity.shown(finding.message),
        before: plan.sensitivity.redacting(finding.before.json),
        after: plan.sensitivity.redacting(finding.after.json),
        remedy: finding.remedy.map(plan.sensitivity.shown), resolved: finding.isResolved,
        acceptedBy: finding.acceptedBy, path: finding.path)
    }
    unchecked = plan.unchecked.map {
      Unchecked(code: $0.code, reason: plan.sensitivity.shown($0.reason))
    }
    objects = plan.objects.map { Object($0.object, $0.change) }
    interruption = InterruptionEntry(
      kind: plan.interruption.kind, brokersOverlap: plan.interruption.brokersOverlap,
      estimateSeconds: plan.interruption.estimateSeconds)
    values = plan.redactedValues
    commands = circumstances.commands
    digest = ""
    options = circumstances.options
    digest = try Self.digest(of: self, plan)
  }

  /// SHA-256 over what the plan is bound to: the release and its Deployment, the target's content,
  /// recipe, options, settings, findings and objects. Times, places, secrets, how a rollout stands,
  /// and what could not be asked this time, have no part in it.
  private static func digest(of document: PlanDocument, _ plan: Plan) throws -> String {
    let situation = plan.comparison.situation
    let metadata = situation.live.deployment["metadata"]
    let choices = situation.choices
    let ingredients: JSON = [
      "release": [
        "name": .string(document.release.name), "namespace": .string(document.release.namespace),
        "revision": .integer(document.release.revision),
        "chart": .string(document.release.chart.name + " " + document.release.chart.version),
        "clusterID": document.release.clusterID.map(JSON.string) ?? .null,
      ],
      "deployment": [
        "uid": metadata?["uid"] ?? .null,
        "content": .string(
          ContentDigest.sha256(
            Array(
              plan.sensitivity.hiding(
                plan.sensitivity.redacting(situation.live.deployment.judgedContent)
              ).canonical.utf8))),
      ],
      "target": [
        "name": .string(document.target.chart.name),
        "version": .string(document.target.chart.version),
        "digest": .string(document.target.chart.digest),
      ],
      "recipe": situation.recipe.json,
      "options": [
        "container": choices.container.map(JSON.string) ?? .null,
        "unmapped": .string(choices.unmapped.rawValue),
        "adopt": .array(choices.adopt.sorted().map(JSON.string)),
        "set": .object(
          Dictionary(
            uniqueKeysWithValues: choices.set.map { path, value in
              let isSecret = Sensitivity.isSensitive(path: path, situation.recipe)
              return (
                path.description,
                isSecret ? .string(Sensitivity.redacted) : plan.sensitivity.redacting(value)
              )
            })),
      ],
      "settings": try JSON(encoding: document.settings),
      "environment": try JSON(encoding: document.environment),
      "findings": try JSON(
        encoding: document.findings.filter { $0.code != .rolloutUnfinished }),
      "objects": try JSON(encoding: document.objects),
      "values": document.values,
    ]
    return ContentDigest.sha256(Array(ingredients.canonical.utf8))
  }

  private static func overrides(_ plan: Plan) -> [Override] {
    let comparison = plan.comparison
    let situation = comparison.situation
    let rows = Dictionary(
      comparison.environment.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return situation.before.order.compactMap { name in
      guard let row = rows[name] else { return nil }
      let provenance = situation.provenance(of: name)
      let isSensitive = plan.sensitivity.isSensitive(name)
      let written = situation.before.entries[name]
      let kind =
        if situation.before.fromSource[name] != nil {
          "envFrom"
        } else if case .reference(let reference)? = written?.source {
          reference.kind.contractName
        } else {
          "literal"
        }
      let literal = isSensitive ? nil : written?.source.text
      return Override(
        name: name, container: situation.live.containerName, provenance: provenance.name,
        manager: provenance.manager, kind: kind, sensitive: isSensitive, value: literal,
        disposition: row.carrier.disposition,
        path: plan.path(of: name, row.carrier)?.description)
    }
  }

  private static func settings(_ plan: Plan) -> [Setting] {
    let comparison = plan.comparison
    let subject = Subject(comparison.situation.subject)
    let variables = comparison.environment.map { row in
      Setting(
        dimension: .environment, subject: subject, name: row.name,
        before: plan.sensitivity.shown(row.before, of: row.name).json,
        byDefault: plan.sensitivity.shown(row.byDefault, of: row.name).json,
        after: plan.sensitivity.shown(row.after, of: row.name).json, carrier: row.carrier.name,
        path: plan.path(of: row.name, row.carrier)?.description)
    }
    return variables
      + comparison.settings.filter(\.isShown).map { row in
        Setting(
          dimension: row.home.key.dimension, subject: subject, name: row.home.key.name,
          before: row.shown(row.before, plan.sensitivity).json,
          byDefault: row.shown(row.byDefault, plan.sensitivity).json,
          after: row.shown(row.after, plan.sensitivity).json,
          carrier: row.carrier.name, path: row.carrier.path?.description)
      }
  }
}

extension Reference.Kind {
  /// The name in the JSON contract, which leaves the key out.
  package var contractName: String {
    switch self {
    case .secretKeyRef: "secretRef"
    case .configMapKeyRef: "configMapRef"
    case .fieldRef, .resourceFieldRef: rawValue
    }
  }
}

extension Plan {
  /// The value path that makes a variable so: its carrier's, or the home of the default that does.
  fileprivate func path(of name: String, _ carrier: Carrier) -> ValuePath? {
    if let path = carrier.path { return path }
    let situation = comparison.situation
    guard carrier == .targetDefault else { return nil }
    return situation.description(of: situation.canonicalName(of: name))?.home
  }

  /// The values with every secret redacted.
  package var redactedValues: JSON {
    let situation = comparison.situation
    let recipe = situation.recipe
    var values = self.values
    for (path, _) in comparison.proposal.homes where isSecret(path) {
      values.set(.string(Sensitivity.redacted), at: path)
    }
    for (key, carrier) in comparison.proposal.carriers {
      guard case .value(let path) = carrier, key.dimension != .environment,
        situation.choices.set[path] == nil, let value = values.value(at: path)
      else { continue }
      if PodObserver.hidden.contains(key), value != [], value != [:] {
        // A list stays one, so that a reader of the values can still tell that this is none.
        let isList = if case .array = value { true } else { false }
        let redacted = JSON.string(Sensitivity.redacted)
        values.set(isList ? [redacted] : redacted, at: path)
      } else {
        values.set(sensitivity.hiding(value, of: key), at: path)
      }
    }
    for path in situation.choices.set.keys where Sensitivity.isSensitive(path: path, recipe) {
      values.set(.string(Sensitivity.redacted), at: path)
    }
    if let sink = recipe.sink?.variables, case .object(let entries)? = values.value(at: sink) {
      for name in entries.keys
      where sensitivity.isSensitive(name) || Sensitivity.looksSensitive(name: name) {
        values = values.replacing((sink.keys + [name])[...], with: .string(Sensitivity.redacted))
      }
    } else if let sink = recipe.sink?.variables, let entries = values.value(at: sink)?.elements {
      values.set(
        .array(
          entries.map { entry in
            guard let name = entry["name"]?.string, entry["value"] != nil,
              sensitivity.isSensitive(name) || Sensitivity.looksSensitive(name: name)
            else { return entry }
            return ["name": .string(name), "value": .string(Sensitivity.redacted)]
          }), at: sink)
    }
    return sensitivity.redacting(values)
  }

  /// Whether a path holds the literal of a variable that is sensitive here.
  private func isSecret(_ path: ValuePath) -> Bool {
    comparison.proposal.carriers.contains { key, carrier in
      guard carrier == .value(path), sensitivity.isSensitive(key.name),
        case .value = comparison.situation.before[key.name]
      else { return false }
      return key.dimension == .environment
    }
  }
}

extension JSON {
  /// What a Deployment says, without the records that Kubernetes and people's tools keep in it.
  fileprivate var judgedContent: JSON {
    ["labels", "annotations"].reduce(content) { object, key in
      guard case .object(let marks)? = object["metadata"]?[key] else { return object }
      return object.replacing(
        ["metadata", key],
        with: .object(marks.filter { !Bookkeeping.isRecord($0.key, isAdded: false, key) }))
    }
  }
}
