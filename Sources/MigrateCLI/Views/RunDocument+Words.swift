import MigrateAdapters
import MigratePlanning

extension RunDocument {
  /// The findings that count.
  var openFindings: [PlanDocument.FindingEntry] { findings.filter(\.isOpen) }

  /// What was, or is to be, done.
  var subject: String {
    (dryRun ? "dry run of " : "") + (kind == .apply ? "the apply to" : "the rollback of")
      + " release \"\(release.name)\" in namespace \"\(release.namespace)\""
  }

  /// Whether the run's changes are there, for all that is known: it came to changing, and did not
  /// take it all back.
  var hasChangedObjects: Bool {
    !dryRun && state != .rolledBack && steps.contains { $0.name == .prepare }
  }

  /// Helm's revision before the run, and after it where that is another; nil where nobody saw it.
  var revisions: String? {
    release.fromRevision == 0
      ? nil : Self.revisions(from: release.fromRevision, to: release.toRevision)
  }

  /// Helm's revision before a run, and after it where that is another.
  static func revisions(from before: Int, to after: Int?) -> String {
    after.flatMap { $0 == before ? nil : "\(before) → \($0)" } ?? "\(before)"
  }

  /// What the run was about, on one line.
  var circumstances: String {
    ([revisions.map { "revision \($0)" }, plan.map { $0.id }, backup.map { "backup \($0)" }]
      + [release.context.map { "context \($0)" }]).compactMap { $0 }.joined(separator: ", ")
  }

  /// What there is at this moment, on one line; nil where nobody looked.
  var presence: String? {
    now.map { now in
      let helm =
        now.revision.map { "helm's revision \($0) is \(now.status ?? "there")" }
        ?? "helm knows no such release"
      return "now: "
        + ([helm] + now.heldStill.map { "\($0) is held still" }
        + now.programs.map { "\($0) is still at it on this machine" }).joined(separator: ", ")
        + (now.differences.map { $0.isEmpty ? "; all is as the \(kind.rawValue) left it" : "" }
          ?? "")
    }
  }

  /// How long the run took; nil while it goes on.
  var duration: String? { Self.duration(from: startedAt, to: finishedAt) }

  /// The time between two moments, for people; nil when one of them is not known.
  fileprivate static func duration(from start: DocumentTime, to end: DocumentTime?) -> String? {
    guard let start = start.moment, let end = end?.moment else { return nil }
    // A clock may be set back.
    let milliseconds = max(0, end.milliseconds - start.milliseconds)
    let seconds = (milliseconds + 500) / 1000
    if milliseconds < 9_950 {
      let tenths = (milliseconds + 50) / 100
      return "\(tenths / 10).\(tenths % 10) s"
    }
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
  }
}

extension RunDocument.State {
  /// The state as a headline, and its colour.
  var headline: (text: String, color: Style.Color) {
    switch self {
    case .previewed: ("FORETOLD", .cyan)
    case .running: ("RUNNING", .yellow)
    case .done: ("DONE", .green)
    case .differs: ("DIFFERS", .yellow)
    case .failed: ("FAILED", .red)
    case .rolledBack: ("ROLLED BACK", .yellow)
    case .interrupted: ("INTERRUPTED", .red)
    }
  }
}

extension RunDocument.Step {
  /// How the step went.
  var mark: Mark {
    switch state {
    case .running: Mark(text: "…", word: "at", color: .yellow)
    case .done: Mark(text: "✓", word: "done", color: .green)
    case .skipped: Mark(text: "–", word: "skipped", color: .gray)
    case .failed: Mark(text: "✗", word: "failed", color: .red)
    }
  }

  /// How long the step took; nil while it goes on, and for one that was not done.
  var duration: String? {
    state == .skipped ? nil : RunDocument.duration(from: startedAt, to: finishedAt)
  }
}

/// A field's two sides as they are shown: what is long is cut where they are the same, so that what
/// differs can be seen.
struct FieldSides: Hashable {
  /// Nil where the field is not there.
  let before: String?
  let after: String?

  init(before: JSON, after: JSON, width: Int) {
    let (old, new) = (Self.text(before), Self.text(after))
    guard let old, let new, max(old.count, new.count) > width else {
      self.before = old.map { Self.cut($0, width) }
      self.after = new.map { Self.cut($0, width) }
      return
    }
    let same = zip(old, new).prefix { $0 == $1 }.count
    // The first difference comes into the first half, after some of what is the same.
    let start = same < width / 2 ? 0 : same - width / 4
    self.before = Self.cut(old, width, from: start)
    self.after = Self.cut(new, width, from: start)
  }

  /// A text as it is, where no reader can take it for another value; JSON otherwise.
  private static func text(_ value: JSON) -> String? {
    guard value != .null else { return nil }
    guard let text = value.string else { return TextLayout.visible(value.canonical) }
    let isPlain =
      !text.isEmpty && text.first != " " && text.last != " "
      && !["true", "false", "null"].contains(text) && !"\"[{".contains(text.first ?? "\"")
      && Double(text) == nil
    return TextLayout.visible(isPlain ? text : value.canonical)
  }

  private static func cut(_ text: String, _ width: Int, from start: Int = 0) -> String {
    let rest = start == 0 ? text : "…" + text.dropFirst(start)
    return rest.count > width ? rest.prefix(max(0, width - 1)) + "…" : rest
  }
}
