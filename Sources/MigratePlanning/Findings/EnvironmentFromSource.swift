/// A whole ConfigMap or Secret fills variables (`envFrom`), and the target chart sets some of them.
///
/// `env` wins over `envFrom`: a variable that the chart writes itself would hide the one from the
/// source. The plan reads such variables from the very key of the source, so that the source still
/// decides.
package enum EnvironmentFromSource: FindingRule {
  package static let code = FindingCode.environmentFromSource
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    return situation.live.environment.sources.map { source in
      let hidden = comparison.environment.filter { row in
        guard let reference = situation.before.fromSource[row.name],
          reference.selector["name"]?.string == source.name
        else { return false }
        return situation.byDefault.variables[row.name] != nil
      }
      let content = situation.snapshot.sourceKeys[source.identity]
      let name = "\(source.kind.rawValue) \"\(source.name)\""
      let subject = ObjectReference(
        kind: source.kind.rawValue, name: source.name,
        namespace: situation.snapshot.release.namespace)
      if content == .missing {
        return comparison.finding(
          self, source.isOptional ? .info : .warning, "\(name), an envFrom source, does not exist",
          subject: subject,
          remedy: source.isOptional ? nil : "Pods cannot start without it; create it",
          isResolved: source.isOptional)
      }
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
}
