import MigratePlanning

extension ClusterError {
  /// What an answer that is no success says: a `Status` by its own words, anything else by its code
  /// and its content type.
  ///
  /// `kubectl proxy` answers with 500 and plain text when it has no answer: the server is away, a
  /// login failed, or the connection ended after the request. Flow control says 429 in plain text.
  init(_ action: String, answer: HTTPAnswer) {
    self.init(action, Self.problem(answer))
  }

  private static func problem(_ answer: HTTPAnswer) -> Problem {
    let retryAfter = answer.headers["retry-after"].flatMap { Int($0) }
    let type = answer.headers["content-type"] ?? ""
    if type.hasPrefix("application/json"),
      let status = try? JSONReader().value(answer.body), status["kind"] == "Status"
    {
      return .refused(Refusal(status, code: answer.status, retryAfter: retryAfter))
    }
    let text = String(decoding: answer.body.prefix(4_096), as: UTF8.self)
    if answer.status == 500, type.hasPrefix("text/plain") {
      return .noAnswer(Silence(reason: text, wasSent: !isBeforeSending(text)))
    }
    return .refused(
      Refusal(
        code: answer.status, reason: reason(ofCode: answer.status), message: text,
        retryAfterSeconds: retryAfter, isStatus: false))
  }

  /// Why a request did not come through.
  init(_ action: String, failure: HTTPFailure) {
    switch failure {
    case .notConnected(let reason):
      self.init(action, .noAnswer(Silence(reason: reason, wasSent: false)))
    case .noAnswer(let reason):
      self.init(action, .noAnswer(Silence(reason: reason, wasSent: true)))
    case .timedOut:
      self.init(
        action,
        .noAnswer(Silence(reason: failure.description, wasSent: true, isTimeout: true)))
    case .tooLarge, .malformed: self.init(action, .unreadable(failure.description))
    case .cancelled: self.init(action, .cancelled)
    }
  }

  /// Whether a proxy's text, which is Go's, is of what comes before a request is sent: there is no
  /// connection, or there are no credentials for it.
  private static func isBeforeSending(_ text: String) -> Bool {
    ["dial ", "getting credentials", "proxyconnect ", "tls: failed to verify", "x509: "].contains {
      text.hasPrefix($0)
    }
  }

  /// The reason that a code has in Kubernetes, for answers that give none.
  private static func reason(ofCode code: Int) -> Reason {
    switch code {
    case 400: .badRequest
    case 401: .unauthorized
    case 403: .forbidden
    case 404: .notFound
    case 405: .methodNotAllowed
    case 406: .notAcceptable
    case 409: .conflict
    case 410: .gone
    case 413: .requestEntityTooLarge
    case 415: .unsupportedMediaType
    case 422: .invalid
    case 429: .tooManyRequests
    case 500: .internalError
    case 503: .serviceUnavailable
    case 504: .timeout
    default: .unknown
    }
  }
}

extension ClusterError.Refusal {
  /// Reads a `metav1.Status`, which came with an HTTP status.
  init(_ status: JSON, code: Int, retryAfter: Int? = nil) {
    let details = status["details"]
    self.init(
      code: status["code"]?.integer ?? code,
      reason: ClusterError.Reason(rawValue: status["reason"]?.string ?? ""),
      message: status["message"]?.string ?? "",
      causes: (details?["causes"]?.elements ?? []).map { cause in
        ClusterError.Cause(
          field: cause["field"]?.string ?? "", reason: cause["reason"]?.string ?? "",
          message: cause["message"]?.string ?? "")
      },
      kind: details?["kind"]?.string, group: details?["group"]?.string,
      name: details?["name"]?.string,
      retryAfterSeconds: retryAfter ?? details?["retryAfterSeconds"]?.integer)
  }
}

extension String {
  /// The text on one line, as messages have it. A secret may have several lines, so that it has to
  /// be taken out before.
  var oneLine: String {
    split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }
      .joined(separator: "; ")
  }
}
