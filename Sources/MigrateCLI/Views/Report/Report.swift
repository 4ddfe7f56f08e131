import MigratePlanning

/// What the HTML report says, as its template reads it: every name here is one in reports/.
///
/// The template reads by reflection, a dot before a name keeps it from looking further out, and
/// what is nil or empty has no section.
struct Report {
  var title: String
  var articles: [Article]

  /// One plan or one run.
  struct Article {
    /// How it stands, as a word for the style.
    var tone: String
    var sign: String
    var state: String
    var subject: String
    /// What has to be said loudly.
    var alarm: String?
    var notes: [String] = []
    var next: Next?
    var pressing: Pressing?
    var facts: [Fact] = []
    var timeline: Timeline?
    var differences: Sides?
    var flow: Flow?
    var findings: Findings?
    var unchecked: Unchecked?
    var network: Network?
    var objects: Objects?
    var changes: Sides?
    var values: Values?
    var links: [Link] = []
  }

  struct Link {
    var anchor: String
    var title: String
  }

  struct Fact {
    var name: String
    var text: String
  }

  /// What to do next, and the commands for it.
  struct Next {
    var anchor: String
    var advice: String?
    var commands: [String]
    /// The command that takes the run back.
    var back: String?
  }

  /// What wants the reader's decision, each with where it stands in full.
  struct Pressing {
    struct Entry {
      var anchor: String
      var severity: String
      var sign: String
      var word: String
      var code: String
      var text: String
    }

    var anchor: String
    var title: String
    var entries: [Entry]
  }

  /// An observation: a text, nothing, or something that is not shown.
  struct Value: Hashable {
    var text: String?
    var isAbsent = false
    var isRedacted = false

    init(_ value: JSON, isSetting: Bool = false) {
      switch value {
      case .null: isAbsent = true
      case .string(Sensitivity.redacted): isRedacted = true
      default: text = isSetting ? value.reportWords : value.words
      }
    }
  }

  /// Where every setting goes: what it was, the value that carries it, what it is then.
  struct Flow {
    struct Group {
      var title: String
      var count: Int
      var rows: [Row]
    }

    struct Row {
      var mark: String
      var sign: String
      var name: String
      var before: Value
      /// Who set it, as words.
      var origin: String?
      var carrier: String
      var path: String?
      /// What the carrier is, where its path does not say it.
      var homeNote: String?
      /// What the target would make of it; nil where it is that anyway.
      var byDefault: Value?
      var after: Value
      var outcome: String
    }

    /// What the chart sets and nobody had set.
    struct Others {
      var title: String
      var rows: [Row]
    }

    var anchor: String
    var groups: [Group]
    var others: Others?
  }

  struct Findings {
    struct Filter {
      var title: String
      var choices: [Choice]
    }

    struct Choice {
      var filter: String
      var value: String
      var word: String
      var count: Int
    }

    struct Group {
      var title: String
      var count: Int
      var findings: [Entry]
    }

    struct Entry {
      var anchor: String
      var severity: String
      var dimension: String
      var state: String
      var isOpen: Bool
      var sign: String
      var word: String
      var code: String
      var message: String
      var remedy: String?
      var acceptedBy: String?
      var sides: TwoValues?
      /// What the catalogue says of the code, a paragraph each; with the first open one of each
      /// code.
      var meaning: [Paragraph]
      var subject: String
    }

    struct TwoValues {
      var before: Value
      var after: Value
    }

    var anchor: String
    var filters: [Filter]
    var groups: [Group]
  }

  /// Text in which some is code.
  struct Paragraph: Hashable {
    /// One of the two.
    struct Piece: Hashable {
      var text: String?
      var code: String?
    }

    var pieces: [Piece]
  }

  struct Unchecked {
    struct Entry {
      var anchor: String
      var code: String
      var reason: String
    }

    var anchor: String
    var entries: [Entry]
  }

  struct Network {
    struct Row {
      var mark: String
      var sign: String
      var name: String
      /// Lines of text; none where there is nothing.
      var before: [String]
      var after: [String]
      var byDefault: [String]
      var path: String?
    }

    var anchor: String
    var rows: [Row]
  }

  struct Objects {
    struct Row {
      var kind: String
      var change: String
      var before: String?
      var after: String?
    }

    var anchor: String
    var hint: String?
    var rows: [Row]
  }

  /// Fields of objects, side by side.
  struct Sides {
    struct Object {
      var name: String
      var change: String?
      var fields: [Field]
    }

    struct Field {
      var path: String
      var leftTag: String
      var left: String?
      var rightTag: String
      var right: String?
    }

    var anchor: String
    var title: String
    var hint: String
    var objects: [Object]
  }

  struct Values {
    var anchor: String
    var hint: String?
    var lines: [String]
  }

  struct Timeline {
    struct Step {
      var state: String
      var sign: String
      var name: String
      var word: String
      var duration: String?
      var bar: Bar?
      var detail: String?
      /// Whether the way back begins here.
      var isBackAgain: Bool
    }

    /// Where a step stands among all of them, in thousandths.
    struct Bar: Hashable {
      var start: Int
      var width: Int
    }

    var anchor: String
    var steps: [Step]
    var scale: String
  }
}

extension Report.Article {
  /// The article with a link to each of its parts.
  func linked() -> Self {
    var article = self
    let parts: [(anchor: String?, title: String)] = [
      (timeline?.anchor, "Timeline"), (differences?.anchor, differences?.title ?? ""),
      (flow?.anchor, "Settings"), (findings?.anchor, "Findings"),
      (unchecked?.anchor, "Not judged"), (network?.anchor, "Network"),
      (objects?.anchor, "Objects"), (changes?.anchor, changes?.title ?? ""),
      (values?.anchor, "Values"),
    ]
    article.links = parts.compactMap { part in
      part.anchor.map { Report.Link(anchor: $0, title: part.title) }
    }
    return article
  }
}

extension Report.Findings {
  /// The findings by dimension; nil when there are none.
  init?(_ entries: [PlanDocument.FindingEntry], article: String) {
    guard !entries.isEmpty else { return nil }
    var explained: Set<FindingCode> = []
    let findings = entries.enumerated().map { index, entry in
      Entry(
        entry, anchor: Self.anchor(article, index),
        explains: entry.isOpen && explained.insert(entry.code).inserted)
    }
    anchor = "\(article)-findings"
    groups = Dimension.allCases.compactMap { dimension in
      let own = findings.filter { $0.dimension == dimension.rawValue }
      guard !own.isEmpty else { return nil }
      let open = own.count(where: \.isOpen)
      return Group(
        title: dimension.title, count: own.count,
        // Those that want something first, in the document's order, which is by weight.
        findings: open == 0 ? own : own.filter(\.isOpen) + own.filter { !$0.isOpen })
    }
    func filter(
      _ title: String, _ name: String, _ words: [(value: String, word: String)],
      _ value: (Entry) -> String
    ) -> Filter {
      let counts = Dictionary(grouping: findings, by: value).mapValues(\.count)
      return Filter(
        title: title,
        choices: words.compactMap { each in
          counts[each.value].map {
            Choice(filter: name, value: each.value, word: each.word, count: $0)
          }
        })
    }
    filters = [
      filter(
        "Severity", "severity", Finding.Severity.allCases.map { ($0.rawValue, $0.rawValue) },
        \.severity),
      filter("State", "state", State.allCases.map { ($0.rawValue, $0.word) }, \.state),
      filter(
        "Dimension", "dimension", Dimension.allCases.map { ($0.rawValue, $0.rawValue) }, \.dimension
      ),
    ]
  }

  /// The anchor of a finding, by its place in the document.
  static func anchor(_ article: String, _ index: Int) -> String {
    "\(article)-finding-\(index + 1)"
  }

  /// Whether a finding wants something of the reader.
  enum State: String, CaseIterable {
    case open, resolved, accepted

    init(_ finding: PlanDocument.FindingEntry) {
      self = finding.resolved ? .resolved : finding.acceptedBy == nil ? .open : .accepted
    }

    var word: String {
      switch self {
      case .open: "open"
      case .resolved: "taken care of"
      case .accepted: "accepted"
      }
    }
  }
}

extension Report.Findings.Entry {
  fileprivate init(_ finding: PlanDocument.FindingEntry, anchor: String, explains: Bool) {
    let state = Report.Findings.State(finding)
    self.anchor = anchor
    severity = finding.severity.rawValue
    dimension = finding.dimension.rawValue
    self.state = state.rawValue
    isOpen = state == .open
    sign = state == .open ? finding.severity.sign : "✓"
    word = finding.severity.rawValue + (state == .open ? "" : ", \(state.word)")
    code = finding.code.rawValue
    message = finding.message
    remedy = finding.remedy
    acceptedBy = finding.acceptedBy
    sides =
      finding.before == finding.after
      ? nil
      : Report.Findings.TwoValues(
        before: Report.Value(finding.before), after: Report.Value(finding.after))
    meaning = explains ? Catalogue.page(code)?.meaning.compactMap(Report.Paragraph.init) ?? [] : []
    subject = "\(finding.subject.kind)/\(finding.subject.name)"
  }
}

extension Report.Paragraph {
  /// A piece of a page, backticks turned into code; nil for the one on the severities, which the
  /// finding itself has.
  init?(_ block: CataloguePage.Block) {
    if case .text(let text) = block, text.hasPrefix("Severity:") { return nil }
    switch block {
    case .command(let text): pieces = [Piece(code: text)]
    case .text(let text):
      pieces = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { !$0.element.isEmpty }
        .map { $0 % 2 == 0 ? Piece(text: String($1)) : Piece(code: String($1)) }
    }
  }
}

extension Report.Pressing {
  /// What is open and heavy, and what was not judged; nil when there is none of it.
  init?(
    _ findings: [PlanDocument.FindingEntry], _ unchecked: [Unchecked] = [], article: String
  ) {
    let heavy = findings.enumerated().filter { _, finding in
      finding.isOpen && [.blocker, .breaking].contains(finding.severity)
    }
    guard !heavy.isEmpty || !unchecked.isEmpty else { return nil }
    anchor = "\(article)-pressing"
    title = "What wants your decision"
    entries =
      heavy.map { index, finding in
        Entry(
          anchor: Report.Findings.anchor(article, index), severity: finding.severity.rawValue,
          sign: finding.severity.sign, word: finding.severity.rawValue,
          code: finding.code.rawValue, text: finding.message)
      }
      + unchecked.enumerated().map { index, entry in
        Entry(
          anchor: Report.Unchecked.anchor(article, index), severity: "unchecked", sign: "?",
          word: "not judged", code: entry.code, text: entry.reason)
      }
  }
}

extension Report.Unchecked {
  /// What was not judged; nil when all was.
  init?(_ unchecked: [Unchecked], article: String) {
    guard !unchecked.isEmpty else { return nil }
    anchor = "\(article)-unchecked"
    entries = unchecked.enumerated().map { index, entry in
      Entry(anchor: Self.anchor(article, index), code: entry.code, reason: entry.reason)
    }
  }

  static func anchor(_ article: String, _ index: Int) -> String {
    "\(article)-unchecked-\(index + 1)"
  }
}

extension Finding.Severity {
  /// The severity in a shape, so that no reader needs the colour.
  fileprivate var sign: String {
    switch self {
    case .blocker: "■"
    case .breaking: "▲"
    case .warning: "●"
    case .info: "○"
    }
  }
}

extension Dimension {
  /// The dimension as a heading.
  var title: String { rawValue.capitalizedFirst }
}
