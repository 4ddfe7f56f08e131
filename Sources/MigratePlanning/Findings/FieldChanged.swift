/// A field of an object changes, and nothing that this program knows keeps it or says what that
/// means.
///
/// Meaning: whatever goes by the field works otherwise after the upgrade. The plan compares whole
/// objects, as they are live and as the API server has them after an apply; what no value of the
/// chart, no rule and no bookkeeping of Kubernetes' accounts for is listed field by field, with
/// what is there before and after.
///
/// Why: the field is in chart 0.1.0's manifest and not in the new one, or the new chart says
/// something else. What the cluster changes by itself is `changed-by-admission`.
///
/// Resolve: where the chart has a value for it, set that with `--set`. Where the change is sound,
/// accept it, field by field:
///
///     backbone-migrate apply web \
///       --accept field-changed=Service/web:spec.trafficDistribution
///
/// Without a path, `--accept field-changed` accepts all of a plan that is named by its id.
///
/// Severity: `breaking`.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum FieldChanged: FindingRule {
  package static let code = FindingCode.fieldChanged
  package static let dimension = Dimension.ownership

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    return evidence.outlooks.flatMap { outlook in
      outlook.unclaimed(in: comparison).filter { !$0.isByAdmission }.map {
        finding(self, $0.difference, of: outlook.reference, comparison)
      }
    }
  }

  /// The finding of a rule about one field.
  static func finding(
    _ rule: any FindingRule.Type, _ difference: FieldDifference, of object: ObjectReference,
    because reason: String = "", remedy: String = "set it with a value of the chart, or accept it",
    _ comparison: Comparison
  ) -> Finding {
    let sensitivity = comparison.situation.sensitivity
    func shown(_ value: JSON) -> Observed {
      value == .null
        ? .absent : .value(sensitivity.redacting(value, at: difference.path, of: object))
    }
    let (path, code) = (difference.pathText, rule.code)
    let (before, after) = (shown(difference.before), shown(difference.after))
    let words =
      if difference.after == .null {
        "\(path) of \(object) is not set any more"
      } else if difference.before == .null {
        "\(path) of \(object) is set"
      } else {
        "\(path) of \(object) changes"
      }
    var finding = comparison.finding(
      rule, .breaking, words + reason, subject: object, before: before, after: after,
      remedy: "\(remedy): --accept " + "\(code)=\(object):\(path)".shellQuoted,
      acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
    finding.path = path
    return finding
  }
}

extension ObjectOutlook {
  /// The differences between what is live and what is predicted that neither a setting nor a rule
  /// nor bookkeeping accounts for, and that no chart draws: ``ValueDrawn`` speaks of those.
  func unclaimed(
    in comparison: Comparison
  ) -> [(difference: FieldDifference, isByAdmission: Bool)] {
    let coverage = FieldCoverage(comparison: comparison, outlook: self)
    return differences(in: comparison).filter {
      !coverage.claims($0) && !comparison.drawn.contain($0.path, of: reference)
    }.map { ($0, coverage.isChangedOnTheWay($0)) }
  }

  /// The differences between what is live and what is predicted, less bookkeeping, what the API
  /// server fills in or draws, and the names that objects which take each other's place differ by.
  package func differences(in comparison: Comparison) -> [FieldDifference] {
    var (before, after) = (Self.content(of: live), Self.content(of: predicted))
    if isRenamed {
      after = after.replacing(["metadata", "name"], with: .string(current.name))
    }
    if current == comparison.situation.subject {
      after = after.renamingContainer(
        comparison.target.containerName, to: comparison.situation.live.containerName)
    }
    (before, after) = (
      before.without("metadata", "namespace"), after.without("metadata", "namespace")
    )
    return FieldDifference.between(before, after, exactly: isAnswered).filter { difference in
      !Bookkeeping.covers(difference) && !(isRenamed && ServerDefaults.isDrawn(difference))
        && !(isAnswered == false && isFilledIn(difference))
    }
  }

  /// What an object says, a ServiceAccount's Secrets among it.
  private static func content(of object: JSON) -> JSON {
    let object = object.asStored
    return object["kind"] == "ServiceAccount" && object["secrets"] != nil
      ? object.content.replacing(["secrets"], with: object["secrets"] ?? .null) : object.content
  }

  /// Whether a field would be filled in where it was not asked what the API server makes of it.
  private func isFilledIn(_ difference: FieldDifference) -> Bool {
    difference.after.isNothing && ServerDefaults.has(difference.before, at: difference.path)
      || difference.before.isNothing && ServerDefaults.has(difference.after, at: difference.path)
      || difference.after.isNothing && difference.path.last?.name == "serviceAccount"
  }
}

extension JSON {
  /// A Deployment with another name for one of its containers.
  fileprivate func renamingContainer(_ name: String, to other: String) -> JSON {
    guard name != other else { return self }
    let containers = Deployment(self).containers.map { container in
      container["name"]?.string == name
        ? container.replacing(["name"], with: .string(other)) : container
    }
    return replacing(["spec", "template", "spec", "containers"], with: .array(containers))
  }
}
