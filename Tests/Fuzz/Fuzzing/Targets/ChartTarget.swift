import MigrateAdapters
import MigratePlanning

/// A packaged chart, as `--chart` reads it, and a plan that leads to it.
///
/// An input that begins with `T` is a tar archive that is still to be compressed, so that the
/// changes reach what stands in it.
enum ChartTarget: FuzzTarget {
  static let name = "chart"
  static let share = 25

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    if random.happens(oneIn: 3), let mutated = mutated(&random, seeds) { return mutated }
    let values = random.happens(oneIn: 3) ? Hostile.tree(&random) : FakeChart().defaults
    let about: JSON = ["apiVersion": "v2", "name": "backbone", "version": "0.2.0"]
    let (aboutText, valuesText) = (
      YAMLWriter().text(random.happens(oneIn: 4) ? Mutation.tree(about, &random) : about),
      YAMLWriter().text(random.happens(oneIn: 2) ? Mutation.tree(values, &random) : values)
    )
    var files: [(String, [UInt8])] = [
      ("backbone/Chart.yaml", Array(aboutText.utf8)),
      ("backbone/values.yaml", Array(valuesText.utf8)),
      ("backbone/templates/x.yaml", Array("a: b".utf8)),
    ]
    if random.happens(oneIn: 3) {
      files.append((random.one(of: names) ?? "x", Array(Hostile.text(&random).utf8)))
    }
    var tar = files.flatMap { Tar.entry($0.0, $0.1, &random) }
    if !random.happens(oneIn: 5) { tar += [UInt8](repeating: 0, count: 1024) }
    if random.happens(oneIn: 2) { tar = Mutation.bytes(tar, &random) }
    return [UInt8(ascii: "T")] + tar
  }

  private static let names = [
    "../evil", "backbone/../../evil", "/etc/passwd", "Chart.yaml", "backbone", "backbone/",
    "backbone//Chart.yaml", "./backbone/./Chart.yaml", "other/Chart.yaml", "backbone/a\u{0}b",
    "backbone/\u{1B}[31m", String(repeating: "a/", count: 60) + "b", "",
  ]

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let archive =
      input.first == UInt8(ascii: "T") ? Gzip.stored(Array(input.dropFirst())) : input
    let target: Target
    do {
      target = try Chart.target(
        of: try Chart.files(ofArchive: archive, named: "fuzzed.tgz"), source: "fuzzed.tgz")
    } catch {
      return .refused(error)
    }
    var random = FuzzRandom(seed: 13, target: name, index: UInt64(input.count % 64))
    let snapshot = try Checks.must("a release") {
      try Snapshot(exported: ReleaseInput.export(&random))
    }
    return try await PlanCheck.plan(snapshot, target: target, input: input.count + 4000)
  }
}

/// Writes tar archives, good ones and others.
enum Tar {
  static func entry(
    _ name: String, _ content: [UInt8], _ random: inout FuzzRandom
  ) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: some Sequence<UInt8>, _ offset: Int, _ limit: Int) {
      for (place, byte) in text.prefix(limit).enumerated() { header[offset + place] = byte }
    }
    put(name.utf8, 0, 100)
    put("0000644\u{0}".utf8, 100, 8)
    let size = String(content.count, radix: 8)
    let sizes = [
      size, "77777777777", "-1", "\u{80}\u{0}", "", "  \(size) ", "9",
      String(content.count + 512, radix: 8),
    ]
    put((random.happens(oneIn: 8) ? random.one(of: sizes) ?? size : size).utf8, 124, 12)
    let kinds = Array("0\u{0}5xgLKS12".utf8)
    header[156] = random.happens(oneIn: 12) ? random.one(of: kinds) ?? 48 : 48
    put("ustar\u{0}00".utf8, 257, 8)
    if random.happens(oneIn: 10) { put(Hostile.text(&random).utf8, 345, 155) }
    let padding = [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    return header + content + padding
  }
}

/// Writes gzip without compressing.
enum Gzip {
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var rest = bytes[...]
    repeat {
      let block = rest.prefix(0xFFFF)
      rest = rest.dropFirst(block.count)
      let count = UInt16(block.count)
      output.append(rest.isEmpty ? 1 : 0)
      for number in [count, ~count] {
        output += [UInt8(number & 0xFF), UInt8(number >> 8)]
      }
      output += block
    } while !rest.isEmpty
    for number in [checksum(bytes), UInt32(truncatingIfNeeded: bytes.count)] {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        output.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    return output
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes { sum = sum >> 8 ^ table[Int((sum ^ UInt32(byte)) & 0xFF)] }
    return ~sum
  }

  private static let table: [UInt32] = (0..<256).map { number in
    (0..<8).reduce(UInt32(number)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
  }
}
