/// A recipe that cannot be used, and where in it the reason stands.
package struct RecipeError: Error, Hashable, CustomStringConvertible {
  /// The keys and list positions that lead to the place, such as `variables`, `3`, `codec`.
  package var place: [String]
  package var reason: String
  /// The line in the recipe's text, counted from 1; nil when not known.
  package var line: Int?

  package init(place: [String], reason: String, line: Int? = nil) {
    self.place = place
    self.reason = reason
    self.line = line
  }

  package var description: String {
    let line = line.map { "line \($0): " } ?? ""
    let place = place.isEmpty ? "" : "\(place.joined(separator: ".")): "
    return "recipe: \(line)\(place)\(reason)"
  }
}

extension Recipe {
  /// Reads a recipe and checks it whole: known keys only, no name or home twice.
  ///
  /// - Throws: ``RecipeError`` for the first thing that is wrong.
  package init(json: JSON) throws(RecipeError) {
    let root = try Node(json, at: [])
    try root.allow([
      "recipe", "from", "to", "sink", "variables", "listeners", "settings", "observedValues",
    ])
    name = try root.string("recipe")
    from = try Endpoint(root.object("from"))
    to = try Endpoint(root.object("to"))
    sink = try root.optionalObject("sink").map { node throws(RecipeError) in try Sink(node) }
    variables = []
    listeners = []
    settings = []
    observedValues = []
    var names: Set<String> = []
    var homes: Set<ValuePath> = []
    for node in try root.list("variables") {
      let variable = try Variable(node)
      for name in [variable.name] + variable.aliases where !names.insert(name).inserted {
        throw node.error("variable \"\(name)\" is described twice")
      }
      for home in [variable.home, variable.reference].compactMap({ $0 })
      where !homes.insert(home).inserted {
        throw node.error("\"\(home)\" is already the home of another variable")
      }
      variables.append(variable)
    }
    for node in try root.list("listeners") {
      let listener = try ListenerHome(node)
      for name in [listener.port] + listener.enabledBy + listener.paths.values.sorted()
      where !variables.contains(where: { $0.name == name }) {
        throw node.error("\"variables\" does not describe \"\(name)\"")
      }
      if listeners.contains(where: { $0.name == listener.name }) {
        throw node.error("listener \"\(listener.name)\" is described twice")
      }
      listeners.append(listener)
    }
    for setting in NetworkObserver.settings(listeners) where !homes.insert(setting.home).inserted {
      throw root.error("\"\(setting.home)\" is already the home of another fact")
    }
    for node in try root.list("settings") {
      let setting = try SettingHome(node)
      if !homes.insert(setting.home).inserted {
        throw node.error("\"\(setting.home)\" is already the home of another fact")
      }
      if settings.contains(where: { $0.key == setting.key }) {
        throw node.error("fact \"\(setting.key.name)\" is described twice")
      }
      settings.append(setting)
    }
    for (index, element) in try root.optionalElements("observedValues").enumerated() {
      observedValues.append(try root.path(element, at: ["observedValues", String(index)]))
    }
  }
}

extension Recipe.Endpoint {
  fileprivate init(_ node: Node) throws(RecipeError) {
    try node.allow(["chart", "versions"])
    chart = try node.string("chart")
    versions = []
    for element in try node.optionalElements("versions") {
      guard let version = element.string else {
        throw node.error("versions are strings; put \(element.shownBriefly) in quotes")
      }
      versions.append(version)
    }
    if versions.isEmpty { throw node.error("\"versions\" names no version") }
  }
}

extension Recipe.Sink {
  fileprivate init(_ node: Node) throws(RecipeError) {
    try node.allow(["variables", "sources"])
    variables = try node.path("variables")
    sources = try node.optionalPath("sources")
  }
}

extension Recipe.Variable {
  fileprivate init(_ node: Node) throws(RecipeError) {
    try node.allow(["name", "aliases", "home", "reference", "codec", "sensitive", "whenAbsent"])
    name = try node.string("name")
    aliases = []
    for element in try node.optionalElements("aliases") {
      guard let alias = element.string else { throw node.error("an alias is a string") }
      aliases.append(alias)
    }
    home = try node.path("home")
    reference = try node.optionalPath("reference")
    let codecName = try node.string("codec")
    guard let codec = Codec(rawValue: codecName) else {
      let known = Codec.allCases.map(\.rawValue).joined(separator: ", ")
      throw node.error("codec \"\(codecName)\" is not known; use one of \(known)", at: "codec")
    }
    self.codec = codec
    isSensitive = try node.bool("sensitive", default: false)
    switch node.json["whenAbsent"] {
    case nil, .null: whenAbsent = nil
    case .string(let text): whenAbsent = text
    case let other?:
      throw node.error(
        "\"whenAbsent\" is the text of the variable; put \(other.shownBriefly) in quotes",
        at: "whenAbsent")
    }
    if let whenAbsent, codec.value(of: whenAbsent) == nil {
      throw node.error("\"\(whenAbsent)\" is no \(codec.rawValue)", at: "whenAbsent")
    }
  }
}

extension Recipe.ListenerHome {
  fileprivate init(_ node: Node) throws(RecipeError) {
    try node.allow(["name", "port", "enabledBy", "paths", "service"])
    name = try node.string("name")
    port = try node.string("port")
    enabledBy = []
    for element in try node.optionalElements("enabledBy") {
      guard let flag = element.string else { throw node.error("a flag is the name of a variable") }
      enabledBy.append(flag)
    }
    if enabledBy.isEmpty { throw node.error("\"enabledBy\" names no variable") }
    paths = [:]
    if let node = try node.optionalObject("paths") {
      for path in node.json.members.keys.sorted() { paths[path] = try node.string(path) }
    }
    service = try node.optionalPath("service")
  }
}

extension Recipe.SettingHome {
  fileprivate init(_ node: Node) throws(RecipeError) {
    try node.allow([
      "dimension", "fact", "home", "whenAbsent", "code", "onlyIfNeeded", "onlyWhenPresent",
      "switchedBy",
    ])
    let dimensionName = try node.string("dimension")
    guard let dimension = Dimension(rawValue: dimensionName), dimension != .environment else {
      throw node.error("\"\(dimensionName)\" is no dimension of a setting", at: "dimension")
    }
    key = FactKey(dimension, try node.string("fact"))
    isLazy = try node.bool("onlyIfNeeded", default: false)
    onlyWhenPresent = try node.bool("onlyWhenPresent", default: false)
    guard WorkloadObserver.keys.contains(key) else {
      throw node.error("nothing observes \"\(key.name)\" of \(dimensionName)", at: "fact")
    }
    home = try node.path("home")
    whenAbsent = node.json["whenAbsent"]
    for element in try node.optionalElements("switchedBy") {
      switchedBy.append(try node.path(element, at: ["switchedBy"]))
    }
    let codeName = try node.string("code")
    guard let code = FindingCode(rawValue: codeName) else {
      throw node.error("finding \"\(codeName)\" is not known", at: "code")
    }
    self.code = code
  }
}

/// An object of the recipe's text, with the place where it stands.
private struct Node {
  let json: JSON
  let place: [String]

  init(_ json: JSON, at place: [String]) throws(RecipeError) {
    guard case .object = json else {
      throw RecipeError(place: place, reason: "keys with values are expected here")
    }
    self.json = json
    self.place = place
  }

  func error(_ reason: String, at key: String? = nil) -> RecipeError {
    RecipeError(place: place + (key.map { [$0] } ?? []), reason: reason)
  }

  func allow(_ keys: Set<String>) throws(RecipeError) {
    for key in json.members.keys.sorted() where !keys.contains(key) {
      let known = keys.sorted().joined(separator: ", ")
      throw error("key \"\(key)\" is not known here; known are \(known)", at: key)
    }
  }

  func string(_ key: String) throws(RecipeError) -> String {
    guard let text = json[key]?.string, !text.isEmpty else {
      throw error("\"\(key)\" is missing or no text")
    }
    return text
  }

  func bool(_ key: String, default fallback: Bool) throws(RecipeError) -> Bool {
    guard let value = json[key] else { return fallback }
    guard let truth = value.bool else { throw error("\"\(key)\" is true or false", at: key) }
    return truth
  }

  func object(_ key: String) throws(RecipeError) -> Node {
    guard let member = json[key] else { throw error("\"\(key)\" is missing") }
    return try Node(member, at: place + [key])
  }

  func optionalObject(_ key: String) throws(RecipeError) -> Node? {
    json[key] == nil ? nil : try object(key)
  }

  func optionalElements(_ key: String) throws(RecipeError) -> [JSON] {
    switch json[key] {
    case nil, .null: return []
    case .array(let elements): return elements
    default: throw error("\"\(key)\" is a list", at: key)
    }
  }

  func list(_ key: String) throws(RecipeError) -> [Node] {
    var nodes: [Node] = []
    for (index, element) in try optionalElements(key).enumerated() {
      nodes.append(try Node(element, at: place + [key, String(index)]))
    }
    return nodes
  }

  func path(_ key: String) throws(RecipeError) -> ValuePath {
    try path(.string(try string(key)), at: [key])
  }

  func optionalPath(_ key: String) throws(RecipeError) -> ValuePath? {
    json[key] == nil ? nil : try path(key)
  }

  func path(_ json: JSON, at keys: [String]) throws(RecipeError) -> ValuePath {
    do {
      return try ValuePath(json.string ?? "")
    } catch {
      throw RecipeError(place: place + keys, reason: error.description)
    }
  }
}

extension JSON {
  /// The value as JSON writes it, when that is short.
  fileprivate var shownBriefly: String {
    switch self {
    case .null, .bool: canonical
    case .number(let text) where text.utf8.count <= 60: text
    default: "it"
    }
  }
}
