import MigratePlanning

/// The files of a packaged chart: a tar archive, compressed, with everything in one folder.
///
/// Read here rather than by `tar`, so that nothing is unpacked: an archive cannot write outside its
/// folder, and links in it lead nowhere.
enum ChartArchive {
  /// The most that one file may have, in bytes; as much as helm takes.
  static let fileLimit = 5 << 20

  /// The files by path within the chart.
  ///
  /// - Throws: ``ArchiveError``.
  static func files(of bytes: [UInt8]) throws(ArchiveError) -> [ChartFile] {
    let tar = try Gunzip.content(of: bytes)
    var files: [ChartFile] = []
    var paths: Set<String> = []
    var longName: String?
    var position = 0
    while position + 512 <= tar.count, tar[position] != 0 {
      let header = tar[position..<position + 512]
      let size = try number(header.field(124, 12))
      let start = position + 512
      guard size <= tar.count - start else { throw ArchiveError("it is cut short") }
      guard size <= fileLimit else {
        throw ArchiveError("a file in it has more than \(fileLimit >> 20) MiB")
      }
      let content = tar[start..<start + size]
      position = start + (size + 511) / 512 * 512
      let name = longName ?? self.name(header)
      switch header.field(156, 1).first ?? 0 {
      case UInt8(ascii: "x"): longName = extendedName(content) ?? longName
      case UInt8(ascii: "L"): longName = text(content)
      case UInt8(ascii: "0"), 0:
        let path = try path(name)
        guard paths.insert(path).inserted else {
          throw ArchiveError("\"\(path.prefix(200))\" is in it twice")
        }
        files.append(ChartFile(path: path, bytes: Array(content)))
        longName = nil
      default: longName = nil  // folders, links, and what is about the archive as a whole
      }
    }
    return files
  }

  /// The path without the folder that everything is in.
  private static func path(_ name: String) throws(ArchiveError) -> String {
    let keys = name.split(separator: "/").filter { $0 != "." }
    guard keys.count > 1, !keys.contains("..") else {
      throw ArchiveError("\"\(name.prefix(200))\" does not lie in the chart's folder")
    }
    return keys.dropFirst().joined(separator: "/")
  }

  private static func name(_ header: ArraySlice<UInt8>) -> String {
    let name = text(header.field(0, 100))
    let isPOSIX = text(header.field(257, 6)) == "ustar"
    let prefix = isPOSIX ? text(header.field(345, 155)) : ""
    return prefix.isEmpty ? name : prefix + "/" + name
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func number(_ field: ArraySlice<UInt8>) throws(ArchiveError) -> Int {
    let digits = text(field).filter { $0 != " " }
    guard let number = Int(digits, radix: 8), number >= 0 else {
      throw ArchiveError("it is no tar archive")
    }
    return number
  }

  /// The `path` of a pax header: lines of `LENGTH KEY=VALUE`.
  private static func extendedName(_ content: ArraySlice<UInt8>) -> String? {
    for line in text(content).split(separator: "\n") {
      guard let space = line.firstIndex(of: " ") else { continue }
      let member = line[line.index(after: space)...]
      if member.hasPrefix("path=") { return String(member.dropFirst(5)) }
    }
    return nil
  }
}

/// One file of a chart.
package struct ChartFile: Hashable, Sendable {
  /// The path within the chart.
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

extension ArraySlice<UInt8> {
  fileprivate func field(_ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
    self[startIndex + offset..<startIndex + offset + count]
  }
}
