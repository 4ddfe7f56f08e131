import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// Plans that lead to other charts than the embedded one, with real helm.
struct ForeignChartTests {
  @Test(arguments: ForeignHelm.all)
  func oneContentHasOneDigestWhereverItLies(_ helm: ForeignHelm) async throws {
    try await withFolder { folder in
      _ = try ChartCommand.parse([folder + "/ours"]).write(ForeignHelm.context().context)
      try await helm.run(["package", folder + "/ours", "--destination", folder])
      let embedded = try await helm.plan(Self.byHand)
      let places = ["/ours", "/ours/", "/backbone-0.2.0.tgz"].map { folder + $0 }
      for place in places {
        let plan = try await helm.plan(Self.byHand + ["--chart", place])
        #expect(plan.target.chart.digest == embedded.target.chart.digest)
        #expect(plan.digest == embedded.digest)
        #expect(plan.target.chart.source == place)
      }
      try Data("# more\n".utf8).append(to: folder + "/ours/templates/NOTES.txt")
      let changed = try await helm.plan(Self.byHand + ["--chart", places[0]])
      #expect(changed.target.chart.digest != embedded.target.chart.digest)
      #expect(changed.digest != embedded.digest)
    }
  }

  @Test(arguments: ForeignHelm.all)
  func whatHelmIgnoresDoesNotCount(_ helm: ForeignHelm) async throws {
    try await withFolder { folder in
      let chart = folder + "/lantern"
      try FileManager.default.copyItem(atPath: Self.chart("lantern-2.0.0"), toPath: chart)
      try Data("*.bak\n".utf8).write(to: URL(filePath: chart + "/.helmignore"))
      let before = try await helm.plan(Self.lantern + ["--chart", chart])
      try Data("old".utf8).write(to: URL(filePath: chart + "/values.bak"))
      let after = try await helm.plan(Self.lantern + ["--chart", chart])
      #expect(after.target.chart.digest == before.target.chart.digest)

      let inner = chart + "/charts/inner"
      try FileManager.default.createDirectory(
        atPath: inner, withIntermediateDirectories: true)
      try Data("apiVersion: v2\nname: inner\nversion: 1.0.0\n".utf8)
        .write(to: URL(filePath: inner + "/Chart.yaml"))
      let nested = try await helm.plan(Self.lantern + ["--chart", chart])
      #expect(nested.target.chart.digest != before.target.chart.digest)
    }
  }

  @Test(arguments: ForeignHelm.all)
  func withoutASinkVariablesBlockOrAreDropped(_ helm: ForeignHelm) async throws {
    let arguments = Self.byHand + ["--chart", Self.chart("backbone-0.2.0-no-sink")]
    let unmapped = ["LOG_LEVEL", "PUBLIC_URL", "REDIS_ENABLED", "REDIS_HOST", "REDIS_PASSWORD"]
    let failing = try await helm.plan(arguments)
    #expect(failing.verdict == .blocked)
    #expect(
      failing.overrides.filter { $0.disposition == "unresolved" }.map(\.name).sorted() == unmapped)
    let blockers = failing.findings.filter { $0.code == .variableUnmapped }
    #expect(blockers.count == 5)
    #expect(blockers.allSatisfy { $0.severity == .blocker && $0.acceptedBy == nil })

    let dropping = try await helm.plan(arguments + ["--unmapped", "drop"])
    #expect(
      dropping.overrides.filter { $0.disposition == "dropped" }.map(\.name).sorted() == unmapped)
    let rows = dropping.environment.filter { $0.explainedBy == .variableUnmapped }
    #expect(rows.map(\.name).sorted() == unmapped)
    #expect(rows.allSatisfy { $0.state == .removed && $0.after == .null })
    let accepted = dropping.findings.filter { $0.code == .variableUnmapped }
    #expect(accepted.allSatisfy { $0.severity == .breaking })
    #expect(accepted.allSatisfy { $0.acceptedBy == "--unmapped drop" })
    #expect(dropping.commands.joined().contains(" --unmapped drop "))
    #expect(dropping.digest != failing.digest)
  }

  @Test func whatStaysOnTheDeploymentIsNotInGit() async throws {
    let text = try await ForeignHelm.newest.text(
      Self.byHand + ["--chart", Self.chart("backbone-0.2.0-no-sink"), "--unmapped", "keep"],
      as: "helmrelease")
    #expect(
      text.contains(
        "NOT BY THIS ALONE: no value holds LOG_LEVEL, PUBLIC_URL, REDIS_ENABLED, REDIS_HOST, "
          + "REDIS_PASSWORD."))
    #expect(!text.contains("by helm's merge"))
  }

  @Test(arguments: ForeignHelm.all)
  func valuesThatNoTemplateUsesAreFound(_ helm: ForeignHelm) async throws {
    let plan = try await helm.plan(
      Self.byHand + [
        "--chart", Self.chart("backbone-0.2.0-ignores-values"), "--set", "timezone=Europe/Rome",
        "--set", "config.httpPort=9001", "--set", "config.htpPort=9002",
      ])
    let ignored = plan.findings.filter { $0.code == .valueIgnored }
    #expect(
      Set(ignored.filter { $0.severity == .info && $0.resolved }.map(\.message)) == [
        "value \"config.adminToken\" changes nothing in chart 0.2.0; "
          + "variable \"ADMIN_TOKEN\" goes to extraEnv instead",
        "value \"k8s.enabled\" changes nothing in chart 0.2.0; "
          + "variable \"K8S_ENABLED\" goes to extraEnv instead",
      ])
    #expect(
      Set(ignored.filter { $0.severity == .warning }.map(\.message)) == [
        "--set timezone changes nothing in chart 0.2.0",
        "--set config.htpPort changes nothing in chart 0.2.0",
      ])
    #expect(plan.overrides.first { $0.name == "ADMIN_TOKEN" }?.path == "extraEnv")
    #expect(plan.environment.first { $0.name == "ADMIN_TOKEN" }?.state == .same)
    #expect(plan.values.value(at: try ValuePath("config.adminToken")) == nil)
  }

  @Test(arguments: ForeignHelm.all)
  func numbersThatAreNoTextsBlock(_ helm: ForeignHelm) async throws {
    try await withFolder { folder in
      let text = try String(
        contentsOfFile: Self.root + "/examples/hand-configured.yaml", encoding: .utf8)
      let release = folder + "/release.yaml"
      try Data(
        text.replacingOccurrences(
          of: "- { name: LOG_LEVEL, value: debug }", with: "- { name: REDIS_DB, value: '12345678' }"
        ).utf8
      ).write(to: URL(filePath: release))
      let plan = try await helm.plan(
        ["--from", release, "--chart", Self.chart("backbone-0.2.0-numbers")])
      let blocker = plan.findings.first { $0.code == .valueNotExact && $0.severity == .blocker }
      #expect(blocker?.message.contains("where Kubernetes takes texts only") == true)
      #expect(blocker?.message.contains("REDIS_DB") == true)
      #expect(plan.verdict == .blocked)
    }
  }

  @Test(arguments: ForeignHelm.all)
  func anotherChartsHopNeedsARecipeOnly(_ helm: ForeignHelm) async throws {
    let plan = try await helm.plan(Self.lantern + ["--chart", Self.chart("lantern-2.0.0")])
    #expect(plan.target.chart.name == "lantern")
    #expect(plan.target.chart.version == "2.0.0")
    #expect(plan.overrides.allSatisfy { $0.disposition == "mapped" })
    #expect(
      plan.environment.filter { $0.before != .null }.allSatisfy { $0.state == .same })
    #expect(
      plan.values == [
        "auth": ["token": "<redacted>"], "listen": ["port": 9443, "tls": false],
        "environment": ["LANTERN_COLOR": "amber", "UPSTREAM_URL": "http://orders:8000"],
        "naming": [
          "deployment": "edge-gateway", "container": "gateway", "labels": ["gateway": "edge"],
        ],
        "picture": ["tag": "3.1"], "upstream": "http://orders:8000",
      ])
    #expect(!plan.findings.contains { $0.severity == .blocker && $0.isOpen })
    let written = try plan.json.canonical
    #expect(!written.contains("backbone-0.2.0"))
    #expect(!written.contains("juniper-5512"))
  }

  @Test(arguments: ForeignHelm.all)
  func aRepositoryIsAsked(_ helm: ForeignHelm) async throws {
    try await withFolder { folder in
      try await helm.run(["package", Self.chart("lantern-2.0.0"), "--destination", folder])
      try await helm.run(
        ["package", Self.chart("lantern-2.0.0"), "--version", "2.1.0", "--destination", folder])
      try await helm.run(["repo", "index", folder])
      try await withServer(of: folder) { url in
        let arguments = Self.lantern + ["--chart", "lantern", "--repo", url]
        let pinned = try await helm.plan(arguments + ["--chart-version", "2.0.0"])
        let local = try await helm.plan(Self.lantern + ["--chart", Self.chart("lantern-2.0.0")])
        #expect(pinned.target.chart.digest == local.target.chart.digest)
        #expect(pinned.digest == local.digest)
        #expect(pinned.target.chart.source == url + "/lantern")
        #expect(
          pinned.commands.last?.contains(
            "| helm upgrade edge lantern --version 2.0.0 --repo \(url) --namespace web ") == true)

        let latest = try await helm.plan(arguments)
        #expect(latest.target.chart.version == "2.1.0")
        #expect(latest.commands.last?.contains("--chart lantern --chart-version 2.1.0 ") == true)
        let other = latest.findings.first { $0.code == .recipeNotApplicable }
        #expect(other?.severity == .warning)
        #expect(other?.message.contains("written for chart lantern 2.0.0") == true)

        try await helm.fails(
          arguments + ["--chart-version", "9.9.9"], .failed, "check --repo, the name and")
        try await helm.fails(
          Self.lantern + ["--chart", "lamp", "--repo", url], .failed, "cannot be fetched")
      }
      try await helm.fails(
        Self.lantern + ["--chart", "lantern", "--repo", "http://127.0.0.1:1"], .failed,
        "chart \"lantern\" cannot be fetched")
    }
  }

  @Test(arguments: ForeignHelm.all)
  func whatIsNoChartIsNamed(_ helm: ForeignHelm) async throws {
    try await withFolder { folder in
      for name in ["empty", "broken", "listed"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      }
      for name in ["broken", "listed"] {
        try Data("apiVersion: v2\nname: \(name)\nversion: 1.0.0\n".utf8)
          .write(to: URL(filePath: "\(folder)/\(name)/Chart.yaml"))
      }
      try Data("a: [".utf8).write(to: URL(filePath: folder + "/broken/values.yaml"))
      try Data("- a".utf8).write(to: URL(filePath: folder + "/listed/values.yaml"))
      try Data("text".utf8).write(to: URL(filePath: folder + "/text.tgz"))
      let cases = [
        ("missing", "does not exist; name a folder with a Chart.yaml, or a .tgz"),
        ("empty", "is no chart that helm takes: "), ("broken", "values.yaml"),
        ("listed", "values.yaml"), ("text.tgz", "it is not compressed with gzip"),
      ]
      for (name, message) in cases {
        try await helm.fails(
          Self.byHand + ["--chart", "\(folder)/\(name)"], .failed, "\(folder)/\(name)", message)
      }
      try await helm.fails(
        Self.byHand + ["--chart", Self.chart("lantern-2.0.0"), "--chart-version", "3.0.0"],
        .failed, "is version 2.0.0, not 3.0.0")
    }
  }

  @Test func aRecipeForAnotherChartNeedsThatChart() async throws {
    try await ForeignHelm.newest.fails(
      Self.lantern, .wrongUsage,
      "recipe \"lantern-1.0.0-to-2.0.0\" leads to chart lantern 2.0.0, and this program carries "
        + "backbone 0.2.0; name the chart with --chart")
  }

  @Test func aBrokenRecipeIsNamedWithItsLine() async throws {
    try await withFolder { folder in
      let path = folder + "/recipe.yaml"
      let text = try String(contentsOfFile: Self.recipe, encoding: .utf8)
      try Data(text.replacingOccurrences(of: "codec: flag", with: "codec: flagg").utf8)
        .write(to: URL(filePath: path))
      try await ForeignHelm.newest.fails(
        Self.byHand + ["--recipe", path], .failed,
        "\"\(path)\" is no recipe: recipe: line 15: variables.1.codec: codec \"flagg\"")
      try await ForeignHelm.newest.fails(
        Self.byHand + ["--recipe", folder + "/none.yaml"], .failed, "cannot be read")
    }
  }

  @Test(arguments: [
    (["--password", "x"], "helm registry login"), (["--username", "x"], "helm registry login"),
    (["--chart", "a", "--repo", "https://me:pw@charts.example"], "credentials in a URL"),
    (["--chart", "oci://me:pw@charts.example/a"], "credentials in a URL"),
    (["--chart-version", "1"], "--chart-version goes with --chart only"),
    (["--verify"], "--verify goes with --chart only"),
    (["--unmapped", "save"], "'save' is invalid"),
    (["--chart=--debug"], "is no chart or repository"),
  ])
  func wrongUsageIsRefused(_ arguments: [String], _ message: String) {
    #expect {
      try PlanCommand.parse(["web"] + arguments)
    } throws: { error in
      PlanCommand.message(for: error).contains(message)
        && PlanCommand.exitCode(for: error).rawValue == 64
    }
  }

  // MARK: Places

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)
  private static let recipe = root + "/Tests/Fixtures/recipes/lantern-1.0.0-to-2.0.0.yaml"
  private static let byHand = ["--from", root + "/examples/hand-configured.yaml"]
  private static let lantern = [
    "--from", root + "/Tests/Fixtures/releases/lantern-by-hand.yaml", "--recipe", recipe,
  ]

  private static func chart(_ name: String) -> String { root + "/Tests/Fixtures/charts/" + name }

  private func withFolder(_ work: (String) async throws -> Void) async throws {
    let folder =
      FileManager.default.temporaryDirectory.path(percentEncoded: false)
      + "/backbone-migrate-foreign-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await work(folder)
  }

  /// Serves a folder over HTTP on this machine for as long as the work takes.
  private func withServer(
    of folder: String, _ work: (String) async throws -> Void
  ) async throws {
    // The port is free when the server has it, and not before.
    let script = """
      import functools, http.server, os, sys
      handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
      with open(sys.argv[2] + ".new", "w") as file: file.write(str(server.server_port))
      os.rename(sys.argv[2] + ".new", sys.argv[2])
      server.serve_forever()
      """
    let portFile = folder + "-port"
    defer { try? FileManager.default.removeItem(atPath: portFile) }
    let server = Task {
      try await Subprocesses.run(Command("python3", ["-c", script, folder, portFile]))
    }
    defer { server.cancel() }
    var port: String?
    for _ in 0..<600 where port == nil {
      port = try? String(contentsOfFile: portFile, encoding: .utf8)
      if port == nil { try await Task.sleep(for: .milliseconds(50)) }
    }
    guard let port else { throw ForeignHelm.Trouble(description: "no HTTP server came up") }
    try await work("http://127.0.0.1:\(port)")
  }
}

extension Data {
  fileprivate func append(to path: String) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: self)
    try handle.close()
  }
}
