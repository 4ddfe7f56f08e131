import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// The recipe against the real chart, rendered by real helm.
@Suite struct ParityTests {
  private func release(
    _ recipe: Recipe, _ parity: Parity, references: Set<String> = [],
    volume: ParityRelease.Volume = .claim
  ) -> ParityRelease {
    ParityRelease(
      recipe, defaults: parity.chart.target.defaults, references: references, volume: volume)
  }

  /// The variables that can come from a Secret.
  private static func referable(_ recipe: Recipe) -> Set<String> {
    Set(recipe.variables.filter { $0.reference != nil }.map(\.name))
  }

  @Test func theRecipeDescribesEveryVariableOfTheBroker() throws {
    let recipe = try RecipeFile.embedded()
    #expect(recipe.variables.count == 22)
    #expect(Self.referable(recipe) == Set(recipe.variables.filter(\.isSensitive).map(\.name)))
    #expect(Set(recipe.settings.map(\.key)) == WorkloadObserver.keys)
  }

  @Test func theRecipeAndTheChartKnowTheSameVariables() async throws {
    let recipe = try RecipeFile.embedded()
    try await Parity.with { parity in
      let objects = try await parity.helm.template(
        release: "web", namespace: "mqtt", chart: parity.chart.path, values: nil)
      let workload = try Workload.find(in: objects, preferred: ["backbone"], where: "the chart")
      for variable in workload.environment.variables {
        #expect(recipe.variable(variable.name) != nil, "\(variable.name)")
      }
      for variable in recipe.variables {
        #expect(parity.chart.target.has(variable.home), "\(variable.home)")
        if let reference = variable.reference { #expect(parity.chart.target.has(reference)) }
      }
      // The design of chart 0.2.0 leaves init containers out.
      for setting in recipe.allSettings where setting.key.name != "init-containers" {
        #expect(parity.chart.target.has(setting.home), "\(setting.home)")
      }
      #expect(try parity.chart.target.has(#require(recipe.sink?.variables)))
      #expect(try parity.chart.target.has(#require(recipe.sink?.sources)))
    }
  }

  @Test(arguments: RealHelm.all, ParityRelease.Volume.allCases)
  func everythingComesOutTheSameThroughItsHomeAlone(
    _ helm: RealHelm, _ volume: ParityRelease.Volume
  ) async throws {
    let recipe = try RecipeFile.embedded()
    try await Parity.with(helm) { parity in
      for references in [[], Self.referable(recipe)] {
        let release = release(recipe, parity, references: references, volume: volume)
        let idle = try await parity.idle(in: release, recipe)
        // Both Services are there, as by default, and no liveness probe where no listener is on.
        #expect(
          Set(idle) == [
            volume == .claim ? "data-volume" : "data-claim", "http-service-enabled",
            "mqtt-service-enabled", "init-containers", "liveness-probe", "liveness-probe-enabled",
          ])
        let differences = try await parity.differences(of: release, recipe)
        #expect(differences == [])
      }
    }
  }

  @Test(arguments: try RecipeFile.embedded().variables.map(\.name))
  func withoutTheHomeOfAVariableParityNamesIt(name: String) async throws {
    var recipe = try RecipeFile.embedded()
    try await Parity.with { parity in
      let release = release(recipe, parity)
      recipe.variables.removeAll { $0.name == name }
      let differences = try await parity.differences(of: release, recipe)
      #expect(differences == [name])
    }
  }

  @Test(arguments: Self.referable(try RecipeFile.embedded()).sorted())
  func withoutTheReferenceOfAVariableParityNamesIt(name: String) async throws {
    var recipe = try RecipeFile.embedded()
    try await Parity.with { parity in
      let release = release(recipe, parity, references: Self.referable(recipe))
      let index = try #require(recipe.variables.firstIndex { $0.name == name })
      recipe.variables[index].reference = nil
      let differences = try await parity.differences(of: release, recipe)
      #expect(differences == [name])
    }
  }

  /// Facts that go with another one: without a volume there is nothing to say of it, and without
  /// its source the chart makes a claim.
  private static let dependents: [String: [String]] = [
    "data-persistent": [
      "data-claim", "data-persistent", "data-sub-path", "data-volume", "data-volume-name",
    ],
    "data-volume": ["data-claim", "data-volume"],
    "startup-probe-enabled": ["startup-probe", "startup-probe-enabled"],
    "liveness-probe-enabled": ["liveness-probe", "liveness-probe-enabled"],
  ]

  @Test(
    arguments: try RecipeFile.embedded().settings.map(\.key.name)
      .filter { !ParityRelease.needless.contains($0) })
  func withoutTheHomeOfASettingParityNamesIt(fact: String) async throws {
    var recipe = try RecipeFile.embedded()
    try await Parity.with { parity in
      let volume: ParityRelease.Volume = fact == "data-volume" ? .folder : .claim
      let release = release(recipe, parity, volume: volume)
      recipe.settings.removeAll { $0.key.name == fact }
      let differences = try await parity.differences(of: release, recipe)
      #expect(differences.contains(fact))
      #expect(Set(differences).isSubset(of: Self.dependents[fact] ?? [fact]))
    }
  }

  @Test func aHomeThatTheChartDoesNotHaveIsNoHome() async throws {
    var recipe = try RecipeFile.embedded()
    try await Parity.with { parity in
      let release = release(recipe, parity)
      let index = try #require(recipe.variables.firstIndex { $0.name == "TZ" })
      recipe.variables[index].home = try ValuePath("config.timezone")
      let differences = try await parity.differences(of: release, recipe)
      #expect(differences == ["TZ"])
    }
  }

  @Test func aWrongHomeIsSeen() async throws {
    var recipe = try RecipeFile.embedded()
    try await Parity.with { parity in
      let release = release(recipe, parity)
      let admin = try #require(recipe.variables.firstIndex { $0.name == "OIDC_ADMIN_GROUP" })
      let writer = try #require(recipe.variables.firstIndex { $0.name == "OIDC_WRITER_GROUP" })
      let home = recipe.variables[admin].home
      recipe.variables[admin].home = recipe.variables[writer].home
      recipe.variables[writer].home = home
      let differences = try await parity.differences(of: release, recipe)
      #expect(differences == ["OIDC_ADMIN_GROUP", "OIDC_WRITER_GROUP"])
    }
  }
}
