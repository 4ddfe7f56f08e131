import Foundation
import MigrateAdapters
import MigratePlanning

/// The way of a release's secrets out of its values: into a Secret, to which the Deployment refers
/// before the upgrade, and the plan's values after it.
struct SecretView {
  let plan: Plan
  /// The command that makes the plan again, with everything but its output.
  let command: String
  /// The flags that lead kubectl to the release.
  let connection: String

  private var situation: Situation { plan.comparison.situation }
  private var name: String { "\(situation.snapshot.release.name)-secrets" }

  /// The variables that hold a secret and can be a Secret's key, by name.
  private var variables: [(name: String, text: String)] {
    situation.secretLiterals.filter { $0.key.wholeMatch(of: /[-._a-zA-Z0-9]{1,253}/) != nil }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Whether the values hold secrets that no Secret can take: in arguments, annotations and the
  /// like.
  private var leavesSome: Bool {
    let names = Set(variables.map(\.name))
    let carried = Set(
      plan.comparison.proposal.carriers.filter {
        $0.key.dimension == .environment && names.contains($0.key.name)
      }
      .compactMap(\.value.path?.keys))
    return situation.secretLiterals.keys.contains { !names.contains($0) }
      || plan.redactedValues.leaves.contains { path, value in
        !carried.contains(path) && plan.values.value(atKeys: path) != value
      }
  }

  /// The Secret with every such variable, in YAML; nil when there are none.
  var text: String? {
    guard !variables.isEmpty else { return nil }
    let data = variables.map { ($0.name, JSON.string(Data($0.text.utf8).base64EncodedString())) }
    return YAMLWriter(keyOrder: .given(["": ["apiVersion", "kind", "metadata", "type", "data"]]))
      .text([
        "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
        "metadata": [
          "name": .string(name), "namespace": .string(situation.snapshot.release.namespace),
        ],
        "data": .object(Dictionary(uniqueKeysWithValues: data)),
      ])
  }

  /// What to do so that the values hold no secrets; empty when they hold none.
  var steps: [String] {
    var lines: [String] = []
    if !variables.isEmpty {
      lines += [
        "",
        "BEFORE: values in git would show "
          + "\(variables.map(\.name).joined(separator: ", ")). Move them",
        "to a Secret while the old chart still runs; the broker "
          + "sees the same, and its Pods are replaced once:",
        "",
        "  \(command) -o secret --with-secrets --no-save | kubectl\(connection) create "
          + "--filename -",
        "  kubectl\(connection) patch deployment \(situation.live.name) --patch "
          + "\(patch.shellQuoted)",
        "",
        "Then make this again. Until then lists stand in the places of secrets, "
          + "which helm refuses.",
      ]
    }
    if leavesSome {
      lines += [
        "",
        "Secrets stand outside of variables, where no reference can take their place: "
          + "see the lists",
        "[\"\(Sensitivity.redacted)\"] below. Encrypt these values, or bring them by another way.",
      ]
    }
    return lines
  }

  /// The patch that makes each literal a reference: names, and no secret.
  private var patch: String {
    let entries = variables.map { variable -> JSON in
      [
        "name": .string(variable.name), "value": .null,
        "valueFrom": ["secretKeyRef": ["name": .string(name), "key": .string(variable.name)]],
      ]
    }
    let container: JSON = [
      "name": .string(situation.live.containerName), "env": .array(entries),
    ]
    return JSON.object([
      "spec": ["template": ["spec": ["containers": [container]]]]
    ]).canonical
  }
}
