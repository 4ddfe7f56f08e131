import MigratePlanning
import Testing

/// What refuses or changes objects on their way, there and back.
@Suite("Admission")
struct AdmissionTests {
  /// Gives every Deployment another grace period.
  private static let patience = Admission.Rule(
    "Deployment",
    .patch([
      [
        "op": "replace", "path": "/spec/template/spec/terminationGracePeriodSeconds", "value": 77,
      ]
    ]))
  private static let path = "spec.template.spec.terminationGracePeriodSeconds"

  @Test("what changes objects is named, foretold, and no failure", arguments: ReleaseMode.allCases)
  func mutation(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      try await bench.rollOut()
    } _: { bench in
      try await Admission.with(bench) { admission in
        let before = try await bench.state()
        try admission.set(Self.patience)
        let (outcome, plan) = try await bench.planned("web")
        #expect(outcome.status == 2 && plan.findings("field-changed").isEmpty, "\(outcome)")
        let finding = try #require(plan.finding("changed-by-admission"))
        #expect(
          finding.severity == "breaking"
            && finding.message
              == "\(Self.path) of Deployment/web changes: something in the cluster "
              + "changes it as it is written, perhaps MutatingWebhookConfiguration/"
              + "\(bench.namespace).example.com",
          "\(finding)")
        let accept = "changed-by-admission=Deployment/web:\(Self.path)"
        let run = try await bench.apply("web", "--accept", accept)
        #expect(run.ended(0, "done"), "\(run)")
        #expect(try await bench.gracePeriod() == 77)

        // On the way back the field is changed as well, and nothing else differs.
        let back = try await bench.rollback()
        #expect(back.ended(0, "done"), "\(back)")
        #expect(
          back.run?.detail(of: "verify")?.hasSuffix(
            "but for what the cluster changes as it is written: \(Self.path) of Deployment/web")
            == true, "\(back)")
        #expect(
          try await bench.state().differences(from: before) == [
            "Deployment/web.spec.template.spec.terminationGracePeriodSeconds is 77 and was 30"
          ])
      }
    }
  }

  @Test(
    "what refuses the old Pods is foreseen, and stops a rollback early",
    arguments: HelmVersion.allCases)
  func refusalOfOldPods(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await Admission.with(bench) { admission in
        let before = try await bench.state()
        try admission.set(Admission.Rule("Deployment", lacks: "\"team\"", .deny("name the team")))
        let (_, plan) = try await bench.planned("web", ["--set", "podLabels.team=edge"])
        let finding = try #require(plan.finding("no-way-back"))
        #expect(finding.severity == "breaking" && finding.message.contains("name the team"))
        #expect(finding.message.hasPrefix("there would be no way back"), "\(finding)")
        #expect(plan.blockers == [], "\(plan.findings)")
        let run = try await bench.apply(plan)
        #expect(run.ended(0, "done"), "\(run)")

        for options in [["--dry-run"], []] {
          let back = try await bench.rollback(options)
          #expect(back.status == 3 && back.words.contains("name the team"), "\(back)")
          #expect(back.words.contains("Deployment/web"), "\(back)")
        }
        #expect(try await bench.live("deployment", "web")["spec"]?["paused"] == nil)
        try admission.set()
        #expect(try await bench.rollback().ended(0, "done"))
        #expect(try await bench.state().differences(from: before) == [])
      }
    }
  }

  @Test(
    "a rollback that is refused half-way leaves nothing paused", arguments: ReleaseMode.allCases)
  func refusalHalfWay(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
    } _: { bench in
      try await Admission.with(bench) { admission in
        let before = try await bench.state()
        #expect(try await bench.apply("web").ended(0, "done"))
        let after = try await bench.state()
        // A webhook that tells dry runs otherwise than real writes.
        try admission.set(Admission.Rule("Service", isDryRun: false, .deny("no more Services")))
        let back = try await bench.rollback()
        #expect(back.ended(1, "failed"), "\(back)")
        #expect(back.words.contains("no more Services"), "\(back)")
        #expect(
          back.words.contains("Deployment/web is not held still any more"), "\(back)")
        let live = try await bench.live("deployment", "web")
        #expect(live["spec"]?["paused"] == nil)
        #expect(live["spec"]?["template"] == after.objects["Deployment/web"]?["spec"]?["template"])

        try admission.set()
        #expect(try await bench.rollback().ended(0, "done"))
        #expect(try await bench.state().differences(from: before) == [])
      }
    }
  }

  @Test("so does one that is refused when helm is done", arguments: HelmVersion.allCases)
  func refusalAfterHelm(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      // What was set by hand comes back after helm.
      _ = try await bench.kubectl("annotate", "service", "web", "example.com/by-hand=yes")
      try await Admission.with(bench) { admission in
        let before = try await bench.state()
        #expect(try await bench.apply("web").ended(0, "done"))
        _ = try await bench.kubectl("annotate", "service", "web", "example.com/by-hand-")
        try admission.set(
          Admission.Rule(
            "Service", contains: "by-hand", isDryRun: false, .deny("no annotations by hand")))
        let back = try await bench.rollback()
        #expect(back.ended(1, "failed") && back.run?.steps.last == "restore failed", "\(back)")
        #expect(try await bench.live("deployment", "web")["spec"]?["paused"] == nil)

        try admission.set()
        #expect(try await bench.rollback().ended(0, "done"))
        #expect(try await bench.state().differences(from: before) == [])
      }
    }
  }

  @Test("so does an apply whose own way back is refused", arguments: ReleaseMode.allCases)
  func refusalOfOwnWayBack(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
    } _: { bench in
      try await Admission.with(bench) { admission in
        let before = try await bench.state()
        // The Services of the old chart have no label of a chart.
        try admission.set(
          Admission.Rule("Service", lacks: "helm.sh/chart", isDryRun: false, .deny("label it")))
        let run = try await bench.apply(
          "web", "--set", "podAnnotations={backbone-migrate.sandbox/ready: never}",
          "--timeout", "5s")
        #expect(run.ended(1, "failed"), "\(run)")
        #expect(run.words.contains("rolling back failed, too"), "\(run)")
        let live = try await bench.live("deployment", "web")
        #expect(live["spec"]?["paused"] == nil)
        // The Pods that run are those of before: nothing rolls out.
        #expect(
          live["spec"]?["template"]
            == before.objects["Deployment/web"]?["spec"]?["template"], "\(run)")

        try admission.set()
        #expect(try await bench.rollback().ended(0, "done"))
        #expect(try await bench.state().differences(from: before) == [])
      }
    }
  }

  @Test(
    "a webhook that answers no dry runs is named, and gone on without",
    .enabled("Kubernetes 1.22 and later take no such webhook") {
      try await Sandbox.current().api.serves("admissionregistration.k8s.io/v1beta1")
    }, arguments: HelmVersion.allCases)
  func noDryRuns(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await Admission.with(bench, answersDryRuns: false) { _ in
        let before = try await bench.state()
        let (outcome, plan) = try await bench.planned("web")
        #expect(outcome.status == 2, "\(outcome)")
        #expect(
          plan.unchecked["server-rejects"]?.contains(
            "admission webhook \"policy.\(bench.namespace).example.com\" answers no dry runs")
            == true, "\(plan.unchecked)")
        let run = try await bench.apply(plan)
        #expect(run.ended(0, "done"), "\(run)")
        #expect(try await bench.rollback("--dry-run").status == 0)
        #expect(try await bench.rollback().ended(0, "done"))
        #expect(try await bench.state().differences(from: before) == [])
      }
    }
  }

  @Test("what is marked to be kept is no obstacle on the way back", arguments: ReleaseMode.allCases)
  func keptObjects(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(
        with: """
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: own, annotations: {helm.sh/resource-policy: keep}}
          data: {a: b}
          """)
    } _: { bench in
      let before = try await bench.state()
      #expect(try await bench.apply("web").ended(0, "done"))
      _ = try await bench.kubectl("patch", "configmap", "own", "--patch", #"{"data": {"a": "c"}}"#)
      let back = try await bench.rollback()
      #expect(back.ended(0, "done"), "\(back)")
      #expect(try await bench.state().differences(from: before) == [])
      #expect(try await bench.live("configmap", "own")["data"]?["a"] == "b")
    }
  }
}

extension Workbench {
  /// How long a Pod of release `web` may take to end, in seconds.
  fileprivate func gracePeriod() async throws -> Int? {
    try await live("deployment", "web")["spec"]?["template"]?["spec"]?[
      "terminationGracePeriodSeconds"]?.integer
  }
}
