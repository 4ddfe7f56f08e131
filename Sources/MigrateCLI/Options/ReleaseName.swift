import ArgumentParser

/// The name of a release: what helm takes, so that no name can pass for a flag.
struct ReleaseName: Hashable, Sendable {
  let text: String

  /// Takes a name by helm's rule: up to 53 characters, parts of lower-case letters, digits and `-`
  /// joined by dots; nil for anything else.
  init?(_ text: String) {
    let rule = /[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/
    guard text.utf8.count <= 53, text.wholeMatch(of: rule) != nil else { return nil }
    self.text = text
  }
}

extension ReleaseName: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
