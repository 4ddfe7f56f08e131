import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct DigestTests {
  private func digest(
    _ release: SampleRelease = DigestTests.release, chart: FakeChart = FakeChart(),
    recipe: Recipe? = nil, choices: Choices = Choices(), source: String = "test",
    targetDigest: String = "sha256:0123", helm: String = "4.3.1", id: String = "plan-a",
    createdAt: DocumentTime = "2026-03-01T10:00:00.000Z", commands: [String] = []
  ) async throws -> String {
    var target = chart.target
    target.source = source
    target.digest = targetDigest
    let situation = try Situation(
      snapshot: release.snapshot, target: target, rendered: chart.render([:]),
      recipe: try recipe ?? SampleRecipe.recipe(), choices: choices)
    let plan = try await Planning.plan(situation) { chart.render($0) }
    return try PlanDocument(
      plan,
      PlanDocument.Circumstances(
        id: id, createdAt: createdAt, helmVersion: helm, commands: commands)
    ).digest
  }

  private static let release = SampleRelease(
    env: [
      .variable("HTTP_PORT", "9000"), .variable("ADMIN_TOKEN", "t0ken-one"),
      .variable("LOG_LEVEL", "debug"),
    ])

  private func changed(_ change: (inout SampleRelease) -> Void) -> SampleRelease {
    var release = Self.release
    change(&release)
    return release
  }

  @Test func itIsSHA256AndStable() async throws {
    let digest = try await digest()
    #expect(digest.wholeMatch(of: /sha256:[0-9a-f]{64}/) != nil)
    #expect(try await self.digest() == digest)
  }

  @Test func itIsBoundToEveryIngredient() async throws {
    var digests = [try await digest()]
    let releases = [
      changed { $0.name = "web2" }, changed { $0.namespace = "other" },
      changed { $0.revision = 4 }, changed { $0.chartName = "backbone2" },
      changed { $0.chartVersion = "0.1.1" }, changed { $0.clusterID = "other" },
      changed { $0.clusterID = nil }, changed { $0.metadata["uid"] = "other" },
      changed { $0.metadata["labels"] = ["team": "a"] }, changed { $0.status = "failed" },
      changed { $0.spec["minReadySeconds"] = 5 },
      changed { $0.env[0] = .variable("HTTP_PORT", "9001") },
      changed { $0.env[2] = .variable("LOG_LEVEL", "info") }, changed { $0.env.removeLast() },
      changed { $0.env.append(.variable("A", "1")) },
      changed { $0.env[1] = .variable("ADMIN_TOKEN", secret: "s", key: "k") },
      changed { $0.image = "backbone:0.1.1" }, changed { $0.serviceAccount = "other" },
      changed { $0.moreObjects = [["kind": "ConfigMap", "metadata": ["name": "x"]]] },
      changed { $0.supplied = ["unknown": 1] },
    ]
    for release in releases { digests.append(try await digest(release)) }
    for choices in [
      Choices(unmapped: .drop), Choices(adopt: ["k8s.enabled"]), Choices(container: "backbone"),
      Choices(set: [try ValuePath("config.tcpPort"): 1884]),
      Choices(set: [try ValuePath("config.tcpPort"): 1885]),
      Choices(set: [try ValuePath("service.type"): "NodePort"]),
    ] {
      digests.append(try await digest(choices: choices))
    }
    digests.append(try await digest(targetDigest: "sha256:4567"))
    digests.append(try await digest(chart: FakeChart(version: "0.2.1")))
    digests.append(try await digest(recipe: try SampleRecipe.recipe { $0.name = "other" }))
    digests.append(
      try await digest(recipe: try SampleRecipe.recipe { $0.variables[0].isSensitive = false }))
    #expect(Set(digests).count == digests.count)
  }

  @Test func timesPathsVersionsAndSecretsHaveNoPartInIt() async throws {
    let expected = try await digest()
    for release in [
      changed { $0.context = "prod" },
      changed { $0.env[1] = .variable("ADMIN_TOKEN", "t0ken-two") },
      changed { $0.applyMethod = .serverSide },
    ] {
      #expect(try await digest(release) == expected)
    }
    // From a file nobody can ask the API server, and the plan is the same.
    let unread = changed { $0.hidden = [Unchecked(code: "drift", reason: "the server was slow")] }
    #expect(try await digest(unread) == expected)
    #expect(try await digest(source: "/somewhere/else") == expected)
    #expect(try await digest(helm: "3.17.2") == expected)
    #expect(try await digest(id: "plan-b", createdAt: "2027-01-01T00:00:00.000Z") == expected)
    #expect(try await digest(commands: ["helm upgrade"]) == expected)
  }

  @Test func chosenSecretsHaveNoPartInIt() async throws {
    let path = try ValuePath("config.adminToken")
    let one = try await digest(choices: Choices(set: [path: "one-secret"]))
    #expect(try await digest(choices: Choices(set: [path: "two-secret"])) == one)
    #expect(try await digest() != one)
  }

  @Test func theDigestOfAChartIsThatOfItsFiles() {
    func digest(_ files: [(String, String)]) -> String {
      Target.digest(ofFiles: files.map { ($0.0, Array($0.1.utf8)) })
    }
    let files = [("Chart.yaml", "a"), ("values.yaml", "b")]
    #expect(digest(files) == digest(files.reversed()))
    #expect(
      Set(
        [
          files, [("Chart.yaml", "a")], [("Chart.yaml", "b"), ("values.yaml", "a")],
          [("Chart.yaml", "ab"), ("values.yaml", "")], [("chart.yaml", "a"), ("values.yaml", "b")],
        ].map(digest)
      ).count == 5)
    #expect(
      ContentDigest.sha256([])
        == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}
