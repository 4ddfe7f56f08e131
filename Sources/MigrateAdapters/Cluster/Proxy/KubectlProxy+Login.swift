extension KubectlProxy {
  /// What is known of kubectl's login.
  struct Login {
    enum State {
      case untried
      /// The first request is on its way, and the others wait.
      case inProgress
      case done
      /// It is not tried again for a while.
      case failed(HTTPAnswer, until: ContinuousClock.Instant)
    }

    /// How long a login that failed is not tried again: not with every request, and in time for a
    /// run whose user logs in meanwhile.
    let pause: Duration
    fileprivate var state = State.untried
    fileprivate var waiting: [CheckedContinuation<HTTPAnswer?, Never>] = []

    init(pause: Duration = .seconds(Patience.loginPause)) { self.pause = pause }

    fileprivate mutating func fail(_ answer: HTTPAnswer) {
      state = .failed(answer, until: .now + pause)
    }
  }

  /// Gives the answer to a request. Nobody's login is tried again and again: kubectl begins one for
  /// each request that finds no credentials, and a login may open a browser, or ask its user. So
  /// requests wait until the first one has its answer; when its login fails, that is the answer to
  /// all of them, and to those that come within the next while.
  package func answer(
    to request: HTTPRequest, for action: String, within limit: Duration
  ) async throws(ClusterError) -> HTTPAnswer {
    while true {
      switch login.state {
      case .failed(let answer, let end) where ContinuousClock.now < end: return answer
      case .untried, .failed: return try await firstAnswer(to: request, for: action, within: limit)
      case .inProgress:
        if let answer = await withCheckedContinuation({ login.waiting.append($0) }) {
          return answer
        }
      case .done:
        let answer = try await anyAnswer(to: request, for: action, within: limit)
        if answer.isFailedLogin { login.fail(answer) }
        return answer
      }
    }
  }

  /// Sends a request while the others wait.
  private func firstAnswer(
    to request: HTTPRequest, for action: String, within limit: Duration
  ) async throws(ClusterError) -> HTTPAnswer {
    var failure: HTTPAnswer?
    login.state = .inProgress
    defer {
      let waiting = login.waiting
      login.waiting = []
      for continuation in waiting { continuation.resume(returning: failure) }
    }
    let answer: HTTPAnswer
    do {
      answer = try await anyAnswer(to: request, for: action, within: limit)
    } catch {
      // That is not the login's doing.
      login.state = .done
      throw error
    }
    if answer.isFailedLogin {
      failure = answer
      login.fail(answer)
    } else if answer.status == 401 {
      // For this as well, kubectl logs in anew each time.
      failure = answer
      login.state = .untried
    } else {
      login.state = .done
    }
    return answer
  }
}

extension HTTPAnswer {
  /// Whether `kubectl proxy` could not log in for a request.
  fileprivate var isFailedLogin: Bool {
    status == 500 && headers["content-type"]?.hasPrefix("text/plain") == true
      && body.starts(with: Array("getting credentials".utf8))
  }
}
