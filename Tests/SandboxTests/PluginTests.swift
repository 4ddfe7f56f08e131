import Foundation
import MigratePlanning
import Testing

/// The helm plugin, made by scripts/plugin and installed by the real helms.
@Suite("The helm plugin")
struct PluginTests {
  @Test("installed from a folder, it goes there and back", arguments: HelmVersion.allCases)
  func fromAFolder(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installConfigured()
      let before = try await bench.state()
      let (plugin, home) = (try await bench.plugin(), bench.withHelmHome)
      _ = try await home.helm("plugin", "install", plugin.folder)
      #expect(try await home.helm("help").text.contains("\n  backbone-migrate "))

      // Which helm it is, is not on PATH. Helm keeps --namespace for itself and tells the plugin.
      try FileManager.default.removeItem(atPath: bench.folder + "/bin/helm")
      let planned = try await home.byPlugin(["plan", "web"])
      let plan = try PlanReport(planned.output)
      #expect(planned.status == plan.exitCode, "\(planned.errorText)")
      #expect(plan.json["release"]?["namespace"]?.string == bench.namespace)
      let applied = try RunOutcome(
        try await home.byPlugin(["apply", plan.id, "--yes"] + plan.acceptances))
      #expect(applied.ended(0, "done"), "\(applied)")
      let status = try RunReport(try await home.byPlugin(["status", "web"]).succeeded().output)
      #expect(status.json["release"]?["namespace"]?.string == bench.namespace)
      let wentBack = try RunOutcome(try await home.byPlugin(["rollback", "web", "--yes"]))
      #expect(wentBack.ended(0, "done"), "\(wentBack)")
      #expect(try await bench.state().differences(from: before) == [])
    }
  }

  @Test("installed from an archive, it runs", arguments: HelmVersion.allCases)
  func fromAnArchive(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let (plugin, home) = (try await bench.plugin(), bench.withHelmHome)
      switch helm {
      case .helm3: try await home.installFromServer(plugin.archive)
      case .helm4: _ = try await home.helm("plugin", "install", "--verify=false", plugin.archive)
      }
      let version = try await bench.migrate("--version").succeeded().text
      #expect(try await home.helm("backbone-migrate", "--version").text == version)
      #expect(try await home.helm("plugin", "list").text.contains("backbone-migrate"))
      _ = try await home.helm("plugin", "uninstall", "backbone-migrate")
      #expect(try await !home.helm("help").text.contains("backbone-migrate"))
    }
  }

  @Test("what helm alone would heed is refused", arguments: HelmVersion.only(.helm3))
  func token(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let (plugin, home) = (try await bench.plugin(), bench.withHelmHome)
      _ = try await home.helm("plugin", "install", plugin.folder)
      let outcome = try await home.byPlugin(["plan", "web", "--kube-token", "of-somebody"])
      #expect(outcome.status != 0)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errorText.contains("HELM_KUBETOKEN is set"))
      #expect(!outcome.errorText.contains("of-somebody"))
    }
  }
}

extension Workbench {
  /// The same with a place of its own for helm's plugins.
  fileprivate var withHelmHome: Workbench {
    var bench = self
    bench.variables["HELM_DATA_HOME"] = folder + "/helm-home"
    return bench
  }

  /// Makes the plugin for this helm.
  fileprivate func plugin() async throws -> (folder: String, archive: String) {
    let made = folder + "/plugin"
    let major = helmVersion == .helm3 ? "3" : "4"
    _ = try await run(Self.script, [sandbox.binary, major, made]).succeeded()
    let name = "\(made)/backbone-migrate-helm\(major)"
    return (name, name + ".tgz")
  }

  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts/plugin")
    .path()

  /// Runs a command of the plugin, with its output as JSON.
  fileprivate func byPlugin(_ arguments: [String]) async throws -> Outcome {
    try await run(
      sandbox.helm(helmVersion),
      ["--namespace", namespace, "backbone-migrate"] + arguments + ["--output", "json"])
  }

  /// Installs an archive from a server: Helm 3 takes none from a file.
  fileprivate func installFromServer(_ archive: String) async throws {
    let server = """
      import http.server, sys
      class Handler(http.server.SimpleHTTPRequestHandler):
          def guess_type(self, path): return "application/gzip"
      server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
      print(server.server_port, flush=True)
      server.serve_forever()
      """
    try server.write(toFile: folder + "/server.py", atomically: true, encoding: .utf8)
    _ = try await shell(
      """
      cd "$(dirname '\(archive)')" && mkfifo port && \
      { python3 '\(folder)/server.py' > port 2>/dev/null & }
      read -r port < port; trap 'kill $!' EXIT
      helm plugin install "http://127.0.0.1:$port/$(basename '\(archive)')"
      """
    ).succeeded()
  }
}
