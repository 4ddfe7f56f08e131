/// A value that was given to the old chart is not among the new values.
///
/// Meaning: somebody installed the release with this value, and nothing that the live broker has
/// accounts for it. The upgrade starts from the target chart's own defaults, so the value ends
/// here.
///
/// Why: the target chart calls it otherwise, or has nothing like it. It may also never have done
/// anything: chart 0.1.0 ignored most of what it was given, as helm charts do with names they do
/// not know.
///
/// Resolve: look for what it was meant to do. Set the target's value for it, or let all such values
/// go:
///
///     backbone-migrate plan web --set priorityClassName=critical
///     backbone-migrate plan web --adopt value-unsupported
///
/// Severity: `breaking`, until you let it go.
package enum ValueUnsupported: ComparisonRule {
  package static let code = FindingCode.valueUnsupported
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let chosen = Array(situation.choices.set.keys) + Array(comparison.proposal.homes.keys)
    return situation.snapshot.supplied.leaves.compactMap { keys, value in
      guard !keys.isEmpty, value != .null,
        !(situation.recipe.observedValues + chosen).contains(where: { keys.starts(with: $0.keys) }),
        let path = try? ValuePath(keys.map { $0.replacingDots }.joined(separator: ".")),
        situation.target.defaults.value(at: path) != value,
        !namesCarriedVolume(keys, value, comparison)
      else { return nil }
      let isKnown = situation.target.has(path)
      return comparison.finding(
        self, .breaking, "value \"\(path)\" was given to the old chart and is not carried over",
        remedy: isKnown
          ? "\(comparison.targetName) has a value of that name: --set "
            + "\("\(path)=VALUE".shellQuoted)"
          : "\(comparison.targetName) has no such value; --adopt \(code) lets it go",
        acceptedBy: situation.choices.consent(homes: [], code: code))
    }
  }

  /// Whether a value is part of the volume at /data, which the plan keeps by what is live: the
  /// claim's name, or a Kubernetes volume, under whatever keys the old chart had for it.
  private static func namesCarriedVolume(
    _ keys: [String], _ value: JSON, _ comparison: Comparison
  ) -> Bool {
    guard let claim = comparison.setting(WorkloadObserver.dataClaim), claim.isKept,
      let volume = comparison.setting(WorkloadObserver.dataVolume), volume.isKept
    else { return false }
    let source: JSON
    if case .value(let name) = claim.before {
      let isName = ["claim", "claimname"].contains { keys.last?.lowercased().hasSuffix($0) == true }
      if isName, value == name { return true }
      source = ["persistentVolumeClaim": ["claimName": name]]
    } else if case .value(let kept) = volume.before {
      source = kept
    } else {
      return false
    }
    return keys.indices.contains { start in
      keys[start...].reduce(source) { part, key in part?[key] } == value
    }
  }
}

extension String {
  fileprivate var replacingDots: String {
    split(separator: ".", omittingEmptySubsequences: false).joined(separator: "\\.")
  }
}
