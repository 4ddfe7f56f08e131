import MigratePlanning
import Testing

@Suite struct ObservedTests {
  private func reference(_ source: JSON) throws -> Reference {
    try #require(Reference(source: source))
  }

  @Test func unknownAgreesWithNothing() {
    let seen: [Observed] = [
      .absent, .value("x"), .composed([.text("x")]), .unknown("why"), .value(.null),
    ]
    for observed in seen {
      #expect(!Observed.unknown("why").agrees(with: observed))
      #expect(!observed.agrees(with: .unknown("why")))
      #expect(observed.agrees(with: observed) != observed.isUnknown)
    }
    #expect(!Observed.absent.agrees(with: .value("")))
    #expect(!Observed.value("1").agrees(with: .value(1)))
    #expect(!Observed.value("\u{E9}").agrees(with: .value("e\u{301}")))
  }

  @Test func theContractShowsObservationsAsJSON() throws {
    let source: JSON = ["secretKeyRef": ["name": "s", "key": "k"]]
    #expect(Observed.absent.json == .null)
    #expect(Observed.value("x").json == "x")
    #expect(try Observed.reference(reference(source)).json == source)
    #expect(
      try Observed.composed([.text("a"), .reference(reference(source))]).json
        == ["a", source])
    #expect(Observed.unknown("why").json == ["unknown": "why"])
  }

  @Test(
    arguments: [
      (
        ["secretKeyRef": ["name": "s", "key": "k"]],
        ["secretKeyRef": ["name": "s", "key": "k", "optional": false]]
      ),
      (
        ["fieldRef": ["fieldPath": "metadata.name"]],
        ["fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.name"]]
      ),
      (
        ["resourceFieldRef": ["resource": "limits.cpu"]],
        ["resourceFieldRef": ["resource": "limits.cpu", "divisor": "0"]]
      ),
      (
        ["resourceFieldRef": ["resource": "limits.cpu", "divisor": 0]],
        ["resourceFieldRef": ["resource": "limits.cpu"]]
      ),
    ] as [(JSON, JSON)])
  func referencesAreTheSameAfterDefaulting(left: JSON, right: JSON) throws {
    #expect(try reference(left) == reference(right))
  }

  @Test(
    arguments: [
      (
        ["secretKeyRef": ["name": "s", "key": "k"]],
        ["secretKeyRef": ["name": "s", "key": "k", "optional": true]]
      ),
      (
        ["secretKeyRef": ["name": "s", "key": "k"]],
        ["configMapKeyRef": ["name": "s", "key": "k"]]
      ),
      (
        ["resourceFieldRef": ["resource": "limits.cpu"]],
        ["resourceFieldRef": ["resource": "limits.cpu", "divisor": "1m"]]
      ),
      (
        ["resourceFieldRef": ["resource": "limits.cpu"]],
        ["resourceFieldRef": ["resource": "limits.cpu", "containerName": "x"]]
      ),
    ] as [(JSON, JSON)])
  func referencesThatDifferAreNotTheSame(left: JSON, right: JSON) throws {
    #expect(try reference(left) != reference(right))
  }

  @Test(arguments: [[:], ["secretKeyRef": "x"], ["moonRef": [:]], "x", .null] as [JSON])
  func aSourceOfNoKnownKindIsNoReference(source: JSON) {
    #expect(Reference(source: source) == nil)
  }

  @Test func aKeyOfASourceNeedNotExist() {
    let source = EnvironmentSource(kind: .configMap, name: "c")
    #expect(
      Reference(key: "k", of: source).source
        == ["configMapKeyRef": ["name": "c", "key": "k", "optional": true]])
  }
}
