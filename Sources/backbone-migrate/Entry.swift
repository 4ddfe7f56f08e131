import ArgumentParser
import Foundation
import MigrateAdapters
import MigrateCLI

@main
enum Entry {
  static func main() async {
    // Between this program and `kubectl proxy` stands this program once more.
    if let status = ProxyKeeper.run(Array(CommandLine.arguments.dropFirst())) { exit(status) }
    // A reader that goes away, or a program that ends before it has read all, must not end a run.
    signal(SIGPIPE, SIG_IGN)
    if let mistake = BackboneMigrate.mistake(in: Array(CommandLine.arguments.dropFirst())) {
      FileHandle.standardError.write(Data("error: \(mistake)\n".utf8))
      exit(64)
    }
    await BackboneMigrate.main()
  }
}
