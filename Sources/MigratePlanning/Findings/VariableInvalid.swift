/// The broker cannot make sense of a variable's value.
///
/// A port or number is read with `parseInt`; in this text it finds none, or one out of range. The
/// structured value of the target chart takes numbers only, so the text is kept as it is in the
/// list of further variables: the broker sees what it saw.
///
/// Resolve it by giving the number that was meant.
package enum VariableInvalid: FindingRule {
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
