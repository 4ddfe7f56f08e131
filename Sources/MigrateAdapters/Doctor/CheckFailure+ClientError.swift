package import MigratePlanning

extension CheckFailure {
  /// What went wrong with helm or kubectl, as far as `doctor` tells kinds of failure apart.
  package init(_ error: ClientError) {
    switch error {
    case .command(.notFound(let executable)): self = .noProgram(executable)
    case .command(.notEnded): self = .unreachable(error.description)
    case .command(let error): self = .other(error.description)
    case .releaseNotFound, .releaseUninstalled: self = .notFound(error.description)
    case .unreadable: self = .other(error.description)
    // Where a program gets credentials for the kubeconfig and fails, kubectl says that it cannot
    // connect.
    case .unreachable(_, .noConnection(_, lacksCredentials: true), let detail):
      self = .unauthorized(detail)
    case .unreachable(_, _, let detail): self = .unreachable(detail)
    case .failed(_, _, let reason, let detail):
      self =
        switch reason {
        case .unauthorized, .noCredentials: .unauthorized(detail)
        case .forbidden: .forbidden(detail)
        case .notFound: .notFound(detail)
        case .timeout, .serverTimeout, .connectionLost, .timedOut: .unreachable(detail)
        default: .other(detail)
        }
    }
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

  /// What the cluster answers, or why it does not.
  init(
    asking cluster: Cluster, _ ask: (Cluster) async throws(ClusterError) -> Success
  ) async {
    await self.init(asking: { () async throws(ClientError) in try await cluster.asked(ask) })
  }
}
