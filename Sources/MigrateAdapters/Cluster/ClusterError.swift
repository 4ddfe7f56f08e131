import MigratePlanning

/// What went wrong between this program and the API server, read once: a refusal with its reasons,
/// or why there was no answer. Fit to be shown.
package struct ClusterError: Error, Hashable, Sendable {
  /// What was being done, such as `patch Deployment/web`.
  package var action: String
  package var problem: Problem

  package init(_ action: String, _ problem: Problem) {
    self.action = action
    self.problem = problem
  }

  /// What went wrong.
  package enum Problem: Hashable, Sendable {
    /// The API server, or something in front of it, said no.
    case refused(Refusal)
    /// Nobody knows whether it arrived, or it did not: see ``Silence/wasSent``.
    case noAnswer(Silence)
    /// The answer cannot be read, and why.
    case unreadable(String)
    /// The cluster has no such kind of objects. Not the same as an object that is not there.
    case notServed(kind: String, apiVersion: String?)
    /// kubectl itself could not be run.
    case noProgram(CommandError)
    /// kubectl ended before it served, as where there is no such context. Its words.
    case noProxy(String)
    /// It was there until the time was over.
    case notGone(seconds: Int)
    /// A backup, or a field that the API server does not look at, can hold what is no name.
    case noName(String)
    case cancelled
  }

  /// No answer, or one that is not the API server's.
  package struct Silence: Hashable, Sendable {
    package var reason: String
    /// Whether it may have arrived.
    package var wasSent: Bool
    /// Whether the time was over.
    package var isTimeout: Bool

    package init(reason: String, wasSent: Bool, isTimeout: Bool = false) {
      self.reason = reason
      self.wasSent = wasSent
      self.isTimeout = isTimeout
    }
  }

  /// A refusal, as `metav1.Status` has it.
  package struct Refusal: Hashable, Sendable {
    /// The HTTP status.
    package var code: Int
    package var reason: Reason
    package var message: String
    package var causes: [Cause]
    /// What was asked about, as the server calls it: its kind or resource, group and name.
    package var kind: String?
    package var group: String?
    package var name: String?
    package var retryAfterSeconds: Int?
    /// Whether it is a `Status`: the API server's own word.
    package var isStatus: Bool

    package init(
      code: Int, reason: Reason, message: String, causes: [Cause] = [], kind: String? = nil,
      group: String? = nil, name: String? = nil, retryAfterSeconds: Int? = nil,
      isStatus: Bool = true
    ) {
      self.code = code
      self.reason = reason
      self.message = message
      self.causes = causes
      self.kind = kind
      self.group = group
      self.name = name
      self.retryAfterSeconds = retryAfterSeconds
      self.isStatus = isStatus
    }
  }

  /// One of several causes of a refusal.
  package struct Cause: Hashable, Sendable {
    /// The path, such as `spec.template.spec.containers[0].env`; empty where it is about none.
    package var field: String
    /// Such as `FieldValueInvalid` or `FieldManagerConflict`.
    package var reason: String
    package var message: String

    package init(field: String, reason: String, message: String) {
      self.field = field
      self.reason = reason
      self.message = message
    }
  }

  /// Why the API server refused, in the words of `metav1.StatusReason`.
  package struct Reason: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { rawValue = value }

    package static let unknown: Reason = ""
    package static let unauthorized: Reason = "Unauthorized"
    package static let forbidden: Reason = "Forbidden"
    package static let notFound: Reason = "NotFound"
    package static let alreadyExists: Reason = "AlreadyExists"
    package static let conflict: Reason = "Conflict"
    package static let gone: Reason = "Gone"
    package static let expired: Reason = "Expired"
    package static let invalid: Reason = "Invalid"
    package static let badRequest: Reason = "BadRequest"
    package static let methodNotAllowed: Reason = "MethodNotAllowed"
    package static let notAcceptable: Reason = "NotAcceptable"
    package static let requestEntityTooLarge: Reason = "RequestEntityTooLarge"
    package static let unsupportedMediaType: Reason = "UnsupportedMediaType"
    package static let tooManyRequests: Reason = "TooManyRequests"
    package static let internalError: Reason = "InternalError"
    package static let serverTimeout: Reason = "ServerTimeout"
    package static let timeout: Reason = "Timeout"
    package static let serviceUnavailable: Reason = "ServiceUnavailable"
  }
}

extension ClusterError: CustomStringConvertible {
  /// In the words in which kubectl and helm say it, which is what people know and search for.
  package var description: String { "\(ClientError(self))" }

  /// The refusal, when it is one.
  package var refusal: Refusal? {
    guard case .refused(let refusal) = problem else { return nil }
    return refusal
  }

  /// The same error with every text changed, as to take secrets out.
  package func mapping(_ change: (String) -> String) -> ClusterError {
    var error = self
    switch problem {
    case .refused(var refusal):
      refusal.message = change(refusal.message)
      refusal.causes = refusal.causes.map { cause in
        Cause(field: change(cause.field), reason: cause.reason, message: change(cause.message))
      }
      error.problem = .refused(refusal)
    case .noAnswer(var silence):
      silence.reason = change(silence.reason)
      error.problem = .noAnswer(silence)
    case .unreadable(let reason): error.problem = .unreadable(change(reason))
    case .noProxy(let words): error.problem = .noProxy(change(words))
    case .noProgram, .notServed, .notGone, .noName, .cancelled: break
    }
    return error
  }
}
