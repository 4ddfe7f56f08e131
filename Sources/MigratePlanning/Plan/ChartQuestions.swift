/// What a chart's templates ask beyond the values that they are given: what comes out then depends
/// on where and when it is rendered.
///
/// Found in the templates' text, so it may be more than is asked in the end, and is never less.
///
/// Source: helm's pkg/engine/funcs.go and Sprig, whose functions these are.
package struct ChartQuestions: Hashable, Sendable {
  /// Kubernetes' version, `.Capabilities.KubeVersion`.
  package var asksVersion = false
  /// What the cluster serves or has: `.Capabilities.APIVersions`, `lookup`.
  package var asksCluster = false
  /// What comes out otherwise each time, such as `randAlphaNum` or `genCA`.
  package var asksChance = false
  /// The time, `now`.
  package var asksTime = false
  /// The number of helm's revision, `.Release.Revision`: rendered alone, it is always 1.
  package var asksRevision = false
  /// Whether a chart says which versions of Kubernetes it is for. That changes nothing in what is
  /// rendered; helm refuses others.
  package var constrainsVersion = false
  /// Whether values are templates, too (`tpl`), so that any of this may stand in them.
  package var rendersValues = false

  /// A chart that asks nothing.
  package init() {}

  /// Looks at the files of a chart and its dependencies.
  package init(files: [(path: String, text: String)]) {
    let templates = files.filter { Self.isTemplate($0.path) }
    for file in templates { look(at: file.text) }
    // Any file can be read as a template then, values.yaml among them.
    if rendersValues {
      for file in files where !Self.isTemplate(file.path) { look(at: file.text) }
    }
    constrainsVersion = files.contains { path, text in
      path.split(separator: "/").last == "Chart.yaml"
        && text.split(separator: "\n").contains { $0.hasPrefix("kubeVersion:") }
    }
  }

  /// The questions with those in values that somebody gives.
  package func with(values: [JSON]) -> ChartQuestions {
    guard rendersValues else { return self }
    var questions = self
    for text in values.flatMap(\.texts) where text.contains("{{") { questions.look(at: text) }
    return questions
  }

  /// Whether what is rendered depends on the cluster.
  package var dependsOnCluster: Bool { asksVersion || asksCluster }
  /// Whether what is rendered may be another thing each time.
  package var dependsOnMoment: Bool { asksChance || asksTime }

  private static func isTemplate(_ path: String) -> Bool {
    path.split(separator: "/").dropLast().contains("templates")
  }

  private mutating func look(at text: String) {
    for action in Self.actions(in: text) {
      for word in Self.words(in: action) {
        switch word {
        case .name("lookup"): asksCluster = true
        case .name("tpl"): rendersValues = true
        case .name(".Revision"): asksRevision = true
        case .name(let name) where Self.draws.contains(name): asksChance = true
        case .name(let name) where Self.times.contains(name): asksTime = true
        case .name: break
        case .capability("KubeVersion"): asksVersion = true
        case .capability("HelmVersion"): break
        case .capability: asksCluster = true
        }
      }
    }
  }

  /// Functions that draw: keys and passwords, and the order of a map.
  private static let draws: Set<String> = [
    "randAlphaNum", "randAlpha", "randAscii", "randNumeric", "randBytes", "randInt", "shuffle",
    "uuidv4", "genPrivateKey", "genCA", "genCAWithKey", "genSelfSignedCert",
    "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey", "bcrypt", "htpasswd",
    "encryptAES", "keys", "values",
  ]

  private static let times: Set<String> = ["now", "ago"]

  private enum Word: Hashable {
    /// A word that is no field of anything.
    case name(String)
    /// What follows `Capabilities.`; empty where nothing does.
    case capability(String)
  }

  /// What stands between `{{` and `}}`, without comments.
  private static func actions(in text: String) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    let (open, close) = (UInt8(ascii: "{"), UInt8(ascii: "}"))
    var actions: [ArraySlice<UInt8>] = []
    var index = 0
    while index + 1 < bytes.count {
      guard bytes[index] == open, bytes[index + 1] == open else {
        index += 1
        continue
      }
      let start = index + 2
      var end = start
      while end + 1 < bytes.count, !(bytes[end] == close && bytes[end + 1] == close) { end += 1 }
      // helm refuses one that is never closed.
      let action = bytes[start..<(end + 1 < bytes.count ? end : bytes.count)]
      let code = action.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: " ") }
      if !code.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "*")]) { actions.append(action) }
      // One may stand within another, as a text for `tpl`.
      index = start
    }
    return actions
  }

  private static func words(in action: ArraySlice<UInt8>) -> [Word] {
    func isLetter(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    var found: [(before: UInt8, word: String)] = []
    var index = action.startIndex
    while index < action.endIndex {
      guard isLetter(action[index]) else {
        index += 1
        continue
      }
      var end = index
      while end < action.endIndex, isLetter(action[end]) { end += 1 }
      let before = index > action.startIndex ? action[index - 1] : UInt8(ascii: " ")
      found.append((before, String(decoding: action[index..<end], as: UTF8.self)))
      index = end
    }
    return found.enumerated().map { position, entry in
      if entry.word == "Capabilities" {
        let next = position + 1 < found.count ? found[position + 1] : nil
        return .capability(next?.before == UInt8(ascii: ".") ? next?.word ?? "" : "")
      }
      // A field's or a variable's name means no function.
      let isPart = entry.before == UInt8(ascii: ".") || entry.before == UInt8(ascii: "$")
      return .name(isPart ? "." + entry.word : entry.word)
    }
  }
}

extension JSON {
  /// Every text in a tree.
  fileprivate var texts: [String] {
    switch self {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(\.texts)
    case .object(let members): members.values.flatMap(\.texts)
    default: []
    }
  }
}
