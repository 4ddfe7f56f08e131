import MigratePlanning
import Synchronization

/// The steps of a run as they happen, a line each. On a terminal a step that goes on is shown with
/// the time that it has taken, and then replaced; what does not fit there, such as why Kubernetes
/// makes no Pod, is written out above it once. Elsewhere a line is written for what is over, for
/// what a step newly waits for, and now and then for a step that takes long, so that nobody takes a
/// run that waits for one that hangs.
final class RunProgress: Sendable {
  private struct State {
    var step: RunDocument.Step?
    var since = ContinuousClock.now
    /// When something was last written of the step that goes on, and what.
    var shown = ContinuousClock.now
    var words: String?
    var hasFailed = false
    var ticker: Task<Void, Never>?
  }

  private let write: (@Sendable (String) -> Void)?
  private let redraws: Bool
  private let width: Int
  private let style: Style
  /// How long a change of what a step waits for may go without a line.
  private let pause: Duration
  private let state = Mutex(State())

  init(
    _ context: CommandContext, quiet: Bool, usesColor: Bool, isPlain: Bool = false,
    redraws: Bool? = nil, pause: Duration = .seconds(3)
  ) {
    self.pause = pause
    write = quiet ? nil : context.writeError
    self.redraws = redraws ?? context.redrawsLines
    width = context.errorWidth
    style = Style(isOn: usesColor && context.errorIsTerminal, isPlain: isPlain)
  }

  /// Shows how a step stands.
  func show(_ step: RunDocument.Step) {
    guard let write else { return }
    state.withLock { state in
      if state.hasFailed {
        write((redraws ? Self.clear : "") + style.color("and back again:", .gray) + "\n")
        state.hasFailed = false
      }
      if step.state == .running {
        goOn(with: step, &state)
      } else {
        stop(&state)
        state.hasFailed = step.state == .failed
        write((redraws ? Self.clear : "") + laidOut(line(step)) + "\n")
      }
    }
  }

  /// Takes the line of a step away that goes on no more.
  func end() {
    state.withLock { state in
      stop(&state)
      if redraws { write?(Self.clear) }
    }
  }

  /// Shows a step that goes on, and sees to it that it is shown again.
  private func goOn(with step: RunDocument.Step, _ state: inout State) {
    let isNew = state.step?.name != step.name
    if isNew {
      stop(&state)
      state.since = .now
      state.shown = .now
      let pause: Duration = redraws ? .seconds(1) : Self.silence
      state.ticker = Task { [weak self] in
        while (try? await Task.sleep(for: pause)) != nil { self?.tick() }
      }
    }
    state.step = step
    if redraws {
      draw(&state)
    } else if isNews(state) {
      note(&state)
    }
  }

  /// Shows the step that goes on once more.
  private func tick() {
    state.withLock { state in
      guard state.step != nil else { return }
      if redraws { draw(&state) } else if isDue(Self.silence, state) { note(&state) }
    }
  }

  private func stop(_ state: inout State) {
    state.ticker?.cancel()
    state.ticker = nil
    state.step = nil
    state.words = nil
  }

  private func isDue(_ pause: Duration, _ state: State) -> Bool {
    state.shown.duration(to: .now) >= pause
  }

  /// Whether the step that goes on waits for something that no line says yet.
  private func isNews(_ state: State) -> Bool {
    guard let words = state.step?.detail else { return false }
    return words != state.words && isDue(pause, state)
  }

  /// Replaces the line of the step that goes on.
  private func draw(_ state: inout State) {
    guard let step = state.step else { return }
    let time = elapsed(state)
    // A line that is broken by the terminal could not be replaced.
    let short = line(step, took: time, maximum: width - 1)
    if isNews(state), short != line(step, took: time) {
      write?(Self.clear)
      note(&state)
    }
    write?(Self.clear + short)
  }

  /// Writes a further line on the step that goes on.
  private func note(_ state: inout State) {
    guard let step = state.step else { return }
    state.shown = .now
    state.words = step.detail
    write?(laidOut(line(step, took: elapsed(state))) + "\n")
  }

  /// A line that stays, broken between words where a person reads it.
  private func laidOut(_ line: String) -> String {
    guard redraws else { return line }
    return TextLayout.brokenBetweenWords(line, width: width - 2).joined(separator: "\n  ")
  }

  /// How long the step has gone on; nil for what is hardly begun.
  private func elapsed(_ state: State) -> String? {
    let seconds = state.since.duration(to: .now).components.seconds
    return seconds > 0 ? "\(seconds) s" : nil
  }

  private static let clear = "\r\u{1B}[K"
  /// How long nothing is written of a step that goes on, where lines stay.
  private static let silence = Duration.seconds(15)

  private func line(
    _ step: RunDocument.Step, took time: String? = nil, maximum: Int = .max
  ) -> String {
    // The time stands where a line that is cut still shows it.
    let words = [step.name.rawValue, time, step.detail, step.duration].compactMap { $0 }
      .map(TextLayout.visible).joined(separator: style.isPlain ? ", " : "  ")
    let shown = words.count > maximum - 2 ? words.prefix(max(0, maximum - 3)) + "…" : words
    return "\(style.mark(step.mark)) \(shown)"
  }
}
