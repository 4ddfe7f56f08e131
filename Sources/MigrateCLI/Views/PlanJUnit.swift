import MigratePlanning

/// A plan as JUnit XML, which CI systems show beside their tests.
///
/// What keeps the plan from READY is a failed test: a variable, a finding, what was not judged.
/// Everything else has passed. No two of them have the same name, for CI systems keep one of these.
enum PlanJUnit {
  static func text(_ plan: PlanDocument) -> String {
    let suites = [
      Suite(name: "environment", cases: distinct(plan.environment.map(variable))),
      Suite(name: "findings", cases: distinct(plan.findings.map(finding))),
      Suite(name: "not judged", cases: distinct(plan.unchecked.map(unchecked))),
    ].filter { !$0.cases.isEmpty }
    let all = Suite(name: "backbone-migrate", cases: suites.flatMap(\.cases))
    let place = "\(plan.release.namespace)/\(plan.release.name)"
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites\(all.attributes)>
      \(suites.map { $0.text(at: place, plan.createdAt.text) }.joined(separator: "\n"))
      </testsuites>

      """
  }

  private static func variable(_ variable: PlanDocument.Variable) -> Case {
    let words = "\(variable.before.words) → \(variable.after.words)"
    let end: Case.End
    if variable.state == .same {
      end = .passed(nil)
    } else if variable.isExplained, let code = variable.explainedBy {
      end = .passed("\(words), explained by \(code.rawValue)")
    } else {
      end = .failed(variable.state.rawValue, words, remedy: nil)
    }
    return Case(group: "environment", name: variable.name, end: end)
  }

  private static func finding(_ finding: PlanDocument.FindingEntry) -> Case {
    let subject = "\(finding.subject.kind)/\(finding.subject.name)"
    let keepsFromReady =
      finding.isOpen && (finding.severity == .blocker || finding.severity == .breaking)
    return Case(
      group: finding.dimension.rawValue, name: "\(finding.code.rawValue) \(subject)",
      words: finding.message,
      end: keepsFromReady
        ? .failed(finding.severity.rawValue, finding.message, remedy: finding.remedy)
        : .passed(finding.isOpen ? "\(finding.severity.rawValue): \(finding.message)" : nil))
  }

  private static func unchecked(_ entry: Unchecked) -> Case {
    Case(
      group: "not judged", name: entry.code, words: entry.reason,
      end: .failed("not judged", entry.reason, remedy: nil))
  }

  /// The cases, those of equal name with what tells them apart.
  private static func distinct(_ cases: [Case]) -> [Case] {
    let count = Dictionary(cases.map { ("\($0.group)\n\($0.name)", 1) }, uniquingKeysWith: +)
    var taken: Set<String> = []
    return cases.map { one in
      var one = one
      if count["\(one.group)\n\(one.name)", default: 0] > 1, let words = one.words {
        one.name += ": \(words)"
      }
      let name = one.name
      var number = 1
      while !taken.insert("\(one.group)\n\(one.name)").inserted {
        number += 1
        one.name = "\(name) (\(number))"
      }
      return one
    }
  }
}

/// What JUnit calls a test.
private struct Case {
  enum End {
    /// With what was seen, if it deserves a line.
    case passed(String?)
    case failed(String, String, remedy: String?)
  }

  let group: String
  var name: String
  /// What is said of it.
  var words: String?
  let end: End

  func text(at place: String) -> String {
    let head = "    <testcase classname=\"\(xml("\(place) \(group)"))\" name=\"\(xml(name))\""
    switch end {
    case .passed(nil): return "\(head)/>"
    case .passed(let words?):
      return "\(head)>\n      <system-out>\(xml(words))</system-out>\n    </testcase>"
    case .failed(let type, let message, let remedy):
      let body = remedy.map { "\(message)\n→ \($0)" } ?? message
      return "\(head)>\n      <failure type=\"\(xml(type))\" message=\"\(xml(message))\">"
        + body.split(separator: "\n").map { xml(String($0)) }.joined(separator: "\n")
        + "</failure>\n    </testcase>"
    }
  }
}

private struct Suite {
  let name: String
  let cases: [Case]

  func text(at place: String, _ timestamp: String) -> String {
    "  <testsuite\(attributes) errors=\"0\" timestamp=\"\(xml(timestamp))\">\n"
      + cases.map { $0.text(at: place) }.joined(separator: "\n") + "\n  </testsuite>"
  }

  var attributes: String {
    let failures = cases.count { if case .failed = $0.end { true } else { false } }
    return " name=\"\(xml(name))\" tests=\"\(cases.count)\" failures=\"\(failures)\""
  }
}

/// Text for an element or an attribute: what XML cannot hold, and what nobody can see, as escapes.
private func xml(_ text: String) -> String { ReportText().escapeText(text) }
