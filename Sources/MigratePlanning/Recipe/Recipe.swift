/// The declarative description of one hop from a chart version to another: which fact has which
/// home among the target's values, how the broker reads it, and what it is when absent.
package struct Recipe: Sendable {
  package var name: String
  package var from: Endpoint
  package var to: Endpoint
  /// Where variables without a home of their own go; nil when the target has no such place.
  package var sink: Sink?
  package var variables: [Variable]
  /// The ports on which the broker listens.
  package var listeners: [ListenerHome]
  /// The homes of facts other than variables, as the recipe names them one by one.
  package var settings: [SettingHome]
  /// Values of the old chart that the facts account for, so that dropping them drops nothing.
  package var observedValues: [ValuePath]

  /// One end of the hop.
  package struct Endpoint: Hashable, Sendable {
    package var chart: String
    package var versions: [String]

    package init(chart: String, versions: [String]) {
      self.chart = chart
      self.versions = versions
    }

    /// Whether a chart is one of these. What was built of a version, as in `0.1.0+4f2a9c1`, is that
    /// version: semver.org, item 10.
    func covers(_ chart: String, _ version: String) -> Bool {
      self.chart == chart
        && (versions.contains(version)
          || versions.contains(version.prefix { $0 != "+" }.description))
    }
  }

  /// The values that take any Kubernetes `EnvVar` and `EnvFromSource`.
  package struct Sink: Hashable, Sendable {
    package var variables: ValuePath
    package var sources: ValuePath?

    package init(variables: ValuePath, sources: ValuePath?) {
      self.variables = variables
      self.sources = sources
    }
  }

  /// One environment variable of the broker.
  package struct Variable: Hashable, Sendable {
    package var name: String
    /// Other spellings that the broker reads as the same setting.
    package var aliases: [String]
    package var home: ValuePath
    /// The value that takes a Kubernetes `EnvVarSource` in place of a literal.
    package var reference: ValuePath?
    package var codec: Codec
    package var isSensitive: Bool
    /// The text that means the same to the broker as no variable at all; nil when there is none.
    package var whenAbsent: String?

    /// What the broker makes of an observation; nil when that depends on what Kubernetes looks up.
    package func meaning(of observed: Observed) -> Codec.Meaning? {
      switch observed {
      case .absent: whenAbsent.map(codec.meaning(of:))
      case .value(.string(let text)): codec.meaning(of: text)
      case .value, .reference, .composed, .unknown: nil
      }
    }
  }

  /// A port on which the broker listens when a variable switches it on.
  package struct ListenerHome: Hashable, Sendable {
    /// The name of its container port in the target.
    package var name: String
    /// The variable that holds the port.
    package var port: String
    /// The flags of which any switches it on.
    package var enabledBy: [String]
    /// The paths that it answers over HTTP, with the flag that switches each on.
    package var paths: [String: String]
    /// The values of the Service that leads to it; nil when the target has none.
    package var service: ValuePath?
  }

  /// The home of a fact other than a variable.
  package struct SettingHome: Hashable, Sendable {
    package var key: FactKey
    package var home: ValuePath
    /// The value that says "absent"; nil when an absent fact cannot be asked for.
    package var whenAbsent: JSON?
    /// The finding that a difference makes.
    package var code: FindingCode
    /// Whether it is written only when it did not come out as it was by itself: names that follow
    /// from other values, for one.
    package var isLazy = false
    /// Whether there is nothing to keep where the release did not have it.
    package var onlyWhenPresent = false
    /// The values of which one has to be on for the target's default of this one to have an effect.
    /// With such a one, this one is written at once; else that it is needed would be found by
    /// rendering, and take a second one.
    package var switchedBy: [ValuePath] = []
    /// Other values without which this one cannot stay: who chooses one of them lets this go too.
    package var follows: [Choice] = []

    /// A value that the operator may settle himself, by its path or its finding's code.
    package struct Choice: Hashable, Sendable {
      package var home: ValuePath
      package var code: FindingCode
      /// The values that all leave what follows as it was, from whichever of them to another.
      package var equals: Set<JSON> = []
      /// What the follower stays with all the same; nil when there is no such value.
      package var spares: JSON?

      /// Whether what follows can stay when a value takes the place of another.
      func allows(_ chosen: JSON, after before: JSON) -> Bool {
        chosen == before || equals.isSuperset(of: [chosen, before])
      }
    }
  }

  /// The homes of all facts other than variables, those of the listeners' Services among them.
  package var allSettings: [SettingHome] {
    settings.map { setting in
      // Who gives a probe of his own wants one.
      guard let kind = Probe.Kind.allCases.first(where: { $0.enabledKey == setting.key }),
        let content = settings.first(where: { $0.key == kind.contentKey })
      else { return setting }
      var setting = setting
      setting.follows = [.init(home: content.home, code: content.code)]
      return setting
    } + NetworkObserver.settings(listeners)
  }

  /// The description of a variable by its name or one of its other spellings.
  package func variable(_ name: String) -> Variable? {
    variables.first { $0.name == name } ?? variables.first { $0.aliases.contains(name) }
  }

  /// Whether the recipe starts from a chart.
  package func starts(fromChart chart: String, version: String) -> Bool {
    from.covers(chart, version)
  }

  /// Whether the recipe leads to a chart.
  package func leads(toChart chart: String, version: String) -> Bool {
    to.covers(chart, version)
  }
}
