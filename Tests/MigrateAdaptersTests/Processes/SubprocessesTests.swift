import Foundation
import Testing

@testable import MigrateAdapters

/// Real programs as child processes.
@Suite struct SubprocessesTests {
  private static let runners: [(String, CommandRunner)] = [
    ("beside us", Subprocesses.run), ("apart", Children().runner),
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
    let group = try await children.runner(shell("ps -o pgid= -p $$"))
    #expect(
      String(decoding: group.output, as: UTF8.self).trimmingCharacters(in: .whitespaces)
        != String(getpgrp()))
    async let asleep = children.runner(shell("sleep 60"))
    let cancelled = Task { try await children.runner(shell("sleep 0.3; echo done")) }
    cancelled.cancel()
    #expect(try await cancelled.value.output == Array("done\n".utf8))
    let ending = terminateSteadily(children)
    #expect(try await asleep.status == 128 + Int(SIGTERM))
    ending.cancel()
  }

  @Test(
    arguments: [
      (0, "exec sleep 60"), (1, "exec sleep 60"), (1, "sleep 60; true"),
      // One that does not listen is killed after a while.
      (1, "trap '' TERM; while :; do sleep 60; done"),
    ])
  func aProgramThatTakesTooLongIsEnded(runner: Int, line: String) async throws {
    let error = await #expect(throws: CommandError.self) {
      try await Self.runners[runner].1(Command("sh", ["-c", line], limit: .seconds(1)))
    }
    #expect(error == .notEnded(executable: "sh", seconds: 1))
  }

  @Test func aProgramInTimeIsLeftAlone() async throws {
    let command = Command("sh", ["-c", "sleep 0.2; echo done"], limit: .seconds(20))
    #expect(try await Children().runner(command).output == Array("done\n".utf8))
  }

  @Test func whatARunStartedIsFoundByIt() async throws {
    let run = "run-\(UUID().uuidString.lowercased())"
    let children = Children(of: run)
    #expect(RunningChild.all(of: run) == [])
    async let asleep = children.runner(Command("sleep", ["60"]))
    var found: [RunningChild] = []
    while found.isEmpty {
      try await Task.sleep(for: .milliseconds(20))
      found = RunningChild.all(of: run).filter { $0.name == "sleep" }
    }
    #expect(found.count == 1)
    #expect(RunningChild.all(of: String(run.dropLast())) == [])
    let ending = terminateSteadily(children)
    _ = try await asleep
    ending.cancel()
    #expect(RunningChild.all(of: run) == [])
  }

  /// Terminates what runs, and what is only about to on a busy machine, until cancelled.
  private func terminateSteadily(_ children: Children) -> Task<Void, any Error> {
    Task {
      while true {
        children.terminate()
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }
}
