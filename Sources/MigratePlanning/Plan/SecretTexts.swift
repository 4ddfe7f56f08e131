import Synchronization

/// Texts that must not be shown, and what finds them in others fast: also where there are
/// thousands.
struct SecretTexts: Sendable {
  /// The longest first, so that no part of one is left over.
  let all: [String]
  private let distinctive: SecretFinder
  private let spelled: SecretSpellings

  init(_ texts: Set<String> = []) {
    all = texts.filter { !$0.isEmpty }.sorted { ($0.count, $0) > ($1.count, $1) }
    distinctive = SecretFinder(all.filter(Self.isDistinctive))
    spelled = SecretSpellings(all)
  }

  /// Whether a distinctive one stands in a text.
  func stand(in text: String) -> Bool { distinctive.finds(in: text) }

  /// A text of our own in which no distinctive secret stands any more.
  func shown(_ text: String) -> String {
    stand(in: text) ? Sensitivity.redacting(text, all.filter(Self.isDistinctive)) : text
  }

  /// A text of others, such as helm's error output, in which none of four bytes and more stands any
  /// more.
  func redacting(_ text: String) -> String {
    spelled.stand(in: text) ? Sensitivity.redacting(text, all) : text
  }

  /// Whether a secret is not such a word as stands elsewhere by chance. A variable may be called
  /// `SECRET_MODE` and hold `enabled`.
  private static func isDistinctive(_ secret: String) -> Bool {
    secret.utf8.count >= 6
      && !["enabled", "disabled", "default", "backbone", "localhost", "groups"].contains(secret)
  }
}

/// Finds texts of some bytes and more in others, in a time that grows with the others alone: also
/// where thousands of secrets begin alike.
private struct SecretFinder: Sendable {
  private let window: Int
  /// The texts by their first bytes and their lengths.
  private var byStart: [UInt64: [Int: Set<[UInt8]>]] = [:]

  init(_ secrets: [String], window: Int = 6) {
    self.window = window
    for secret in secrets where secret.utf8.count >= window {
      let bytes = Array(secret.utf8)
      let start = bytes.prefix(window).reduce(0) { $0 << 8 | UInt64($1) }
      byStart[start, default: [:]][bytes.count, default: []].insert(bytes)
    }
  }

  func finds(in text: String) -> Bool {
    guard !byStart.isEmpty else { return false }
    let bytes = Array(text.utf8)
    let mask = UInt64(1) << UInt64(8 * window) - 1
    var start: UInt64 = 0
    for (place, byte) in bytes.enumerated() {
      start = (start << 8 | UInt64(byte)) & mask
      let first = place + 1 - window
      guard first >= 0, let lengths = byStart[start] else { continue }
      let isFound = lengths.contains { length, texts in
        first + length <= bytes.count && texts.contains(Array(bytes[first..<first + length]))
      }
      if isFound { return true }
    }
    return false
  }
}

/// Tells whether a secret stands in a text in any spelling; makes its index when it is first asked.
private final class SecretSpellings: Sendable {
  private let secrets: [String]
  private let finder = Mutex<SecretFinder?>(nil)

  init(_ secrets: [String]) { self.secrets = secrets }

  func stand(in text: String) -> Bool {
    let finder = finder.withLock { finder in
      let made = finder ?? SecretFinder(secrets.flatMap(Sensitivity.spellings), window: 4)
      finder = made
      return made
    }
    return finder.finds(in: text)
  }
}
