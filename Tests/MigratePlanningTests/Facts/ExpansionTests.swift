import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct ExpansionTests {
  /// Each looked for its end to the end of the text: for a value of this size, for hours.
  @Test func manyOpenReferencesTakeNoTime() {
    let text = String(repeating: "$(", count: 500_000)
    #expect(Expansion.pieces(of: text) == [.text(text)])
    #expect(Expansion.pieces(of: "$(A)" + text).count == 2)
  }

  /// The variables that the table of Kubernetes' own tests knows.
  private static let known = [
    "VAR_A": "A", "VAR_B": "B", "VAR_C": "C", "VAR_REF": "$(VAR_A)", "VAR_EMPTY": "",
  ]

  /// Kubernetes' table (third_party/forked/golang/expansion/expand_test.go), and some more.
  static let cases: [(value: String, result: String)] = [
    ("$(VAR_A)", "A"), ("$(VAR_A)-$(VAR_A)", "A-A"), ("$(VAR_A)-1", "A-1"),
    ("___$(VAR_B)___", "___B___"), ("___$(VAR_C)", "___C"),
    ("$(VAR_A)_$(VAR_B)_$(VAR_C)", "A_B_C"), ("$$(VAR_B)_$(VAR_A)", "$(VAR_B)_A"),
    ("$$(VAR_A)_$$(VAR_B)", "$(VAR_A)_$(VAR_B)"), ("f000-$$VAR_A", "f000-$VAR_A"),
    ("foo\\$(VAR_C)bar", "foo\\Cbar"), ("foo\\\\$(VAR_C)bar", "foo\\\\Cbar"),
    ("foo\\\\\\\\$(VAR_A)bar", "foo\\\\\\\\Abar"), ("$(VAR_A$(VAR_B))", "$(VAR_A$(VAR_B))"),
    ("$(VAR_A$(VAR_B)", "$(VAR_A$(VAR_B)"), ("$(VAR_REF)", "$(VAR_A)"),
    ("%%$(VAR_REF)--$(VAR_REF)%%", "%%$(VAR_A)--$(VAR_A)%%"), ("foo$(VAR_EMPTY)bar", "foobar"),
    ("foo$(VAR_Awhoops!", "foo$(VAR_Awhoops!"), ("f00__(VAR_A)__", "f00__(VAR_A)__"),
    ("$?_boo_$!", "$?_boo_$!"), ("$VAR_A", "$VAR_A"), ("$(VAR_DNE)", "$(VAR_DNE)"),
    ("$$$$$$(BIG_MONEY)", "$$$(BIG_MONEY)"), ("$$$$$$(VAR_A)", "$$$(VAR_A)"),
    ("$$$$$$$(GOOD_ODDS)", "$$$$(GOOD_ODDS)"), ("$$$$$$$(VAR_A)", "$$$A"),
    ("$VAR_A)", "$VAR_A)"), ("${VAR_A}", "${VAR_A}"), ("$(VAR_B)_______$(A", "B_______$(A"),
    ("$(VAR_C)_______$(", "C_______$("), ("$(VAR_A)foobarzab$", "Afoobarzab$"),
    ("foo-\\$(VAR_A", "foo-\\$(VAR_A"), ("--$($($($($--", "--$($($($($--"),
    ("$($($($($--foo$(", "$($($($($--foo$("), ("foo0--$($($($(", "foo0--$($($($("),
    ("$(foo$$var)", "$(foo$$var)"), ("\n", "\n"),
    ("", ""), ("$", "$"), ("$$", "$"), ("$$$", "$$"), ("$()", "$()"), ("$(A", "$(A"),
    ("$$(A)", "$(A)"), ("$( VAR_A )", "$( VAR_A )"), ("é$(VAR_A)é", "éAé"), ("😀$(VAR_A)", "😀A"),
    ("$(VAR_A)\u{301}", "A\u{301}"), ("\r\n$(VAR_A)\r\n", "\r\nA\r\n"), ("$(vär)", "$(vär)"),
    ("$(VAR_A\n)", "$(VAR_A\n)"),
  ]

  private func expanded(_ value: String) -> String {
    Expansion.pieces(of: value).map { piece in
      switch piece {
      case .text(let text): text
      case .variable(let name): Self.known[name] ?? "$(\(name))"
      }
    }.joined()
  }

  @Test(arguments: cases)
  func valuesExpandAsInKubernetes(value: String, result: String) {
    #expect(expanded(value).isExactly(result))
  }

  @Test func anEmptyValueIsOneEmptyPiece() {
    #expect(Expansion.pieces(of: "") == [.text("")])
    #expect(Expansion.pieces(of: "$(A)") == [.variable("A")])
    #expect(Expansion.pieces(of: "a$(B)c") == [.text("a"), .variable("B"), .text("c")])
  }

  @Test(arguments: SeededGenerator.seeds(500))
  func whatIsEscapedExpandsToItself(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let text = random.text(upTo: 12)
    let pieces = Expansion.pieces(of: Expansion.escaping(text))
    #expect(pieces.count == 1)
    guard case .text(let result)? = pieces.first else {
      Issue.record("\(text) refers to a variable")
      return
    }
    #expect(result.isExactly(text))
  }

  @Test(arguments: cases)
  func escapedCasesExpandToThemselves(value: String, result: String) {
    #expect(expanded(Expansion.escaping(value)).isExactly(value))
  }
}
