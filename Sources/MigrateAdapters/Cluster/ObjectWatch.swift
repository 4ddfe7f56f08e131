package import MigratePlanning

/// One object that is followed: read once, then watched. Where it may not be watched, it is read
/// again and again.
package actor ObjectWatch {
  private let cluster: Cluster
  private let reference: ObjectReference
  private let pause: @Sendable () async -> Void
  private var last: JSON?
  private var hasNews = false
  private var isRead = false
  private var mayWatch = true
  /// How many pauses went by without news.
  private var quietPauses = 0
  private var reading: Task<Void, Never>?
  private var nap: Task<Void, Never>?

  /// Takes the cluster, the object, and the longest time that ``next()`` lets go by without news.
  package init(
    _ reference: ObjectReference, in cluster: Cluster, pause: @escaping @Sendable () async -> Void
  ) {
    self.reference = reference
    self.cluster = cluster
    self.pause = pause
  }

  deinit { reading?.cancel() }

  /// The object as soon as it changed, or as it is after a pause; nil when it is gone.
  ///
  /// - Throws: ``ClusterError`` when it cannot be read.
  package func next() async throws(ClusterError) -> JSON? {
    if reading != nil || isRead, !hasNews { await rest() }
    quietPauses = hasNews ? 0 : quietPauses + 1
    hasNews = false
    // While it is watched, what is known is how it is; but what stands between here and the server
    // may keep the news back.
    guard reading == nil || quietPauses >= Self.mostQuietPauses else { return last }
    quietPauses = 0
    guard reading == nil else {
      last = try await cluster.get(reference)
      return last
    }
    isRead = true
    last = try await cluster.get(reference)
    if let last, mayWatch { await watch(last) }
    return last
  }

  /// After how many pauses without news the object is read all the same.
  private static let mostQuietPauses = 10

  /// Lets a pause go by, which news cut short.
  private func rest() async {
    let pause = pause
    let nap = Task { await pause() }
    self.nap = nap
    await nap.value
    self.nap = nil
  }

  private func watch(_ object: JSON) async {
    let events: AsyncThrowingStream<WatchEvent, any Error>
    do {
      let resource = try await cluster.resource(kind: reference.kind)
      events = try await cluster.watch(
        resource, Cluster.Selection(fields: "metadata.name=\(reference.name)"),
        in: try await cluster.namespace(of: reference, resource),
        from: object["metadata"]?["resourceVersion"]?.string ?? "")
    } catch {
      mayWatch = error.mayPass
      return
    }
    reading = Task { [weak self] in
      do {
        for try await event in events where event.kind != .bookmark {
          await self?.hear(event.kind == .deleted ? nil : event.object)
        }
        await self?.stopHearing()
      } catch {
        let isRefused = (error as? ClusterError)?.isRefusal == true
        await self?.stopHearing(forGood: isRefused && (error as? ClusterError)?.isExpired != true)
      }
    }
  }

  private func hear(_ object: JSON?) {
    last = object
    hasNews = true
    nap?.cancel()
  }

  /// A watch ends after a while, or when its way does; then the object is read anew.
  private func stopHearing(forGood: Bool = false) {
    if forGood { mayWatch = false }
    reading = nil
  }
}
