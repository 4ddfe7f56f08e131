package import MigratePlanning

extension CheckFailure {
  /// What went wrong with helm or kubectl, as far as `doctor` tells kinds of failure apart.
  package init(_ error: ClientError) {
    switch error {
    case .command(.notFound(let executable)): self = .noProgram(executable)
    case .command(.notEnded): self = .unreachable(error.description)
    case .command(let error): self = .other(error.description)
    case .releaseNotFound: self = .notFound(error.description)
    case .unreadable: self = .other(error.description)
    // Where a program gets credentials for the kubeconfig and fails, kubectl says that it cannot
    // connect.
    case .unreachable(_, let detail):
      self = Self.concernsCredentials(detail) ? .unauthorized(detail) : .unreachable(detail)
    case .failed(_, _, let detail):
      let text = detail.lowercased()
      func says(_ words: String...) -> Bool { words.contains(where: text.contains) }
      if Self.concernsCredentials(detail) {
        self = .unauthorized(detail)
      } else if says("forbidden") {
        self = .forbidden(detail)
      } else if says("(notfound)") {
        self = .notFound(detail)
      } else if says("deadline exceeded", "timeout", "timed out", "tls handshake", "eof") {
        self = .unreachable(detail)
      } else {
        self = .other(detail)
      }
    }
  }

  private static func concernsCredentials(_ detail: String) -> Bool {
    let text = detail.lowercased()
    return [
      "unauthorized", "you must be logged in", "provide credentials", "getting credentials",
      "token has expired", "certificate has expired",
    ].contains(where: text.contains)
  }
}

extension Result where Failure == CheckFailure, Success: Sendable {
  /// What a client answers, or why it does not.
  init(asking ask: () async throws(ClientError) -> Success) async {
    do throws(ClientError) {
      self = .success(try await ask())
    } catch {
      self = .failure(CheckFailure(error))
    }
  }
}
