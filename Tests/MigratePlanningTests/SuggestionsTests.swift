import MigratePlanning
import Testing

struct SuggestionsTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "abc", 3), ("abc", "abc", 0), ("abc", "abd", 1),
    ("abc", "acb", 1), ("abcd", "bcd", 1), ("abcd", "abxcd", 1), ("ca", "abc", 3),
    ("kitten", "sitting", 3),
  ])
  func theDistanceCountsTypingErrors(left: String, right: String, distance: Int) {
    #expect(EditDistance.between(left, right) == distance)
    #expect(EditDistance.between(right, left) == distance)
  }

  private static let codes = [
    "variable-unmapped", "variable-invalid", "default-changed", "volume-lost", "release-failed",
    "runs-as-non-root", "drift",
  ]

  @Test(arguments: [
    ("defualt-changed", ["default-changed"]),
    ("default_changed", ["default-changed"]),
    ("Drift", ["drift"]),
    ("variable", ["variable-unmapped", "variable-invalid"]),
    ("non-root", ["runs-as-non-root"]),
    ("lost", ["volume-lost"]),
    ("something-else-entirely", []),
    ("", []),
    ("-", []),
  ])
  func aNearWordIsSuggested(mistyped: String, meant: [String]) {
    #expect(Suggestions.near(mistyped, among: Self.codes) == meant)
  }

  @Test func theNearestComesFirstAndNoMoreThanAsked() {
    let words = ["abcdef", "abcdxx", "abcdey"]
    #expect(Suggestions.near("abcdez", among: words) == ["abcdef", "abcdey", "abcdxx"])
    #expect(Suggestions.near("abcdez", among: words, limit: 1) == ["abcdef"])
    #expect(Suggestions.near("abcdez", among: words, limit: 0).isEmpty)
  }

  @Test func aVeryLongWordIsNotCompared() {
    #expect(Suggestions.near(String(repeating: "a", count: 129), among: ["aaa"]).isEmpty)
  }

  @Test func theQuestionNamesEveryCandidate() {
    #expect(Suggestions.question([]) == nil)
    #expect(Suggestions.question(["a"]) == "did you mean \"a\"?")
    #expect(Suggestions.question(["a", "b"]) == "did you mean \"a\" or \"b\"?")
  }
}
