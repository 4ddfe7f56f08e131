import Foundation
import Testing

@testable import MigrateAdapters

/// Real programs as child processes.
@Suite struct SubprocessesTests {
  private static let runners: [(String, CommandRunner)] = [
    ("beside us", Subprocesses.run), ("apart", Children().run),
  ]
  private static let large = [UInt8](repeating: 0x78, count: 3 << 20)

  private func shell(_ line: String, input: [UInt8]? = nil) -> Command {
    Command("sh", ["-c", line], input: input)
  }

  @Test(arguments: runners.indices)
  func largeInputComesBackWhole(runner: Int) async throws {
    let result = try await Self.runners[runner].1(Command("cat", [], input: Self.large))
    #expect(result.status == 0)
    #expect(result.output == Self.large)
  }

  @Test(arguments: runners.indices)
  func aProgramThatReadsNothingSaysWhyItEnded(runner: Int) async throws {
    // As the binary does: a test process may not.
    signal(SIGPIPE, SIG_IGN)
    let command = shell("exec 0<&-; echo no thanks >&2; exit 7", input: Self.large)
    let result = try await Self.runners[runner].1(command)
    #expect(result.status == 7)
    #expect(result.errorText == "no thanks\n")
  }

  @Test(arguments: runners.indices)
  func withoutInputAProgramReadsNothing(runner: Int) async throws {
    let result = try await Self.runners[runner].1(shell("wc -c"))
    #expect(String(decoding: result.output, as: UTF8.self).contains("0"))
  }

  @Test(arguments: runners.indices)
  func manyAtOnceGetTheirOwn(runner: Int) async throws {
    let run = Self.runners[runner].1
    let outputs = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<24 {
        group.addTask {
          let text = String(repeating: "\(number) ", count: 40_000)
          return try await run(Command("cat", [], input: Array(text.utf8))).output
            == Array(text.utf8)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outputs.count == 24 && outputs.allSatisfy { $0 })
  }

  @Test(arguments: runners.indices)
  func aProgramThatIsNotThereIsNamed(runner: Int) async {
    let error = await #expect(throws: CommandError.self) {
      try await Self.runners[runner].1(Command("no-such-program", [], input: Self.large))
    }
    #expect(error == .notFound(executable: "no-such-program"))
  }

  @Test func oneApartHasAGroupOfItsOwnAndEndsOnPurposeOnly() async throws {
    let children = Children()
    let group = try await children.run(shell("ps -o pgid= -p $$"))
    #expect(
      String(decoding: group.output, as: UTF8.self).trimmingCharacters(in: .whitespaces)
        != String(getpgrp()))
    async let asleep = children.run(shell("sleep 60"))
    let cancelled = Task { try await children.run(shell("sleep 0.3; echo done")) }
    cancelled.cancel()
    #expect(try await cancelled.value.output == Array("done\n".utf8))
    children.terminate()
    #expect(try await asleep.status == 128 + Int(SIGTERM))
  }
}
