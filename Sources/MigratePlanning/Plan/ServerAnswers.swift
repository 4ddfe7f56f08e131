/// What the API server answered when it was asked about the rendered objects, without changing
/// anything.
package struct ServerAnswers: Hashable, Sendable {
  /// Objects that the upgrade would create and that exist already.
  package var existing: Objects
  /// Objects that the target's defaults would create, and the plan does not, and that exist
  /// already.
  package var avoided: Objects
  package var conflicts: [FieldConflict]
  package var rejections: [Rejection]
  /// What could not be asked, and why.
  package var unasked: [Unchecked]
  /// Objects of the namespace, and classes of the cluster, that bear on what changes.
  package var neighbours: Objects
  /// The kinds of those that could not be read, and why.
  package var unread: [Neighbour: String]
  /// What the Secrets hold that variables are read from anew, by their keys.
  package var sourceKeys: SourceKeys
  /// How long the running Pod took until it was ready; nil when not known or not needed.
  package var startUpSeconds: Int?
  /// What the API server makes of each object that an apply writes; those are missing that it did
  /// not take.
  package var predicted: [ObjectReference: JSON]
  /// Objects that the server would not take as they are now, when a rollback puts them back.
  package var wayBack: [Rejection]
  /// What the server makes of those that a rollback puts back.
  package var backAgain: [ObjectReference: JSON]
  /// What may change objects on their way: webhooks and policies, as `KIND/NAME`, as far as they
  /// could be listed.
  package var mutators: [String]

  /// Takes an answer to every question: what was not heard is no answer.
  package init(
    existing: Objects, avoided: Objects, conflicts: [FieldConflict], rejections: [Rejection],
    unasked: [Unchecked], neighbours: Objects, unread: [Neighbour: String],
    sourceKeys: SourceKeys, startUpSeconds: Int?, predicted: [ObjectReference: JSON],
    wayBack: [Rejection], backAgain: [ObjectReference: JSON], mutators: [String]
  ) {
    self.existing = existing
    self.avoided = avoided
    self.conflicts = conflicts
    self.rejections = rejections
    self.unasked = unasked
    self.neighbours = neighbours
    self.unread = unread
    self.sourceKeys = sourceKeys
    self.startUpSeconds = startUpSeconds
    self.predicted = predicted
    self.wayBack = wayBack
    self.backAgain = backAgain
    self.mutators = mutators
  }

  /// A field that another manager owns, with another value than the rendered one.
  package struct FieldConflict: Hashable, Sendable {
    package var object: ObjectReference
    package var manager: String
    /// The field's path as the server writes it.
    package var field: String

    package init(object: ObjectReference, manager: String, field: String) {
      self.object = object
      self.manager = manager
      self.field = field
    }
  }

  /// An object that the server would not take.
  package struct Rejection: Hashable, Sendable {
    package var object: ObjectReference
    package var reason: String
    /// The version in which the server does not serve the object's kind, when that is why.
    package var unservedVersion: String?

    package init(object: ObjectReference, reason: String, unservedVersion: String? = nil) {
      self.object = object
      self.reason = reason
      self.unservedVersion = unservedVersion
    }
  }
}
