import MigratePlanning
import Testing

/// A few lines of `$(VAR)` can ask for any amount of memory.
@Suite struct ExpansionLimitTests {
  /// Variables of which each holds the one before it several times.
  private static func environment(
    _ count: Int, first: EnvironmentVariable.Source
  ) -> EffectiveEnvironment {
    let doubled = (1..<count).map { level in
      EnvironmentVariable(
        name: "V\(level)",
        source: .literal(String(repeating: "$(V\(level - 1))", count: 4)))
    }
    return EffectiveEnvironment(
      ContainerEnvironment(variables: [EnvironmentVariable(name: "V0", source: first)] + doubled),
      keys: [:])
  }

  @Test func textsThatGrowWithoutEndAreUnknown() throws {
    let environment = Self.environment(60, first: .literal("0123456789"))
    #expect(environment["V3"].text?.utf8.count == 640)
    #expect(environment["V59"].isUnknown)
    let total = environment.order.reduce(0) {
      $0 + (environment[$1].text?.utf8.count ?? 0)
    }
    #expect(total < 2 * EffectiveEnvironment.expansionLimit)
  }

  @Test func referencesThatGrowWithoutEndAreUnknown() throws {
    let reference = try #require(
      Reference(source: ["secretKeyRef": ["name": "credentials", "key": "A"]]))
    let environment = Self.environment(60, first: .reference(reference))
    #expect(!environment["V3"].isUnknown)
    #expect(environment["V59"].isUnknown)
  }

  /// 5,000 variables that each mention a long one are within what can be read, and beyond what
  /// Linux starts.
  @Test func manyThatMentionALongOneAreUnknownTogether() {
    let long = EnvironmentVariable(
      name: "LONG", source: .literal(String(repeating: "x", count: 1 << 20)))
    let more = (0..<5_000).map {
      EnvironmentVariable(name: "V\($0)", source: .literal("a $(LONG)"))
    }
    let environment = EffectiveEnvironment(
      ContainerEnvironment(variables: [long] + more), keys: [:])
    #expect(!environment["V0"].isUnknown)
    #expect(environment["V4999"].isUnknown)
  }
}
