import MigratePlanning

extension ClientError {
  /// What went wrong with the cluster, in the terms in which helm's failures are told as well.
  package init(_ error: ClusterError) {
    switch error.problem {
    case .refused(let refusal):
      self = .failed(
        action: error.action, status: refusal.code, reason: Reason(refusal),
        detail: refusal.clientWords)
    case .noAnswer(let silence):
      self = .unreachable(
        program: "kubectl",
        reason: .noConnection(
          mayHaveArrived: silence.wasSent,
          lacksCredentials: silence.reason.contains("getting credentials")),
        detail: silence.isTimeout
          ? "\(silence.reason); --request-timeout gives it longer" : silence.reason.oneLine)
    case .noProxy(let words):
      // Before it serves, it has read the kubeconfig and asked nobody.
      self = .unreachable(
        program: "kubectl", reason: .noConnection(mayHaveArrived: false, lacksCredentials: false),
        detail: words.oneLine)
    case .noProgram(let problem): self = .command(problem)
    case .unreadable(let reason): self = .unreadable(action: error.action, reason: reason)
    case .notServed(let kind, let apiVersion):
      self = .failed(
        action: error.action, status: 404, reason: .notFound,
        detail: "the cluster serves no kind \"\(kind)\""
          + (apiVersion.map { " of \"\($0)\"" } ?? ""))
    case .notGone(let seconds):
      self = .failed(
        action: error.action, status: 1, reason: .timedOut,
        detail: "it is not gone after \(seconds) s")
    case .noName(let name):
      self = .failed(
        action: error.action, status: 1, reason: .other,
        detail: "\(name.jsonQuoted) is no name of an object; nothing was asked")
    case .cancelled:
      self = .failed(action: error.action, status: 1, reason: .other, detail: "it was cancelled")
    }
  }
}

extension ClientError.Reason {
  /// The reason of a refusal, by the server's own name for it.
  fileprivate init(_ refusal: ClusterError.Refusal) {
    let words = refusal.message
    if ["provided IP", "provided port is already allocated"].contains(where: words.contains) {
      self = .addressTaken
      return
    }
    self =
      switch refusal.reason {
      case .unauthorized: .unauthorized
      case .forbidden: .forbidden(missing: Self.missingPermission(in: words))
      case .notFound: .notFound
      case .alreadyExists: .alreadyExists
      case .conflict: .conflict
      // Of a patch whose test does not hold, the server names no object.
      case .invalid
      where words.hasPrefix("the server rejected our request due to an error in our request"):
        .conflict
      case .invalid: .invalid(kind: refusal.kind)
      case .tooManyRequests: .tooManyRequests
      case .serviceUnavailable: .serviceUnavailable
      case .internalError: .internalError
      case .timeout: .timeout
      case .serverTimeout: .serverTimeout
      default: refusal.code == 504 ? .timeout : refusal.code >= 500 ? .internalError : .unknown
      }
  }
}

extension ClusterError {
  /// Its words as kubectl says them.
  package var clientWords: String { refusal?.clientWords ?? "\(self)" }
}

extension ClusterError.Refusal {
  /// The refusal as kubectl says it, which is what people know and search for.
  var clientWords: String {
    switch reason {
    case .unauthorized: return "You must be logged in to the server (Unauthorized)"
    case .invalid:
      guard kind != nil || name != nil else { return invalid("The request is invalid") }
      return invalid("The \(kind ?? "") \((name ?? "").jsonQuoted) is invalid")
    case .unknown: return "Error from server: \(message.oneSentence)"
    default: return "Error from server (\(reason.rawValue)): \(message.oneSentence)"
    }
  }

  private func invalid(_ beginning: String) -> String {
    var reasons: [String] = []
    for cause in causes {
      let reason = "\(cause.field): \(cause.message.oneLine)"
      if !reasons.contains(reason) { reasons.append(reason) }
    }
    if reasons.isEmpty { return "\(beginning): \(message.oneLine)" }
    return reasons.count == 1
      ? "\(beginning): \(reasons[0])"
      : "\(beginning): " + reasons.map { "; * \($0)" }.joined()
  }
}

extension String {
  /// The text on one line, as part of a sentence.
  fileprivate var oneSentence: String {
    var line = oneLine
    while let last = line.last, last == "." || last.isWhitespace { line.removeLast() }
    return line
  }
}

extension Cluster {
  /// Asks, and tells of what goes wrong as helm's client does.
  ///
  /// - Throws: ``ClientError``.
  func asked<Value>(
    _ ask: (Cluster) async throws(ClusterError) -> Value
  ) async throws(ClientError) -> Value {
    do {
      return try await ask(self)
    } catch {
      throw ClientError(error)
    }
  }
}
