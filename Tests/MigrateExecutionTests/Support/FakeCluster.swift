import Foundation
import MigrateAdapters
import MigratePlanning
import Synchronization

@testable import MigrateExecution

/// A cluster in memory that answers as a real API server does, for what a lock, a backup and a
/// Deployment need. What helm and a real API server make of it is for the sandbox's tests.
final class FakeCluster: Sendable {
  /// A request, in kubectl's words.
  struct Call: Hashable, Sendable {
    /// Such as `get` or `patch`.
    var verb: String
    var plural: String
    var name: String?
    /// What stands after the question mark, decoded.
    var query: [String: String]

    var isDryRun: Bool { query["dryRun"] == "All" }
  }

  private struct State {
    var objects: [String: JSON] = [:]
    var version = 100
    var calls: [Call] = []
    var refusals: [String: HTTPAnswer] = [:]
    var time = Date(timeIntervalSince1970: 1_772_359_200)
    var onCall: (@Sendable (Call) -> Void)?
    var children: [String: [RunningChild]] = [:]
    var told: [String] = []
    var lost: String?
  }

  private let state = Mutex(State())
  let stop = StopRequest()
  let redactor = Redactor()

  var calls: [Call] { state.withLock(\.calls) }

  /// Does something when a request comes, before the cluster answers.
  func onCall(_ work: @escaping @Sendable (Call) -> Void) {
    state.withLock { $0.onCall = work }
  }

  /// Answers every call of a verb so; as usual again with nil.
  func answer(_ verb: String, with answer: HTTPAnswer?) {
    state.withLock { $0.refusals[verb] = answer }
  }

  /// Does what the next call of a verb asks for, and loses the answer.
  func loseAnswer(to verb: String) { state.withLock { $0.lost = verb } }

  /// What was said outside of any step.
  var told: [String] { state.withLock(\.told) }

  /// Has programs of a run still be at it on this machine.
  func run(_ children: [RunningChild], of run: String) {
    state.withLock { $0.children[run] = children }
  }

  /// Lets time go by.
  func wait(_ seconds: Double) { state.withLock { $0.time.addTimeInterval(seconds) } }

  func object(_ kind: String, _ name: String) -> JSON? {
    state.withLock { $0.objects["\(kind.lowercased())/\(name)"] }
  }

  func put(_ object: JSON) {
    state.withLock { state in
      state.version += 1
      var object = object
      object = object.replacing(
        ["metadata", "resourceVersion"], with: .string(String(state.version)))
      if object["metadata"]?["uid"] == nil {
        object = object.replacing(["metadata", "uid"], with: .string("uid-\(state.version)"))
      }
      state.objects[Self.key(object)] = object
    }
  }

  func remove(_ kind: String, _ name: String) {
    state.withLock { $0.objects["\(kind.lowercased())/\(name)"] = nil }
  }

  /// What the steps of a run work with; a sleep lets that much time go by.
  var context: RunContext {
    let connection = ClusterConnection(namespace: "mqtt")
    let helm = Helm(
      executable: "helm", connection: connection, redactor: redactor,
      run: { command throws(CommandError) in
        throw CommandError.notFound(executable: command.executable)
      })
    let cluster = Cluster(
      transport: self, connection: connection,
      currentNamespace: CurrentNamespace(read: { () throws(ClusterError) in "mqtt" }),
      redactor: redactor)
    return RunContext(
      helm: helm, cluster: cluster,
      releases: ReleaseStore(helm: helm, cluster: cluster, driver: nil),
      redactor: redactor,
      now: { self.state.withLock(\.time) },
      sleep: { pause in
        self.wait(Double(pause.components.seconds) + 0.001)
        await Task.yield()
      }, user: "me@here", stop: stop, place: " --namespace mqtt",
      children: { run in self.state.withLock { $0.children[run] ?? [] } },
      childrenTimeout: .seconds(30),
      tell: { words in self.state.withLock { $0.told.append(words) } })
  }

  private static func key(_ object: JSON) -> String {
    "\(object["kind"]?.string?.lowercased() ?? "")/\(object.objectName)"
  }

  private func answer(_ call: Call, _ body: JSON?) -> HTTPAnswer {
    state.withLock { state in
      state.calls.append(call)
      if let answer = state.refusals[call.verb] { return answer }
      let there = call.name.flatMap { state.objects["\(call.kind)/\($0)"] }
      switch call.verb {
      case "list": return list(call, state)
      case "get": return there.map { .success($0) } ?? .missing(call)
      case "create":
        guard let body else { return .refusal(400, "BadRequest", "there is no object") }
        if state.objects[Self.key(body)] != nil {
          return .refusal(409, "AlreadyExists", "\"\(body.objectName)\" already exists")
        }
        return store(body, uid: "uid-\(state.version)", dry: call.isDryRun, &state)
      case "replace":
        guard let body, let there else { return .missing(call) }
        let wanted = body["metadata"]?["resourceVersion"]
        guard wanted == nil || wanted == there["metadata"]?["resourceVersion"],
          body["metadata"]?["uid"] ?? there["metadata"]?["uid"] == there["metadata"]?["uid"]
        else { return .refusal(409, "Conflict", "the object has been modified") }
        return store(
          body, uid: there["metadata"]?["uid"]?.string ?? "", dry: call.isDryRun, &state)
      case "delete":
        guard let there else { return .missing(call) }
        state.objects["\(call.kind)/\(call.name ?? "")"] = nil
        return .success(there)
      case "patch":
        guard let there else { return .missing(call) }
        return patch(there, with: body ?? .null, dry: call.isDryRun, &state)
      default: return .refusal(405, "MethodNotAllowed", "nobody does that")
      }
    }
  }

  private func list(_ call: Call, _ state: State) -> HTTPAnswer {
    let label = (call.query["labelSelector"] ?? "").split(separator: "=").map(String.init)
    let found = state.objects.filter { key, object in
      key.hasPrefix(call.kind + "/")
        && (label.isEmpty
          || label.count == 2
            && object["metadata"]?["labels"]?[label[0]] == .string(label[1]))
    }
    return .success(["kind": "List", "items": .array(Array(found.values))])
  }

  /// Takes the operations of a JSON patch that the steps use.
  private func patch(
    _ there: JSON, with patch: JSON, dry: Bool, _ state: inout State
  ) -> HTTPAnswer {
    var object = there
    for operation in patch.elements {
      let path = (operation["path"]?.string ?? "").split(separator: "/").map(String.init)
      let there = path.reduce(Optional(object)) { $0?[$1] }
      switch operation["op"]?.string {
      case "test":
        guard there == operation["value"] else {
          return .refusal(
            422, "Invalid",
            "the server rejected our request due to an error in our request")
        }
      case "replace" where path == ["metadata", "resourceVersion"]:
        guard there == operation["value"] else {
          return .refusal(409, "Conflict", "the object has been modified")
        }
      case "add", "replace":
        object = object.replacing(path[...], with: operation["value"] ?? .null)
      default: object = object.removing(path[...])
      }
    }
    return store(object, uid: object["metadata"]?["uid"]?.string ?? "", dry: dry, &state)
  }

  private func store(_ object: JSON, uid: String, dry: Bool, _ state: inout State) -> HTTPAnswer {
    state.version += 1
    let stored = object.replacing(["metadata", "uid"], with: .string(uid))
      .replacing(["metadata", "resourceVersion"], with: .string(String(state.version)))
    if !dry { state.objects[Self.key(object)] = stored }
    return .success(stored)
  }
}

extension FakeCluster: ClusterTransport {
  func answer(
    to request: HTTPRequest, for action: String, within limit: Duration
  ) async throws(ClusterError) -> HTTPAnswer {
    guard let call = Call(request) else { return .refusal(404, "NotFound", "no such path") }
    state.withLock(\.onCall)?(call)
    let isLost = state.withLock { state in
      defer { if state.lost == call.verb { state.lost = nil } }
      return state.lost == call.verb
    }
    let answer = self.answer(call, try? JSONReader().value(request.body))
    return isLost ? .silence("EOF") : answer
  }

  func end() async {}
}

extension FakeCluster.Call {
  /// Reads a path of Kubernetes' API.
  init?(_ request: HTTPRequest) {
    let target = request.target.split(separator: "?", maxSplits: 1).map(String.init)
    var parts = target[0].split(separator: "/").map(String.init)
    parts.removeFirst(parts.first == "api" ? 2 : 3)
    if parts.first == "namespaces", parts.count > 2 { parts.removeFirst(2) }
    guard let plural = parts.first else { return nil }
    self.plural = plural
    name = parts.count > 1 ? parts[1] : nil
    query = [:]
    for pair in target.count > 1 ? target[1].split(separator: "&") : [] {
      let sides = pair.split(separator: "=", maxSplits: 1).map {
        String($0).removingPercentEncoding ?? ""
      }
      query[sides[0]] = sides.count > 1 ? sides[1] : ""
    }
    verb =
      switch request.method {
      case .get: name == nil ? "list" : "get"
      case .post: "create"
      case .put: "replace"
      case .patch: "patch"
      case .delete: "delete"
      }
  }

  /// The kind in lower case, as objects are kept by it.
  fileprivate var kind: String { String(plural.dropLast()) }
}

extension HTTPAnswer {
  fileprivate static func success(_ json: JSON) -> HTTPAnswer {
    HTTPAnswer(
      status: 200, headers: ["content-type": "application/json"], body: Array(json.canonical.utf8))
  }

  /// A `Status` of the API server's.
  static func refusal(
    _ code: Int, _ reason: String, _ message: String, name: String? = nil
  ) -> HTTPAnswer {
    let status: JSON = [
      "kind": "Status", "code": .integer(code), "reason": .string(reason),
      "message": .string(message), "details": ["name": name.map(JSON.string) ?? .null],
    ]
    return HTTPAnswer(
      status: code, headers: ["content-type": "application/json"],
      body: Array(status.canonical.utf8))
  }

  fileprivate static func missing(_ call: FakeCluster.Call) -> HTTPAnswer {
    .refusal(404, "NotFound", "\"\(call.name ?? "")\" not found", name: call.name)
  }

  /// What `kubectl proxy` says when it has no answer.
  static func silence(_ words: String) -> HTTPAnswer {
    HTTPAnswer(status: 500, headers: ["content-type": "text/plain"], body: Array(words.utf8))
  }
}

extension JSON {
  fileprivate func removing(_ keys: ArraySlice<String>) -> JSON {
    guard case .object(var members) = self, let key = keys.first else { return self }
    members[key] = keys.count == 1 ? nil : members[key]?.removing(keys.dropFirst())
    return .object(members)
  }
}
