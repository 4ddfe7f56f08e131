import Synchronization

/// Takes a release's secrets out of what is said about it. All that a command does shares one: helm
/// and kubectl hold it from the beginning, and know what to hide as soon as anybody does.
package final class Redactor: Sendable {
  private let secrets = Mutex(SecretTexts())

  package init() {}

  /// Hides these texts as well from now on, such as ``Sensitivity/secrets``.
  package func learn(_ texts: some Sequence<String>) {
    secrets.withLock { known in
      let all = Set(known.all).union(texts)
      if all.count > known.all.count { known = SecretTexts(all) }
    }
  }

  /// A text of others in which no secret of four bytes and more stands any more, and nothing long
  /// in Base64: a server may repeat a Secret that it refuses, such as a backup with all of them.
  package func redacting(_ text: String) -> String {
    Self.withoutBase64(secrets.withLock { $0 }.redacting(text))
  }

  private static func withoutBase64(_ text: String) -> String {
    text.utf8.count < base64Length ? text : text.replacing(longBase64, with: Sensitivity.redacted)
  }

  /// The shortest that is hidden: digests and tokens of names are shorter.
  private static let base64Length = 200

  private static var longBase64: Regex<Substring> { /(?:[A-Za-z0-9+\/]|<redacted>){200,}={0,2}/ }

  /// A text of our own in which no distinctive secret stands any more: a password may be the word
  /// `mqtt`, and a command with its namespace has to stay one.
  package func shown(_ text: String) -> String { secrets.withLock { $0 }.shown(text) }
}
