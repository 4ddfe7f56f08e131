import Foundation

/// What became of a point.
struct ChaosResult: Sendable {
  /// Which way the release came to a state that it was meant to have.
  enum Ending: String, CaseIterable, Sendable {
    case old = "old state"
    case new = "new state"
    case resumed = "by resume"
    case appliedAnew = "by apply anew"
    case rolledBack = "by rollback"
    case defect
  }

  let point: ChaosPoint
  /// Where it happened: stage and number; the stage only for what did not happen there after all.
  var place = ""
  /// Whether it happened at all.
  var happened = true
  var ending: Ending = .defect
  /// What the command itself ended with.
  var own = ""
  var defects: [String] = []
  var seconds = 0.0

  /// One line for whoever watches.
  var line: String {
    "#\(point.index) \(point.mode), \(point.shape.rawValue), \(point.command.rawValue) at "
      + "\(place): "
      + "\(point.mishapText)\(happened ? "" : " (did not happen)") → \(own), \(ending.rawValue), "
      + "\(Int(seconds)) s" + defects.map { "\n    DEFECT \($0)" }.joined()
  }
}

/// The table of a run.
struct ChaosReport {
  let results: [ChaosResult]
  /// How many points there are to be.
  let count: Int
  let command: String
  let began: Date
  let ended: Date

  private typealias Ending = ChaosResult.Ending

  init(of results: [ChaosResult], among count: Int, command: String, began: Date, ended: Date) {
    self.results = results
    self.count = count
    self.command = command
    self.began = began
    self.ended = ended
  }

  var defects: Int { results.filter { !$0.defects.isEmpty }.count }

  /// The report as it is committed.
  var markdown: String {
    let duration = Int(ended.timeIntervalSince(began))
    let endings = Ending.allCases.map { ending in
      "\(results.filter { $0.ending == ending }.count) \(ending.rawValue)"
    }
    let share = results.count < count ? "\(results.count) of \(count)" : "\(results.count)"
    return """
      # Chaos: what became of each point

      Made by the command below; do not edit.

          \(command)

      \(began.formatted(.iso8601)), \(duration / 60) min \(duration % 60) s, on \
      \(ProcessInfo.processInfo.activeProcessorCount) cores. **\(share) points, \
      \(defects) defects**: \(endings.joined(separator: ", ")). Of \
      \(results.filter { !$0.happened }.count) points the moment did not come, because the command \
      had ended before.

      A point is one thing that goes wrong at one call or write of one step. Afterwards `status` \
      is compared with the cluster, from this machine and from one without a history, and its \
      command is run. *Old state* and *new state*: the command came there by itself. A point is a \
      defect when `status` is wrong, when its command does not work, or when the end is neither \
      state.

      ## By command

      \(table("command") { $0.point.command.rawValue })

      ## By release

      \(table("helm") { $0.point.mode.rawValue })

      \(table("what changes") { $0.point.shape.rawValue })

      ## By step

      \(table("step") { $0.step })

      ## By what happens

      \(table("what happens") { $0.point.kindText })

      ## Every point

      | # | helm | what changes | command | at | what happens | the command ended | then | s |
      |---|---|---|---|---|---|---|---|---|
      \(results.map(\.row).joined(separator: "\n"))

      """
  }

  private func table(_ head: String, by key: (ChaosResult) -> String) -> String {
    let groups = Dictionary(grouping: results, by: key).sorted { $0.key < $1.key }
    let columns = ["points"] + Ending.allCases.map(\.rawValue)
    let rows = groups.map { name, results in
      "| \(name) | \(results.count) | "
        + Ending.allCases.map { ending in
          String(results.filter { $0.ending == ending }.count)
        }.joined(separator: " | ") + " |"
    }
    return
      (["| \(head) | \(columns.joined(separator: " | ")) |"]
      + ["|\(String(repeating: "---|", count: columns.count + 1))"] + rows)
      .joined(separator: "\n")
  }
}

extension ChaosResult {
  /// The step in which it happened, of which kind of run.
  fileprivate var step: String {
    let stage = place.split(separator: " ").first.map(String.init) ?? ""
    if stage == "-" || stage.isEmpty { return "before the lock" }
    return stage.hasSuffix(".-") ? stage.dropLast() + "lock" : stage
  }

  fileprivate var row: String {
    "| \(point.index) | \(point.mode) | \(point.shape.rawValue) | \(point.command.rawValue) | "
      + "\(place) | \(point.mishapText)\(happened ? "" : " (not reached)") | \(own) | "
      + "\(ending.rawValue) | \(Int(seconds)) |"
  }
}

extension ChaosPoint {
  fileprivate var kindText: String {
    if case .killAfter = mishap { return "tool killed at some millisecond" }
    return mishapText
  }
}
