/// What the tool works with, as it was found: what `doctor` judges.
package struct Surroundings: Sendable {
  package typealias Answer<Value: Sendable> = Result<Value, CheckFailure>

  /// The kubeconfig's context.
  package struct Context: Hashable, Sendable {
    package var name: String
    package var namespace: String?

    package init(name: String, namespace: String?) {
      self.name = name
      self.namespace = namespace
    }
  }

  /// The history file.
  package enum History: Hashable, Sendable {
    /// There is none, and one can be made.
    case absent
    /// What is wrong with it is listed; it lets others in or not.
    case present(problems: [String], isOpenToOthers: Bool)
    /// It is there, and can be read only.
    case readOnly(String)
    /// It cannot be used at all.
    case unusable(String)
  }

  /// A backup in the cluster.
  package struct KeptBackup: Hashable, Sendable {
    package var run: String
    package var createdAt: DocumentTime
    /// The Secrets that are there, and that there have to be.
    package var parts: Int
    package var expectedParts: Int

    package init(run: String, createdAt: DocumentTime, parts: Int, expectedParts: Int) {
      self.run = run
      self.createdAt = createdAt
      self.parts = parts
      self.expectedParts = expectedParts
    }
  }

  /// What helm says of a release.
  package struct ReleaseState: Hashable, Sendable {
    package var revision: Int
    package var status: String
    /// Such as `backbone 0.1.0`; nil when helm's history does not tell.
    package var chart: String?
    /// The kinds of the manifest.
    package var kinds: [ResourceName]
    /// Kinds whose resource only the server knows.
    package var unknownKinds: [String]

    package init(
      revision: Int, status: String, chart: String?, kinds: [ResourceName], unknownKinds: [String]
    ) {
      self.revision = revision
      self.status = status
      self.chart = chart
      self.kinds = kinds
      self.unknownKinds = unknownKinds
    }
  }

  /// One release, where it was named.
  package struct Release: Sendable {
    package var name: String
    package var state: Answer<ReleaseState>
    /// What the user may do with its kinds beyond those of the Roles.
    package var further: Answer<[Permission: Bool]>
    /// Nil inside when no run ever took the lock.
    package var lock: Answer<ReleaseLock?>
    package var backups: Answer<[KeptBackup]>
    /// Where there is one of that name, or which one may have been meant, when it is not there.
    package var advice: String?

    package init(
      name: String, state: Answer<ReleaseState>, further: Answer<[Permission: Bool]>,
      lock: Answer<ReleaseLock?>, backups: Answer<[KeptBackup]>
    ) {
      self.name = name
      self.state = state
      self.further = further
      self.lock = lock
      self.backups = backups
    }
  }

  /// Versions, without a leading `v`.
  package var helm: Answer<String>
  package var kubectl: Answer<String>
  package var server: Answer<String>
  package var context: Answer<Context>
  /// The namespace that commands work in.
  package var namespace: String
  /// Its phase, such as `Active`.
  package var phase: Answer<String>
  package var permissions: Answer<[Permission: Bool]>
  package var historyPath: String
  package var history: History
  /// The folder for temporary files.
  package var temporaryFolder: Answer<String>
  package var release: Release?

  package init(
    helm: Answer<String>, kubectl: Answer<String>, server: Answer<String>,
    context: Answer<Context>, namespace: String, phase: Answer<String>,
    permissions: Answer<[Permission: Bool]>, historyPath: String, history: History,
    temporaryFolder: Answer<String>, release: Release? = nil
  ) {
    self.helm = helm
    self.kubectl = kubectl
    self.server = server
    self.context = context
    self.namespace = namespace
    self.phase = phase
    self.permissions = permissions
    self.historyPath = historyPath
    self.history = history
    self.temporaryFolder = temporaryFolder
    self.release = release
  }
}

extension ResourceName {
  /// The verbs that a run may need on a kind of the release's.
  package static let verbs = ["get", "create", "update", "patch", "delete"]

  /// All that a run may do to objects of the kind.
  package func permissions(in namespace: String?) -> [Permission] {
    Self.verbs.map { Permission($0, resource, group: group, in: namespace) }
  }

  /// Whether the Roles have it.
  package var isOfRoles: Bool {
    ShippedRole.apply.rules.contains {
      $0.group == group && $0.resources.contains(resource) && $0.verbs.contains("update")
    }
  }
}
