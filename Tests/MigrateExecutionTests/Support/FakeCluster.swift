import Foundation
import MigrateAdapters
import MigratePlanning
import Synchronization

@testable import MigrateExecution

/// A cluster in memory that answers kubectl as the real one does, for what a lock, a backup and a
/// Deployment need. What helm and a real API server make of it is for the sandbox's tests.
final class FakeCluster: Sendable {
  private struct State {
    var objects: [String: JSON] = [:]
    var version = 100
    var calls: [[String]] = []
    var refusals: [String: String] = [:]
    var time = Date(timeIntervalSince1970: 1_772_359_200)
    var onCall: (@Sendable ([String]) -> Void)?
    var children: [String: [RunningChild]] = [:]
    var told: [String] = []
    var lost: String?
  }

  private let state = Mutex(State())
  let stop = StopRequest()
  let redactor = Redactor()

  /// The arguments of each call, without those of the connection.
  var calls: [[String]] { state.withLock(\.calls) }

  /// Does something when kubectl is called, before the cluster answers.
  func onCall(_ work: @escaping @Sendable ([String]) -> Void) {
    state.withLock { $0.onCall = work }
  }

  /// Makes every call of a verb fail with these words.
  func refuse(_ verb: String, with words: String?) { state.withLock { $0.refusals[verb] = words } }

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
    let run: CommandRunner = { command throws(CommandError) in self.answer(command) }
    return RunContext(
      helm: Helm(
        executable: "helm", connection: ClusterConnection(), redactor: redactor, run: run),
      kubectl: Kubectl(
        executable: "kubectl", connection: ClusterConnection(), redactor: redactor, run: run),
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

  private func answer(_ command: Command) -> CommandResult {
    let arguments = command.arguments
    state.withLock(\.onCall)?(arguments)
    let isLost = state.withLock { state in
      defer { if state.lost == arguments.first { state.lost = nil } }
      return state.lost == arguments.first
    }
    let answer = self.answer(arguments, command)
    return isLost ? Self.failure("error: Post \"https://10.0.0.1/\": unexpected EOF") : answer
  }

  private func answer(_ arguments: [String], _ command: Command) -> CommandResult {
    state.withLock { state in
      state.calls.append(arguments)
      if let words = state.refusals[arguments.first ?? ""] { return Self.failure(words) }
      let input = command.input.flatMap { try? JSONReader().value($0) }
      switch arguments.first {
      case "get": return get(arguments, &state)
      case "create":
        guard let input else { return Self.failure("error: no input") }
        if state.objects[Self.key(input)] != nil {
          return Self.failure(
            "Error from server (AlreadyExists): \"\(input.objectName)\" already exists")
        }
        return store(input, uid: "uid-\(state.version)", dry: arguments.isDryRun, &state)
      case "replace":
        guard let input, let there = state.objects[Self.key(input)] else {
          return Self.failure("Error from server (Conflict): Precondition failed: UID")
        }
        let wanted = input["metadata"]?["resourceVersion"]
        guard wanted == nil || wanted == there["metadata"]?["resourceVersion"],
          input["metadata"]?["uid"] ?? there["metadata"]?["uid"] == there["metadata"]?["uid"]
        else {
          return Self.failure("Error from server (Conflict): the object has been modified")
        }
        return store(
          input, uid: there["metadata"]?["uid"]?.string ?? "", dry: arguments.isDryRun, &state)
      case "delete":
        state.objects["\(arguments[1])/\(arguments[2])"] = nil
        return CommandResult(status: 0, output: [])
      case "patch": return patch(arguments, input ?? .null, &state)
      default: return Self.failure("error: unknown command")
      }
    }
  }

  private func get(_ arguments: [String], _ state: inout State) -> CommandResult {
    if let place = arguments.firstIndex(of: "--selector") {
      let label = arguments[place + 1].split(separator: "=").map(String.init)
      let found = state.objects.values.filter { object in
        label.count == 2 && object["metadata"]?["labels"]?[label[0]] == .string(label[1])
      }
      return Self.success(["kind": "List", "items": .array(Array(found))])
    }
    guard arguments.count > 2, let found = state.objects["\(arguments[1])/\(arguments[2])"] else {
      return CommandResult(status: 0, output: [])
    }
    return Self.success(found)
  }

  /// Takes the operations of a JSON patch that the steps use.
  private func patch(_ arguments: [String], _ patch: JSON, _ state: inout State) -> CommandResult {
    let key = "\(arguments[1])/\(arguments[2])"
    guard var object = state.objects[key] else {
      return Self.failure("Error from server (NotFound): \"\(arguments[2])\" not found")
    }
    for operation in patch.elements {
      let path = (operation["path"]?.string ?? "").split(separator: "/").map(String.init)
      let there = path.reduce(Optional(object)) { $0?[$1] }
      switch operation["op"]?.string {
      case "test":
        guard there == operation["value"] else {
          return Self.failure(
            "The request is invalid: the server rejected our request due to an error in our request"
          )
        }
      case "replace" where path == ["metadata", "resourceVersion"]:
        guard there == operation["value"] else {
          return Self.failure("Error from server (Conflict): the object has been modified")
        }
      case "add", "replace":
        object = object.replacing(path[...], with: operation["value"] ?? .null)
      default: object = object.removing(path[...])
      }
    }
    return store(
      object, uid: object["metadata"]?["uid"]?.string ?? "", dry: arguments.isDryRun, &state)
  }

  private func store(
    _ object: JSON, uid: String, dry: Bool, _ state: inout State
  ) -> CommandResult {
    state.version += 1
    let stored = object.replacing(["metadata", "uid"], with: .string(uid))
      .replacing(["metadata", "resourceVersion"], with: .string(String(state.version)))
    if !dry { state.objects[Self.key(object)] = stored }
    return Self.success(stored)
  }

  private static func success(_ json: JSON) -> CommandResult {
    CommandResult(status: 0, output: Array(json.canonical.utf8))
  }

  private static func failure(_ words: String) -> CommandResult {
    CommandResult(status: 1, output: [], errorText: words)
  }
}

extension [String] {
  fileprivate var isDryRun: Bool { contains("--dry-run=server") }
}

extension JSON {
  fileprivate func removing(_ keys: ArraySlice<String>) -> JSON {
    guard case .object(var members) = self, let key = keys.first else { return self }
    members[key] = keys.count == 1 ? nil : members[key]?.removing(keys.dropFirst())
    return .object(members)
  }
}
