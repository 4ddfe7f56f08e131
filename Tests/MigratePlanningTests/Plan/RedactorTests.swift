import MigratePlanning
import Testing

@Suite struct RedactorTests {
  @Test func itHidesWhatItLearntFirstAndLast() {
    let redactor = Redactor()
    #expect(redactor.redacting("amber and bramble") == "amber and bramble")
    redactor.learn(["amber"])
    redactor.learn(["bramble", "amber"])
    redactor.learn([])
    #expect(redactor.redacting("amber and bramble") == "<redacted> and <redacted>")
  }

  @Test func aLongerSecretLeavesNothingOver() {
    let redactor = Redactor()
    redactor.learn(["amber"])
    redactor.learn(["amber-and-bramble"])
    #expect(redactor.redacting("amber-and-bramble") == "<redacted>")
  }

  @Test(arguments: [("abc", false), ("abcd", true)])
  func wordsOfLessThanFourBytesStay(secret: String, isHidden: Bool) {
    let redactor = Redactor()
    redactor.learn([secret, ""])
    #expect(redactor.redacting("(\(secret))") == (isHidden ? "(<redacted>)" : "(\(secret))"))
  }

  /// A command that names the namespace has to stay one, though somebody's password is the same
  /// word.
  @Test(arguments: [("mqtt", true), ("backbone", true), ("sunflower", false)])
  func ourOwnWordsKeepWhatIsNotDistinctive(secret: String, stays: Bool) {
    let redactor = Redactor()
    redactor.learn([secret])
    #expect(redactor.shown("see \(secret)") == (stays ? "see \(secret)" : "see <redacted>"))
    #expect(redactor.redacting("see \(secret)") == "see <redacted>")
  }
}
