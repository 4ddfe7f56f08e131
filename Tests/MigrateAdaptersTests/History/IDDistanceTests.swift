import Testing

@testable import MigrateAdapters

@Test(arguments: [
  ("", "", 0), ("a", "", 1), ("", "abc", 3), ("abc", "abc", 0), ("abc", "abd", 1),
  ("abc", "acb", 1), ("abcd", "bcd", 1), ("abcd", "abxcd", 1), ("ca", "abc", 3),
  ("kitten", "sitting", 3),
])
func theDistanceOfIdsCountsTypingErrors(left: String, right: String, distance: Int) {
  #expect(IDDistance.between(left, right) == distance)
  #expect(IDDistance.between(right, left) == distance)
}
