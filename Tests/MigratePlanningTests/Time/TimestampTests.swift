import Foundation
import MigratePlanning
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00.000Z", 0), ("1969-12-31T23:59:59.999Z", -1),
    ("2000-02-29T12:34:56.789Z", 951_827_696_789), ("2026-03-01T00:00:00.001Z", 1_772_323_200_001),
    ("2100-02-28T23:59:59.999Z", 4_107_542_399_999),
    ("2100-03-01T00:00:00.000Z", 4_107_542_400_000),
    ("0001-01-01T00:00:00.000Z", -62_135_596_800_000),
    ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
  ])
  func aMomentReadsAsItWasWritten(text: String, milliseconds: Int64) throws {
    let timestamp = try #require(Timestamp(text: text))
    #expect(timestamp.milliseconds == milliseconds)
    #expect(timestamp.text == text)
    #expect(Timestamp(timestamp.date) == timestamp)
  }

  @Test(arguments: [
    "", "2026-05-04T03:02:01Z", "2026-05-04 03:02:01.007Z", "2026-05-04T03:02:01.007",
    "2026-05-04T03:02:01.007+00:00", "2026-02-29T00:00:00.000Z", "2026-04-31T00:00:00.000Z",
    "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z", "2026-01-00T00:00:00.000Z",
    "2026-01-01T24:00:00.000Z", "2026-01-01T23:60:00.000Z", "2016-12-31T23:59:60.000Z",
    "0000-01-01T00:00:00.000Z", "２026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z\n",
  ])
  func otherTextIsNoMoment(text: String) {
    #expect(Timestamp(text: text) == nil)
  }

  @Test(arguments: [
    (Double.nan, "0001-01-01T00:00:00.000Z"), (-.infinity, "0001-01-01T00:00:00.000Z"),
    (.infinity, "9999-12-31T23:59:59.999Z"), (1e300, "9999-12-31T23:59:59.999Z"),
    (0.0004, "1970-01-01T00:00:00.000Z"), (0.0006, "1970-01-01T00:00:00.001Z"),
  ])
  func everyDateIsAMoment(seconds: Double, text: String) {
    #expect(Timestamp(Date(timeIntervalSince1970: seconds)).text == text)
  }

  @Test func theOrderOfTextsIsTheOrderOfMoments() {
    let moments = stride(from: -3_000_000_000_007, through: 9_000_000_000_000, by: 77_777_777_777)
      .map { Timestamp(Date(timeIntervalSince1970: Double($0) / 1000)) }
    #expect(moments.map(\.text) == moments.map(\.text).sorted())
    #expect(moments == moments.sorted())
    #expect(moments.allSatisfy { Timestamp(text: $0.text) == $0 })
  }
}
