import Foundation
import MigratePlanning
import Testing

/// No secret leaves by a way that it must not take: strace watches every process, over whole
/// cycles.
///
/// `make tracer` takes all modes and all commands; else it is one cycle, or one on each helm.
@Suite("Traced")
struct TracerTests {
  private static let modes =
    TracerReport.path == nil
    ? ReleaseMode.one(.helm4AfterHelm3, of: .helm3, .helm4) : ReleaseMode.allCases

  @Test("no secret is where it must not be, there and back", arguments: modes)
  func noneLeaves(mode: ReleaseMode) async throws {
    let secrets = PlantedSecrets()
    try await Workbench.with(mode) { bench in
      try await secrets.plant(in: bench)
    } _: { bench in
      let before = try await bench.state()
      var cycle = TracedCycle(bench, secrets)
      try await cycle.thereAndBack()
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
      if TracerReport.path != nil {
        try await cycle.everyFormat()
        try await cycle.killed()
        try await cycle.failures()
        #expect(try await bench.state().differences(from: before) == [], "\(mode)")
      }
      try cycle.searchWhatIsLeft()
      #expect(cycle.tally.leaks == [], "\(mode)")
      if TracerReport.path != nil {
        #expect(cycle.tally.withheld.isSuperset(of: secrets.carried.map(\.place)), "\(mode)")
      }
      // It went where it should, so the search would have found it elsewhere.
      #expect(cycle.tally.given.isSuperset(of: secrets.carried.map(\.place)), "\(mode)")
      try TracerReport.add(cycle.tally, of: mode, planted: secrets.all.count)
    }
  }

  /// A way in which a program could let a secret out.
  struct Leak: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let exit: Trace.Exit
    /// What a shell does with the secret in `$s`, and a file in `$f`.
    let script: String

    init(_ exit: Trace.Exit, _ name: String, _ script: String) {
      testDescription = name
      self.exit = exit
      self.script = script
    }

    private static func python(_ line: String) -> String {
      "printf %s \"$s\" | python3 -c 'import sys, os, mmap, socket; f = sys.argv[1]; "
        + "s = sys.stdin.buffer.read(); \(line)' \"$f\""
    }

    static let all = [
      Leak(.argument, "an argument", #"/bin/true "a$s""#),
      Leak(.argument, "an argument of a child's child", #"sh -c "/bin/true '$s'""#),
      Leak(.environment, "a variable", #"S="$s" /bin/true"#),
      Leak(.file, "a file", #"printf %s "$s" > "$f""#),
      Leak(
        .file, "a file, in two parts",
        #"printf %s "${s%???????}" > "$f"; printf %s "${s#?????????????????}" >> "$f""#),
      Leak(.file, "a file that is gone", #"printf %s "$s" > "$f"; rm "$f""#),
      Leak(.file, "a file, as Base64", #"printf 'a%sb' "$s" | base64 > "$f""#),
      Leak(
        .file, "a file, in hexadecimal digits",
        #"printf %s "$s" | od -An -v -tx1 | tr -d ' \n' > "$f""#),
      Leak(
        .file, "a file that a child's child writes",
        #"printf %s "$s" | sh -c 'cat > "$0"' "$f""#),
      Leak(
        .file, "a file, in pieces of a vector",
        python(
          "os.writev(os.open(f, 65), "
            + "[s[:9], s[9:]])")),
      Leak(.file, "a file, at a place", python("os.pwrite(os.open(f, 65), s, 100)")),
      Leak(.name, "the name of a file", #": > "$f$s""#),
      Leak(.name, "the name of a folder", #"mkdir "$f$s""#),
      Leak(.name, "the target of a link", #"ln -s "$s" "$f""#),
      Leak(.name, "another name", #": > "$f"; mv "$f" "$f$s""#),
      Leak(.output, "the output", #"printf %s "$s""#),
      // A shell writes these with its first descriptor as well.
      Leak(.output, "the errors", #"printf %s "$s" >&2"#),
      Leak(.other, "the errors, by a child that has the tool's own", #"printf %s "$s" | cat >&2"#),
      Leak(.other, "a socket", python("a, b = socket.socketpair(); a.send(s)")),
      Leak(.other, "another pipe", python("os.write(os.pipe()[1], s)")),
      Leak(
        .unseen, "a mapping",
        python("d = os.open(f, 66); os.ftruncate(d, 99); mmap.mmap(d, 99)[:len(s)] = s")),
      Leak(
        .unseen, "a copy within the kernel",
        python("os.copy_file_range(os.open(\"/etc/passwd\", 0), os.open(f, 65), 9)")),
    ]
  }

  @Test("a secret that is let out on purpose is found", arguments: Leak.all)
  func leaksAreFound(leak: Leak) async throws {
    try await Workbench.with(.helm4) { bench in
      var random = SplitMix64(seed: .random(in: 0...UInt64.max))
      let secret = random.word(24)
      let (outcome, trace) = try await Tracer(bench: bench).run(
        "sh", ["-c", "read -r s; f='\(bench.folder)/leak'; \(leak.script)"], input: secret + "\n")
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let search = SecretSearch([("the secret", secret)])
      if leak.exit == .unseen {
        #expect(!trace.unseen.isEmpty)
      } else {
        #expect(trace.found(search, in: leak.exit) == ["the secret"])
        #expect(!trace.leaks(search).isEmpty)
      }
    }
  }

  @Test("what lets nothing out is not blamed")
  func nothingIsFoundInNothing() async throws {
    try await Workbench.with(.helm4) { bench in
      var random = SplitMix64(seed: .random(in: 0...UInt64.max))
      let secret = random.word(24)
      let (_, trace) = try await Tracer(bench: bench).run(
        "sh", ["-c", "read -r s; echo \"${#s}\" > '\(bench.folder)/leak'; /bin/true"],
        input: secret + "\n")
      #expect(trace.leaks(SecretSearch([("the secret", secret)])) == [])
      #expect(trace.unseen == [])
      #expect(trace.executions == 2)
      #expect(trace.passages(.file) == 1)
    }
  }
}

/// The commands of a cycle, each followed by strace.
private struct TracedCycle {
  let bench: Workbench
  let secrets: PlantedSecrets
  let search: SecretSearch
  var tally = TraceTally()

  init(_ bench: Workbench, _ secrets: PlantedSecrets) {
    self.bench = bench
    self.secrets = secrets
    search = secrets.search
  }

  /// Runs a command of the tool.
  @discardableResult
  mutating func run(
    _ arguments: [String], _ statuses: Set<Int>, showsSecrets: Bool = false, isKilled: Bool = false,
    in place: Workbench? = nil
  ) async throws -> Outcome {
    let (outcome, trace) = try await Tracer(bench: place ?? bench).migrate(
      arguments + (arguments[0] == "explain" ? [] : ["--namespace", bench.namespace]))
    #expect(statuses.contains(outcome.status), "\(arguments): \(outcome)")
    tally.add(trace, search)
    // The fault proxy, which stands for the API server then, speaks no TLS.
    let isPlain = place.map { $0.kubeconfig != bench.kubeconfig } ?? false
    let leaks = trace.leaks(search).filter { leak in
      !(showsSecrets && leak.contains(" in output "))
        && !(isPlain && leak.contains(#/ in other (kubectl|helm) to socket:/#))
    }
    tally.leaks += leaks.map { "\($0) by \(arguments.joined(separator: " "))" }
    // What SQLite maps is read again at the end.
    #expect(trace.unseen.filter { !$0.hasSuffix("history.sqlite-shm") } == [], "\(arguments)")
    let left = try FileManager.default.contentsOfDirectory(atPath: bench.temporaryFolder)
    // Who is killed leaves the folder with the chart, which nobody else may read.
    #expect(left.count == (isKilled ? 1 : 0), "\(arguments): \(left)")
    for name in left {
      let path = bench.temporaryFolder + "/" + name
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o700)
      try FileManager.default.removeItem(atPath: path)
    }
    return outcome
  }

  /// Plan, dry run, apply, status, history, rollback.
  mutating func thereAndBack() async throws {
    let plan = try PlanReport(try await run(["plan", "web", "--output", "json", "-v"], [0]).output)
    try await run(["plan", "web", "--set", "config.adminToken=\(secrets.typed.text)"], [0, 2, 3])
    try await run(["plan", "web", "--output", "values", "--no-save"], [0])
    try await run(["export", "web"], [0])
    let apply = ["apply", plan.id] + plan.acceptances
    try await run(apply + ["--dry-run"], [0])
    let applied = try RunReport(try await run(apply + ["--yes", "-v", "-o", "json"], [0]).output)
    // Everybody who may see the lock may read the journal in it.
    let lease = try await bench.live("lease", "backbone-migrate.web")
    #expect(search.found(in: Array(lease.canonical.utf8)) == [])
    try await run(["status", "web", "--output", "json"], [0])
    for id in [plan.id, applied.id] { try await run(["history", id, "--output", "json"], [0]) }
    try await run(["rollback", "web", "--dry-run"], [0])
    try await run(["rollback", "web", "--yes", "-v"], [0])
  }

  /// What is shown in another way.
  mutating func everyFormat() async throws {
    let plan = ["plan", "web"]
    for format in ["table", "yaml", "markdown"] {
      try await run(plan + ["--output", format], [0])
    }
    try await run(plan + ["--output", "json", "--out", bench.folder + "/plan.json"], [0])
    try await run(
      plan + ["--output", "values", "--with-secrets", "--no-save"], [0], showsSecrets: true)
    try await run(["export", "web", "--with-secrets"], [0], showsSecrets: true)
    let made = try await bench.plan("web")
    try await run(["apply", made.id, "--dry-run", "--output", "json"] + made.acceptances, [0])
    for arguments in [
      ["status"], ["history"], ["history", made.id], ["history", "web", "--output", "json"],
      ["explain", "secret-in-plain-text"],
    ] { try await run(arguments, [0]) }
    if try await bench.migrate("--help").text.contains("doctor") {
      for format in ["table", "json"] {
        try await run(["doctor", "web", "--output", format], [0, 1, 2, 3, 4])
      }
    }
  }

  /// A tool that is killed when helm begins, what status then says, and going on.
  mutating func killed() async throws {
    let programs = try RecordingPrograms(
      in: bench, doing: "kill -9 $PPID", with: "upgrade*", isSilent: true)
    let plan = try await bench.plan("web")
    try await run(
      ["apply", plan.id, "--yes"] + plan.acceptances + programs.options, [137],
      isKilled: true)
    let status = try RunReport(try await run(["status", "web", "--output", "json"], [0]).output)
    let lease = try await bench.live("lease", "backbone-migrate.web")
    let holder = lease["spec"]?["holderIdentity"]?.string ?? ""
    try await run(["apply", "--resume", status.id, "--yes", "--take-over-lock", holder], [0])
    try await run(["rollback", "web", "--yes"], [0])
  }

  /// Each step of the way there and back fails, and who fails repeats all that it read.
  mutating func failures() async throws {
    let mishaps = RecordingPrograms.Mishap.allCases
    typealias Failing = SecretTests.Failing
    for (index, failing) in (Failing.planning + Failing.applying).enumerated() {
      let plan = try await bench.plan("web")
      let before = try await bench.state()
      let form = index.isMultiple(of: 2) ? "json" : "table"
      let tool = bench
      try await failing.with(tool, mishaps[index % mishaps.count], isSilent: true) {
        bench, programs in
        try await run(
          ["apply", plan.id, "--yes", "--output", form] + plan.acceptances + programs.options,
          [1, 2, 3], in: bench)
      }
      if try await bench.state().differences(from: before) != [] {
        let wentBack = try await bench.rollback()
        #expect(wentBack.ended(0, "done"), "\(failing): \(wentBack)")
      }
    }
    for (index, failing) in Failing.goingBack.enumerated() {
      let plan = try await bench.plan("web")
      let applied = try await bench.apply(plan)
      #expect(applied.ended(0, "done"), "\(applied)")
      let tool = bench
      try await failing.with(tool, mishaps[index % mishaps.count], isSilent: true) {
        bench, programs in
        try await run(["rollback", "web", "--yes"] + programs.options, [1, 3], in: bench)
      }
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(failing): \(wentBack)")
    }
  }

  /// Looks into every file that is left: what was mapped is in there as well.
  mutating func searchWhatIsLeft() throws {
    let files = try RecordingPrograms.files(below: bench.folder + "/home")
    #expect(files.keys.contains { $0.hasSuffix("history.sqlite") })
    tally.leaks += secrets.leaks(in: files)
  }
}
