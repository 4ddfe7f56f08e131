package import FoundationEssentials

/// A moment in UTC, to the millisecond, between the years 1 and 9999: what documents, locks and the
/// history say of a time, such as `2026-05-04T03:02:01.007Z`.
///
/// Counting whole milliseconds keeps text, database and `Date` exactly equal after a round trip.
/// Foundation's `Date.ISO8601FormatStyle` does not: it cuts a binary fraction off instead of
/// rounding it, so that `.001Z` prints as `.000Z`, takes days that a month does not have, and
/// counts years before 1582 in the Julian calendar.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package let milliseconds: Int64

  /// The moment of a date, rounded to the millisecond; one beyond the years 1 to 9999 becomes the
  /// first or the last moment of that span.
  package init(_ date: Date) {
    let exact = (date.timeIntervalSince1970 * 1000).rounded()
    // A NaN compares false with everything and becomes the first moment.
    let capped = exact >= Double(Self.first) ? min(exact, Double(Self.last)) : Double(Self.first)
    milliseconds = Int64(capped)
  }

  /// Reads the text that ``text`` writes, and nothing else; nil when it is no such moment.
  package init?(text: String) {
    let pattern = /([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{3})Z/
    guard let match = text.wholeMatch(of: pattern),
      let year = Int64(match.1), let month = Int64(match.2), let day = Int64(match.3),
      let hour = Int64(match.4), let minute = Int64(match.5), let second = Int64(match.6),
      let fraction = Int64(match.7),
      year >= 1, (1...12).contains(month), day >= 1, hour < 24, minute < 60, second < 60
    else { return nil }
    let days = Self.days(year: year, month: month, day: day)
    milliseconds = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + fraction
    // A day that its month does not have counts into the next month and reads differently.
    guard self.text == text else { return nil }
  }

  /// Reads a time of the Kubernetes API, which has seconds, or six digits more: what is below a
  /// millisecond is cut off. Nil when it is no such moment.
  package init?(kubernetes text: String) {
    guard text.hasSuffix("Z") else { return nil }
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard let seconds = parts.first, parts.count <= 2 else { return nil }
    self.init(text: "\(seconds).\(parts.count == 2 ? parts[1].prefix(3) : "000")Z")
  }

  /// The moment of a lock that nobody renewed.
  package static let distantPast = Timestamp(milliseconds: first)

  private init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The moment so many seconds later.
  package func adding(seconds: Double) -> Timestamp { Timestamp(date.addingTimeInterval(seconds)) }

  /// The moment as a date.
  package var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

  /// The moment as ISO 8601 text in UTC with milliseconds: always 24 characters, so that the order
  /// of the texts is the order of the moments.
  package var text: String {
    let (days, rest) = milliseconds.flooredQuotientAndRemainder(by: 86_400_000)
    let (year, month, day) = Self.civil(days: days)
    return [
      Self.digits(year, 4), "-", Self.digits(month, 2), "-", Self.digits(day, 2), "T",
      Self.digits(rest / 3_600_000, 2), ":", Self.digits(rest / 60_000 % 60, 2), ":",
      Self.digits(rest / 1000 % 60, 2), ".", Self.digits(rest % 1000, 3), "Z",
    ].joined()
  }

  /// The moment as Kubernetes' `MicroTime`, which has exactly six digits after the point.
  package var microTime: String { text.dropLast() + "000Z" }

  /// The moment to the minute, for people.
  package var minute: String { DocumentTime(self).minute }

  /// The moment to the second, for people.
  package var second: String { DocumentTime(self).second }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }

  private static let first = days(year: 1, month: 1, day: 1) * 86_400_000
  private static let last = days(year: 10_000, month: 1, day: 1) * 86_400_000 - 1

  /// Days since 1970-01-01 in the proleptic Gregorian calendar, counting years from March so that
  /// the leap day comes last.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }

  /// The calendar day that is `days` after 1970-01-01; the inverse of `days(year:month:day:)`.
  private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (days + 719_468).flooredQuotientAndRemainder(by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = (monthFromMarch + 2) % 12 + 1
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }

  private static func digits(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}

extension Int64 {
  /// Division that rounds down, so that the remainder is never negative.
  fileprivate func flooredQuotientAndRemainder(by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
