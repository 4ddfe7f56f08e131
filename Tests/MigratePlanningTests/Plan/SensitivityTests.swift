import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct SensitivityTests {
  /// Each looked for each of the others in every spelling: an export took a quarter of an hour.
  @Test func thousandsOfSecretsTakeNoTime() throws {
    let release = SampleRelease.with(
      (0..<2_000).map { ("TOKEN_\($0)", "hunter2-\(String(repeating: "0", count: 24))\($0)") })
    let recipe = try SampleRecipe.recipe()
    let sensitivity = Sensitivity(release.snapshot, recipe)
    #expect(sensitivity.secrets.count == 2_000)
    let redacted = release.snapshot.redacted(sensitivity, recipe).exported.canonical
    #expect(!redacted.contains("hunter2"))
    #expect(sensitivity.redacting("no secret") == "no secret")
    #expect(sensitivity.redacting("a \(sensitivity.secrets[0]) b") == "a <redacted> b")
  }

  @Test(
    arguments: [
      "ADMIN_TOKEN", "JWT_SECRET", "REDIS_PASSWORD", "MYSQL_ROOT_PASSWORD", "DB_PASSWD",
      "KEY_PASSPHRASE", "GITHUB_TOKEN", "apiKey", "API_KEY", "APIKEY", "AWS_ACCESS_KEY_ID",
      "PRIVATE_PEM", "TLS_PRIVATE", "STRIPE_KEY", "DB_PASS", "DB_PWD", "SENTRY_DSN", "BASIC_AUTH",
      "SESSION_COOKIE", "HASH_SALT", "CREDENTIALS", "clientSecret", "redis.password", "db-pass",
      "accessKey", "signingKey", "dbPass", "basicAuth",
    ])
  func namesThatLookLikeSecretsAreSensitive(name: String) {
    #expect(Sensitivity.looksSensitive(name: name))
  }

  @Test(
    arguments: [
      (["--admin-password", "hunter2-a"], ["hunter2-a"]),
      (["--api-token=hunter2-b"], ["hunter2-b"]), (["API_KEY=hunter2-c"], ["hunter2-c"]),
      (["--dsn", "postgres://u:hunter2@db/x"], ["postgres://u:hunter2@db/x"]),
      (["--redis=redis://:hunter2@db/0"], ["redis://:hunter2@db/0"]),
      (["--token", "--verbose"], []), (["--port", "9000", "--level=debug"], []),
      (["token", "x"], []),
    ] as [([String], [String])])
  func commandLinesHoldSecrets(words: [String], secrets: [String]) throws {
    for key in ["args", "command"] {
      let sensitivity = try Self.sensitivity([key: .array(words.map(JSON.string))])
      #expect(Set(sensitivity.secrets) == Set(secrets))
    }
  }

  @Test(
    arguments: [
      ("example.org/api-token", "hunter2-a", true), ("example.org/note", "hunter2-a", false),
      ("example.org/url", "redis://:hunter2@db/0", true),
      ("kubectl.kubernetes.io/last-applied-configuration", "redis://:hunter2@db/0", false),
    ])
  func annotationsHoldSecrets(name: String, value: String, isSecret: Bool) throws {
    let annotations: JSON = .object(["annotations": .object([name: .string(value)])])
    let none: JSON = [:]
    for (metadata, template) in [(annotations, none), (none, annotations)] {
      let sensitivity = try Self.sensitivity([:], metadata, template)
      #expect(sensitivity.secrets == (isSecret ? [value] : []))
    }
  }

  /// What is sensitive of a release whose live container and metadata are these.
  private static func sensitivity(
    _ container: JSON, _ metadata: JSON = [:], _ template: JSON = [:]
  ) throws -> Sensitivity {
    var snapshot = SampleRelease.with([]).snapshot
    snapshot.manifest = Objects([])
    snapshot.live = Objects([
      [
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": metadata.replacing(["name"], with: "web"),
        "spec": ["template": ["metadata": template, "spec": ["containers": [container]]]],
      ]
    ])
    return Sensitivity(snapshot, try SampleRecipe.recipe())
  }

  @Test(
    arguments: [
      "OIDC_GROUP_FIELD", "REDIS_HOST", "HTTP_PORT", "OIDC_CLIENT_ID", "OIDC_DISCOVERY", "TZ",
      "LOG_LEVEL", "KEYBOARD_LAYOUT", "MONKEY", "COMPASS", "PASSENGERS", "AUTHOR", "SALTWATER",
      "NODE_OPTIONS", "keyboard", "hockeyTeam", "bypass", "",
    ])
  func namesThatOnlyResembleOnesAreNot(name: String) {
    #expect(!Sensitivity.looksSensitive(name: name))
  }

  @Test(
    arguments: [
      "redis://:hunter2@redis:6379/0", "amqp://user:pass@host/vhost",
      "postgres://u:p%40ss@db:5432/app?sslmode=require", "https://user:pass@example.com",
      "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
      "x\n-----BEGIN OPENSSH PRIVATE KEY-----", "eyJhbGciOi.eyJzdWIi.c2ln",
      "redis://a:6379,redis://:hunter2@b:6379",
    ])
  func valuesThatLookLikeSecretsAreSensitive(value: String) {
    #expect(Sensitivity.looksSensitive(value: value))
  }

  @Test(
    arguments: [
      "", "redis", "redis://redis:6379/0",
      "https://id.example.com/.well-known/openid-configuration",
      "https://example.com/a@b:c", "user@example.com", "a:b@c", "eyJustText", "eyJ.a", "1.2.3",
      "http://[::1]:8080/", "://", "x://",
    ])
  func valuesThatOnlyResembleOnesAreNot(value: String) {
    #expect(!Sensitivity.looksSensitive(value: value))
  }

  private func sensitivity(
    _ variables: [(String, String)], change: (inout SampleRelease) -> Void = { _ in },
    choices: Choices = Choices()
  ) throws -> Sensitivity {
    var release = SampleRelease.with(variables)
    change(&release)
    return try Planning.situation(release, choices: choices).sensitivity
  }

  @Test func theRecipeTheNameAndTheValueDecide() throws {
    let sensitivity = try sensitivity([
      ("ADMIN_TOKEN", "t0ken-one"), ("VENDOR_KEY", "k3y-two"), ("BACKEND", "redis://:pw-3@r/0"),
      ("OIDC_GROUP_FIELD", "groups"), ("REDIS_HOST", "redis.mqtt.svc"), ("HTTP_PORT", "8883"),
    ])
    #expect(sensitivity.names == ["ADMIN_TOKEN", "VENDOR_KEY", "BACKEND"])
    #expect(Set(sensitivity.secrets) == ["t0ken-one", "k3y-two", "redis://:pw-3@r/0"])
  }

  @Test func whatComesFromASecretIsSensitive() throws {
    let sensitivity = try sensitivity([]) { release in
      release.env = [
        .variable("LEVEL", secret: "s", key: "k"),
        ["name": "NODE", "valueFrom": ["fieldRef": ["fieldPath": "spec.nodeName"]]],
        ["name": "MODE", "valueFrom": ["configMapKeyRef": ["name": "c", "key": "k"]]],
      ]
      release.envFrom = [["secretRef": ["name": "s"]], ["configMapRef": ["name": "c"]]]
      release.sourceKeys = [
        EnvironmentSource.Identity(kind: .secret, name: "s"): .keys(["HOST"]),
        EnvironmentSource.Identity(kind: .configMap, name: "c"): .keys(["PLACE"]),
      ]
    }
    #expect(sensitivity.names == ["LEVEL", "HOST"])
    #expect(sensitivity.secrets.isEmpty)
  }

  @Test func whatContainsASecretIsSensitive() throws {
    let sensitivity = try sensitivity([
      ("REDIS_PASSWORD", "hunter2-long"), ("COMMAND", "run --auth hunter2-long"),
      ("BY_NAME", "redis $(REDIS_PASSWORD)"), ("CHAIN", "[$(BY_NAME)]"),
      ("ESCAPED", "$$(REDIS_PASSWORD)"), ("OTHER", "hunter"), ("LATER", "$(COMMAND)"),
    ])
    #expect(
      sensitivity.names == ["REDIS_PASSWORD", "COMMAND", "BY_NAME", "CHAIN", "LATER"])
  }

  @Test func aShortSecretMakesNothingElseSensitive() throws {
    let sensitivity = try sensitivity([("ADMIN_TOKEN", "on"), ("MODE", "on"), ("X", "online")])
    #expect(sensitivity.names == ["ADMIN_TOKEN"])
  }

  @Test func theManifestAndTheValuesHoldSecretsToo() throws {
    let sensitivity = try sensitivity([("ADMIN_TOKEN", "new-token")]) { release in
      release.declaredEnv = [.variable("ADMIN_TOKEN", "old-token")]
      release.supplied = [
        "env": [
          ["name": "JWT_SECRET", "value": "values-secret"], ["name": "TZ", "value": "UTC"],
        ],
        "redis": ["password": "pw-in-values"], "url": "redis://:pw-in-url@r/0",
        "adminTokenFrom": ["secretKeyRef": ["name": "creds", "key": "token-key"]],
        "tls": ["secretName": "web-tls"],
      ]
    }
    for secret in [
      "new-token", "old-token", "values-secret", "pw-in-values", "redis://:pw-in-url@r/0",
    ] {
      #expect(sensitivity.secrets.contains(secret), "\(secret)")
    }
    for name in ["UTC", "token-key", "creds", "web-tls"] {
      #expect(!sensitivity.secrets.contains(name), "\(name)")
    }
  }

  @Test func chosenSecretsAreSecrets() throws {
    let sensitivity = try sensitivity(
      [], choices: Choices(set: [try ValuePath("config.adminToken"): "chosen-token"]))
    #expect(sensitivity.secrets == ["chosen-token"])
  }

  @Test func aSecretWithinAChosenObjectOrListIsASecret() throws {
    let sensitivity = try sensitivity(
      [],
      choices: Choices(set: [
        try ValuePath("config"): ["adminToken": "inside-object"],
        try ValuePath("extraEnv"): [.variable("VENDOR_KEY", "inside-list")],
      ]))
    #expect(Set(sensitivity.secrets).isSuperset(of: ["inside-object", "inside-list"]))
  }

  @Test func bothTheWrittenAndTheExpandedTextAreSecret() throws {
    let sensitivity = try sensitivity([("TZ", "Vienna"), ("JWT_SECRET", "pa$$word-$(TZ)")])
    #expect(Set(sensitivity.secrets) == ["pa$$word-$(TZ)", "pa$word-Vienna"])
  }

  @Test func secretsAreInOrderOfTheirLength() throws {
    let sensitivity = try sensitivity([
      ("A_TOKEN", "aa"), ("B_TOKEN", "aaaa"), ("C_TOKEN", ""), ("D_TOKEN", "aaa"),
    ])
    #expect(sensitivity.secrets == ["aaaa", "aaa", "aa"])
  }

  @Test func whatIsShownOfASensitiveVariableIsNoSecret() throws {
    let sensitivity = try sensitivity([("ADMIN_TOKEN", "t0ken-one"), ("TZ", "UTC")])
    let reference = try #require(
      Reference(source: ["secretKeyRef": ["name": "s", "key": "k"]]))
    let redacted = Observed.value(.string(Sensitivity.redacted))
    #expect(sensitivity.shown(.value("t0ken-one"), of: "ADMIN_TOKEN") == redacted)
    #expect(sensitivity.shown(.value(12345), of: "ADMIN_TOKEN") == redacted)
    #expect(sensitivity.shown(.absent, of: "ADMIN_TOKEN") == .absent)
    #expect(sensitivity.shown(.reference(reference), of: "ADMIN_TOKEN") == .reference(reference))
    #expect(
      sensitivity.shown(.composed([.text("Bearer "), .reference(reference)]), of: "ADMIN_TOKEN")
        == .composed([.text(Sensitivity.redacted), .reference(reference)]))
    #expect(sensitivity.shown(.value("UTC"), of: "TZ") == .value("UTC"))
  }

  @Test(
    arguments: [
      ("plain-secret", "before plain-secret after", "before <redacted> after"),
      ("plain-secret", "plain-secretplain-secret", "<redacted><redacted>"),
      ("say \"hi\"", #"json: "say \"hi\"" raw: say "hi""#, #"json: "<redacted>" raw: <redacted>"#),
      (#"back\slash"#, #"[back\slash] [back\\slash]"#, "[<redacted>] [<redacted>]"),
      ("two\nlines", "two\nlines; \"two\\nlines\"", "<redacted>; \"<redacted>\""),
      ("tab\tbed", #""tab\tbed""#, #""<redacted>""#),
      ("café-42", "café-42", "<redacted>"),
      ("groups", "OIDC_GROUP_FIELD", "OIDC_GROUP_FIELD"),
      ("abc", "abc is too short to be told from a word", "abc is too short to be told from a word"),
    ])
  func textsLoseTheirSecrets(secret: String, text: String, redacted: String) {
    #expect(Sensitivity.redacting(text, [secret]) == redacted)
  }

  @Test func aLongerSecretGoesFirst() throws {
    let sensitivity = try sensitivity([
      ("A_TOKEN", "secret"), ("B_TOKEN", "secret-and-more"),
    ])
    #expect(sensitivity.redacting("secret-and-more, secret") == "<redacted>, <redacted>")
  }

  /// Swift sees `s3cret` and a following accent as another last letter; whoever reads the text sees
  /// the secret.
  @Test(arguments: ["s3cret\u{301}", "s3cret\u{200D}x", "\u{1F1E6}s3cret\u{FE0F}"])
  func aSecretBesideACombiningMarkIsRedacted(text: String) {
    #expect(
      !Sensitivity.redacting(text, ["s3cret"]).unicodeScalars.map(String.init).joined()
        .contains("s3cre"))
  }

  @Test(
    arguments: [
      ("config.adminToken", true), ("redis.password", true), ("config.adminTokenFrom", false),
      ("oidc.clientSecretFrom", false), ("config.httpPort", false), ("oidc.groupField", false),
      ("podAnnotations.vendorToken", true), ("redis.passwordFrom.secretKeyRef.name", false),
      ("redis.passwordFrom.secretKeyRef.key", false),
      ("persistence.size", false),
    ])
  func pathsOfSecretsAreSensitive(path: String, isSensitive: Bool) throws {
    #expect(
      Sensitivity.isSensitive(path: try ValuePath(path), try SampleRecipe.recipe()) == isSensitive)
  }
}
