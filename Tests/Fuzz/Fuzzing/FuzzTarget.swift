/// Something that reads what others wrote, with inputs for it and what has to hold.
package protocol FuzzTarget: Sendable {
  /// The name, also of its folder in the corpus.
  static var name: String { get }
  /// How many of a thousand inputs of a run it gets.
  static var share: Int { get }
  /// Makes an input, from nothing or from known ones.
  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8]
  /// Reads an input by the ways of the tool.
  ///
  /// - Throws: ``Violation`` when something does not hold that has to.
  static func run(_ input: [UInt8]) async throws -> FuzzOutcome
}

/// What became of an input.
package enum FuzzOutcome: Sendable {
  case accepted
  /// Refused with an error, which is looked at.
  case refused(any Error)
}

/// Something that did not hold.
package struct Violation: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// Every target.
package enum FuzzTargets {
  package static let all: [any FuzzTarget.Type] = [
    YAMLTarget.self, JSONTarget.self, ExportTarget.self, HelmTextTarget.self, LiveTarget.self,
    PlanFileTarget.self, RunFileTarget.self, RecipeTarget.self, ChartTarget.self,
    ClusterTarget.self, HistoryTarget.self, ArgumentsTarget.self, RefusalTarget.self,
  ]
}

extension FuzzTarget {
  /// The input of a place in a run.
  package static func input(seed: UInt64, index: UInt64, seeds: [[UInt8]]) -> [UInt8] {
    var random = FuzzRandom(seed: seed, target: name, index: index)
    var input = self.input(&random, seeds: seeds)
    if input.count > 256 << 10 { input.removeSubrange((256 << 10)...) }
    return input
  }

  /// Runs an input, and looks at the error when it is refused.
  ///
  /// - Returns: whether it was accepted.
  /// - Throws: ``Violation``.
  package static func check(_ input: [UInt8]) async throws -> Bool {
    do {
      switch try await run(input) {
      case .accepted: return true
      case .refused(let error):
        try Checks.wording(of: error)
        return false
      }
    } catch let violation as Violation {
      throw violation
    } catch {
      throw Violation("an error that no reader throws: \(type(of: error)) \(error)")
    }
  }

  /// A seed, changed byte by byte; nil when there are none.
  static func mutated(_ random: inout FuzzRandom, _ seeds: [[UInt8]]) -> [UInt8]? {
    guard let seed = random.one(of: seeds) else { return nil }
    if random.happens(oneIn: 8), let other = random.one(of: seeds) {
      return Mutation.spliced(seed, other, &random)
    }
    return Mutation.bytes(seed, &random)
  }
}
