import MigratePlanning
import Testing

/// What is hidden in the words of others, beside the secrets that are known.
@Suite struct RedactorTests {
  @Test func whatIsLongInBase64IsHidden() {
    let blob = String(repeating: "eyJzY2hlbWEi", count: 40)
    let words = Redactor().redacting("the server refused {\"data\":{\"part\":\"\(blob)==\"}} here")
    #expect(words == "the server refused {\"data\":{\"part\":\"<redacted>\"}} here")
  }

  @Test func aDigestAndAPathAreNot() {
    let words =
      "sha256:\(String(repeating: "0a", count: 32)) of /home/ann/.cache/backbone-migrate/chart; "
      + String(repeating: "words and more of them, ", count: 20)
    #expect(Redactor().redacting(words) == words)
  }
}
