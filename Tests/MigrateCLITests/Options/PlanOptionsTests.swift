import ArgumentParser
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

@Suite struct PlanOptionsTests {
  /// A shown command that is pasted as it is must not make the mark the secret.
  @Test func theMarkOfASecretIsNoSecret() async throws {
    let option = ["web", "--set", "config.adminToken=<redacted>"]
    let test = TestContext()
    let codes = [
      await test.exitCode { try await PlanCommand.parse(option).plan(in: $0) },
      await test.exitCode { try await ApplyCommand.parse(option + ["--yes"]).apply(in: $0) },
    ]
    #expect(codes == [3, 3])
    let words = "write the secret itself in the place of <redacted> after --set"
    #expect(test.errors.all.split(separator: "\n").count { $0.contains(words) } == 2)
  }

  private static let target = Target(
    chartName: "backbone", chartVersion: "0.2.0", source: "test", digest: "sha256:0",
    defaults: [
      "timezone": "", "config": ["httpPort": 8883, "adminToken": "", "adminTokenFrom": [:]],
      "k8s": ["enabled": true], "extraEnv": [], "a.b": "dot", "image": ["tag": ""],
    ])

  private func choices(_ arguments: [String]) throws -> Choices {
    try PlanOptions.parse(arguments).choices(Self.target)
  }

  /// A value is of the type of the chart's own default; where there is none, YAML decides, as helm
  /// has it.
  @Test(
    arguments: [
      ("timezone=UTC", "timezone", "UTC"), ("timezone=8883", "timezone", "8883"),
      ("timezone=true", "timezone", "true"), ("timezone=", "timezone", ""),
      ("timezone=a=b=c", "timezone", "a=b=c"), ("timezone= x ", "timezone", " x "),
      ("image.tag=1.10", "image.tag", "1.10"), ("image.tag=1e3", "image.tag", "1e3"),
      ("config.adminToken=null", "config.adminToken", "null"),
      ("config.httpPort=9000", "config.httpPort", 9000),
      ("config.httpPort='9000'", "config.httpPort", "9000"),
      ("config.httpPort=nine", "config.httpPort", "nine"),
      ("k8s.enabled=false", "k8s.enabled", false),
      ("k8s.enabled=\"false\"", "k8s.enabled", "false"), ("k8s.enabled=", "k8s.enabled", .null),
      (
        "config.adminTokenFrom={secretKeyRef: {name: s, key: k}}", "config.adminTokenFrom",
        ["secretKeyRef": ["name": "s", "key": "k"]]
      ),
      (
        "config.adminTokenFrom.secretKeyRef.name=creds", "config.adminTokenFrom.secretKeyRef.name",
        "creds"
      ),
      (
        "extraEnv=[{name: A, value: \"1\"}]", "extraEnv", [["name": "A", "value": "1"]]
      ),
      ("extraEnv=[]", "extraEnv", []), ("new.number=12", "new.number", 12),
      ("new.text=abc", "new.text", "abc"), (#"a\.b=x"#, #"a\.b"#, "x"),
    ] as [(String, String, JSON)])
  func valuesAreOfTheChartsTypes(assignment: String, path: String, value: JSON) throws {
    let choices = try choices(["--set", assignment])
    #expect(choices.set == [try ValuePath(path): value])
  }

  @Test(
    arguments: [
      ("timezone", "--set \"timezone\" has no value; write PATH=VALUE"),
      ("=x", "--set: \"\" is not a value path"), ("a..b=x", "--set: \"a..b\" is not a value path"),
      ("config.httpPort=[1", "--set config.httpPort: "), ("k8s.enabled={a", "--set k8s.enabled: "),
    ])
  func wrongAssignmentsAreWrongUsage(assignment: String, words: String) throws {
    let options = try PlanOptions.parse(["--set", assignment])
    let failure = #expect(throws: CommandFailure.self) { try options.choices(Self.target) }
    #expect(failure?.status == .wrongUsage)
    #expect(failure?.message.hasPrefix(words) == true, "\(failure?.message ?? "")")
  }

  @Test func optionsCanBeRepeated() throws {
    let choices = try choices([
      "--set", "timezone=UTC", "--set", "timezone=CET", "--set", "k8s.enabled=true", "--adopt",
      "k8s.enabled", "--adopt", "image-changed", "--container", "broker",
    ])
    #expect(choices.set.count == 2)
    #expect(try choices.set[ValuePath("timezone")] == "CET")
    #expect(choices.adopt == ["k8s.enabled", "image-changed"])
    #expect(choices.container == "broker")
    #expect(choices.unmapped == .fail)
  }

  /// The options as a plan of a release without secrets shows them.
  private func typed(_ options: PlanOptions) throws -> [String] {
    let recipe = try RecipeFile.embedded()
    let nothing = Snapshot(
      release: ReleaseIdentity(
        name: "web", namespace: "mqtt", revision: 1, status: "deployed", chartName: "backbone",
        chartVersion: "0.1.0"),
      supplied: [:], manifest: Objects([]), live: Objects([]), related: Objects([]),
      sourceKeys: [:])
    return options.typed(recipe, Sensitivity(nothing, recipe), chart: nil, version: "0.2.0")
  }

  @Test func theOptionsAreShownAsTheyWereTyped() throws {
    let options = try PlanOptions.parse([
      "--container", "the broker", "--set", "timezone=Europe/Vienna", "--set", "extraEnv=[]",
      "--set", "config.adminTokenFrom.secretKeyRef.key=token", "--adopt", "k8s.enabled",
      "--set", "redis.passwordFrom={secretKeyRef: {name: redis, key: password}}",
    ])
    #expect(
      try typed(options) == [
        "--container", "the broker", "--set", "timezone=Europe/Vienna", "--set", "extraEnv=[]",
        "--set", "config.adminTokenFrom.secretKeyRef.key=token",
        "--set", "redis.passwordFrom={secretKeyRef: {name: redis, key: password}}",
        "--adopt", "k8s.enabled",
      ])
  }

  @Test(
    arguments: [
      "config.adminToken=hunter2", "config={adminToken: hunter2}",
      "extraEnv=[{name: VENDOR_KEY, value: hunter2}]", "podAnnotations.vendorToken=hunter2",
      "redis={password: hunter2}", "config.adminTokenFrom=hunter2",
      "redis.host=redis://:hunter2@redis:6379",
    ])
  func secretsAreNotShownAsTheyWereTyped(assignment: String) throws {
    let typed = try typed(try PlanOptions.parse(["--set", assignment]))
    #expect(typed.count == 2)
    #expect(typed[0] == "--set")
    #expect(!typed[1].contains("hunter2"))
  }

  @Test(
    arguments: [
      ("plain", "plain"), ("a-b_c.d/e=f:g,h@i%j+k", "a-b_c.d/e=f:g,h@i%j+k"), ("", "''"),
      ("two words", "'two words'"), ("it's", #"'it'\''s'"#), ("$HOME", "'$HOME'"),
      ("`id`", "'`id`'"), ("a;b", "'a;b'"), ("a\nb", "'a\nb'"), ("*", "'*'"), ("~", "'~'"),
      ("#x", "'#x'"), ("\"", "'\"'"), ("\\", "'\\'"), ("ä", "'ä'"), ("'", #"''\'''"#),
      ("--flag", "--flag"), ("a&&b", "'a&&b'"), ("<redacted>", "'<redacted>'"),
    ])
  func wordsOfAShellAreQuoted(text: String, quoted: String) {
    #expect(text.shellQuoted == quoted)
  }

  /// Swift takes a quote and a following accent for one character; the shell does not.
  @Test func aQuoteBesideACombiningMarkIsQuoted() {
    #expect("'\u{301}; id".shellQuoted == "''\\''\u{301}; id'")
  }
}
