import ArgumentParser
import MigrateAdapters
import Testing

@testable import MigrateCLI

/// What was typed wrong is refused before anything is done, with exit code 64.
@Suite struct UsageTests {
  private func exitCode(_ arguments: [String]) -> (code: Int32, message: String) {
    do {
      _ = try BackboneMigrate.parseAsRoot(arguments)
      return (0, "")
    } catch {
      return (
        BackboneMigrate.exitCode(for: error).rawValue, BackboneMigrate.fullMessage(for: error)
      )
    }
  }

  @Test(
    arguments: [
      ("plan", "name the release to plan, or a file with --from"),
      ("plan Web", "Web"), ("plan -web", "name the release"), ("plan web.", "web."),
      ("plan we/b", "we/b"),
      ("plan 0123456789012345678901234567890123456789012345678901234", "012"),
      ("plan web extra", "extra"), ("plan web --namespace Mqtt", "\"Mqtt\" is no namespace"),
      ("plan web --namespace mqtt-", "\"mqtt-\" is no namespace"),
      ("plan web -o xml", "xml"), ("doctor -o html", "html"), ("plan web --unknown", "--unknown"),
      ("plan web --with-secrets", "--with-secrets goes with -o values and -o secret only"),
      ("plan web --with-secrets -o json", "--with-secrets goes with -o values and -o secret only"),
      (
        "plan web --with-secrets -o values --out values.yaml",
        "--with-secrets writes to standard output only, not to a file"
      ),
      ("plan web --from", "--from"), ("history --limit 0", "--limit is a number from 1 up"),
      ("history --limit x", "x"), ("history prune --keep -1", "--keep"),
      ("history prune --older-than=-1", "--older-than and --keep are numbers from 0 up"),
      ("history prune --keep=-1", "--older-than and --keep are numbers from 0 up"),
      ("history -o values", "values"), ("chart", "folder"), ("export", "release"),
      ("export Web", "Web"), ("export web -n Mqtt", "\"Mqtt\" is no namespace"),
      ("doctor Web", "Web"), ("doctor -o yaml", "yaml"), ("migrate web", "migrate"), ("web", "web"),
    ])
  func wrongUsageIsRefused(line: String, words: String) {
    let (code, message) = exitCode(line.split(separator: " ").map(String.init))
    #expect(code == 64)
    #expect(message.contains(words), "\(message)")
  }

  @Test(
    arguments: [
      "plan web", "plan web -n mqtt -o json", "plan --from web.json", "plan web --from -",
      "plan web -o values --with-secrets", "plan web --set a.b=c --adopt k8s.enabled",
      "plan web.prod-1 --no-save --quiet --no-color -v", "plan 1 --out plan.txt", "history",
      "history web", "history list plan-abc -o json", "history prune --dry-run",
      "history prune --older-than 0 --keep 0", "chart ./folder", "export web --with-secrets",
      "doctor", "doctor web -n mqtt -o json", "plan web -o html --out plan.html",
      "history plan-abc -o html", "apply plan-abc -o html", "rollback web -o html",
      "status -o html",
    ])
  func rightUsageIsTaken(line: String) {
    let (code, message) = exitCode(line.split(separator: " ").map(String.init))
    #expect(code == 0, "\(message)")
  }

  @Test(arguments: ["--help", "--version", "plan --help", "history prune --help"])
  func helpIsNoError(line: String) {
    #expect(exitCode(line.split(separator: " ").map(String.init)).code == 0)
  }

  /// Every line of help fits a terminal.
  @Test func helpFitsATerminal() {
    let pages = [
      BackboneMigrate.helpMessage(columns: 80),
      BackboneMigrate.helpMessage(for: PlanCommand.self, columns: 80),
      BackboneMigrate.helpMessage(for: HistoryCommand.self, columns: 80),
      BackboneMigrate.helpMessage(for: HistoryCommand.List.self, columns: 80),
      BackboneMigrate.helpMessage(for: HistoryCommand.Prune.self, columns: 80),
      BackboneMigrate.helpMessage(for: ChartCommand.self, columns: 80),
      BackboneMigrate.helpMessage(for: ExportCommand.self, columns: 80),
      BackboneMigrate.helpMessage(for: DoctorCommand.self, columns: 80),
    ]
    for page in pages {
      #expect(page.contains("USAGE: backbone-migrate"))
      let lines = page.split(separator: "\n").filter { !$0.hasPrefix("USAGE: ") }
      #expect(lines.filter { $0.count > 80 }.map(String.init) == [])
    }
  }

  @Test(
    arguments: [
      (["plna", "web"], "\"plna\" is no command; did you mean \"plan\"?"),
      (["Apply"], "did you mean \"apply\"?"), (["zzz"], "there are plan, apply, rollback,"),
      (["a\u{1B}[2J"], "\"a\\u{1b}[2J\" is no command"),
      (["plan", "web"], nil), (["--help"], nil), (["help", "plan"], nil), ([], nil),
    ] as [([String], String?)])
  func aMistypedCommandIsNamed(arguments: [String], words: String?) {
    let mistake = BackboneMigrate.mistake(in: arguments)
    #expect((mistake == nil) == (words == nil))
    if let words { #expect(mistake?.contains(words) == true, "\(mistake ?? "")") }
  }

  @Test(
    arguments: [
      (
        "web", nil, [("web", "mqtt"), ("web", "a")], "namespace \"a\", \"mqtt\": add --namespace a"
      ),
      ("wbe", "mqtt", [("web", "mqtt")], "in namespace \"mqtt\"; did you mean \"web\"?"),
      ("wbe", "a", [("web", "mqtt")], "did you mean \"web\" in namespace \"mqtt\"?"),
      ("web", "a", [("other", "a")], "see what is there with \"helm list --all-namespaces\""),
      ("web", nil, [], "in the current namespace; see what is there"),
    ] as [(String, String?, [(String, String)], String)])
  func aReleaseThatIsNotThereIsLookedFor(
    name: String, namespace: String?, others: [(String, String)], words: String
  ) {
    let message = PlanCommand.notFound(
      name, in: namespace, among: others.map { Helm.Listed(name: $0.0, namespace: $0.1) })
    #expect(message.contains(words), "\(message)")
  }
}
