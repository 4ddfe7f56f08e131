import Foundation
import Testing

@testable import MigratePlanning

@Suite struct DocumentTimeTests {
  @Test func aTimeIsShownToThePeopleWhoRead() throws {
    let time = DocumentTime("2026-03-01T10:00:07.125Z")
    #expect(time.moment == Timestamp(Date(timeIntervalSince1970: 1_772_359_207.125)))
    #expect(time.minute == "2026-03-01 10:00 UTC" && time.second == "2026-03-01 10:00:07 UTC")
    #expect(time.moment.map { DocumentTime($0) } == time)
  }

  @Test(arguments: ["yesterday", "", "2026-03-01T10:00:00Z", "2026-03-01T10:00:00.000+01:00"])
  func anotherTextIsReadAndWrittenAsItIs(text: String) throws {
    let time = DocumentTime(text: text)
    #expect(time.text == text && time.moment == nil)
    #expect(try JSON(encoding: [time]) == [.string(text)])
  }

  @Test(
    arguments: [
      ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00.000Z"),
      ("2026-03-01T10:00:00.123456Z", "2026-03-01T10:00:00.123Z"),
      ("2026-03-01T10:00:00.12Z", nil), ("2026-03-01T10:00:00.Z", nil),
      ("2026-03-01T10:00:00.123.456Z", nil), ("2026-03-01T10:00:00.123456", nil), ("Z", nil),
      ("", nil),
    ] as [(String, String?)])
  func aTimeOfKubernetesIsRead(text: String, moment: String?) {
    #expect(Timestamp(kubernetes: text)?.text == moment)
  }

  @Test func kubernetesGetsSixDigits() throws {
    let moment = try #require(Timestamp(text: "2026-03-01T10:00:00.123Z"))
    #expect(moment.microTime == "2026-03-01T10:00:00.123000Z")
    #expect(Timestamp(kubernetes: moment.microTime) == moment)
    #expect(Timestamp.distantPast.text == "0001-01-01T00:00:00.000Z")
  }
}
