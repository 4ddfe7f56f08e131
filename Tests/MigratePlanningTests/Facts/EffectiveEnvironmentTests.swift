import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct EffectiveEnvironmentTests {
  private static let secret = EnvironmentSource(kind: .secret, name: "creds")
  private static let map = EnvironmentSource(kind: .configMap, name: "settings")

  private func environment(
    _ variables: [JSON], from sources: [JSON] = [], keys: SourceKeys = [:]
  ) -> EffectiveEnvironment {
    EffectiveEnvironment(
      ContainerEnvironment(container: ["env": .array(variables), "envFrom": .array(sources)]),
      keys: keys)
  }

  private func key(_ key: String, of source: EnvironmentSource) -> Observed {
    .reference(Reference(key: key, of: source))
  }

  @Test func aContainerWithoutVariablesHasNone() {
    let environment = EffectiveEnvironment(ContainerEnvironment(container: [:]), keys: [:])
    #expect(environment.order.isEmpty)
    #expect(environment["A"] == .absent)
  }

  @Test func literalsAreAsWritten() {
    let environment = environment([
      .variable("A", "1"), .variable("B", ""), ["name": "C"], ["name": "D", "value": .null],
      ["name": "E", "valueFrom": .null, "value": "x"],
    ])
    #expect(environment.order == ["A", "B", "C", "D", "E"])
    #expect(environment["A"] == .value("1"))
    #expect(["B", "C", "D"].allSatisfy { environment[$0] == .value("") })
    #expect(environment["E"] == .value("x"))
  }

  @Test func theLastOfSeveralEntriesCounts() {
    let environment = environment([
      .variable("A", "1"), .variable("B", "$(A)"), .variable("A", "2"), .variable("C", "$(A)"),
    ])
    #expect(environment["A"] == .value("2"))
    #expect(environment["B"] == .value("1"))
    #expect(environment["C"] == .value("2"))
    #expect(environment.order == ["A", "B", "C"])
  }

  @Test func aVariableKnowsOnlyWhatStandsBeforeIt() {
    let environment = environment([
      .variable("A", "$(B)"), .variable("B", "$(A)"), .variable("C", "$(C)"),
    ])
    #expect(environment["A"] == .value("$(B)"))
    #expect(environment["B"] == .value("$(B)"))
    #expect(environment["C"] == .value("$(C)"))
  }

  @Test(
    arguments: [
      ("$(A)", "one"), ("$$(A)", "$(A)"), ("$$$(A)", "$one"), ("pa$$word", "pa$word"),
      ("$(A", "$(A"), ("a$", "a$"), ("$(NONE)", "$(NONE)"), ("$(E)", ""), ("$(N)", "$(A)"),
      ("[$(A)|$(A)]", "[one|one]"),
    ])
  func valuesAreExpandedOnce(value: String, result: String) {
    let environment = environment([
      .variable("A", "one"), .variable("E", ""), .variable("N", "$$(A)"), .variable("X", value),
    ])
    #expect(environment["X"] == .value(.string(result)))
  }

  @Test func aReferenceIsNotLookedUp() {
    let environment = environment([
      .variable("T", secret: "creds", key: "token"), .variable("U", "$(T)"),
      .variable("V", "Bearer $(T)!"), .variable("W", "<$(V)>"), .variable("X", "$$(T)"),
    ])
    let reference = Reference(source: ["secretKeyRef": ["name": "creds", "key": "token"]])
    guard let reference else {
      Issue.record("a secretKeyRef is a reference")
      return
    }
    #expect(environment["T"] == .reference(reference))
    #expect(environment["U"] == .composed([.reference(reference)]))
    #expect(
      environment["V"] == .composed([.text("Bearer "), .reference(reference), .text("!")]))
    #expect(
      environment["W"] == .composed([.text("<Bearer "), .reference(reference), .text("!>")]))
    #expect(environment["X"] == .value("$(T)"))
  }

  @Test func whatKubernetesWouldRefuseIsKeptAsItIs() {
    let environment = environment([
      ["name": "A", "value": 8883], ["name": "B", "valueFrom": ["moonRef": [:]]],
      ["value": "no name"],
    ])
    #expect(environment["A"] == .value(8883))
    #expect(environment["B"] == .value(["moonRef": [:]]))
    #expect(environment.order == ["A", "B"])
  }

  @Test func sourcesComeBeforeVariablesAndLaterSourcesWin() {
    let environment = environment(
      [.variable("C", "literal"), .variable("D", "$(A)-$(C)")],
      from: [["secretRef": ["name": "creds"]], ["configMapRef": ["name": "settings"]]],
      keys: [Self.secret.identity: .keys(["A", "B", "C"]), Self.map.identity: .keys(["B", "Z"])])
    #expect(environment.order == ["A", "B", "Z", "C", "D"])
    #expect(environment["A"] == key("A", of: Self.secret))
    #expect(environment["B"] == key("B", of: Self.map))
    #expect(environment["C"] == .value("literal"))
    #expect(
      environment["D"]
        == .composed([.reference(Reference(key: "A", of: Self.secret)), .text("-literal")]))
    #expect(environment.fromSource.keys.sorted() == ["A", "B", "Z"])
  }

  @Test func aPrefixStandsBeforeEveryKey() {
    let environment = environment(
      [],
      from: [
        ["prefix": "APP_", "secretRef": ["name": "creds"]], ["secretRef": ["name": "creds"]],
      ],
      keys: [Self.secret.identity: .keys(["TOKEN"])])
    #expect(environment.order == ["APP_TOKEN", "TOKEN"])
    #expect(environment["APP_TOKEN"] == key("TOKEN", of: Self.secret))
  }

  @Test(
    arguments: [
      ("TOKEN", true), ("token.txt", true), ("a-b", true), ("_x", true), (".x", true),
      ("-x", true), ("x1", true), ("1x", false), ("", false), ("a b", false), ("a=b", false),
      ("ä", false), (".", false), ("..", false), ("..data", false), ("a/b", false),
      ("a..b", true), ("...", false),
    ])
  func keysThatAreNoNamesOfVariablesAreSkipped(key: String, isName: Bool) {
    let environment = environment(
      [], from: [["configMapRef": ["name": "settings"]]],
      keys: [Self.map.identity: .keys([key])])
    #expect(environment.order == (isName ? [key] : []))
  }

  @Test func aPrefixCanMakeAKeyAName() {
    let environment = environment(
      [], from: [["configMapRef": ["name": "settings"], "prefix": "X"]],
      keys: [Self.map.identity: .keys(["1", "2"])])
    #expect(environment.order == ["X1", "X2"])
  }

  @Test func aMissingSourceGivesNothing() {
    let environment = environment(
      [], from: [["secretRef": ["name": "creds", "optional": true]]],
      keys: [Self.secret.identity: .missing])
    #expect(environment.order.isEmpty && environment.unreadable.isEmpty)
    #expect(environment["A"] == .absent)
  }

  @Test(arguments: [SourceContent.unreadable("forbidden"), nil])
  func aSourceThatCannotBeReadMayHoldAnything(content: SourceContent?) {
    let environment = environment(
      [.variable("A", "1"), .variable("B", "$(A)"), .variable("C", "$(NONE)")],
      from: [["secretRef": ["name": "creds"]]],
      keys: content.map { [Self.secret.identity: $0] } ?? [:])
    #expect(environment["A"] == .value("1"))
    #expect(environment["B"] == .value("1"))
    #expect(environment["C"].isUnknown)
    #expect(environment["ANY"].isUnknown)
    #expect(environment.unreadable.map(\.source) == [Self.secret])
    guard case .unknown(let reason) = environment["ANY"] else { return }
    #expect(reason.hasPrefix("Secret \"creds\" may set it: "))
  }

  /// An optional reference to key `k` of the Secret `creds`.
  private func optional(_ name: String) -> JSON {
    [
      "name": .string(name),
      "valueFrom": ["secretKeyRef": ["name": "creds", "key": "k", "optional": true]],
    ]
  }

  private static let reference = Reference(key: "k", of: secret)

  @Test(arguments: [SourceContent.missing, .keys([]), .keys(["other"])])
  func anOptionalReferenceThatLeadsNowhereChangesNothing(content: SourceContent) {
    let environment = environment(
      [.variable("A", "1"), optional("A"), .variable("B", "$(A)"), optional("C")],
      keys: [Self.secret.identity: content])
    #expect(environment["A"] == .value("1"))
    #expect(environment["B"] == .value("1"))
    #expect(environment.entries["A"]?.source == .literal("1"))
    // Alone, it stays what it is: the Secret may come.
    #expect(environment["C"] == .reference(Self.reference))
    #expect(environment.undecided.isEmpty)
  }

  @Test func anOptionalReferenceToAKeyThatIsThereCounts() {
    let environment = environment(
      [.variable("A", "1"), optional("A")], keys: [Self.secret.identity: .keys(["k"])])
    #expect(environment["A"] == .reference(Self.reference))
    #expect(environment.entries["A"]?.source == .reference(Self.reference))
  }

  @Test func aReferenceThatIsNotOptionalCountsInAnyCase() {
    let environment = environment(
      [.variable("A", "1"), .variable("A", secret: "creds", key: "k")],
      keys: [Self.secret.identity: .missing])
    #expect(environment["A"] != .value("1") && !environment["A"].isUnknown)
  }

  @Test func whatASourceSetsCountsBehindAnOptionalReference() {
    let environment = environment(
      [optional("A")], from: [["configMapRef": ["name": "settings"]]],
      keys: [Self.map.identity: .keys(["A"]), Self.secret.identity: .missing])
    #expect(environment["A"] == key("A", of: Self.map))
    #expect(environment.fromSource["A"] != nil)
  }

  @Test(arguments: [SourceContent.unreadable("forbidden"), nil])
  func aKeyThatCannotBeReadLeavesItOpen(content: SourceContent?) {
    let keys = content.map { [Self.secret.identity: $0] } ?? [:]
    let open = environment([.variable("A", "1"), optional("A"), optional("B")], keys: keys)
    #expect(open["A"].isUnknown)
    #expect(open["B"] == .reference(Self.reference))
    #expect(open.undecided.map(\.name) == ["A"])
    #expect(open.undecided.first?.reason.hasPrefix("it depends on key \"k\" of Secret") == true)

    let closed = environment([optional("A"), optional("A"), .variable("A", "2")], keys: keys)
    #expect(closed["A"] == .value("2"))
    #expect(closed.undecided.isEmpty)
  }

  @Test func theKeysThatDecideAreNamed() {
    let container = ContainerEnvironment(container: [
      "env": [optional("A"), .variable("B", "1"), optional("B")]
    ])
    #expect(container.deciding == [Self.secret.identity])
    #expect(ContainerEnvironment(container: ["env": [optional("A")]]).deciding.isEmpty)
  }

  @Test func referencesToVariablesAreSeen() {
    let plain = environment([.variable("A", "1")])
    #expect(plain.refers("$(A)") && plain.refers("x$(A)y"))
    #expect(!plain.refers("$(B)") && !plain.refers("$$(A)") && !plain.refers("A"))
    let unknown = environment([], from: [["secretRef": ["name": "creds"]]])
    #expect(unknown.refers("$(B)") && !unknown.refers("B"))
  }

  @Test func factsAreTheVariables() {
    #expect(environment([.variable("A", "1")]).facts == [.variable("A"): .value("1")])
  }

  @Test(
    arguments: [
      ["secretRef": ["name": "s"]], ["configMapRef": ["name": "c", "optional": true]],
      ["secretRef": ["name": "s"], "prefix": "P_"],
    ] as [JSON])
  func sourcesAreWrittenAsTheyWereRead(json: JSON) throws {
    let source = try #require(EnvironmentSource(json: json))
    #expect(source.json == json)
  }

  @Test(arguments: [[:], ["prefix": "X"], "secretRef"] as [JSON])
  func aSourceNamesAConfigMapOrASecret(json: JSON) {
    #expect(EnvironmentSource(json: json) == nil)
  }

  @Test(
    arguments: [
      .variable("A", "x"), .variable("A", secret: "s", key: "k"),
      ["name": "A", "value": 3],
      ["name": "A", "valueFrom": ["fileKeyRef": ["volumeName": "v", "path": "p", "key": "k"]]],
    ] as [JSON])
  func variablesAreWrittenAsTheyWereRead(json: JSON) throws {
    let variable = try #require(EnvironmentVariable(json: json))
    #expect(variable.json == json)
  }
}
