import Foundation
import Testing

/// A short run of the fuzzer, and every input that it once found; the long one is `make fuzz`.
@Suite struct FuzzRunTests {
  private static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz/Corpus")

  /// A target and how many inputs it gets here, in code that is not optimised.
  struct Part: CustomTestStringConvertible, Sendable {
    var target: String
    var inputs: Int
    var testDescription: String { target }

    static let all = [
      Part(target: "yaml", inputs: 600), Part(target: "json", inputs: 600),
      Part(target: "refusals", inputs: 600), Part(target: "cluster", inputs: 300),
      Part(target: "run-file", inputs: 150), Part(target: "plan-file", inputs: 80),
      Part(target: "export", inputs: 80), Part(target: "helm-get-all", inputs: 60),
      Part(target: "live", inputs: 50), Part(target: "recipe", inputs: 80),
      Part(target: "chart", inputs: 80), Part(target: "arguments", inputs: 120),
      Part(target: "history", inputs: 30),
    ]
  }

  @Test(arguments: Part.all)
  func nothingCrashesHangsOrBreaksAPromise(_ part: Part) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backbone-migrate-fuzzing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let state = folder.appending(path: "state").path()
    let outcome = try BuiltProgram("fuzz").run(
      [
        "run", part.target, "1", "0", "1", String(part.inputs), state, Self.corpus.path(),
        folder.appending(path: "found").path(),
      ], seconds: 120)
    let index = try Data(contentsOf: URL(filePath: state)).prefix(8).reversed()
      .reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let last = "\(part.target), seed 1, index \(index): \(outcome.errors.suffix(2000))"
    #expect(!outcome.tookTooLong, "it hangs at \(last)")
    #expect(outcome.status == 0, "it ended at \(last)")
    #expect(outcome.output == "")
  }

  @Test func everyTargetIsRunAndHasItsShare() throws {
    let listed = try BuiltProgram("fuzz").run(["targets"]).output.split(separator: "\n")
    let names = listed.compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(Set(names) == Set(Part.all.map(\.target)))
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path())
    #expect(Set(folders).isSubset(of: names))
  }

  @Test func whatWasOnceFoundIsFineNow() throws {
    let manager = FileManager.default
    var files = 0
    for target in try manager.contentsOfDirectory(atPath: Self.corpus.path()).sorted() {
      let folder = Self.corpus.appending(path: target)
      let inputs = try manager.contentsOfDirectory(atPath: folder.path()).sorted()
        .map { folder.appending(path: $0).path() }
      files += inputs.count
      guard !inputs.isEmpty else { continue }
      let outcome = try BuiltProgram("fuzz").run(["replay", target] + inputs, seconds: 60)
      #expect(outcome.status == 0, "\(target): \(outcome.output) \(outcome.errors.suffix(2000))")
    }
    #expect(files >= 20)
  }

  /// The same place in the same run is the same input, else nothing that is found can be looked at.
  @Test func anInputIsDecidedBySeedTargetAndIndex() throws {
    let program = try BuiltProgram("fuzz")
    for target in ["yaml", "export", "chart"] {
      let words = ["print", target, "7", "11", Self.corpus.path()]
      let first = try program.run(words).output
      #expect(try program.run(words).output == first)
      #expect(try program.run(["print", target, "7", "12", Self.corpus.path()]).output != first)
    }
  }
}
