/// What the API server answered when it was asked about the rendered objects, without changing
/// anything.
package struct ServerAnswers: Hashable, Sendable {
  /// Objects that the upgrade would create and that exist already.
  package var existing: Objects
  /// Objects that the target's defaults would create, and the plan does not, and that exist
  /// already.
  package var avoided = Objects([])
  package var conflicts: [FieldConflict]
  package var rejections: [Rejection]
  /// What could not be asked, and why.
  package var unasked: [Unchecked]
  /// Objects of the namespace, and classes of the cluster, that bear on what changes.
  package var neighbours: Objects
  /// The kinds of those that could not be read, and why.
  package var unread: [String: String]
  /// What the Secrets hold that variables are read from anew, by their keys.
  package var sourceKeys: SourceKeys = [:]
  /// How long the running Pod took until it was ready; nil when not known or not needed.
  package var startUpSeconds: Int?

  package init(
    existing: Objects = Objects([]), conflicts: [FieldConflict] = [],
    rejections: [Rejection] = [], unasked: [Unchecked] = [], startUpSeconds: Int? = nil,
    neighbours: Objects = Objects([]), unread: [String: String] = [:]
  ) {
    self.neighbours = neighbours
    self.unread = unread
    self.startUpSeconds = startUpSeconds
    self.existing = existing
    self.conflicts = conflicts
    self.rejections = rejections
    self.unasked = unasked
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

    package init(object: ObjectReference, reason: String) {
      self.object = object
      self.reason = reason
    }
  }

  /// The answers for a release that comes from a file, or from a cluster that shows little: nobody
  /// was asked.
  package static let none = ServerAnswers(
    unasked: [
      Unchecked(
        code: FindingCode.objectUnowned.rawValue,
        reason: "it was not looked whether objects that the upgrade creates exist already"
      ),
      Unchecked(
        code: FindingCode.serverRejects.rawValue,
        reason: "the API server was not asked whether it takes the new objects"),
    ],
    unread: Dictionary(
      uniqueKeysWithValues: Neighbour.allCases.map { ($0.rawValue, "they were not read") }))
}
