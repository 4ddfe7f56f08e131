/// The objects of a release as an apply leaves them, as the plan foretold it: kept with the backup,
/// to hold against what there is at any later time and on any machine.
package struct Foretold: Hashable, Sendable {
  /// The objects that the API server answered with when it was asked.
  private var answered: [JSON]
  /// The others, as the target renders them.
  private var rendered: [JSON]
  /// The fields that the chart draws anew each time, as `KIND/NAME PATH`.
  private var drawn: Set<String>

  /// What a plan foretells.
  package init(_ plan: Plan) {
    let (comparison, outlooks) = (plan.comparison, plan.evidence.outlooks)
    let namespace = comparison.situation.snapshot.release.namespace
    let asked = outlooks.filter(\.isAnswered)
    let known = Set(asked.map(\.reference))
    answered = asked.map(\.predicted.content)
    rendered = comparison.rendered.all.filter {
      !known.contains($0.objectReference(defaultNamespace: namespace))
    }.map(\.asStored)
    drawn = Set(
      comparison.drawn.objects.flatMap { object in
        object.paths.map { Self.place($0, of: object.object) }
      })
  }

  /// Reads what is kept in a backup; nil in one that an earlier version made.
  init?(json: JSON?) {
    guard let json, json != .null else { return nil }
    answered = json["answered"]?.elements ?? []
    rendered = json["rendered"]?.elements ?? []
    drawn = Set((json["drawn"]?.elements ?? []).compactMap(\.string))
  }

  var json: JSON {
    [
      "answered": .array(answered), "rendered": .array(rendered),
      "drawn": .array(drawn.sorted().map(JSON.string)),
    ]
  }

  /// The objects, to be asked for as they are now.
  package var objects: [JSON] { answered + rendered }

  /// What is missing now, or another value: controllers add to objects.
  package func differences(
    from live: Objects, in namespace: String, hiding sensitivity: Sensitivity
  ) -> [RunDocument.Difference] {
    func compare(
      _ objects: [JSON], _ unmet: (JSON, JSON) -> [FieldDifference]
    ) -> [RunDocument.Difference] {
      objects.flatMap { object -> [RunDocument.Difference] in
        let reference = object.objectReference(defaultNamespace: namespace)
        guard let found = live.object(reference, in: namespace) else {
          return [
            RunDocument.Difference(
              object: PlanDocument.Subject(reference), path: "metadata.name",
              expected: .string(reference.name), found: .null)
          ]
        }
        return unmet(object, found).filter { !isDrawn($0.path, of: reference) }.map {
          RunDocument.Difference($0, of: reference, hiding: sensitivity)
        }
      }
    }
    return compare(answered, Self.unmet) + compare(rendered, FieldDifference.unmet)
  }

  /// The fields that the API server foretold, and that a live object lacks or has otherwise.
  static func unmet(_ predicted: JSON, by found: JSON) -> [FieldDifference] {
    FieldDifference.between(predicted.content, found.content, exactly: true).filter { difference in
      difference.before != .null && !Bookkeeping.covers(difference)
        && !ServerDefaults.isDrawn(difference)
    }
  }

  private func isDrawn(_ path: [FieldDifference.Key], of object: ObjectReference) -> Bool {
    path.indices.contains { drawn.contains(Self.place(Array(path[...$0]), of: object)) }
  }

  private static func place(_ path: [FieldDifference.Key], of object: ObjectReference) -> String {
    "\(object) \(FieldDifference.text(path))"
  }
}

extension RunDocument.Difference {
  /// A field of an object that is otherwise than it was meant to be, as it may be shown.
  package init(
    _ difference: FieldDifference, of reference: ObjectReference, hiding sensitivity: Sensitivity
  ) {
    self.init(
      object: PlanDocument.Subject(reference), path: difference.pathText,
      expected: sensitivity.redacting(difference.before, at: difference.path, of: reference),
      found: sensitivity.redacting(difference.after, at: difference.path, of: reference))
  }
}

extension Backup {
  /// What is otherwise than it was when the backup was made.
  package func differences(
    from live: Objects, hiding sensitivity: Sensitivity
  ) -> [RunDocument.Difference] {
    let namespace = snapshot.release.namespace
    return objects.flatMap { object in
      let reference = object.objectReference(defaultNamespace: namespace)
      let now = live.object(reference, in: namespace)
      return FieldDifference.between(object.content, now?.content ?? .null).map {
        RunDocument.Difference($0, of: reference, hiding: sensitivity)
      }
    }
  }
}
