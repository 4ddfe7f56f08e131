/// A variable's text changes on its way through the target chart.
///
/// Meaning: `08883` comes out as `8883`, and the broker reads the same number: nothing changes for
/// it. Where it would read something else, the plan stops.
///
/// Why: the chart's value is a number or a flag, and is written in its usual form. A chart that
/// does not quote what it is given does worse: `12345678` comes out as `1.2345678e+07`, and
/// `0123456` as `42798`. A chart that leaves out the quotes writes a number in place of a text, and
/// Kubernetes refuses the whole Deployment then, whatever the value.
///
/// Resolve: there is nothing to do if the broker reads the same. If not, plan with a chart that
/// writes values as they are given, or write the text on the live Deployment as the chart would,
/// which restarts the broker:
///
///     kubectl set env deployment/web HTTP_PORT=8883 --namespace mqtt
///
/// Severity: `info` when the broker reads the same; `blocker` when it does not, or when
/// Kubernetes would refuse it.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ValueNotExact: ComparisonRule {
  package static let code = FindingCode.valueNotExact
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    let sensitivity = comparison.situation.sensitivity
    let malformed = comparison.target.environment.variables.compactMap { variable -> Finding? in
      guard case .malformed(let value) = variable.source else { return nil }
      let shown = sensitivity.shown(.value(value), of: variable.name)
      return comparison.finding(
        self, .blocker,
        "\(comparison.targetName) writes variable \"\(variable.name)\" as \(shown.words) "
          + "where Kubernetes takes texts only",
        before: sensitivity.shown(comparison.situation.before[variable.name], of: variable.name),
        after: shown, remedy: "use a target chart that puts the value in quotes")
    }
    return malformed
      + comparison.environment.filter { !$0.after.isMalformed }.compactMap { row in
        let isUnexplained = row.state == .changed && row.explanation == nil && row.consent == nil
        guard row.explanation == code || isUnexplained else { return nil }
        let before = sensitivity.shown(row.before, of: row.name)
        let after = sensitivity.shown(row.after, of: row.name)
        return comparison.finding(
          self, isUnexplained ? .blocker : .info,
          "variable \"\(row.name)\" is \(before.words) before and \(after.words) after"
            + (isUnexplained ? "" : "; the broker reads both as the same"),
          before: before, after: after,
          remedy: isUnexplained ? "use a target chart that writes values as they are given" : nil,
          isResolved: !isUnexplained)
      }
  }
}
