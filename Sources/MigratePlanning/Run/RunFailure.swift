/// Why a run ended before it was done.
package struct RunFailure: Error, Hashable, CustomStringConvertible {
  package enum Kind: Sendable {
    /// Not allowed to begin: nothing was changed.
    case refused
    case failed
    case interrupted
    /// Somebody else has the release now, or made a revision of it: nothing more may be done to it.
    case overtaken
  }

  package var kind: Kind
  package var description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// A failure made of whatever was thrown, such as a `ClientError`.
  package init(_ error: any Error) {
    self = error as? RunFailure ?? RunFailure(.failed, "\(error)")
  }
}
