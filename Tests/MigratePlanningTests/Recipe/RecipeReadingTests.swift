import MigratePlanning
import Testing

@testable import PlanSamples

/// A way to break a recipe, and the words that must tell where and why.
private struct Breakage: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// Keys and list positions of what is changed.
  let keys: [String]
  /// What is put there; nil takes the member away.
  let value: JSON?
  let error: String

  init(_ name: String, _ keys: String, _ value: JSON?, _ error: String) {
    testDescription = name
    self.keys = keys.split(separator: ".").map(String.init)
    self.value = value
    self.error = error
  }
}

@Suite struct RecipeReadingTests {
  @Test func everythingIsRead() throws {
    let recipe = try SampleRecipe.recipe()
    #expect(recipe.name == "backbone-0.1.0-to-0.2.0")
    #expect(recipe.from == Recipe.Endpoint(chart: "backbone", versions: ["0.1.0"]))
    #expect(recipe.to == Recipe.Endpoint(chart: "backbone", versions: ["0.2.0"]))
    #expect(recipe.sink?.variables.description == "extraEnv")
    #expect(recipe.sink?.sources?.description == "extraEnvFrom")
    #expect(recipe.observedValues.map(\.description) == ["env", "extraEnv", "image"])
    #expect(recipe.variables.count == 22)
    let token = try #require(recipe.variable("ADMIN_TOKEN"))
    #expect(token.home.description == "config.adminToken")
    #expect(token.reference?.description == "config.adminTokenFrom")
    #expect(token.isSensitive)
    #expect(token.whenAbsent == "")
    let port = try #require(recipe.variable("HTTP_PORT"))
    #expect(port.codec == .port)
    #expect(port.reference == nil)
    #expect(!port.isSensitive)
    let volume = try #require(recipe.settings.first { $0.key.name == "data-volume" })
    #expect(volume.key.dimension == .storage)
    #expect(volume.whenAbsent == [:])
    #expect(volume.code == .volumeLost)
    #expect(recipe.settings.first?.whenAbsent == nil)
  }

  @Test func anotherSpellingLeadsToTheVariable() throws {
    let recipe = try SampleRecipe.recipe()
    #expect(recipe.variable("OIDC_DISCOVERY_URL")?.name == "OIDC_DISCOVERY")
    #expect(recipe.variable("OIDC_DISCOVERY")?.name == "OIDC_DISCOVERY")
    #expect(recipe.variable("OIDC_DISCOVERY_URI") == nil)
  }

  @Test func aRecipeNeedsNoSinkSettingsOrVariables() throws {
    let recipe = try Recipe(json: [
      "recipe": "none", "from": ["chart": "a", "versions": ["1"]],
      "to": ["chart": "a", "versions": ["2"]],
    ])
    #expect(recipe.sink == nil)
    #expect(recipe.variables.isEmpty && recipe.settings.isEmpty && recipe.observedValues.isEmpty)
  }

  private static let breakages: [Breakage] = [
    Breakage("a key that is not known", "sinks", [:], "sinks: key \"sinks\" is not known here"),
    Breakage("no name", "recipe", nil, "\"recipe\" is missing or no text"),
    Breakage("an empty name", "recipe", "", "\"recipe\" is missing or no text"),
    Breakage("a name that is a number", "recipe", 1, "\"recipe\" is missing or no text"),
    Breakage("no start", "from", nil, "\"from\" is missing"),
    Breakage("a start that is a text", "from", "backbone", "from: keys with values are expected"),
    Breakage("no end", "to", nil, "\"to\" is missing"),
    Breakage("no chart", "from.chart", nil, "from: \"chart\" is missing or no text"),
    Breakage("no version", "from.versions", nil, "from: \"versions\" names no version"),
    Breakage("an empty list of versions", "to.versions", [], "to: \"versions\" names no version"),
    Breakage(
      "a version that YAML takes for a number", "from.versions", [.number("0.1")],
      "from: versions are strings; put 0.1 in quotes"),
    Breakage(
      "versions that are no list", "from.versions", "0.1.0", "from.versions: \"versions\" is a list"
    ),
    Breakage("a key of the start", "from.version", "0.1.0", "from.version: key \"version\" is not"),
    Breakage("a sink that is a list", "sink", [], "sink: keys with values are expected here"),
    Breakage("a sink without variables", "sink.variables", nil, "sink: \"variables\" is missing"),
    Breakage(
      "a sink that is no path", "sink.variables", "extra..env",
      "sink.variables: \"extra..env\" is not a value path"),
    Breakage(
      "a source sink that is no path", "sink.sources", ".x",
      "sink.sources: \".x\" is not a value path"),
    Breakage("variables that are no list", "variables", [:], "variables: \"variables\" is a list"),
    Breakage(
      "a variable that is a text", "variables.5", "HTTP_PORT",
      "variables.5: keys with values are expected here"),
    Breakage(
      "a variable without a name", "variables.5.name", nil,
      "variables.5: \"name\" is missing or no text"),
    Breakage(
      "a variable without a home", "variables.5.home", nil,
      "variables.5: \"home\" is missing or no text"),
    Breakage(
      "a home that is no path", "variables.5.home", "config.",
      "variables.5.home: \"config.\" is not a value path"),
    Breakage(
      "a reference that is no path", "variables.0.reference", "a..b",
      "variables.0.reference: \"a..b\" is not a value path"),
    Breakage(
      "a variable without a codec", "variables.5.codec", nil,
      "variables.5: \"codec\" is missing or no text"),
    Breakage(
      "a codec that is not known", "variables.5.codec", "boolean",
      "variables.5.codec: codec \"boolean\" is not known; use one of text, flag, port, integer"),
    Breakage(
      "a sensitivity that is a text", "variables.0.sensitive", "yes",
      "variables.0.sensitive: \"sensitive\" is true or false"),
    Breakage(
      "an absence that YAML takes for a number", "variables.5.whenAbsent", 8883,
      "variables.5.whenAbsent: \"whenAbsent\" is the text of the variable; put 8883 in quotes"),
    Breakage(
      "an absence that is no port", "variables.5.whenAbsent", "none",
      "variables.5.whenAbsent: \"none\" is no port"),
    Breakage(
      "an alias that is a number", "variables.5.aliases", [1], "variables.5: an alias is a string"),
    Breakage(
      "aliases that are no list", "variables.5.aliases", "PORT",
      "variables.5.aliases: \"aliases\" is a list"),
    Breakage(
      "a key of a variable", "variables.5.default", "8883",
      "variables.5.default: key \"default\" is not known here; known are aliases, codec, home"),
    Breakage(
      "a variable twice", "variables.5.name", "TZ",
      "variables.21: variable \"TZ\" is described twice"),
    Breakage(
      "an alias that is another variable", "variables.21.aliases", ["HTTP_PORT"],
      "variables.21: variable \"HTTP_PORT\" is described twice"),
    Breakage(
      "a home twice", "variables.21.home", "config.httpPort",
      "variables.21: \"config.httpPort\" is already the home of another variable"),
    Breakage(
      "a reference that is a home", "variables.1.reference", "config.adminToken",
      "variables.1: \"config.adminToken\" is already the home of another variable"),
    Breakage("settings that are no list", "settings", "x", "settings: \"settings\" is a list"),
    Breakage(
      "a setting without a fact", "settings.0.fact", nil,
      "settings.0: \"fact\" is missing or no text"),
    Breakage(
      "a dimension that is not known", "settings.0.dimension", "naming",
      "settings.0.dimension: \"naming\" is no dimension of a setting"),
    Breakage(
      "a variable among the settings", "settings.0.dimension", "environment",
      "settings.0.dimension: \"environment\" is no dimension of a setting"),
    Breakage(
      "a fact that nothing observes", "settings.0.fact", "moon-phase",
      "settings.0.fact: nothing observes \"moon-phase\" of ownership"),
    Breakage(
      "a fact of another dimension", "settings.0.dimension", "image",
      "settings.0.fact: nothing observes \"workload-name\" of image"),
    Breakage(
      "a setting without a home", "settings.0.home", nil,
      "settings.0: \"home\" is missing or no text"),
    Breakage(
      "a finding that is not known", "settings.0.code", "renamed",
      "settings.0.code: finding \"renamed\" is not known"),
    Breakage(
      "a key of a setting", "settings.0.default", "", "settings.0.default: key \"default\" is not"),
    Breakage(
      "a setting's home that is a variable's", "settings.0.home", "config.httpPort",
      "settings.0: \"config.httpPort\" is already the home of another fact"),
    Breakage(
      "a fact twice", "settings.4.fact", "repository",
      "settings.4: fact \"repository\" is described twice"),
    Breakage(
      "an observed value that is no path", "observedValues", ["image", "a..b"],
      "observedValues.1: \"a..b\" is not a value path"),
    Breakage(
      "an observed value that is a number", "observedValues", [3],
      "observedValues.0: \"\" is not a value path"),
    Breakage(
      "observed values that are no list", "observedValues", "image",
      "observedValues: \"observedValues\" is a list"),
  ]

  @Test(arguments: breakages)
  fileprivate func aBrokenRecipeIsRefusedWithThePlace(_ breakage: Breakage) {
    let json = SampleRecipe.json.changed(breakage.keys[...], breakage.value)
    let error = #expect(throws: RecipeError.self) { try Recipe(json: json) }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("recipe: "))
    #expect(text.contains(breakage.error), "\(text)")
  }

  @Test(arguments: [JSON.null, "recipe", 3, [], ["recipe"]])
  func aRecipeIsKeysWithValues(json: JSON) {
    #expect(throws: RecipeError(place: [], reason: "keys with values are expected here")) {
      try Recipe(json: json)
    }
  }

  @Test func anErrorNamesItsLineWhenItIsKnown() {
    let error = RecipeError(place: ["variables", "3", "codec"], reason: "not known", line: 17)
    #expect(error.description == "recipe: line 17: variables.3.codec: not known")
  }

  @Test func aRecipeAppliesToItsChartAndVersionOnly() throws {
    let recipe = try SampleRecipe.recipe()
    #expect(recipe.starts(fromChart: "backbone", version: "0.1.0"))
    #expect(recipe.starts(fromChart: "backbone", version: "0.1.0+4f2a9c1"))
    #expect(!recipe.starts(fromChart: "backbone", version: "0.1.0-rc.1"))
    #expect(!recipe.starts(fromChart: "backbone", version: "0.1.1"))
    #expect(!recipe.starts(fromChart: "Backbone", version: "0.1.0"))
  }

  @Test func meaningIsKnownOnlyForTextAndAbsence() throws {
    let port = try #require(try SampleRecipe.recipe().variable("HTTP_PORT"))
    #expect(port.meaning(of: .absent) == .number(8883))
    #expect(port.meaning(of: .value("08883")) == .number(8883))
    #expect(port.meaning(of: .value("x")) == .notANumber)
    #expect(port.meaning(of: .value(8883)) == nil)
    #expect(port.meaning(of: .unknown("why")) == nil)
    #expect(port.meaning(of: .composed([.text("88")])) == nil)
  }

  @Test func whatIsWrittenDiffersWithEveryPartOfTheRecipe() throws {
    let changes: [(inout Recipe) throws -> Void] = [
      { $0.name = "other" }, { $0.from.chart = "other" }, { $0.from.versions.append("0.1.1") },
      { $0.to.chart = "other" }, { $0.to.versions.append("0.2.1") }, { $0.sink = nil },
      { $0.sink?.sources = nil }, { $0.sink?.variables = try ValuePath("env") },
      { $0.variables.removeLast() }, { $0.variables.swapAt(0, 1) },
      { $0.variables[0].name = "X" }, { $0.variables[0].aliases = ["X"] },
      { $0.variables[0].home = try ValuePath("x") }, { $0.variables[0].reference = nil },
      { $0.variables[0].codec = .flag }, { $0.variables[0].isSensitive = false },
      { $0.variables[0].whenAbsent = nil }, { $0.settings.removeLast() },
      { $0.settings[0].key = FactKey(.image, "tag") }, { $0.settings[0].whenAbsent = "x" },
      { $0.settings[0].home = try ValuePath("x") }, { $0.settings[0].code = .drift },
      { $0.observedValues.removeLast() },
    ]
    let written = try [SampleRecipe.recipe()] + changes.map(SampleRecipe.recipe)
    #expect(Set(written.map(\.json.canonical)).count == changes.count + 1)
  }
}

extension JSON {
  /// The tree with the member or element at a place replaced, or taken away.
  fileprivate func changed(_ keys: ArraySlice<String>, _ value: JSON?) -> JSON {
    guard let key = keys.first else { return value ?? .null }
    let rest = keys.dropFirst()
    if case .array(var elements) = self, let index = Int(key), elements.indices.contains(index) {
      elements[index] = elements[index].changed(rest, value)
      return .array(elements)
    }
    var members = self.members
    members[key] = rest.isEmpty ? value : (members[key] ?? [:]).changed(rest, value)
    return .object(members)
  }
}
