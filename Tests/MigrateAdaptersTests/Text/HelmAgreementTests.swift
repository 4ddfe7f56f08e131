import MigratePlanning
import Testing

@testable import MigrateAdapters

/// The reader and the writers against the real helm.
@Suite struct HelmAgreementTests {
  /// Texts that Helm refuses and we read: harmless, since Helm has accepted what we are given.
  private static let readByUsOnly: Set<String> = [
    "%YAML 1.2\n---\na: 1\n", "x: !!timestamp 1\n", "x: !!timestamp x\n",
    "a: \"x\\Ny\\Ly\\P\\_\\e\\a\\b\\0\\v\\t\\/\"\n",
  ]
  /// Texts that Helm reads and we refuse.
  private static let refusedByUsOnly: Set<String> = [
    "\u{FEFF}# x\n\u{FEFF}a: 1\n", "a: 1\n\u{FEFF}b: 2\n", "a: \u{FEFF}b\n", "a: '\u{FEFF}'\n",
    "a\u{FEFF}: 1\n", "a: 1\n...\nb: 2\n", "1: a\n'1': b\n", "a: \"\\'\"\n", "x: !!binary gIE=\n",
  ]

  /// Helm's values and `fromYaml` hold every number as a float64.
  private static func asHelmHolds(_ value: JSON) -> JSON {
    switch value {
    case .number(let text): Double(text).map { .number(FloatText.json($0)) } ?? value
    case .array(let elements): .array(elements.map(asHelmHolds))
    case .object(let members): .object(members.mapValues(asHelmHolds))
    default: value
    }
  }

  /// Swift takes canonically equivalent strings for equal; bytes tell the truth.
  private static func bytes(_ value: JSON) -> [UInt8] { Array(asHelmHolds(value).canonical.utf8) }

  @Test(arguments: RealHelm.all)
  func readsWhatHelmReads(helm: RealHelm) async throws {
    let texts =
      YAMLCases.scalars.map { "x: \($0)\n" } + YAMLCases.scalars.map { "\($0): 1\n" }
      + YAMLCases.documents
    for (text, helms) in zip(texts, try await helm.readings(of: texts)) {
      var ours: JSON?
      var error: TextError?
      do throws(TextError) {
        ours = try YAMLReader(duplicateKeys: .lastWins).documents(text).first ?? .null
        // `fromYaml` reads into a map: other roots fail there, and null is an empty map.
        if ours == .null { ours = [:] }
        if case .object = ours {} else { ours = nil }
      } catch let caught { error = caught }
      let shown = text.jsonQuoted
      switch (ours, helms) {
      case (let ours?, let helms?):
        #expect(Self.bytes(ours) == Self.bytes(helms), "\(shown): \(ours) is not \(helms)")
      case (nil, nil): break
      case (let ours?, nil):
        #expect(Self.readByUsOnly.contains(text), "helm refuses \(shown), we read \(ours)")
      case (nil, let helms?):
        #expect(
          Self.refusedByUsOnly.contains(text),
          "helm reads \(shown) as \(helms), we say: \(error?.description ?? "no mapping")")
      }
    }
  }

  @Test(arguments: RealHelm.all)
  func valuesTextReachesHelmUnchanged(helm: RealHelm) async throws {
    try await expectRoundTrip(helm, seed: RandomJSON.seed(1)) { $0.valuesText }
  }

  @Test(arguments: RealHelm.all)
  func writtenYAMLReachesHelmUnchanged(helm: RealHelm) async throws {
    try await expectRoundTrip(helm, seed: RandomJSON.seed(2)) { YAMLWriter().text($0) }
  }

  private func expectRoundTrip(
    _ helm: RealHelm, seed: UInt64, _ write: (JSON) -> String
  ) async throws {
    var random = RandomJSON(seed: seed)
    let trees = (0..<300).map { _ in random.object() }
    let readings = try await helm.readings(of: trees.map(write))
    for (tree, reading) in zip(trees, readings) {
      let reading = try #require(reading, "seed \(seed): helm refuses \(tree.pretty)")
      #expect(Self.bytes(reading) == Self.bytes(tree), "seed \(seed): \(tree.pretty)")
    }
    // The same trees once more by the way that the tool itself takes. Helm drops null members of
    // the root there, so the trees stand in a list.
    let whole: JSON = ["trees": .array(trees)]
    let read = try await helm.values(write(whole))
    #expect(Self.bytes(read) == Self.bytes(whole), "seed \(seed)")
  }
}
