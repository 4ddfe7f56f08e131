/// What the operator chose for a plan.
package struct Choices: Hashable, Sendable {
  /// What becomes of a variable with neither home nor sink in the target.
  package enum Unmapped: String, Sendable, CaseIterable {
    case fail, keep, drop
  }

  /// The broker's container, where it cannot be told.
  package var container: String?
  package var unmapped: Unmapped
  /// Values that the operator sets, which win over what the plan proposes.
  package var set: [ValuePath: JSON]
  /// Value paths and finding codes whose new default the operator takes.
  package var adopt: Set<String>

  package init(
    container: String? = nil, unmapped: Unmapped = .fail, set: [ValuePath: JSON] = [:],
    adopt: Set<String> = []
  ) {
    self.container = container
    self.unmapped = unmapped
    self.set = set
    self.adopt = adopt
  }

  /// Whether they may lead to another ServiceAccount, so that what is bound to the old one matters.
  package var mayRenameServiceAccount: Bool {
    adopt.contains { $0.hasPrefix("serviceAccount") || $0.hasPrefix("service-account") }
      || set.keys.contains { $0.keys.first == "serviceAccount" }
  }

  /// The flag by which the operator settled homes, or everything that a finding is about, himself;
  /// nil when he did not.
  package func consent(homes: [ValuePath], code: FindingCode?) -> String? {
    for home in homes {
      let isSet = set.keys.contains {
        home.keys.starts(with: $0.keys) || $0.keys.starts(with: home.keys)
      }
      if isSet { return "--set \(home)" }
      if adopt.contains(home.description) { return "--adopt \(home)" }
    }
    guard let code, adopt.contains(code.rawValue) else { return nil }
    return "--adopt \(code)"
  }
}
