import Foundation
import MigratePlanning

/// The environment that the broker's process gets, by Kubernetes' own rules: the tests' own reading
/// of live objects, which shares no code with the program's.
struct ProcessEnvironment: Equatable, Sendable {
  private(set) var values: [String: ExactText] = [:]

  subscript(name: String) -> ExactText? { values[name] }

  /// Does what the kubelet's makeEnvironmentVariables does with a container of a live Deployment.
  init(of container: JSON, with sources: Sources) {
    for source in container["envFrom"]?.elements ?? [] {
      let prefix = source["prefix"]?.string ?? ""
      for (key, value) in sources.data(ofEnvFrom: source) {
        let name = prefix + key
        if name.wholeMatch(of: /[-._a-zA-Z][-._a-zA-Z0-9]*/) != nil {
          values[name] = ExactText(value)
        }
      }
    }
    for entry in container["env"]?.elements ?? [] {
      guard let name = entry["name"]?.string else { continue }
      if let text = entry["value"]?.string, !text.isEmpty {
        values[name] = ExactText(expanded(text))
      } else if let valueFrom = entry["valueFrom"] {
        if let value = sources.value(of: valueFrom) { values[name] = ExactText(value) }
      } else {
        values[name] = ""
      }
    }
  }

  /// Does what Kubernetes' third_party/forked/golang/expansion does.
  private func expanded(_ text: String) -> String {
    var result = ""
    var rest = Substring(text).unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "$", let next = rest.popFirst() else {
        result.unicodeScalars.append(scalar)
        continue
      }
      if next == "$" {
        result += "$"
      } else if next == "(" {
        if let end = rest.firstIndex(of: ")") {
          let name = String(rest[..<end])
          result += values[name]?.text ?? "$(\(name))"
          rest = rest[rest.index(after: end)...]
        } else {
          result += "$("
        }
      } else {
        result.unicodeScalars.append(scalar)
        result.unicodeScalars.append(next)
      }
    }
    return result
  }
}

/// What the references of an environment lead to: the Secrets and ConfigMaps of a namespace.
struct Sources: Equatable, Sendable {
  private var secrets: [String: [String: String]] = [:]
  private var configMaps: [String: [String: String]] = [:]

  /// Reads a list of live Secrets and ConfigMaps.
  init(_ list: JSON) {
    for object in list["items"]?.elements ?? [] {
      let name = object["metadata"]?["name"]?.string ?? ""
      // Helm keeps its revisions in Secrets; no container reads them.
      if name.hasPrefix("sh.helm.release.") { continue }
      let data = object["data"]?.members.compactMapValues(\.string) ?? [:]
      if object["kind"] == "Secret" {
        secrets[name] = data.mapValues { text in
          String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self)
        }
      } else {
        configMaps[name] = data
      }
    }
  }

  fileprivate func data(ofEnvFrom source: JSON) -> [String: String] {
    if let name = source["secretRef"]?["name"]?.string { return secrets[name] ?? [:] }
    if let name = source["configMapRef"]?["name"]?.string { return configMaps[name] ?? [:] }
    return [:]
  }

  /// What a Kubernetes `EnvVarSource` leads to. What only a running Pod knows stands for itself:
  /// two texts are equal when the same is asked for.
  func value(of valueFrom: JSON) -> String? {
    if let selector = valueFrom["secretKeyRef"] {
      return secrets[selector["name"]?.string ?? ""]?[selector["key"]?.string ?? ""]
    }
    if let selector = valueFrom["configMapKeyRef"] {
      return configMaps[selector["name"]?.string ?? ""]?[selector["key"]?.string ?? ""]
    }
    if let selector = valueFrom["fieldRef"] {
      return "⟦field \(selector["fieldPath"]?.string ?? "?")⟧"
    }
    if let selector = valueFrom["resourceFieldRef"] {
      let container = selector["containerName"]?.string ?? "this container"
      return "⟦\(selector["resource"]?.string ?? "?") of \(container), "
        + "divided by \(selector["divisor"]?.string ?? "0")⟧"
    }
    return nil
  }
}
