import ArgumentParser
import Foundation
import MigrateAdapters
import Testing

@testable import MigrateCLI

@Suite struct ChartCommandTests {
  private func write(
    to folder: String
  ) async throws -> (code: Int32, output: String, errors: String) {
    let test = TestContext()
    let command = try ChartCommand.parse([folder])
    let code = await test.exitCode { try command.write($0) }
    return (code, test.output.all, test.errors.all)
  }

  @Test func theChartIsWrittenWhole() async throws {
    try await TestFolder.with { folder in
      let made = folder + "/deep/backbone"
      let written = try await write(to: made)
      #expect(written.code == 0)
      #expect(written.output.isEmpty)
      #expect(written.errors == "chart backbone 0.2.0 is in \(made)\n")
      for file in EmbeddedFiles.chart {
        let text = try String(contentsOfFile: made + "/" + file.path, encoding: .utf8)
        #expect(text == file.text, "\(file.path)")
      }
    }
  }

  @Test func anEmptyFolderIsTaken() async throws {
    try await TestFolder.with { folder in
      let written = try await write(to: folder)
      #expect(written.code == 0)
    }
  }

  @Test func aFolderWithSomethingInItIsRefused() async throws {
    try await TestFolder.with { folder in
      try Data("mine".utf8).write(to: URL(filePath: folder + "/values.yaml"))
      let written = try await write(to: folder)
      #expect(written.code == 3)
      #expect(
        written.errors
          == "error: folder \"\(folder)\" holds something else than the chart; name another one\n")
      #expect(try String(contentsOfFile: folder + "/values.yaml", encoding: .utf8) == "mine")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["values.yaml"])
    }
  }

  @Test func theChartThatIsThereAlreadyStays() async throws {
    try await TestFolder.with { folder in
      _ = try await write(to: folder)
      let file = folder + "/values.yaml"
      let before = try FileManager.default.attributesOfItem(atPath: file)
      let again = try await write(to: folder)
      #expect(again.code == 0)
      #expect(again.errors == "chart backbone 0.2.0 is in \(folder) already\n")
      let after = try FileManager.default.attributesOfItem(atPath: file)
      #expect(
        before[.modificationDate] as? Date == after[.modificationDate] as? Date
          && before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
    }
  }

  @Test(arguments: ["values.yaml", "templates/deployment.yaml", "templates/mine.yaml", ".mine"])
  func aChartThatDiffersInOneFileIsRefused(file: String) async throws {
    try await TestFolder.with { folder in
      _ = try await write(to: folder)
      try Data("mine".utf8).write(to: URL(filePath: folder + "/" + file))
      #expect(try await write(to: folder).code == 3)
      #expect(try String(contentsOfFile: folder + "/" + file, encoding: .utf8) == "mine")
    }
  }

  @Test func aChartThatLacksAFileIsRefused() async throws {
    try await TestFolder.with { folder in
      _ = try await write(to: folder)
      try FileManager.default.removeItem(atPath: folder + "/templates/service.yaml")
      #expect(try await write(to: folder).code == 3)
    }
  }

  @Test func aFileIsNoFolder() async throws {
    try await TestFolder.with { folder in
      let file = folder + "/file"
      try Data("mine".utf8).write(to: URL(filePath: file))
      let written = try await write(to: file)
      #expect(written.code == 1)
      #expect(written.errors.contains("cannot be written"))
      #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
    }
  }

  @Test(arguments: RealHelm.all)
  func helmTakesTheChart(_ helm: RealHelm) async throws {
    try await TestFolder.with { folder in
      _ = try await write(to: folder + "/chart")
      let result = try await Subprocesses.run(
        Command(try helm.executable, ["lint", folder + "/chart"]))
      #expect(result.isSuccess, "\(result.errorText)")
    }
  }
}
