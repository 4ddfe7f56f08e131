import MigratePlanning
import Testing

/// What `doctor` makes of what it finds.
@Suite struct DiagnosisTests {
  /// A change of the surroundings, and what is said of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let found: Surroundings
    let name: DoctorDocument.CheckName
    let state: DoctorDocument.State
    /// In its message or its remedy.
    let words: [String]

    init(
      _ description: String, _ name: DoctorDocument.CheckName, _ state: DoctorDocument.State,
      _ words: [String], _ change: (inout Surroundings) -> Void
    ) {
      testDescription = description
      found = SampleSurroundings.make(release: true, change)
      self.name = name
      self.state = state
      self.words = words
    }
  }

  private static let cases: [Case] = [
    Case("no helm", .helm, .failed, ["\"helm\" was not found", "--helm"]) {
      $0.helm = .failure(.noProgram("helm"))
    },
    Case("the oldest helm", .helm, .ok, ["3.17.0"]) { $0.helm = .success("3.17.0") },
    Case("an old helm", .helm, .warning, ["3.9.1", "older"]) { $0.helm = .success("3.9.1") },
    Case("a helm to come", .helm, .warning, ["5.0.0", "--dry-run"]) {
      $0.helm = .success("5.0.0")
    },
    Case("a helm of one's own", .helm, .warning, ["main"]) { $0.helm = .success("main") },
    Case("no kubectl", .kubectl, .failed, ["--kubectl"]) {
      $0.kubectl = .failure(.noProgram("kubectl"))
    },
    Case("no kubeconfig", .kubeconfig, .failed, ["current-context", "KUBECONFIG"]) {
      $0.context = .failure(.other("current-context must exist"))
      $0.server = .failure(.unreachable("connection refused"))
    },
    Case("in a Pod", .kubeconfig, .ok, ["without"]) {
      $0.context = .failure(.other("current-context must exist"))
    },
    Case("a server one ahead", .cluster, .ok, ["1.33"]) { $0.server = .success("1.33.0") },
    Case("a server two ahead", .cluster, .warning, ["1.34", "1.32"]) {
      $0.server = .success("1.34.0")
    },
    Case("a server two behind", .cluster, .warning, ["1.30"]) {
      $0.server = .success("1.30.0+k3s1")
    },
    Case("a silent cluster", .cluster, .failed, ["does not answer: refused", "network"]) {
      $0.server = .failure(.unreachable("refused"))
    },
    Case("expired credentials", .cluster, .failed, ["credentials: expired", "log in again"]) {
      $0.server = .failure(.unauthorized("expired"))
    },
    Case("a missing namespace", .namespace, .failed, ["\"mqtt\" does not exist", "--namespace"]) {
      $0.phase = .failure(.notFound("not found"))
    },
    Case("a namespace that goes", .namespace, .failed, ["is being deleted"]) {
      $0.phase = .success("Terminating")
    },
    Case("a namespace that one may not see", .namespace, .ok, ["not told"]) {
      $0.phase = .failure(.forbidden("forbidden"))
    },
    Case("no cluster, no namespace", .namespace, .skipped, ["not asked"]) {
      $0.server = .failure(.unreachable("refused"))
      $0.phase = .failure(.unreachable("refused"))
    },
    Case("no dry runs", .plan, .warning, ["lacks create, patch of services", "NOT JUDGED"]) {
      $0.permissions = .success(
        SampleSurroundings.granted(but: "create services", "patch services"))
    },
    Case("no Secrets", .plan, .failed, ["list of secrets", "--role backbone-migrate-plan"]) {
      $0.permissions = .success(SampleSurroundings.granted(but: "list secrets"))
    },
    Case("no events", .apply, .warning, ["list of events"]) {
      $0.permissions = .success(SampleSurroundings.granted(but: "list events"))
    },
    Case("no way back", .apply, .failed, ["update of secrets", "--role backbone-migrate-apply"]) {
      $0.permissions = .success(SampleSurroundings.granted(but: "update secrets"))
    },
    Case("a server that does not say", .apply, .warning, ["cannot be told"]) {
      $0.permissions = .failure(.forbidden("forbidden"))
    },
    Case("a new history", .history, .ok, ["first plan"]) { $0.history = .absent },
    Case("an open history", .history, .warning, ["others", "chmod 600"]) {
      $0.history = .present(problems: [], isOpenToOthers: true)
    },
    Case("a damaged history", .history, .failed, ["damaged: page 3", "move it away"]) {
      $0.history = .present(problems: ["page 3"], isOpenToOthers: false)
    },
    Case("a history for reading", .history, .failed, ["read-only", "--history"]) {
      $0.history = .readOnly("history \"h\" is read-only; make it writable")
    },
    Case("a newer history", .history, .failed, ["newer", "use that version"]) {
      $0.history = .unusable("history \"h\" is newer; use that version")
    },
    Case("no temporary folder", .temporaryFolder, .failed, ["TMPDIR"]) {
      $0.temporaryFolder = .failure(.other("no folder can be made"))
    },
    Case("a release that helm is at", .release, .failed, ["pending-upgrade", "status web"]) {
      $0.release?.state = .success(SampleSurroundings.state(status: "pending-upgrade"))
    },
    Case("a release that failed", .release, .warning, ["failed", "plan web"]) {
      $0.release?.state = .success(SampleSurroundings.state(status: "failed"))
    },
    Case("no release", .release, .failed, ["was not found", "helm list"]) {
      $0.release?.state = .failure(.notFound("release: not found"))
    },
    Case("a mistyped release", .release, .failed, ["was not found", "did you mean \"web\"?"]) {
      $0.release?.state = .failure(.notFound("release: not found"))
      $0.release?.advice = "did you mean \"web\"?"
    },
    Case("a release that may not be read", .release, .failed, ["cannot be read", "Role"]) {
      $0.release?.state = .failure(.forbidden("secrets is forbidden"))
    },
    Case("a kind beside", .kinds, .failed, ["of ingresses", "networking.k8s.io"]) {
      let kinds = [SampleSurroundings.ingresses].compactMap { $0 }
      $0.release?.state = .success(SampleSurroundings.state(kinds: kinds))
      $0.release?.further = .success([
        Permission("get", "ingresses", group: "networking.k8s.io", in: "mqtt"): false
      ])
    },
    Case("a kind that is allowed", .kinds, .ok, ["also change ingresses"]) {
      let kinds = [SampleSurroundings.ingresses].compactMap { $0 }
      $0.release?.state = .success(SampleSurroundings.state(kinds: kinds))
      $0.release?.further = .success([
        Permission("get", "ingresses", group: "networking.k8s.io", in: "mqtt"): true
      ])
    },
    Case("a kind of others", .kinds, .warning, ["ServiceMonitor was not asked"]) {
      $0.release?.state = .success(SampleSurroundings.state(unknown: ["ServiceMonitor"]))
    },
    Case("a run that goes on", .lock, .warning, ["ada@desk is at it at step helm", "status web"]) {
      $0.release?.lock = .success(SampleSurroundings.lock(.running, holder: "ada@desk"))
    },
    Case("a run that died", .lock, .warning, ["left half-way", "status web"]) {
      $0.release?.lock = .success(SampleSurroundings.lock(.running))
    },
    Case("a run that is over", .lock, .ok, ["nobody", "done"]) {
      $0.release?.lock = .success(SampleSurroundings.lock(.done))
    },
    Case("half a backup", .backups, .warning, ["1 of 2 Secrets", "kubectl delete secrets"]) {
      $0.release?.backups = .success([
        Surroundings.KeptBackup(
          run: "run-1", createdAt: "2026-03-01T09:59:00.000Z", parts: 1, expectedParts: 2)
      ])
    },
  ]

  @Test(arguments: cases)
  func eachTroubleHasItsLine(_ this: Case) throws {
    let document = Diagnosis(
      this.found, place: " --namespace mqtt", now: SampleSurroundings.now
    ).document
    let check = try #require(document.checks.first { $0.name == this.name })
    #expect(check.state == this.state)
    let text = check.message + " → " + (check.remedy ?? "")
    for words in this.words { #expect(text.contains(words), "\(text)") }
    // What does not work, and what works by half, comes with what to do.
    if [.failed, .warning].contains(check.state),
      check.name != .helm || this.found.helm != .success("main")
    {
      #expect(check.remedy != nil || check.message.contains("cannot be told"))
    }
    #expect(document.works == !document.checks.contains { $0.state == .failed })
  }

  @Test func everythingIsLookedAtOnce() {
    let document = Diagnosis(
      SampleSurroundings.make(release: true), place: "", now: SampleSurroundings.now
    ).document
    #expect(document.checks.map(\.name) == DoctorDocument.CheckName.allCases)
    #expect(document.works && document.checks.allSatisfy { $0.state == .ok })
  }
}
