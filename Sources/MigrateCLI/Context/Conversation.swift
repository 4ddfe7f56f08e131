import MigrateAdapters
import Synchronization

/// The one conversation of a command with its cluster: it begins with the first question, and ends
/// with the command.
final class Conversation: Sendable {
  private let cluster = Mutex<Cluster?>(nil)

  /// The cluster, which is made when nobody needed it yet.
  func cluster(orMake make: () -> Cluster) -> Cluster {
    cluster.withLock { cluster in
      let found = cluster ?? make()
      cluster = found
      return found
    }
  }

  /// Ends it, if it began.
  func end() async {
    let cluster = cluster.withLock { cluster in
      defer { cluster = nil }
      return cluster
    }
    await cluster?.end()
  }
}
