/// What works and what does not: the JSON contract `backbone-migrate/doctor/v1`, without secrets.
package struct DoctorDocument: Hashable, Sendable, Codable {
  /// The name of the contract.
  package static let schema = "backbone-migrate/doctor/v1"

  /// How a check came out.
  package enum State: String, Sendable, Codable, CaseIterable {
    case ok, warning, failed
    /// It could not be asked, because something else does not work.
    case skipped
  }

  /// What is looked at, in the order in which it is shown.
  package enum CheckName: String, Sendable, Codable, CaseIterable {
    case helm, kubectl, kubeconfig, cluster, namespace
    /// The permissions to plan.
    case plan
    /// The permissions to apply and to roll back.
    case apply
    case history
    case temporaryFolder = "temporary-folder"
    case release
    /// The permissions for kinds of the release that the Roles do not have.
    case kinds
    case lock, backups
  }

  package struct Check: Hashable, Sendable, Codable {
    package var name: CheckName
    package var state: State
    /// What is so: one sentence.
    package var message: String
    /// What to do; null when nothing is to be done.
    @Nullable package var remedy: String?
    /// The permissions that are missing.
    package var missing: [Permission]

    package init(
      _ name: CheckName, _ state: State, _ message: String, remedy: String? = nil,
      missing: [Permission] = []
    ) {
      self.name = name
      self.state = state
      self.message = message
      self.remedy = remedy
      self.missing = missing
    }
  }

  package var schema: String
  /// Whether nothing failed.
  package var works: Bool
  package var namespace: String
  /// The release that was named; null when none was.
  @Nullable package var release: String?
  package var checks: [Check]

  package init(namespace: String, release: String?, checks: [Check]) {
    schema = Self.schema
    self.namespace = namespace
    self.release = release
    self.checks = checks
    works = !checks.contains { $0.state == .failed }
  }
}

extension DoctorDocument {
  /// The document as JSON.
  ///
  /// - Throws: when it cannot be written as JSON.
  package var json: JSON { get throws { try JSON(encoding: self) } }
}
