/// A probe of the broker's container, with Kubernetes' defaults and the number of its port.
struct Probe: Hashable, Sendable {
  /// The probes that a container may have.
  enum Kind: String, CaseIterable, Sendable {
    case liveness, readiness, startup

    /// The member of the container.
    var member: String { rawValue + "Probe" }
    var enabledKey: FactKey { FactKey(.health, "\(rawValue)-probe-enabled") }
    var contentKey: FactKey { FactKey(.health, "\(rawValue)-probe") }
  }

  let kind: Kind
  /// The probe as Kubernetes has it, with its port as a number where it can be told.
  let content: JSON

  /// Reads a probe; nil when the container has none.
  init?(_ kind: Kind, of workload: Workload) {
    guard case .object(var members)? = workload.container[kind.member]?.withoutNulls,
      !members.isEmpty
    else { return nil }
    let usual: [String: JSON] = [
      "initialDelaySeconds": 0, "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1,
      "failureThreshold": 3,
    ]
    for (key, value) in usual where members[key] == value { members[key] = nil }
    for action in ["httpGet", "tcpSocket", "grpc"] {
      guard case .object(var target)? = members[action] else { continue }
      if let name = target["port"]?.string,
        let port = (workload.container["ports"]?.elements ?? []).first(where: {
          $0["name"]?.string == name
        })
      {
        target["port"] = port["containerPort"]
      }
      if target["scheme"] == "HTTP" { target["scheme"] = nil }
      members[action] = .object(target)
    }
    self.kind = kind
    content = .object(members)
  }

  /// The port that it calls; nil when it calls none, or one of a name that no port has.
  var port: Int? { target?["port"]?.integer }
  /// The name of a port that the container does not have.
  var missingPort: String? { target?["port"]?.string }
  /// The path that it asks for over HTTP.
  var path: String? { content["httpGet"].map { $0["path"]?.string ?? "/" } }

  private var target: JSON? {
    guard let target = content["httpGet"] ?? content["tcpSocket"] ?? content["grpc"],
      // Another host's is none of ours.
      (target["host"]?.string ?? "").isEmpty
    else { return nil }
    return target
  }

  /// Seconds until the kubelet gives a container up that does not answer from its start.
  var patience: Int {
    func seconds(_ key: String, _ usual: Int) -> Int { content[key]?.integer ?? usual }
    return seconds("initialDelaySeconds", 0)
      + seconds("periodSeconds", 10) * seconds("failureThreshold", 3)
  }
}
