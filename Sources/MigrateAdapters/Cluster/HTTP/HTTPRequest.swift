/// One request of HTTP to a server that listens at a socket of this machine.
package struct HTTPRequest: Hashable, Sendable {
  /// What is asked for.
  package enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  package var method: Method
  /// Path and query, percent-encoded.
  package var target: String
  package var contentType: String?
  package var accept = "application/json"
  package var body: [UInt8] = []
  /// Whether it changes nothing, so that it can be sent again when nobody knows what became of it.
  package var isQuestion: Bool

  init(
    _ method: Method, _ target: String, contentType: String? = nil, body: [UInt8] = [],
    isQuestion: Bool? = nil
  ) {
    self.method = method
    self.target = target
    self.contentType = contentType
    self.body = body
    self.isQuestion = isQuestion ?? (method == .get)
  }

  /// The request without what it holds, as `--verbose` shows it.
  var line: String { "\(method.rawValue) \(target)" }

  /// A question about what stands at a path.
  init(_ target: String) { self.init(.get, target) }
}

/// What a server answered.
package struct HTTPAnswer: Hashable, Sendable {
  package var status: Int
  /// By their names in lower case; of several the first.
  package var headers: [String: String] = [:]
  package var body: [UInt8] = []

  package init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Why there is no answer.
enum HTTPFailure: Error, Hashable, CustomStringConvertible {
  /// Nothing was sent: nobody listens.
  case notConnected(String)
  /// It was sent, or part of it, and the connection ended before the whole answer came.
  case noAnswer(String)
  /// It did not come in time.
  case timedOut(seconds: Int)
  /// The answer has more than so many bytes.
  case tooLarge(limit: Int)
  /// What came is no HTTP.
  case malformed(String)
  case cancelled

  var description: String {
    switch self {
    case .notConnected(let reason): "nothing could be sent: \(reason)"
    case .noAnswer(let reason): "there was no answer: \(reason)"
    case .timedOut(let seconds): "there was no answer within \(seconds) s"
    case .tooLarge(let limit): "the answer has more than \(limit >> 20) MiB"
    case .malformed(let reason): "the answer is no HTTP: \(reason)"
    case .cancelled: "it was cancelled"
    }
  }
}
