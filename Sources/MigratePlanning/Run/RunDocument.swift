/// One execution, dry or real, as it leaves the process: the JSON contract
/// `backbone-migrate/run/v1`, without secrets. Views and the history know only this.
package struct RunDocument: Hashable, Sendable, Codable {
  /// The name of the contract.
  package static let schema = "backbone-migrate/run/v1"

  package enum Kind: String, Sendable, Codable, CaseIterable {
    case apply, rollback
  }

  /// Where a run stands.
  package enum State: String, Sendable, Codable, CaseIterable {
    /// A dry run: nothing was changed.
    case previewed = "foretold"
    case running
    /// Done, and the cluster is as it was meant to be.
    case done
    /// Done, and something differs from what was meant: see ``RunDocument/differences``.
    case differs
    /// It stopped with an error; what it had changed is still so.
    case failed
    /// An apply that failed and was rolled back.
    case rolledBack = "rolled-back"
    /// The operator stopped it; what it had changed is still so.
    case interrupted

    /// Whether nothing more happens in a run of this state.
    package var isOver: Bool { self != .running }
    /// Whether the release is left half-way, so that somebody has to finish.
    package var needsHelp: Bool { [.running, .failed, .interrupted].contains(self) }
  }

  /// The steps of a run, in their order.
  package enum StepName: String, Sendable, Codable, CaseIterable {
    case lock
    /// See that the release is still what was planned, and ask the API server, by dry runs, whether
    /// it takes what will be sent.
    case validate
    case backup
    /// Stop the old Deployment from changing, or delete it where it has to be replaced.
    case prepare
    /// Run helm.
    case helm
    /// Put right what helm's merge left otherwise than it should be; on the way back also every
    /// other object of the backup, and delete what the apply made.
    case restore
    /// Let the Deployment roll out.
    case resume
    case wait
    case verify
  }

  package struct Step: Hashable, Sendable, Codable {
    package enum State: String, Sendable, Codable {
      case running, done, skipped, failed
    }

    package var name: StepName
    package var state: State
    package var startedAt: DocumentTime
    @Nullable package var finishedAt: DocumentTime?
    /// What was done, or why it was not; one sentence without secrets.
    @Nullable package var detail: String?

    package init(
      name: StepName, state: State, startedAt: DocumentTime, finishedAt: DocumentTime? = nil,
      detail: String? = nil
    ) {
      self.name = name
      self.state = state
      self.startedAt = startedAt
      self.finishedAt = finishedAt
      self.detail = detail
    }
  }

  package struct Release: Hashable, Sendable, Codable {
    package var name: String
    package var namespace: String
    @Nullable package var clusterID: String?
    @Nullable package var context: String?
    /// The revision that the run began with.
    package var fromRevision: Int
    /// The revision that it left; null while there is none.
    @Nullable package var toRevision: Int?

    package init(
      name: String, namespace: String, clusterID: String? = nil, context: String? = nil,
      fromRevision: Int, toRevision: Int? = nil
    ) {
      self.name = name
      self.namespace = namespace
      self.clusterID = clusterID
      self.context = context
      self.fromRevision = fromRevision
      self.toRevision = toRevision
    }
  }

  package struct PlanReference: Hashable, Sendable, Codable {
    package var id: String
    package var digest: String

    package init(id: String, digest: String) {
      self.id = id
      self.digest = digest
    }
  }

  /// What becomes of one object, field by field.
  package struct Change: Hashable, Sendable, Codable {
    package var object: PlanDocument.Object
    package var fields: [Field]

    package init(object: PlanDocument.Object, fields: [Field]) {
      self.object = object
      self.fields = fields
    }
  }

  /// A field before and after; null where it is not there.
  package struct Field: Hashable, Sendable, Codable {
    /// Such as `spec.template.spec.containers[backbone].env[LOG_LEVEL].value`.
    package var path: String
    package var before: JSON
    package var after: JSON

    package init(path: String, before: JSON, after: JSON) {
      self.path = path
      self.before = before
      self.after = after
    }
  }

  /// Something that is otherwise than it was meant to be.
  package struct Difference: Hashable, Sendable, Codable {
    package var object: PlanDocument.Subject
    package var path: String
    package var expected: JSON
    package var found: JSON

    package init(object: PlanDocument.Subject, path: String, expected: JSON, found: JSON) {
      self.object = object
      self.path = path
      self.expected = expected
      self.found = found
    }
  }

  /// What there is at this moment, whatever the run left on record.
  package struct Now: Hashable, Sendable, Codable {
    /// Helm's last revision, and its status such as `deployed`; null when the release is not there.
    @Nullable package var revision: Int?
    @Nullable package var status: String?
    /// The release's Deployments that are paused, as `Deployment/NAME`.
    package var heldStill: [String]
    /// The programs of the run that are still at it on this machine.
    package var programs: [String]
    /// What is otherwise than the run left it; null where that is not known, as of one that did not
    /// come to a good end.
    @Nullable package var differences: [Difference]?

    /// Whether the release is gone, whatever helm kept of its history.
    package var isUninstalled: Bool {
      revision == nil || status == "uninstalled" || status == "uninstalling"
    }

    package init(
      revision: Int?, status: String?, heldStill: [String], programs: [String],
      differences: [Difference]? = nil
    ) {
      self.revision = revision
      self.status = status
      self.heldStill = heldStill
      self.programs = programs
      self.differences = differences
    }
  }

  package var schema: String
  package var id: String
  package var kind: Kind
  package var dryRun: Bool
  package var state: State
  /// One sentence: why it is in this state. Null when there is nothing to say.
  @Nullable package var message: String?
  package var startedAt: DocumentTime
  @Nullable package var finishedAt: DocumentTime?
  package var release: Release
  /// The plan that is carried out or undone; null when it is not known.
  @Nullable package var plan: PlanReference?
  /// The id of the backup in the cluster: the run that made it. Null while there is none.
  @Nullable package var backup: String?
  package var steps: [Step]
  package var findings: [PlanDocument.FindingEntry]
  package var changes: [Change]
  package var differences: [Difference]
  /// The one command to go on with; null when nothing is left to do.
  @Nullable package var next: NextCommand?
  /// The command that takes the run back, by its backup; null where that is the next one, and where
  /// there is nothing to take back.
  @Nullable package var back: NextCommand?
  /// Null where the run tells of itself, and where it could not be seen.
  @Nullable package var now: Now?

  package init(
    id: String, kind: Kind, dryRun: Bool = false, state: State = .running,
    startedAt: DocumentTime, release: Release, plan: PlanReference? = nil
  ) {
    schema = Self.schema
    self.id = id
    self.kind = kind
    self.dryRun = dryRun
    self.state = state
    self.startedAt = startedAt
    self.release = release
    self.plan = plan
    steps = []
    findings = []
    changes = []
    differences = []
  }
}

extension RunDocument {
  /// The document as JSON.
  ///
  /// - Throws: when it cannot be written as JSON.
  package var json: JSON { get throws { try JSON(encoding: self) } }

  /// Reads a document of this contract.
  ///
  /// - Throws: ``DocumentError`` when the text is none.
  package init(text: String) throws(DocumentError) {
    self = try RunDocument.document(text, schema: Self.schema)
    guard id.isID(of: "run"), backup?.isID(of: "run") != false,
      plan?.id.isID(of: "plan") != false
    else { throw DocumentError(reason: "\"id\", \"backup\" or \"plan.id\" is no id") }
  }
}
