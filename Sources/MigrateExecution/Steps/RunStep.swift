import MigratePlanning

/// One step of a run. A dry run is the previews of the steps that the real one performs.
protocol RunStep: Sendable {
  /// The name by which it is recorded.
  var name: RunDocument.StepName { get }
  /// Which of the two are recorded.
  var records: RecordedStep { get }

  /// Looks what the step would do, and changes nothing.
  ///
  /// - Returns: what there is to say of it.
  /// - Throws: whatever the real step would end with, as far as that can be known before.
  func preview() async throws -> String?

  /// Does the step's work. It looks at what is there and does what is missing, so that it can be
  /// begun anew after anything.
  ///
  /// - Returns: what there is to say of it.
  func perform() async throws -> String?
}

/// Whether a step is recorded when it is previewed, when it is performed, or both times.
struct RecordedStep: OptionSet {
  let rawValue: Int

  static let preview = RecordedStep(rawValue: 1)
  static let performance = RecordedStep(rawValue: 2)
}

extension RunStep {
  var records: RecordedStep { .performance }
  func preview() async throws -> String? { nil }
  func perform() async throws -> String? { nil }
}

/// A step that needs no doing, and why.
struct SkippedStep: RunStep {
  let name: RunDocument.StepName
  let reason: String
  var records: RecordedStep = [.preview, .performance]
}
