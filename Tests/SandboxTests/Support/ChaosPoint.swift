import Foundation
import MigratePlanning

/// One thing that goes wrong at one moment of one command, and which way it is put right.
struct ChaosPoint: Sendable {
  /// What an apply changes beside values.
  enum Shape: String, CaseIterable, Sendable {
    case inPlace = "in place"
    case renamed = "renamed"
    case secretReference = "text to reference"
    case newClaim = "new claim"

    /// The options of the plan.
    var options: [String] {
      switch self {
      case .inPlace: []
      case .renamed: ["--adopt", "fullnameOverride", "--adopt", "selectorLabels"]
      case .secretReference:
        [
          "--set",
          "config.adminTokenFrom={secretKeyRef: {name: credentials, key: admin-token}}",
        ]
      case .newClaim: ["--set", "persistence.enabled=true"]
      }
    }

    /// The Deployment's name after the apply.
    var workload: String { self == .renamed ? "web-backbone" : "web" }
  }

  /// The command during which it happens.
  enum Command: String, CaseIterable, Sendable {
    case apply
    case rollback
    /// Going on with an apply that was killed.
    case resume = "apply --resume"
    /// The way back of an apply that failed.
    case wayBack = "apply's way back"
  }

  enum Victim: String, CaseIterable, Sendable {
    case tool
    case helm
    case proxy = "kubectl proxy"
    case all = "tool, helm and kubectl proxy"
  }

  /// When a process is killed.
  enum Moment: String, CaseIterable, Sendable {
    case beforeHelm = "before helm runs"
    case afterHelm = "after helm ran"
    case beforeQuestion = "before a question"
    case afterQuestion = "after a question"
    case beforeWrite = "before a write"
    case afterWrite = "after a write"

    /// What is counted to find it.
    var counted: ChaosCounts.Counted {
      switch self {
      case .beforeHelm, .afterHelm: .helm
      case .beforeQuestion, .afterQuestion: .questions
      case .beforeWrite, .afterWrite: .writes
      }
    }

    var isBefore: Bool { [.beforeHelm, .beforeQuestion, .beforeWrite].contains(self) }
  }

  /// What the API server does.
  enum Answer: String, CaseIterable, Sendable {
    case conflict = "409"
    case tooMany = "429"
    case error = "500"
    case unavailable = "503"
    case webhook = "webhook denies"
    case unauthorized = "401 from then on"
    case resetBefore = "cut off, not done"
    case resetAfter = "cut off, done"
    case slow = "slow"
    case goneForAWhile = "gone for 3 s"
    case goneForGood = "gone for good"
  }

  /// What somebody else does to the release meanwhile.
  enum Deed: String, CaseIterable, Sendable {
    case upgrades = "upgrades with helm"
    case edits = "edits with kubectl"
    case rollsBack = "rolls back with helm"
    case uninstalls = "uninstalls"
    case uninstallsKeepingHistory = "uninstalls, keeps history"
    case quota = "sets a quota"
    case limits = "sets a LimitRange"

    /// The deed, for a shell.
    func script(_ bench: Workbench) -> String {
      let place = "--namespace \(bench.namespace) --kubeconfig '\(bench.kubeconfig)'"
      let helm = "'\(bench.sandbox.helm(bench.helmVersion))'"
      let kubectl = "'\(bench.sandbox.kubectl)' \(place)"
      let line =
        switch self {
        case .upgrades: "\(helm) upgrade web '\(FixtureChart.appLabel.path)' \(place)"
        case .edits:
          "for d in $(\(kubectl) get deployments --output name); do "
            + "\(kubectl) set env $d ADMIN_TOKEN=of-another LATER=1; done"
        case .rollsBack: "\(helm) rollback web \(place)"
        case .uninstalls: "\(helm) uninstall web \(place)"
        case .uninstallsKeepingHistory: "\(helm) uninstall web --keep-history \(place)"
        case .quota: "\(kubectl) create quota few --hard=pods=1"
        case .limits:
          "printf '%s' '{\"apiVersion\":\"v1\",\"kind\":\"LimitRange\","
            + "\"metadata\":{\"name\":\"few\"},"
            + "\"spec\":{\"limits\":[{\"type\":\"Container\",\"default\":{\"cpu\":\"1\"},"
            + "\"max\":{\"cpu\":\"2\"}}]}}'"
            + " | \(kubectl) create --filename -"
        }
      return "{ \(line); } > /dev/null 2>&1 < /dev/null"
    }

    /// Takes away again what hinders Pods.
    func undoing(_ bench: Workbench) -> String {
      "kubectl --namespace \(bench.namespace) delete quota,limitrange --all"
    }
  }

  enum Mishap: Sendable {
    case kill(Victim, Moment)
    /// helm hangs until it is ended.
    case hang
    /// kubectl proxy hangs until it is ended.
    case hangProxy
    /// Somebody tidies temporary files up, the socket's folder among them.
    case removeFolder
    /// The tool is killed after so many milliseconds, whatever it does.
    case killAfter(Int)
    case answer(Answer)
    /// Somebody else does something.
    case meddle(Deed)
  }

  let index: Int
  let mode: ReleaseMode
  let shape: Shape
  let command: Command
  let mishap: Mishap
  /// Where in the command: the part of the way, when only that is known, or the very place.
  let place: Place
  let finishesByGoingOn: Bool

  enum Place: Sendable {
    case part(Double)
    case stage(String, Int)
    /// The n-th of all writes; the last one where there are fewer.
    case write(Int)
  }
}

extension ChaosPoint {
  /// Points that come out the same for the same seed.
  static func drawn(_ count: Int, seed: UInt64) -> [ChaosPoint] {
    (1...count).map { index in
      // A point is the same however many there are.
      var random = SplitMix64(seed: seed &* 1_000_003 &+ UInt64(index))
      let command: Command = random.pick([
        .apply, .apply, .apply, .rollback, .rollback, .resume, .wayBack,
      ])
      let mishap: Mishap =
        switch Int.random(in: 1...20, using: &random) {
        case 1...9: .kill(random.pick(Victim.allCases), random.pick(Moment.allCases))
        case 10: random.pick([.hangProxy, .removeFolder, .removeFolder])
        case 11: .hang
        case 12...13: .meddle(random.pick(Deed.allCases))
        case 14...15: .killAfter(Int.random(in: 200...6000, using: &random))
        default: .answer(random.pick(Answer.allCases))
        }
      return ChaosPoint(
        index: index, mode: random.pick(ReleaseMode.allCases),
        shape: random.pick(Shape.allCases), command: command, mishap: mishap,
        place: .part(Double.random(in: 0..<1, using: &random)),
        finishesByGoingOn: index.isMultiple(of: 2))
    }
  }

  /// What happens, in words.
  var mishapText: String {
    switch mishap {
    case .kill(let victim, let moment): "\(victim.rawValue) killed \(moment.rawValue)"
    case .hang: "helm hangs"
    case .hangProxy: "kubectl proxy hangs"
    case .removeFolder: "the socket's folder is removed"
    case .killAfter(let milliseconds): "tool killed after \(milliseconds) ms"
    case .answer(let answer): "API server: \(answer.rawValue)"
    case .meddle(let deed): "somebody \(deed.rawValue)"
    }
  }
}

extension ChaosPoint.Mishap {
  /// What is counted to find its place.
  var counted: ChaosCounts.Counted {
    switch self {
    case .kill(_, let moment): moment.counted
    case .hang, .killAfter: .helm
    case .hangProxy: .questions
    case .removeFolder, .meddle: .requests
    case .answer: .writes
    }
  }
}

/// How often each stage of a command runs helm, and asks and writes to the API server, when nothing
/// goes wrong.
struct ChaosCounts: Sendable {
  /// What a place is counted by.
  enum Counted: Sendable {
    case helm, questions, writes, requests

    /// The conditions of a rule of the fault proxy; watches last, and are none of them.
    var conditions: [String: JSON] {
      switch self {
      case .helm, .requests: ["path": "^(?!.*watch=)"]
      case .questions: ["path": "^(?!.*watch=)", "write": false]
      case .writes: ["write": true]
      }
    }
  }

  typealias Place = (stage: String, number: Int)

  private var helms: [Place] = []
  private var requests: [(place: Place, counted: Counted)] = []

  init(_ faults: Faults) throws {
    for call in try faults.calls() {
      let words = call.split(separator: " ")
      helms.append((String(words[0]), Int(words[1]) ?? 0))
    }
    var counts: [String: Int] = [:]
    for request in try faults.requests() where !request.isWatch {
      for counted in [request.isWrite ? Counted.writes : .questions, .requests] {
        let name = "\(counted) \(request.stage)"
        counts[name, default: 0] += 1
        requests.append(((request.stage, counts[name] ?? 0), counted))
      }
    }
  }

  private func places(_ counted: Counted) -> [Place] {
    counted == .helm ? helms : requests.filter { $0.counted == counted }.map(\.place)
  }

  /// The place of the n-th of all writes.
  func write(_ number: Int) -> Place? {
    let writes = places(.writes)
    return writes.isEmpty ? nil : writes[min(number, writes.count) - 1]
  }

  /// The place at a part of the way: the n-th run of helm, or request, of a stage. Each stage is as
  /// long as any other, else most of all points would be in the reading before the first one.
  func place(
    at part: Double, _ counted: Counted, where isWanted: (String) -> Bool
  ) -> Place? {
    var stages: [(name: String, places: [Place])] = []
    for place in places(counted) where isWanted(place.stage) {
      if let index = stages.firstIndex(where: { $0.name == place.stage }) {
        stages[index].places.append(place)
      } else {
        stages.append((place.stage, [place]))
      }
    }
    guard !stages.isEmpty else { return nil }
    let along = part * Double(stages.count)
    let places = stages[Int(along)].places
    return places[Int((along - along.rounded(.down)) * Double(places.count))]
  }
}
