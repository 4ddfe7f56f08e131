import Foundation
import Fuzzing

/// Runs inputs, in one process, until it has run them all or one of them ends it.
///
///     fuzz targets                                  the targets: name, share
///     fuzz run TARGET SEED FIRST STEP COUNT STATE CORPUS FOUND
///     fuzz replay TARGET FILE…                      inputs from files
///     fuzz print TARGET SEED INDEX CORPUS           one input, to standard output
///
/// STATE is a file of eight numbers that says where it stands, also when it is dead; see ``State``.
@main enum Worker {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case "targets":
      for target in FuzzTargets.all { show("\(target.name) \(target.share)") }
    case "run" where arguments.count == 9: await run(Array(arguments.dropFirst()))
    case "replay" where arguments.count > 2:
      await replay(named(arguments[1]), Array(arguments.dropFirst(2)))
    case "print" where arguments.count == 5:
      guard let seed = UInt64(arguments[2]), let index = UInt64(arguments[3]) else { usage() }
      let target = named(arguments[1])
      let seeds = Corpus.seeds(of: target.name, in: arguments[4])
      FileHandle.standardOutput.write(Data(target.input(seed: seed, index: index, seeds: seeds)))
    default: usage()
    }
  }

  private static func run(_ words: [String]) async {
    let target = named(words[0])
    guard let seed = UInt64(words[1]), let first = UInt64(words[2]), let step = UInt64(words[3]),
      let count = UInt64(words[4]), let state = State(file: words[5])
    else { usage() }
    let seeds = Corpus.seeds(of: target.name, in: words[6])
    var index = first
    for _ in 0..<count {
      let input = target.input(seed: seed, index: index, seeds: seeds)
      let start = ContinuousClock.now
      state.begin(index)
      do {
        let accepted = try await target.check(input)
        state.end(accepted: accepted, micros: (ContinuousClock.now - start).micros)
      } catch {
        state.end(accepted: nil, micros: (ContinuousClock.now - start).micros)
        show("violation \(index) \(String("\(error)".prefix(300)).replacing("\n", with: " "))")
        Corpus.keep(input, as: "\(target.name)-\(seed)-\(index)", in: words[7])
      }
      index += step
    }
    state.finish()
  }

  private static func replay(_ target: any FuzzTarget.Type, _ files: [String]) async {
    var failed = false
    for file in files {
      guard let data = FileManager.default.contents(atPath: file) else {
        show("\(file) is not there")
        exit(2)
      }
      do {
        let accepted = try await target.check([UInt8](data))
        show("\(accepted ? "accepted" : "refused") \(file)")
      } catch {
        show("violation \(file): \(error)")
        failed = true
      }
    }
    exit(failed ? 1 : 0)
  }

  private static func named(_ name: String) -> any FuzzTarget.Type {
    guard let target = FuzzTargets.all.first(where: { $0.name == name }) else { usage() }
    return target
  }

  private static func show(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  private static func usage() -> Never {
    FileHandle.standardError.write(Data("see Tests/Fuzz/Worker/Worker.swift\n".utf8))
    exit(64)
  }
}

extension Duration {
  fileprivate var micros: UInt64 {
    let (seconds, attoseconds) = components
    return UInt64(max(0, seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
  }
}

/// Where the worker stands, in a file that outlives it: the index of the input that is run, when
/// that began (milliseconds of the monotonic clock; 0 between inputs), inputs, accepted, refused,
/// violations, the longest time in microseconds and its index.
private struct State {
  private let numbers: UnsafeMutablePointer<UInt64>

  init?(file: String) {
    let descriptor = open(file, O_RDWR | O_CREAT, 0o600)
    guard descriptor >= 0, ftruncate(descriptor, 64) == 0,
      let memory = mmap(nil, 64, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      memory != MAP_FAILED
    else { return nil }
    close(descriptor)
    numbers = memory.bindMemory(to: UInt64.self, capacity: 8)
    for place in 0..<8 { numbers[place] = 0 }
  }

  func begin(_ index: UInt64) {
    numbers[0] = index
    numbers[1] = Self.milliseconds
  }

  func end(accepted: Bool?, micros: UInt64) {
    numbers[2] += 1
    switch accepted {
    case true?: numbers[3] += 1
    case false?: numbers[4] += 1
    case nil: numbers[5] += 1
    }
    if micros > numbers[6] {
      numbers[6] = micros
      numbers[7] = numbers[0]
    }
    numbers[1] = 0
  }

  func finish() { numbers[1] = 0 }

  private static var milliseconds: UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1000 + UInt64(now.tv_nsec) / 1_000_000
  }
}
