import MigratePlanning

/// A hand-configured release of chart 0.1.0: how it was installed, and what was done to it since.
struct ReleaseShape: Sendable {
  /// What makes the shape again.
  let seed: UInt64
  let chart: FixtureChart
  let release: String
  /// The environment given as the chart's `env` value.
  var supplied: [EnvironmentEntry] = []
  /// What was done by hand after the installation, in this order.
  var steps: [Step] = []
  /// Whether there is a ServiceAccount, which no chart 0.1.0 makes.
  var hasServiceAccount = true
  /// What the shape is good for.
  var features: Set<Feature> = []
  /// The variables whose values must not be shown.
  var secrets: Set<String> = []
  /// The blocker that the plan must find; nil when it must find none.
  var expectedBlocker: String?

  enum Step: Sendable {
    case setEnv([EnvironmentEntry])
    case patchEnv([EnvironmentEntry])
    case patchEnvFrom([EnvironmentFrom])

    /// The field manager that Kubernetes notes.
    var manager: String {
      switch self {
      case .setEnv: "kubectl-set"
      case .patchEnv, .patchEnvFrom: "kubectl-patch"
      }
    }
  }

  /// One entry of `envFrom`.
  struct EnvironmentFrom: Sendable {
    let isSecret: Bool
    let name: String
    let prefix: String

    var json: JSON {
      var members: [String: JSON] = [
        isSecret ? "secretRef" : "configMapRef": ["name": .string(name)]
      ]
      if !prefix.isEmpty { members["prefix"] = .string(prefix) }
      return .object(members)
    }
  }

  /// What at least one of the shapes of the fixed seed must have.
  enum Feature: String, CaseIterable, Sendable {
    case valuesList, valuesMap, kubectlSet, kubectlPatch, secretKey, configMapKey, field, resource
    case fromConfigMap, fromSecret, fromPrefix, fromHidden, fromMissing
    case duplicate, reference, referenceTooEarly, referenceToSecret, unknownVariable
    case awkwardText, unrulyText, untamedText, flagNotTrue, oddPort, alias, empty
    case nameEqualsFullname, noServiceAccount, overridden
  }

  var workload: String { chart.workloadName(in: release) }

  /// The variables by who wrote them last.
  var writers: [String: Writer] {
    var writers: [String: Writer] = [:]
    for entry in chart.environment where !(chart == .envMap && !supplied.isEmpty) {
      writers[entry.name] = Writer(entry: entry, provenance: "manifest", manager: nil)
    }
    if chart == .envMap {
      for entry in chart.environment {
        writers[entry.name] = Writer(entry: entry, provenance: "manifest", manager: nil)
      }
    }
    for entry in supplied {
      writers[entry.name] = Writer(entry: entry, provenance: "values", manager: nil)
    }
    for step in steps {
      switch step {
      case .setEnv(let entries), .patchEnv(let entries):
        for entry in entries where writers[entry.name]?.entry != entry {
          writers[entry.name] = Writer(entry: entry, provenance: "live", manager: step.manager)
        }
      case .patchEnvFrom: break
      }
    }
    return writers
  }

  struct Writer: Sendable {
    let entry: EnvironmentEntry
    let provenance: String
    let manager: String?
  }
}

extension ReleaseShape: CustomStringConvertible {
  var description: String {
    func names(_ entries: [EnvironmentEntry]) -> String {
      entries.map { "\($0.name)=\(String(describing: $0.source).prefix(60).debugDescription)" }
        .joined(separator: " ")
    }
    let parts = steps.map { step in
      switch step {
      case .setEnv(let entries): "kubectl set env \(names(entries))"
      case .patchEnv(let entries): "kubectl patch env \(names(entries))"
      case .patchEnvFrom(let sources):
        "envFrom \(sources.map { "\($0.prefix)\($0.name)" }.joined(separator: " "))"
      }
    }
    return "seed \(seed): release \"\(release)\" of chart \(chart.rawValue)"
      + (hasServiceAccount ? "" : " without ServiceAccount")
      + (supplied.isEmpty ? "" : "; values \(names(supplied))")
      + parts.map { "; \($0)" }.joined()
  }
}
