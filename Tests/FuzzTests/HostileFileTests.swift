import Foundation
import Testing

/// What the real binary says when a file is not what it should be: one sentence with the place, the
/// exit code of the contract, in bounded time and memory, and the files are what they were.
@Suite struct HostileFileTests {
  /// A file that somebody might name.
  enum Content: String, CaseIterable, Sendable {
    case missing, empty, folder, pipe, nothing, endless, gzip, utf16, binary, notUTF8
    case deepBrackets, deepBraces, deepBlocks, aliasBomb, aliasChain, keysOfAliases, doubledKeys
    case expansionBomb, notANumber, blankLines

    /// Puts it down and gives its path.
    func put(in folder: URL) throws -> String {
      let place = folder.appending(path: "file")
      switch self {
      case .missing: break
      case .folder:
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      case .pipe: try #require(mkfifo(place.path(), 0o600) == 0)
      case .nothing: return "/dev/null"
      case .endless: return "/dev/zero"
      default: try Data(bytes).write(to: place)
      }
      return place.path()
    }

    /// Forty lists, each of twice the one before.
    private static let doubling: String = {
      var text = "a0: &a0 [x, x]\n"
      for level in 1...40 {
        text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
      }
      return text
    }()

    private var bytes: [UInt8] {
      switch self {
      case .gzip: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      case .utf16: [0xFF, 0xFE, 0x61, 0, 0x3A, 0, 0x20, 0, 0x62, 0, 0x0A, 0]
      case .binary: (0..<4096).map { (place: Int) in UInt8(truncatingIfNeeded: place &* 37) }
      case .notUTF8: Array("name: ".utf8) + [0xC3, 0x28, 0x0A]
      case .deepBrackets: Array(String(repeating: "[", count: 100_000).utf8)
      case .deepBraces: Array(String(repeating: "{\"a\":", count: 100_000).utf8)
      case .deepBlocks: Array(String(repeating: "- ", count: 100_000).utf8)
      case .aliasBomb: Array(Self.doubling.utf8)
      case .aliasChain:
        Array("a0: &a0 [x]\n".utf8)
          + (1...60_000).flatMap { "a\($0): &a\($0) [*a\($0 - 1)]\n".utf8 }
      case .keysOfAliases: Array((Self.doubling + "b: {[*a40]}\n").utf8)
      case .doubledKeys: Array("schema: x\nrelease: {name: a, name: b}\n".utf8)
      case .expansionBomb: Array("schema: backbone-migrate/export/v1\nrelease: 1\n".utf8)
      case .notANumber: Array("schema: .nan\n".utf8)
      case .blankLines: Array(String(repeating: "\n", count: 1 << 20).utf8)
      default: []
      }
    }
  }

  /// A way to name a file.
  enum Way: String, CaseIterable, Sendable {
    case from, plan, recipe, chart, history

    func arguments(_ path: String, fixture: String) -> [String] {
      switch self {
      case .from: ["plan", "--from", path, "--no-save"]
      case .plan: ["apply", "--plan", path]
      case .recipe: ["plan", "--from", fixture, "--no-save", "--recipe", path]
      case .chart: ["plan", "--from", fixture, "--no-save", "--chart", path]
      case .history: ["history", "--history", path]
      }
    }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var content: Content
    var way: Way
    var testDescription: String { "\(content.rawValue) as \(way.rawValue)" }

    /// An absent or empty history is one without plans, and helm looks at a folder before the tool
    /// does.
    static let all: [Case] = {
      var cases: [Case] = []
      for content in Content.allCases {
        for way in Way.allCases {
          if way == .history, content == .missing || content == .empty { continue }
          if way == .chart, content == .folder { continue }
          cases.append(Case(content: content, way: way))
        }
      }
      return cases
    }()
  }

  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let fixture = tests.appending(path: "Fixtures/releases/plain.yaml").path()

  @Test(arguments: Case.all)
  func aFileThatIsNoneIsRefusedInOneSentence(_ one: Case) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backbone-migrate-hostile-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try one.content.put(in: folder)
    let before = try? Data(contentsOf: URL(filePath: path), if: one.content)
    let outcome = try BuiltProgram("backbone-migrate").run(
      one.way.arguments(path, fixture: Self.fixture),
      environment: ["XDG_STATE_HOME": folder.appending(path: "state").path()], memory: 2048)
    let about = "\(one.testDescription): \(outcome.status) \(outcome.errors.prefix(600))"
    #expect(!outcome.tookTooLong, "\(about)")
    // A chart that does not exist is as good as any other failure.
    #expect(outcome.status == 1, "\(about)")
    #expect(outcome.output == "", "\(about)")
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(about)")
    #expect(lines.first?.hasPrefix("error: ") == true, "\(about)")
    #expect(outcome.errors.utf8.count < 1_000, "\(about)")
    #expect(outcome.errors.contains(path), "\(about)")
    #expect(!outcome.errors.contains("Swift"), "\(about)")
    let after = try? Data(contentsOf: URL(filePath: path), if: one.content)
    #expect(after == before, "\(about)")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path())
    #expect(left.allSatisfy { $0 == "file" }, "\(about)")
  }
}

extension Data {
  /// The bytes of what is a file.
  fileprivate init?(contentsOf place: URL, if content: HostileFileTests.Content) throws {
    guard ![.pipe, .endless, .nothing, .folder, .missing].contains(content) else { return nil }
    self = try Data(contentsOf: place)
  }
}
