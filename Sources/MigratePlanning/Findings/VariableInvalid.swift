/// The broker cannot make sense of a variable's value.
///
/// Meaning: a port or a number holds a text that is none, such as `http`, or one out of range, such
/// as `70000`. The broker has been running with whatever it makes of that. The plan keeps the text
/// as it is, among the chart's further variables, so the broker sees what it saw.
///
/// Why: the broker reads ports and numbers with `parseInt`, which finds no usable number here. The
/// chart's own value takes numbers only, so the text cannot go there.
///
/// Resolve: find out which number was meant, and give it. This changes what the broker does:
///
///     backbone-migrate plan web --set config.httpPort=9000
///
/// Severity: `warning`, taken care of as long as the text comes out as it was.
package enum VariableInvalid: ComparisonRule {
  package static let code = FindingCode.variableInvalid
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    let sensitivity = comparison.situation.sensitivity
    return comparison.environment.compactMap { row in
      guard let variable = comparison.situation.recipe.variable(row.name),
        variable.codec == .port || variable.codec == .integer, let text = row.before.text,
        variable.codec.value(of: text) == nil
      else { return nil }
      let kind = variable.codec == .port ? "port from 1 to 65535" : "number from 0 up"
      return comparison.finding(
        self, .warning, "variable \"\(row.name)\" is no \(kind); it stays as it is",
        before: sensitivity.shown(row.before, of: row.name),
        after: sensitivity.shown(row.after, of: row.name),
        remedy: "give the number that was meant: --set \(variable.home)=NUMBER",
        isResolved: row.state == .same)
    }
  }
}
