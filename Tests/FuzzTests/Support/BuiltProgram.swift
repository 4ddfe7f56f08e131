import Foundation

/// A program that was built beside the test bundle, run to its end or to a limit of time.
struct BuiltProgram: Sendable {
  let path: String

  /// What it did.
  struct Outcome: Sendable {
    /// The exit status; 128 and the signal's number when a signal ended it.
    var status: Int32
    var output: String
    var errors: String
    /// Whether it was ended because it took too long.
    var tookTooLong: Bool
  }

  init(_ name: String) throws {
    let program = URL(filePath: CommandLine.arguments.first ?? "")
    let bundles =
      [program, Bundle.main.bundleURL, Bundle.main.executableURL].compactMap { $0 }
      + Bundle.allBundles.map(\.bundleURL)
    let folders = bundles.flatMap { [$0, $0.deletingLastPathComponent()] }
    let found = folders.map { $0.standardizedFileURL.appending(path: name).path() }
      .first { place in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
          && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: place)
      }
    guard let found else { throw Missing(description: "\(name) is not beside the test bundle") }
    path = found
  }

  struct Missing: Error, CustomStringConvertible { let description: String }

  /// Runs it; `memory` is the most address space that it may take, in MiB.
  func run(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
    memory: Int? = nil, seconds: Double = 20
  ) throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backbone-migrate-fuzz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ content: String = "") throws -> FileHandle {
      let place = folder.appending(path: name)
      try Data(content.utf8).write(to: place)
      return try FileHandle(forUpdating: place)
    }
    let (output, errors) = (try file("output"), try file("errors"))
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let limit = memory.map { "ulimit -v \($0 << 10); " } ?? ""
    process.arguments = ["-c", "\(limit)exec \"$0\" \"$@\"", path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = try file("input", input ?? "")
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let end = Date(timeIntervalSinceNow: seconds)
    while process.isRunning, Date() < end { usleep(5_000) }
    let tookTooLong = process.isRunning
    if tookTooLong { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }
    let isSignal = process.terminationReason == .uncaughtSignal
    return Outcome(
      status: process.terminationStatus + (isSignal ? 128 : 0), output: try text("output"),
      errors: try text("errors"), tookTooLong: tookTooLong)
  }
}
