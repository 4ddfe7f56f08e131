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
      let found = live.object(kind: reference.kind, name: reference.name) ?? .null
      for difference in FieldDifference.unmet(object, by: found) {
        differences.append(
          RunDocument.Difference(
            object: PlanDocument.Subject(reference), path: difference.pathText,
            expected: sensitivity.redacting(difference.before, at: difference.path, of: reference),
            found: sensitivity.redacting(difference.after, at: difference.path, of: reference)))
      }
    }
    let workload = try Workload.find(
      in: live, container: target.containerName, preferred: [],
      where: "release \"\(situation.snapshot.release.name)\"")
    let now = EffectiveEnvironment(workload.environment, keys: situation.snapshot.sourceKeys)
    let subject = PlanDocument.Subject(
      ObjectReference(kind: "Deployment", name: workload.name, namespace: namespace))
    for name in after.order + now.order.filter({ after.variables[$0] == nil })
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
  /// The value of a field without secrets: that of a sensitive variable or of a Secret not at all.
  package func redacting(
    _ value: JSON, at path: [FieldDifference.Key], of reference: ObjectReference
  ) -> JSON {
    guard value != .null else { return .null }
    if reference.kind == "Secret",
      path.contains(.member("data")) || path.contains(.member("stringData"))
    {
      return .string(Self.redacted)
    }
    if let index = path.lastIndex(of: .member("env")), path.indices.contains(index + 1),
      case .entry(let name) = path[index + 1],
      isSensitive(name) || Self.looksSensitive(name: name)
    {
      return path.contains(.member("valueFrom")) ? value : hidingLiteral(value)
    }
    return redactingEntries(redacting(value))
  }

  /// An entry of `env`, or a value, without its literal.
  private func hidingLiteral(_ value: JSON) -> JSON {
    guard case .object(var members) = value else { return .string(Self.redacted) }
    if members["value"] != nil { members["value"] = .string(Self.redacted) }
    return .object(members)
  }

  /// Every entry of an `env` anywhere in a value without its literal, where the name is sensitive.
  private func redactingEntries(_ value: JSON) -> JSON {
    switch value {
    case .array(let elements):
      return .array(
        elements.map { element in
          guard let name = element["name"]?.string, element["value"] != nil,
            isSensitive(name) || Self.looksSensitive(name: name)
          else { return redactingEntries(element) }
          return hidingLiteral(element)
        })
    case .object(let members): return .object(members.mapValues(redactingEntries))
    default: return value
    }
  }
}
