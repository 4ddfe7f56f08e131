/// What somebody who mistyped a word may have meant.
package enum Suggestions {
  /// Longer words are not compared: nothing is near them, and comparing would take long.
  private static let longest = 128

  /// The candidates that are near a word, the likeliest first: those that begin with it or hold it
  /// as whole words (`non-root` for `runs-as-non-root`), then those that differ in a third of their
  /// letters or fewer, unless another is much nearer. Upper and lower case are one; among equals
  /// the order of the candidates stays.
  package static func near(
    _ mistyped: String, among candidates: [String], limit: Int = 3
  ) -> [String] {
    guard !mistyped.isEmpty, mistyped.utf8.count <= longest else { return [] }
    let wanted = mistyped.lowercased()
    let ranked = candidates.enumerated().compactMap { place, candidate -> Rank? in
      let text = String(candidate.prefix(longest)).lowercased()
      if text.hasPrefix(wanted) || holds(wanted, in: text) {
        return Rank(distance: 0, place: place, text: candidate)
      }
      let distance = EditDistance.between(text, wanted)
      guard distance <= max(1, text.count / 3) else { return nil }
      return Rank(distance: distance, place: place, text: candidate)
    }
    let nearest = ranked.map(\.distance).min() ?? 0
    return ranked.filter { $0.distance <= nearest + 1 }
      .sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }
      .prefix(max(0, limit)).map(\.text)
  }

  /// A question that names the candidates; nil when there are none.
  package static func question(_ candidates: [String]) -> String? {
    guard !candidates.isEmpty else { return nil }
    return "did you mean \(candidates.map { "\"\($0)\"" }.joined(separator: " or "))?"
  }

  private struct Rank {
    let distance: Int
    let place: Int
    let text: String
  }

  /// Whether the words of a text, which end at `-` and `.`, hold the given ones side by side.
  private static func holds(_ words: String, in text: String) -> Bool {
    let separators: Set<Character> = ["-", "."]
    let words = words.split(whereSeparator: separators.contains)
    let all = text.split(whereSeparator: separators.contains)
    guard !words.isEmpty, words.count <= all.count else { return false }
    return (0...all.count - words.count).contains { start in
      all[start..<start + words.count].elementsEqual(words)
    }
  }
}
