import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct ProposalTests {
  private func proposal(
    _ variables: [JSON], chart: FakeChart = FakeChart(), choices: Choices = Choices(),
    change: (inout SampleRelease) -> Void = { _ in }
  ) throws -> Proposal {
    var release = SampleRelease(env: variables)
    change(&release)
    return Proposal(try Planning.situation(release, chart: chart, choices: choices))
  }

  private func carrier(_ proposal: Proposal, _ name: String) -> Carrier? {
    proposal.carriers[.variable(name)]
  }

  @Test(
    arguments: [
      ("ADMIN_TOKEN", "t0ken", "config.adminToken", "t0ken"),
      ("HTTP_PORT", "9000", "config.httpPort", 9000), ("TCP_PORT", "0x75B", "tcp.none", nil),
      ("WS_ENABLED", "true", "ws.enabled", true), ("REDIS_DB", "3", "redis.db", 3),
      ("OIDC_DISCOVERY", "https://id", "oidc.discovery", "https://id"),
      ("TZ", "pa$$word", "timezone", "pa$$word"), ("TZ", "$(NONE)", "timezone", "$(NONE)"),
      ("REDIS_HOST", "", "redis.host", ""),
    ] as [(String, String, String, JSON?)])
  func aVariableGoesToItsHome(name: String, text: String, path: String, value: JSON?) throws {
    let proposal = try proposal([.variable(name, text)])
    #expect(proposal.values.value(at: try ValuePath(path)) == value)
    guard value != nil else { return }
    #expect(carrier(proposal, name) == .value(try ValuePath(path)))
    #expect(proposal.sinkVariables.isEmpty)
  }

  @Test(
    arguments: [
      ("K8S_ENABLED", "true"), ("HTTP_PORT", "8883"), ("HTTP_PORT", "08883"),
      ("WS_ENABLED", "false"), ("WS_ENABLED", "1"), ("REDIS_HOST", "localhost"),
      ("REDIS_DB", "0x0"), ("OIDC_GROUP_FIELD", "groups"),
    ])
  func whatTheDefaultDoesAnywayTakesNoValue(name: String, text: String) throws {
    let proposal = try proposal([
      .variable(name, text), .variable("K8S_ENABLED", "true"),
    ])
    #expect(carrier(proposal, name) == .targetDefault)
    #expect(proposal.homes.keys.allSatisfy { $0.keys.first?.hasPrefix("config") != true })
  }

  @Test func unknownVariablesGoToTheSinkInTheirOrder() throws {
    let proposal = try proposal([
      .variable("LOG_LEVEL", "debug"), .variable("A", "1"), .variable("LOG_LEVEL", "info"),
    ])
    #expect(
      proposal.sinkVariables.map(\.json)
        == [.variable("LOG_LEVEL", "info"), .variable("A", "1")])
    #expect(try proposal.values.value(at: ValuePath("extraEnv"))?.elements.count == 2)
  }

  @Test(arguments: ["http", "0", "70000", "", "-1"])
  func aPortThatIsNoneGoesToTheSinkAsItIs(text: String) throws {
    let proposal = try proposal([.variable("HTTP_PORT", text)])
    #expect(proposal.sinkVariables.map(\.json) == [.variable("HTTP_PORT", text)])
    #expect(carrier(proposal, "HTTP_PORT") == .sink(try ValuePath("extraEnv")))
  }

  @Test func aTextThatRefersToAnotherGoesToTheSinkAsItIs() throws {
    let proposal = try proposal([
      .variable("LOG_LEVEL", "debug"), .variable("REDIS_HOST", "$(LOG_LEVEL).redis"),
    ])
    #expect(
      proposal.sinkVariables.map(\.json)
        == [.variable("LOG_LEVEL", "debug"), .variable("REDIS_HOST", "$(LOG_LEVEL).redis")])
  }

  @Test func aNumberThatRefersToAnotherIsWrittenOut() throws {
    let proposal = try proposal([.variable("BASE", "90"), .variable("HTTP_PORT", "$(BASE)00")])
    #expect(try proposal.values.value(at: ValuePath("config.httpPort")) == 9000)
  }

  @Test func aReferenceGoesToItsOwnPath() throws {
    let proposal = try proposal([
      .variable("ADMIN_TOKEN", secret: "creds", key: "token"),
      .variable("HTTP_PORT", secret: "creds", key: "port"),
    ])
    #expect(
      try proposal.values.value(at: ValuePath("config.adminTokenFrom.secretKeyRef.name"))
        == "creds")
    #expect(
      proposal.sinkVariables.map(\.json)
        == [.variable("HTTP_PORT", secret: "creds", key: "port")])
  }

  @Test func anotherSpellingGoesToTheHomeAndIsKept() throws {
    let proposal = try proposal([.variable("OIDC_DISCOVERY_URL", "https://id")])
    #expect(try proposal.values.value(at: ValuePath("oidc.discovery")) == "https://id")
    #expect(
      proposal.sinkVariables.map(\.json) == [.variable("OIDC_DISCOVERY_URL", "https://id")])
  }

  @Test func bothSpellingsAreKeptApart() throws {
    let proposal = try proposal([
      .variable("OIDC_DISCOVERY_URL", "https://old"), .variable("OIDC_DISCOVERY", "https://new"),
    ])
    #expect(try proposal.values.value(at: ValuePath("oidc.discovery")) == "https://new")
    #expect(
      proposal.sinkVariables.map(\.json) == [.variable("OIDC_DISCOVERY_URL", "https://old")])
  }

  @Test func aDefaultThatDiffersIsPinnedAway() throws {
    let proposal = try proposal([])
    #expect(try proposal.values.value(at: ValuePath("k8s.enabled")) == false)
    #expect(proposal.homes.keys.map(\.description).filter { $0.hasPrefix("config") }.isEmpty)
  }

  @Test func anAdoptedDefaultIsNotPinned() throws {
    let path = try ValuePath("k8s.enabled")
    for adopt in ["k8s.enabled", "default-changed"] {
      let proposal = try proposal([], choices: Choices(adopt: [adopt]))
      #expect(proposal.values.value(at: path) == nil)
      #expect(carrier(proposal, "K8S_ENABLED") == .targetDefault)
    }
  }

  @Test func aChosenValueWins() throws {
    let path = try ValuePath("config.httpPort")
    let proposal = try proposal(
      [.variable("HTTP_PORT", "9000")], choices: Choices(set: [path: 7000]))
    #expect(proposal.values.value(at: path) == 7000)
    #expect(carrier(proposal, "HTTP_PORT") == .value(path))
  }

  @Test func aChosenObjectWinsOverEveryHomeInIt() throws {
    let proposal = try proposal(
      [.variable("HTTP_PORT", "9000"), .variable("TZ", "UTC")],
      choices: Choices(set: [try ValuePath("config"): ["httpPort": 7000]]))
    #expect(try proposal.values.value(at: ValuePath("config")) == ["httpPort": 7000])
    #expect(try proposal.values.value(at: ValuePath("timezone")) == "UTC")
  }

  @Test func aSourceStaysASource() throws {
    let identity = EnvironmentSource.Identity(kind: .secret, name: "creds")
    let proposal = try proposal([]) { release in
      release.envFrom = [["secretRef": ["name": "creds"], "prefix": "P_"]]
      release.sourceKeys = [identity: .keys(["X"])]
    }
    #expect(proposal.sinkSources.map(\.json) == [["secretRef": ["name": "creds"], "prefix": "P_"]])
    #expect(carrier(proposal, "P_X") == .sink(try ValuePath("extraEnvFrom")))
  }

  @Test func aVariableOfASourceThatTheChartSetsIsReadFromTheSource() throws {
    let identity = EnvironmentSource.Identity(kind: .secret, name: "creds")
    let proposal = try proposal([]) { release in
      release.envFrom = [["secretRef": ["name": "creds"]]]
      release.sourceKeys = [identity: .keys(["HTTP_PORT", "ADMIN_TOKEN"])]
    }
    #expect(
      proposal.sinkVariables.map(\.json) == [
        [
          "name": "HTTP_PORT",
          "valueFrom": [
            "secretKeyRef": ["name": "creds", "key": "HTTP_PORT", "optional": true]
          ],
        ]
      ])
    #expect(carrier(proposal, "ADMIN_TOKEN") == .sink(try ValuePath("extraEnvFrom")))
  }

  @Test(
    arguments: [
      (Choices.Unmapped.fail, Carrier.nothing), (.keep, .live), (.drop, .dropped),
    ])
  func withoutASinkTheOperatorDecides(unmapped: Choices.Unmapped, expected: Carrier) throws {
    let proposal = try proposal(
      [.variable("LOG_LEVEL", "debug"), .variable("HTTP_PORT", "http")],
      chart: .foreign, choices: Choices(unmapped: unmapped))
    #expect(carrier(proposal, "LOG_LEVEL") == expected)
    #expect(carrier(proposal, "HTTP_PORT") == expected)
    #expect(proposal.sinkVariables.isEmpty)
    #expect(try proposal.values.value(at: ValuePath("extraEnv")) == nil)
  }

  @Test func settingsThatDifferGoToTheirHomes() throws {
    let proposal = try proposal([]) { release in
      release.image = "registry.example.com/backbone:0.1.7"
    }
    let values = proposal.values
    #expect(try values.value(at: ValuePath("fullnameOverride")) == "web")
    #expect(try values.value(at: ValuePath("selectorLabels")) == ["app": "web"])
    #expect(try values.value(at: ValuePath("image.repository")) == "registry.example.com/backbone")
    #expect(try values.value(at: ValuePath("image.tag")) == "0.1.7")
    #expect(try values.value(at: ValuePath("image.pullPolicy")) == nil)
    #expect(try values.value(at: ValuePath("serviceAccount")) == ["create": false, "name": "web"])
    #expect(try values.value(at: ValuePath("persistence.enabled")) == nil)
  }

  @Test func aDigestTakesTheTagAway() throws {
    let proposal = try proposal([]) { $0.image = "backbone@sha256:abc" }
    #expect(
      try proposal.values.value(at: ValuePath("image")) == ["digest": "sha256:abc", "tag": ""])
  }

  @Test func aVolumeAtDataIsKept() throws {
    let mount: JSON = ["name": "store", "mountPath": "/data", "subPath": "broker"]
    let claim = try proposal([]) { release in
      release.container = ["volumeMounts": [mount]]
      release.pod = [
        "volumes": [["name": "store", "persistentVolumeClaim": ["claimName": "web-data"]]]
      ]
    }
    #expect(
      try claim.values.value(at: ValuePath("persistence")) == [
        "enabled": true, "existingClaim": "web-data", "volumeName": "store", "subPath": "broker",
      ])
    let folder = try proposal([]) { release in
      release.container = ["volumeMounts": [["name": "data", "mountPath": "/data"]]]
      release.pod = ["volumes": [["name": "data", "hostPath": ["path": "/srv/mqtt"]]]]
    }
    #expect(
      try folder.values.value(at: ValuePath("persistence"))
        == ["enabled": true, "volume": ["hostPath": ["path": "/srv/mqtt"]], "volumeName": "data"])
  }

  @Test func aNewVolumeTakesNoNameThatAnotherHas() throws {
    let persistent = Choices(set: [try ValuePath("persistence.enabled"): true])
    func volumeName(_ choices: Choices, others: [JSON]) throws -> JSON? {
      var release = SampleRelease()
      release.pod = ["volumes": .array(others.map { ["name": $0, "emptyDir": [:]] })]
      return try Proposal(try Planning.situation(release, choices: choices)).values
        .value(at: ValuePath("persistence.volumeName"))
    }
    #expect(try volumeName(persistent, others: ["data", "data-2"]) == "data-3")
    #expect(try volumeName(persistent, others: ["cache"]) == nil)
    #expect(try volumeName(Choices(), others: ["data"]) == nil)
  }

  @Test func aSettingWithoutAHomeInTheChartHasNoCarrier() throws {
    let proposal = try proposal([], chart: .foreign)
    let key = FactKey(.ownership, "workload-name")
    #expect(proposal.carriers[key] == Carrier.nothing)
    #expect(try proposal.values.value(at: ValuePath("fullnameOverride")) == nil)
  }

  @Test(
    arguments: [
      (Carrier.targetDefault, "default", "mapped"), (.live, "live", "kept"),
      (.dropped, "dropped", "dropped"), (.nothing, "nothing", "unresolved"),
    ])
  func carriersAreNamedInTheContract(carrier: Carrier, name: String, disposition: String) throws {
    #expect(carrier.name == name)
    #expect(carrier.disposition == disposition)
    #expect(carrier.path == nil)
    let path = try ValuePath("a.b")
    #expect(Carrier.value(path).name == "value" && Carrier.value(path).path == path)
    #expect(Carrier.sink(path).name == "sink" && Carrier.sink(path).disposition == "mapped")
  }

  /// TZ has a home, which comes first in the chart; INNER stood before it and did not see it.
  @Test func aMendedVariableStaysBeforeThoseThatReferToIt() async throws {
    let plan = try await Planning.plan([
      ("INNER", "early $(TZ)"), ("TZ", "UTC"), ("OUTER", "<$(INNER)>"),
    ])
    for name in ["INNER", "TZ", "OUTER"] {
      #expect(plan.comparison.environment.first { $0.name == name }?.state == .same, "\(name)")
    }
    #expect(plan.comparison.proposal.sinkVariables.map(\.name) == ["INNER", "OUTER"])
  }

  @Test func whatNamesNothingCannotBeAdopted() throws {
    #expect(throws: PlanError.unknownAdoption("k8s.enable", near: ["k8s.enabled"])) {
      try Planning.situation(SampleRelease(), choices: Choices(adopt: ["k8s.enable"]))
    }
  }

  /// The chart's schema takes no such number, so the text has to go where any text can.
  @Test func anIntegerThatIsTooLargeForTheChartGoesToTheSink() throws {
    let proposal = try proposal([.variable("REDIS_DB", "3000000000")])
    #expect(proposal.sinkVariables.map(\.json) == [.variable("REDIS_DB", "3000000000")])
  }

  /// A field of newer versions of Kubernetes, such as `fileKeyRef`, is carried as it is.
  @Test func aReferenceOfAnUnknownKindIsCarriedAsItIs() throws {
    let entry: JSON = [
      "name": "LOG_LEVEL",
      "valueFrom": ["fileKeyRef": ["volumeName": "v", "path": "p", "key": "k"]],
    ]
    #expect(try proposal([entry]).sinkVariables.map(\.json) == [entry])
  }
}
