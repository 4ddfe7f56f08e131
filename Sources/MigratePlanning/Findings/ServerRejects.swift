/// The API server would not take an object as rendered.
///
/// It was asked with a dry run, which changes nothing: a rule of the API, an admission webhook, a
/// quota or a missing permission stands against it.
///
/// Resolve it by what the server says, and plan again.
package enum ServerRejects: FindingRule {
  package static let code = FindingCode.serverRejects
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.answers.rejections.map { rejection in
      comparison.finding(
        self, .blocker, "the API server refuses \(rejection.object): \(rejection.reason)",
        subject: rejection.object, remedy: "mend what it says, then plan again")
    }
  }
}
