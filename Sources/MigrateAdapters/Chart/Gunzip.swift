/// Decompresses gzip (RFC 1952): what a packaged chart is compressed with.
struct Gunzip {
  /// The most that an archive may hold, in bytes; as much as helm takes.
  static let limit = 100 << 20

  private let input: [UInt8]
  private var position = 0
  private var bits: UInt32 = 0
  private var bitCount = 0
  private var output: [UInt8] = []

  /// The content of a gzip file.
  ///
  /// - Throws: ``ArchiveError``.
  static func content(of bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
    var reader = Gunzip(input: bytes)
    repeat { try reader.member() } while reader.position < reader.input.count
    return reader.output
  }

  private init(input: [UInt8]) { self.input = input }

  private mutating func member() throws(ArchiveError) {
    guard try byte() == 0x1F, try byte() == 0x8B, try byte() == 8 else {
      throw ArchiveError("it is not compressed with gzip")
    }
    let flags = try byte()
    position += 6  // time, hints, system
    if flags & 4 != 0 { position += Int(try byte()) | Int(try byte()) << 8 }
    if flags & 8 != 0 { while try byte() != 0 {} }
    if flags & 16 != 0 { while try byte() != 0 {} }
    if flags & 2 != 0 { position += 2 }
    let start = output.count
    try blocks()
    var expected: UInt32 = 0
    for shift in 0..<4 { expected |= UInt32(try byte()) << UInt32(8 * shift) }
    position += 4  // length
    guard position <= input.count, Self.checksum(output[start...]) == expected else {
      throw ArchiveError("its checksum is wrong")
    }
  }

  private mutating func byte() throws(ArchiveError) -> UInt8 {
    guard position < input.count else { throw ArchiveError("it is cut short") }
    defer { position += 1 }
    return input[position]
  }

  // MARK: DEFLATE (RFC 1951)

  private mutating func take(_ count: Int) throws(ArchiveError) -> Int {
    while bitCount < count {
      bits |= UInt32(try byte()) << UInt32(bitCount)
      bitCount += 8
    }
    defer {
      bits >>= UInt32(count)
      bitCount -= count
    }
    return Int(bits & ((1 << UInt32(count)) - 1))
  }

  private mutating func blocks() throws(ArchiveError) {
    (bits, bitCount) = (0, 0)
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try storedBlock()
      case 1: try block(.fixedLengths, .fixedDistances)
      case 2: try dynamicBlock()
      default: throw ArchiveError("it is damaged")
      }
    }
  }

  private mutating func storedBlock() throws(ArchiveError) {
    (bits, bitCount) = (0, 0)
    let count = Int(try byte()) | Int(try byte()) << 8
    position += 2  // the complement of the count
    guard position + count <= input.count else { throw ArchiveError("it is cut short") }
    output += input[position..<position + count]
    position += count
    try checkLimit()
  }

  private mutating func dynamicBlock() throws(ArchiveError) {
    let lengthCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let codeCount = try take(4) + 4
    var codeLengths = [Int](repeating: 0, count: 19)
    for index in 0..<codeCount { codeLengths[Self.codeOrder[index]] = try take(3) }
    let code = Huffman(codeLengths)
    var lengths: [Int] = []
    while lengths.count < lengthCount + distanceCount {
      let symbol = try symbol(code)
      switch symbol {
      case 16:
        guard let last = lengths.last else { throw ArchiveError("it is damaged") }
        lengths += [Int](repeating: last, count: 3 + (try take(2)))
      case 17: lengths += [Int](repeating: 0, count: 3 + (try take(3)))
      case 18: lengths += [Int](repeating: 0, count: 11 + (try take(7)))
      default: lengths.append(symbol)
      }
    }
    guard lengths.count == lengthCount + distanceCount else { throw ArchiveError("it is damaged") }
    try block(Huffman(Array(lengths[..<lengthCount])), Huffman(Array(lengths[lengthCount...])))
  }

  private mutating func block(
    _ lengths: Huffman, _ distances: Huffman
  ) throws(ArchiveError) {
    while true {
      let symbol = try symbol(lengths)
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return try checkLimit() }
      guard symbol - 257 < Self.lengthBases.count else { throw ArchiveError("it is damaged") }
      let length = Self.lengthBases[symbol - 257] + (try take(Self.lengthBits[symbol - 257]))
      let place = try self.symbol(distances)
      guard place < Self.distanceBases.count else { throw ArchiveError("it is damaged") }
      let distance = Self.distanceBases[place] + (try take(Self.distanceBits[place]))
      guard distance <= output.count else { throw ArchiveError("it is damaged") }
      for _ in 0..<length { output.append(output[output.count - distance]) }
      try checkLimit()
    }
  }

  private mutating func symbol(_ huffman: Huffman) throws(ArchiveError) -> Int {
    var (code, first, index) = (0, 0, 0)
    for length in 1...15 {
      code |= try take(1)
      let count = huffman.counts[length]
      if code - count < first { return huffman.symbols[index + (code - first)] }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw ArchiveError("it is damaged")
  }

  private func checkLimit() throws(ArchiveError) {
    guard output.count <= Self.limit else {
      throw ArchiveError("it holds more than \(Self.limit >> 20) MiB")
    }
  }

  /// A canonical Huffman code: how many codes of each length there are, and the symbols in order.
  private struct Huffman {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int]

    init(_ lengths: [Int]) {
      for length in lengths where length > 0 { counts[length] += 1 }
      symbols = lengths.indices.filter { lengths[$0] > 0 }
        .sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    }

    static let fixedLengths = Huffman(
      [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112)
        + [Int](repeating: 7, count: 24) + [Int](repeating: 8, count: 8))
    static let fixedDistances = Huffman([Int](repeating: 5, count: 30))
  }

  private static let codeOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]
  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
  private static let distanceBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
  ]

  /// CRC-32 as gzip has it.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes { sum = sum >> 8 ^ checksumTable[Int((sum ^ UInt32(byte)) & 0xFF)] }
    return ~sum
  }

  private static let checksumTable: [UInt32] = (0..<256).map { number in
    (0..<8).reduce(UInt32(number)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
  }
}

/// An archive that cannot be read, and why.
struct ArchiveError: Error, Hashable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
