import Foundation
import MigratePlanning
import Testing

/// Sees every ReplicaSet that comes into being in a namespace, and which of them get Pods.
///
/// A Deployment that rolls out a template makes a ReplicaSet of it: an environment that no
/// ReplicaSet ever had was never given to a broker.
struct ReplicaSetWatch: Sendable {
  private let path: String
  private let process: Int32
  /// Those that were there before, and have no Pods.
  private let idle: Set<String>

  init(_ bench: Workbench) async throws {
    path = bench.folder + "/replicasets-\(UUID().uuidString)"
    let template = #"{.metadata.uid}{" "}{.spec}{"\n"}"#
    let sets = try await bench.list("replicasets")["items"]?.elements ?? []
    idle = Set(
      sets.filter { $0["spec"]?["replicas"]?.integer ?? 0 == 0 }
        .compactMap { $0["metadata"]?["uid"]?.string })
    let line =
      "timeout 400 kubectl get replicasets --namespace \(bench.namespace) --watch "
      + "--output 'jsonpath=\(template)' > \(path) 2> \(path).errors < /dev/null & echo $!"
    let started = try await bench.shell(line).succeeded()
    process = try #require(
      Int32(started.text.trimmingCharacters(in: .whitespacesAndNewlines)))
    // The first answer lists what is there.
    for _ in 0..<100 {
      if let text = try? String(contentsOfFile: path, encoding: .utf8), !text.isEmpty { break }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private typealias Sighting = (uid: String, replicas: Int, environment: JSON)

  private static func sets(_ text: String) -> [Sighting] {
    text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2,
        let spec = try? JSONDecoder().decode(JSON.self, from: Data(parts[1].utf8))
      else { return nil }
      return (
        String(parts[0]), spec["replicas"]?.integer ?? 0,
        Self.environment(of: spec["template"] ?? .null)
      )
    }
  }

  /// What the broker of a Pod template gets, in its order.
  static func environment(of template: JSON) -> JSON {
    let container = template["spec"]?["containers"]?.elements.first { $0["name"] == "backbone" }
    return .array([container?["env"] ?? .null, container?["envFrom"] ?? .null])
  }

  func stop() { kill(process, SIGTERM) }

  /// Requires that every ReplicaSet of this time, and every older one that got Pods, has one of
  /// these environments.
  func expectOnly(_ environments: [JSON], _ about: Comment? = nil) throws {
    try expectAll(about) { environments.contains($0) }
  }

  /// Requires something of the environment of all those ReplicaSets.
  func expectAll(_ about: Comment? = nil, _ isRight: (JSON) -> Bool) throws {
    let seen = Self.sets(try String(contentsOfFile: path, encoding: .utf8))
    #expect(!seen.isEmpty, about)
    for set in seen where !idle.contains(set.uid) || set.replicas > 0 {
      #expect(isRight(set.environment), about)
    }
  }
}
