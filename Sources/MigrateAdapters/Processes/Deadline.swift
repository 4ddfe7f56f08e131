import Foundation
import Synchronization

/// Ends a program that takes longer than it may: asks it first, and kills it when it does not
/// listen.
final class Deadline: Sendable {
  /// How long a program has to end after it was asked: helm writes down that its release failed.
  private static let grace = Duration.seconds(10)

  private let limit: Duration?
  private let isGroup: Bool
  private let state = Mutex<(watch: Task<Void, Never>?, isOver: Bool)>((nil, false))

  /// Takes the time that the program has, nil for as long as it likes, and whether it leads a
  /// process group, which then ends with it.
  init(_ limit: Duration?, endsGroup isGroup: Bool) {
    self.limit = limit
    self.isGroup = isGroup
  }

  /// Whether the program was ended because its time was over.
  var isOver: Bool { state.withLock(\.isOver) }

  /// Begins to watch a process.
  func begin(_ process: Int32) {
    guard let limit else { return }
    let target = isGroup ? -process : process
    let watch = Task {
      try? await Task.sleep(for: limit)
      if Task.isCancelled { return }
      state.withLock { $0.isOver = true }
      _ = kill(target, SIGTERM)
      try? await Task.sleep(for: Self.grace)
      // One that was stopped does not hear anything else.
      if !Task.isCancelled { _ = kill(target, SIGKILL) }
    }
    state.withLock { $0.watch = watch }
  }

  /// The program has ended.
  func end() { state.withLock { $0.watch?.cancel() } }
}
