/// The major and minor number of a program's version.
struct Version: Hashable, Comparable {
  var major: Int
  var minor: Int

  init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads the beginning of a text such as `3.17.2` or `1.32+`; nil when it is no version.
  init?(_ text: String) {
    guard let match = text.prefixMatch(of: /v?([0-9]{1,6})\.([0-9]{1,6})/),
      let major = Int(match.1), let minor = Int(match.2)
    else { return nil }
    self.init(major, minor)
  }

  static func < (left: Version, right: Version) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}
