extension Plan {
  /// What is otherwise in the cluster than the plan says: as the target renders it, as the API
  /// server foretold it, and what the broker's container sees.
  ///
  /// Of what was foretold, only what is missing or another value: controllers add to objects.
  ///
  /// - Throws: ``PlanError`` when the broker's Deployment is not among the live objects.
  package func differences(from live: Objects) throws(PlanError) -> [RunDocument.Difference] {
    var differences = try unforetold(from: live)
    for outlook in evidence.outlooks where outlook.isAnswered {
      let (reference, subject) = (outlook.reference, PlanDocument.Subject(outlook.reference))
      let home = comparison.situation.snapshot.release.namespace
      guard let found = live.object(reference, in: home) else { continue }
      for difference in Foretold.unmet(outlook.predicted, by: found)
      where !comparison.drawn.contain(difference.path, of: reference) {
        let path = difference.pathText
        guard !differences.contains(where: { $0.object == subject && $0.path == path }) else {
          continue
        }
        differences.append(
          RunDocument.Difference(difference, of: reference, hiding: sensitivity))
      }
    }
    return differences
  }

  /// What is otherwise than the target renders it, but for what the API server foretold to come out
  /// so: what admission changes on the way.
  private func unforetold(from live: Objects) throws(PlanError) -> [RunDocument.Difference] {
    let namespace = comparison.situation.snapshot.release.namespace
    let predicted = Dictionary(
      evidence.outlooks.filter(\.isAnswered).map { ($0.reference, $0.predicted) },
      uniquingKeysWith: { first, _ in first })
    let foretold = Set(
      try comparison.differences(
        from: Objects(
          comparison.rendered.all.map { object in
            predicted[object.objectReference(defaultNamespace: namespace)] ?? object
          }), hiding: sensitivity))
    return try comparison.differences(from: live, hiding: sensitivity).filter {
      !foretold.contains($0)
    }
  }
}

extension Comparison {
  /// What is otherwise in the cluster than the plan says: fields that the target renders, and what
  /// the broker's container sees.
  ///
  /// - Throws: ``PlanError`` when the broker's Deployment is not among the live objects.
  package func differences(
    from live: Objects, hiding sensitivity: Sensitivity
  ) throws(PlanError) -> [RunDocument.Difference] {
    let namespace = situation.snapshot.release.namespace
    var differences: [RunDocument.Difference] = []
    for object in rendered.all {
      let reference = object.objectReference(defaultNamespace: namespace)
      let found = live.object(reference, in: namespace) ?? .null
      for difference in FieldDifference.unmet(object.asStored, by: found)
      where !drawn.contain(difference.path, of: reference) {
        differences.append(
          RunDocument.Difference(difference, of: reference, hiding: sensitivity))
      }
    }
    let workload = try Workload.find(
      in: live, container: target.containerName, preferred: [],
      where: "release \"\(situation.snapshot.release.name)\"")
    let now = EffectiveEnvironment(workload.environment, keys: situation.snapshot.sourceKeys)
    let subject = PlanDocument.Subject(
      ObjectReference(kind: "Deployment", name: workload.name, namespace: namespace))
    for name in after.order + now.order.filter({ !after.sets($0) })
    where !after[name].isUnknown && !after[name].agrees(with: now[name]) {
      differences.append(
        RunDocument.Difference(
          object: subject, path: "environment[\(name)]",
          expected: sensitivity.shown(after[name], of: name).json,
          found: sensitivity.shown(now[name], of: name).json))
    }
    return differences
  }
}

extension Sensitivity {
  /// Differences of an object's fields as they may be shown.
  package func shown(
    _ differences: [FieldDifference], of reference: ObjectReference
  ) -> [RunDocument.Field] {
    differences.map { difference in
      RunDocument.Field(
        path: difference.pathText,
        before: redacting(difference.before, at: difference.path, of: reference),
        after: redacting(difference.after, at: difference.path, of: reference))
    }
  }

  /// The value of a field without secrets: that of a sensitive variable, of a Secret, or of a
  /// record of a whole object not at all.
  package func redacting(
    _ value: JSON, at path: [FieldDifference.Key], of reference: ObjectReference
  ) -> JSON {
    guard value != .null else { return .null }
    if path.contains(where: Self.hidesAll) { return .string(Self.redacted) }
    if reference.kind == "Secret" {
      return path.contains(.member("metadata"))
        ? hiding(value) : .string(Self.redacted)
    }
    if let index = path.lastIndex(of: .member("env")), path.indices.contains(index + 1),
      case .entry(let name) = path[index + 1],
      // Without names of their own, entries go by their place, and the name is not at hand.
      isSensitive(name) || Self.looksSensitive(name: name) || Int(name) != nil
    {
      return path.contains(.member("valueFrom")) ? value : hidingLiteral(value)
    }
    if case .member(let name)? = path.last, path.contains(.member("annotations")),
      Self.looksSensitive(name: name)
    {
      return .string(Self.redacted)
    }
    return hiding(redacting(value))
  }

  /// The value of a fact other than a variable without what looks like a secret.
  func hiding(_ value: JSON, of key: FactKey) -> JSON {
    guard key.name.hasSuffix("annotations"), case .object(let members) = value else {
      return hiding(value)
    }
    return .object(
      Dictionary(
        uniqueKeysWithValues: members.map { name, value in
          let hides = value != .null && Self.looksSensitive(name: name)
          return (name, hides ? .string(Self.redacted) : hiding(value))
        }))
  }

  private static func hidesAll(_ key: FieldDifference.Key) -> Bool {
    key == .member("kubectl.kubernetes.io/last-applied-configuration") || key == .member("data")
      || key == .member("stringData") || key == .member("httpHeaders")
      // Of a container.
      || key == .member("args") || key == .member("command")
  }

  /// An entry of `env`, or a value, without its literal.
  private func hidingLiteral(_ value: JSON) -> JSON {
    guard case .object(var members) = value else { return .string(Self.redacted) }
    if members["value"] != nil { members["value"] = .string(Self.redacted) }
    return .object(members)
  }

  /// A tree without what looks like a secret by its name or by itself, whether the release had it
  /// before or not.
  package func hiding(_ value: JSON) -> JSON {
    switch value {
    case .array(let elements):
      return .array(
        elements.map { element in
          guard let name = element["name"]?.string, element["value"] != nil,
            isSensitive(name) || Self.looksSensitive(name: name)
          else { return hiding(element) }
          return hidingLiteral(element)
        })
    case .object(let members):
      return .object(
        Dictionary(
          uniqueKeysWithValues: members.map { key, value in
            let isHidden =
              Self.hidesAll(.member(key))
              || key == "annotations"
                && value.members.keys.contains { Self.looksSensitive(name: $0) }
            return (key, isHidden ? .string(Self.redacted) : hiding(value))
          }))
    case .string(let text):
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      let names = parts.count == 2 && Self.looksSensitive(name: parts[0])
      return names || Self.looksSensitive(value: text) ? .string(Self.redacted) : value
    default: return value
    }
  }
}
