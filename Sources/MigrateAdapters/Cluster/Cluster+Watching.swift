package import MigratePlanning

/// What happened to an object that is watched.
package struct WatchEvent: Hashable, Sendable {
  /// What happened.
  package enum Kind: String, Sendable {
    case added = "ADDED"
    case modified = "MODIFIED"
    case deleted = "DELETED"
    /// Nothing; only the resource version goes on.
    case bookmark = "BOOKMARK"
  }

  package var kind: Kind
  /// The object as it is then; of a bookmark the version only.
  package var object: JSON

  /// The version from which another watch goes on.
  package var resourceVersion: String {
    object["metadata"]?["resourceVersion"]?.string ?? ""
  }
}

extension Cluster {
  /// Watches objects of a kind from a resource version on. The stream ends when the server ends it,
  /// as it does after a while, and throws ``ClusterError``: with ``ClusterError/isExpired`` when
  /// the version is too old and a list has to come first. Whoever stops reading ends the watch.
  ///
  /// - Throws: ``ClusterError`` when it does not begin.
  package func watch(
    _ resource: APIResource, _ selection: Selection = Selection(), in namespace: String?,
    from resourceVersion: String, timeout: Int? = nil
  ) async throws(ClusterError) -> AsyncThrowingStream<WatchEvent, any Error> {
    let action = "watch \(resource.plural)"
    var query =
      selection.query + [
        "watch=true", "allowWatchBookmarks=true", "resourceVersion=\(resourceVersion.urlEncoded)",
      ]
    if let timeout { query.append("timeoutSeconds=\(timeout)") }
    let request = HTTPRequest(
      resource.path(in: namespace) + "?" + query.joined(separator: "&"))
    let parts = try await lines(action, request)
    let (events, sender) = AsyncThrowingStream.makeStream(of: WatchEvent.self)
    let reading = Task {
      do {
        for try await part in parts {
          switch part {
          case .head(let head):
            guard head.status == 200 else { throw redacted(ClusterError(action, answer: head)) }
          case .line(let line): sender.yield(try event(action, line))
          }
        }
        sender.finish()
      } catch let failure as HTTPFailure {
        sender.finish(throwing: redacted(ClusterError(action, failure: failure)))
      } catch {
        sender.finish(throwing: error)
      }
    }
    sender.onTermination = { _ in reading.cancel() }
    return events
  }

  private func lines(
    _ action: String, _ request: HTTPRequest
  ) async throws(ClusterError) -> AsyncThrowingStream<HTTPStreamPart, any Error> {
    guard let proxy else {
      throw ClusterError(action, .unreadable("this way to the cluster has no watches"))
    }
    let client = try await proxy.client()
    do {
      return try await client.lines(of: request, connectingWithin: connection.requestTimeout)
    } catch {
      // Nobody listens there any more.
      let client = try await proxy.client(after: client, isUnheard: true)
      return try await Result(awaiting: { () async throws(HTTPFailure) in
        try await client.lines(of: request, connectingWithin: connection.requestTimeout)
      }).mapError { redacted(ClusterError(action, failure: $0)) }.get()
    }
  }

  private func event(_ action: String, _ line: [UInt8]) throws(ClusterError) -> WatchEvent {
    let json: JSON
    do {
      json = try JSONReader().value(line)
    } catch {
      throw ClusterError(action, .unreadable(error.description))
    }
    guard let object = json["object"] else {
      throw ClusterError(action, .unreadable("an event has no object"))
    }
    if json["type"] == "ERROR" {
      throw redacted(
        ClusterError(action, .refused(ClusterError.Refusal(object, code: 500))))
    }
    guard let kind = json["type"]?.string.flatMap(WatchEvent.Kind.init(rawValue:)) else {
      throw ClusterError(action, .unreadable("an event has no type that is known"))
    }
    return WatchEvent(kind: kind, object: object)
  }

  /// Waits until an object is gone: the one of this uid, where it is known; another one of its name
  /// is another one.
  ///
  /// - Throws: ``ClusterError``; it says so when the object is still there after the timeout.
  func waitUntilGone(
    _ resource: APIResource, _ name: String, in namespace: String?, uid: String?, timeout: Int
  ) async throws(ClusterError) {
    let end = ContinuousClock.now + .seconds(timeout)
    while true {
      guard let live = try await get(resource, name, in: namespace),
        uid == nil || live["metadata"]?["uid"]?.string == uid
      else { return }
      let left = ContinuousClock.now.duration(to: end)
      guard left > .zero else {
        throw ClusterError("delete \(resource.kind)/\(name)", .notGone(seconds: timeout))
      }
      if try await isDeleted(live, resource, name, in: namespace, within: left) { return }
    }
  }

  /// Whether a watch sees an object go; not when the watch ends before, or may not be.
  private func isDeleted(
    _ live: JSON, _ resource: APIResource, _ name: String, in namespace: String?,
    within left: Duration
  ) async throws(ClusterError) -> Bool {
    let seconds = max(1, min(Int(left.components.seconds), 30))
    do {
      let events = try await watch(
        resource, Selection(fields: "metadata.name=\(name)"), in: namespace,
        from: live["metadata"]?["resourceVersion"]?.string ?? "", timeout: seconds)
      for try await event in events where event.kind == .deleted { return true }
    } catch {
      // Who may not watch looks again and again, as is done when a watch breaks off.
      try? await Task.sleep(for: .seconds(1))
    }
    if Task.isCancelled {
      throw ClusterError("delete \(resource.kind)/\(name)", .cancelled)
    }
    return false
  }
}
