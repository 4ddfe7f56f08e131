import MigrateAdapters
import MigratePlanning

/// Releases as they are read: random ones, with a secret planted in the variables that hold
/// secrets.
enum ReleaseInput {
  /// A secret that stands nowhere by chance.
  static func secret(_ random: inout FuzzRandom) -> String {
    "hunter2-" + String(UInt32.random(in: 0x1000_0000...0xFFFF_FFFF, using: &random), radix: 16)
  }

  /// An exported release.
  static func export(_ random: inout FuzzRandom) -> JSON {
    let env = (0..<random.below(12)).map { _ in variable(&random) }
    let live = deployment(env, &random)
    let declared =
      random.happens(oneIn: 2)
      ? live : deployment(env.filter { _ in random.happens(oneIn: 2) }, &random)
    let service: JSON = [
      "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web"],
      "spec": ["type": "ClusterIP", "ports": [["name": "web", "port": 80, "targetPort": 8883]]],
    ]
    var export: [String: JSON] = [
      "schema": "backbone-migrate/export/v1",
      "release": [
        "name": "web", "namespace": "mqtt", "revision": 3, "status": "deployed",
        "chart": ["name": "backbone", "version": "0.1.0"],
        "applyMethod": random.happens(oneIn: 2) ? "server-side" : "client-side",
        "clusterID": "0b6c1f52",
      ],
      "values": random.happens(oneIn: 2) ? [:] : values(&random),
      "manifest": [declared, service], "live": [live, service],
    ]
    if random.happens(oneIn: 3) { export["related"] = [account("web")] }
    if random.happens(oneIn: 3) {
      export["sources"] = [
        ["kind": "Secret", "name": "credentials", "keys": ["ADMIN_TOKEN", "A", "x y", "..", "1"]],
        ["kind": "ConfigMap", "name": "settings", "unreadable": "forbidden"],
        ["kind": "ConfigMap", "name": "gone"],
      ]
    }
    if random.happens(oneIn: 5) {
      export["manifest"] = [declared, service, secretObject(&random)]
      export["live"] = [live, service, secretObject(&random)]
    }
    return .object(export)
  }

  static func account(_ name: String) -> JSON {
    ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": .string(name)]]
  }

  private static func secretObject(_ random: inout FuzzRandom) -> JSON {
    [
      "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "credentials"],
      "data": ["ADMIN_TOKEN": .string(secret(&random))],
    ]
  }

  private static func values(_ random: inout FuzzRandom) -> JSON {
    [
      "image": ["tag": "0.1.0"], "env": ["TZ": .string(Hostile.text(&random))],
      "config": ["adminToken": .string(secret(&random))],
      "more": Hostile.tree(&random),
    ]
  }

  /// An entry of a container's environment.
  static func variable(_ random: inout FuzzRandom) -> JSON {
    let name =
      random.happens(oneIn: 12) ? Hostile.text(&random) : random.one(of: Hostile.names) ?? "A"
    if random.happens(oneIn: 6) { return ["name": .string(name), "valueFrom": source(&random)] }
    if random.happens(oneIn: 30) { return ["name": .string(name), "value": Hostile.tree(&random)] }
    let value =
      switch random.below(8) {
      case 0, 1: secret(&random)
      case 2: "$(\(random.one(of: Hostile.names) ?? "A"))"
      case 3:
        "x-$(\(random.one(of: Hostile.names) ?? "A"))-$(\(random.one(of: Hostile.names) ?? ""))"
      case 4: random.one(of: Hostile.numbers) ?? ""
      case 5: random.one(of: ["true", "false", "True", "1", "8883", "9000", "localhost"]) ?? ""
      default: Hostile.text(&random)
      }
    return ["name": .string(name), "value": .string(value)]
  }

  private static func source(_ random: inout FuzzRandom) -> JSON {
    switch random.below(5) {
    case 0: ["secretKeyRef": ["name": "credentials", "key": "ADMIN_TOKEN"]]
    case 1: ["secretKeyRef": ["name": "credentials", "key": "no", "optional": true]]
    case 2: ["configMapKeyRef": ["name": "settings", "key": "x", "optional": true]]
    case 3: ["fieldRef": ["fieldPath": "metadata.name"]]
    default:
      ["resourceFieldRef": ["resource": "limits.memory", "divisor": Hostile.number(&random)]]
    }
  }

  /// A Deployment with an environment.
  static func deployment(_ env: [JSON], _ random: inout FuzzRandom) -> JSON {
    var container: [String: JSON] = [
      "name": "backbone",
      "image": .string(
        random.one(of: ["backbone:0.1.0", "r/backbone@sha256:0", "a:1/b:c", "x"]) ?? ""),
      "env": .array(env),
    ]
    if random.happens(oneIn: 3) {
      container["envFrom"] = [
        ["secretRef": ["name": "credentials"]],
        ["prefix": "X_", "configMapRef": ["name": "settings", "optional": true]],
      ]
    }
    var pod: [String: JSON] = ["serviceAccountName": "web"]
    if random.happens(oneIn: 3) {
      container["volumeMounts"] = [["name": "data", "mountPath": "/data", "subPath": "x"]]
      pod["volumes"] = [
        [
          "name": "data",
          "persistentVolumeClaim": ["claimName": .string(Hostile.text(&random))],
        ]
      ]
    }
    if random.happens(oneIn: 4) {
      container["resources"] = ["limits": ["cpu": Hostile.number(&random)]]
    }
    if random.happens(oneIn: 6) {
      container[random.one(of: Hostile.words) ?? ""] = Hostile.tree(&random)
      pod[random.one(of: Hostile.words) ?? ""] = Hostile.tree(&random)
    }
    let more: [JSON] = random.happens(oneIn: 8) ? [["name": "sidecar", "env": .array(env)]] : []
    pod["containers"] = .array([.object(container)] + more)
    let labels: JSON = ["app": "web"]
    var spec: [String: JSON] = [
      "replicas": 1, "selector": ["matchLabels": labels],
      "template": ["metadata": ["labels": labels], "spec": .object(pod)],
    ]
    if random.happens(oneIn: 3) {
      spec["strategy"] = [
        "type": "RollingUpdate", "rollingUpdate": ["maxSurge": Hostile.number(&random)],
      ]
    }
    var metadata: [String: JSON] = ["name": "web", "uid": "6f2b8f0e", "generation": 4]
    if random.happens(oneIn: 3) {
      metadata["annotations"] = [Hostile.text(&random): .string(Hostile.text(&random))]
    }
    if random.happens(oneIn: 3) { metadata["managedFields"] = managedFields(env) }
    return [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": .object(metadata),
      "spec": .object(spec),
    ]
  }

  private static func managedFields(_ env: [JSON]) -> JSON {
    var fields: [String: JSON] = [:]
    for entry in env {
      let key: JSON = ["name": entry["name"] ?? ""]
      fields["k:" + key.canonical] = [".": [:], "f:name": [:], "f:value": [:]]
    }
    return [
      [
        "manager": "kubectl-set", "operation": "Update", "time": "2026-01-01T00:00:00Z",
        "fieldsV1": [
          "f:spec": [
            "f:template": [
              "f:spec": [
                "f:containers": ["k:{\"name\":\"backbone\"}": ["f:env": .object(fields)]]
              ]
            ]
          ]
        ],
      ]
    ]
  }

  /// An exported release as `helm get all` prints it.
  static func helmText(_ export: JSON) -> String {
    let release = export["release"]
    func word(_ keys: String...) -> String {
      let place = keys.reduce(release) { $0?[$1] }
      return place?.string ?? place?.integer.map(String.init) ?? ""
    }
    let manifest = (export["manifest"]?.elements ?? []).map {
      "---\n# Source: backbone/templates/x.yaml\n" + YAMLWriter().text($0)
    }.joined()
    return """
      NAME: \(word("name"))
      LAST DEPLOYED: Tue Mar  3 10:00:00 2026
      NAMESPACE: \(word("namespace"))
      STATUS: \(word("status"))
      REVISION: \(word("revision"))
      CHART: \(word("chart", "name"))
      VERSION: \(word("chart", "version"))
      TEST SUITE: None
      USER-SUPPLIED VALUES:
      \(YAMLWriter().text(export["values"] ?? .null))
      COMPUTED VALUES:
      \(YAMLWriter().text(export["values"] ?? .null))
      HOOKS:
      MANIFEST:
      \(manifest)
      NOTES:
      done

      """
  }
}
