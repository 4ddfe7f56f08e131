import MigratePlanning
import Testing

/// The promise of the program, on releases of many shapes: what the broker sees after the upgrade
/// is what it saw before, except for what the plan lists.
@Suite("Round trip")
struct RoundTripTests {
  /// One shape of a release on one helm.
  struct Sample: Sendable, CustomTestStringConvertible {
    let seed: UInt64
    let helm: HelmVersion

    var testDescription: String { "seed \(seed) on \(helm)" }

    static let all = ReleaseShape.seeds.flatMap { seed in
      HelmVersion.only(seed.isMultiple(of: 2) ? .helm4 : .helm3).map {
        Sample(seed: seed, helm: $0)
      }
    }
  }

  @Test("the upgrade that a plan describes does what the plan says", arguments: Sample.all)
  func planComesTrue(sample: Sample) async throws {
    let shape = ReleaseShape(seed: sample.seed)
    let about: Comment = "\(sample.helm), \(shape.description)"
    try await Workbench.with(sample.helm) { bench in
      try await shape.install(in: bench)
      let deployment = try await bench.live("deployment", shape.workload)
      let account: JSON? =
        if shape.hasServiceAccount { try await bench.live("serviceaccount", shape.release) } else {
          nil
        }
      let sources = try await bench.sources()
      let container = Workbench.container(of: deployment)
      let before = ProcessEnvironment(of: container, with: sources)

      let plan = try await bench.plan(shape.release)
      expectListed(before, sources, in: plan, shape, about)
      expectOverrides(of: container, in: plan, shape, about)
      #expect(!plan.commands.isEmpty, about)
      #expect(plan.blockers == Set([shape.expectedBlocker].compactMap { $0 }), about)
      #expect((plan.verdict == "blocked") == (shape.expectedBlocker != nil), about)
      if plan.verdict == "blocked" { return }

      try await bench.follow(plan)
      let upgraded = try await bench.live("deployment", shape.workload)
      let after = ProcessEnvironment(of: Workbench.container(of: upgraded), with: sources)
      expectCameTrue(before, after, sources, in: plan, shape, about)
      #expect(upgraded["metadata"]?["uid"] == deployment["metadata"]?["uid"], about)
      #expect(try await bench.sources() == sources, about)
      if let account {
        let now = try await bench.live("serviceaccount", shape.release)
        #expect(now["metadata"] == account["metadata"], about)
      }
    }
  }

  /// Requires that a plan lists every variable, with what it is before.
  private func expectListed(
    _ before: ProcessEnvironment, _ sources: Sources, in plan: PlanReport, _ shape: ReleaseShape,
    _ about: Comment
  ) {
    let secrets = shape.secrets.compactMap { before[$0]?.text }.filter { $0.utf8.count >= 6 }
    for (name, value) in before.values {
      guard let row = plan.row(name) else {
        Issue.record("\(name) is not listed; \(about)")
        continue
      }
      let shown = Shown(row.before, sources)
      let isSecret =
        shape.secrets.contains(name) || secrets.contains(where: value.text.contains)
      let mentionsSecret = shape.secrets.contains { value.text.contains("$(\($0))") }
      #expect(
        shown == .text(value) || shown == .redacted && (isSecret || mentionsSecret),
        "\(name); \(about)")
      // A reference may be shown: it is no secret.
      if isSecret { #expect(row.before.string == nil || shown == .redacted, "\(name); \(about)") }
    }
    for row in plan.rows {
      if before[row.name] == nil { #expect(row.before == .null, "\(row.name); \(about)") }
      if row.state != "same" { #expect(row.explainedBy != nil, "\(row.name); \(about)") }
    }
    #expect(Set(plan.rows.map(\.name)).count == plan.rows.count, about)
  }

  /// Requires that a plan says of each variable who wrote it, and how.
  private func expectOverrides(
    of container: JSON, in plan: PlanReport, _ shape: ReleaseShape, _ about: Comment
  ) {
    let entries = Dictionary(
      (container["env"]?.elements ?? []).map { ($0["name"]?.string ?? "", $0) },
      uniquingKeysWith: { _, last in last })
    for (name, writer) in shape.writers {
      guard let override = plan.override(name) else {
        Issue.record("\(name) is no override; \(about)")
        continue
      }
      let isSecret = shape.secrets.contains(name)
      #expect(override.provenance == writer.provenance, "\(name); \(about)")
      // Kubernetes loses track of who wrote what when a name stands twice, and notes nobody for a
      // value that was emptied.
      let isEmptied = writer.entry.source == .literal("") && override.manager == nil
      if !shape.features.contains(.duplicate), !isEmptied {
        #expect(override.manager == writer.manager, "\(name); \(about)")
      }
      #expect(override.kind == writer.entry.kind, "\(name); \(about)")
      #expect(override.isSensitive || !isSecret, "\(name); \(about)")
      let literal = override.isSensitive ? nil : literal(entries[name], by: writer)
      #expect(override.value.map { ExactText($0) } == literal, "\(name); \(about)")
      #expect(override.disposition == "mapped", "\(name); \(about)")
    }
  }

  /// The literal of a live entry, which Kubernetes leaves out when it is empty; nil for a
  /// reference.
  private func literal(_ entry: JSON?, by writer: ReleaseShape.Writer) -> ExactText? {
    guard case .literal = writer.entry.source else { return nil }
    return ExactText(entry?["value"]?.string ?? "")
  }

  /// Requires that what runs after the upgrade is what the plan said, and that the broker reads the
  /// same in it as before.
  private func expectCameTrue(
    _ before: ProcessEnvironment, _ after: ProcessEnvironment, _ sources: Sources,
    in plan: PlanReport, _ shape: ReleaseShape, _ about: Comment
  ) {
    for row in plan.rows {
      switch Shown(row.after, sources) {
      case .absent: #expect(after[row.name] == nil, "\(row.name); \(about)")
      case .text(let text): #expect(after[row.name] == text, "\(row.name); \(about)")
      case .redacted: #expect(after[row.name] == before[row.name], "\(row.name); \(about)")
      case .unknown: Issue.record("\(row.name) is unknown; \(about)")
      }
      if row.state == "same" {
        #expect(after[row.name] == before[row.name], "\(row.name); \(about)")
      } else {
        #expect(after[row.name] != before[row.name], "\(row.name); \(about)")
      }
    }
    let unlisted = Set(after.values.keys).subtracting(plan.rows.map(\.name))
    #expect(unlisted.isEmpty, about)
    let (old, new) = (Broker.reading(of: before), Broker.reading(of: after))
    let differing = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
    #expect(differing.isEmpty, about)
  }

  @Test(
    "the fixed seeds meet every feature of a release",
    .enabled(if: ReleaseShape.firstSeed == ReleaseShape.fixedSeed && ReleaseShape.seeds.count >= 20)
  )
  func seedsMeetEveryFeature() {
    let met = Set(ReleaseShape.seeds.flatMap { ReleaseShape(seed: $0).features })
    #expect(Set(ReleaseShape.Feature.allCases).subtracting(met).isEmpty)
  }
}
