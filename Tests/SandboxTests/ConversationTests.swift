import Foundation
import MigratePlanning
import Testing

/// One login a command, by whatever way kubectl knows, and nothing of it stays.
@Suite("One conversation a command")
struct ConversationTests {
  // MARK: Logins and processes

  @Test(
    "logs in once, and once more for each change by helm",
    arguments: ReleaseMode.one(.helm4AfterHelm3, of: .helm3, .helm4))
  func countsLogins(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { plain in
      let login = try CountingLogin(in: plain, version: mode == .helm3 ? "v1beta1" : "v1")
      let bench = login.bench
      let proxy = ["kubectl proxy"]
      func expect(_ logins: [String], _ command: String) throws {
        #expect(try login.logins() == logins, "\(command), \(mode)")
      }
      func plan(_ options: [String] = []) async throws -> PlanReport {
        let plan = try await bench.planned("web", options).plan
        try expect(proxy, "plan \(options)")
        return plan
      }
      for command in ["export", "doctor"] {
        _ = try await bench.migrate(command, "web", "--namespace", bench.namespace).succeeded()
        try expect(proxy, command)
      }
      func expectRun(
        _ command: [String], _ state: String, _ helm: [String] = []
      ) async throws {
        let run = try await bench.change(command[0], Array(command.dropFirst()))
        #expect(run.ended(0, state), "\(run)")
        try expect(helm + proxy, "\(command)")
      }
      for isPatient in [false, true] {
        let plan = try await plan()
        let wait = isPatient ? [] : ["--no-wait"]
        let apply = ["apply", plan.id] + plan.acceptances + wait
        if isPatient { try await expectRun(apply + ["--dry-run"], "foretold") }
        try await expectRun(apply, "done", ["helm upgrade"])
        let back = ["rollback", "web"] + wait
        if isPatient {
          _ = try await bench.status()
          try expect(proxy, "status")
          try await expectRun(back + ["--dry-run"], "foretold")
        }
        try await expectRun(back, "done", ["helm rollback"])
      }
      // Where the Deployment is made anew under another name, a helm that applies on the client is
      // run twice on the way back.
      let renaming = try await plan(ApplyFailureTests.renaming)
      #expect(try await bench.apply(renaming, "--no-wait").ended(0, "done"))
      try expect(["helm upgrade"] + proxy, "apply, replacing")
      #expect(try await bench.rollback("--no-wait").ended(0, "done"))
      let helm = Array(repeating: "helm rollback", count: mode.isServerSide ? 1 : 2)
      try expect(helm + proxy, "rollback, replacing")
    }
  }

  @Test("a plan starts kubectl once, wherever its files go")
  func countsProcesses() async throws {
    try await Workbench.with(.helm3) { bench in
      try await bench.installReady(.appLabel)
      let there = try bench.with(try Kubeconfig(of: bench).document(namespace: bench.namespace))
      // The path of a socket has no room for this.
      let long = bench.folder + "/" + String(repeating: "long/", count: 24)
      try FileManager.default.createDirectory(atPath: long, withIntermediateDirectories: true)
      for (options, folder, others) in [
        (["--namespace", bench.namespace], bench.temporaryFolder, []),
        ([], long, ["kubectl config view"]),
      ] {
        var there = there
        there.variables["TMPDIR"] = folder
        let programs = try RecordingPrograms(in: there)
        let outcome = try await there.migrate(
          ["plan", "web", "--output", "json"] + options + programs.options)
        #expect(try PlanReport(outcome.output).verdict == "ready", "\(outcome.errorText)")

        let calls = try programs.takeCalls()
        let kubectl = calls.filter { $0[0] == "kubectl" }
        #expect(
          kubectl.map { $0.first(while: { !$0.hasPrefix("-") }) }.sorted()
            == (others + ["kubectl proxy"]).sorted())
        #expect(
          Set(calls.filter { $0[0] == "helm" }.map { $0[1] }).isSubset(of: ["version", "template"]))
        let socket = try #require(
          kubectl.joined().first { $0.hasPrefix("--unix-socket=") }?.dropFirst(14))
        #expect(socket.hasPrefix(others.isEmpty ? folder + "/bm-" : "/tmp/bm-"), "\(socket)")
        let left = URL(filePath: String(socket)).deletingLastPathComponent().path()
        #expect(!FileManager.default.fileExists(atPath: left))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
      }
    }
  }

  // MARK: The socket

  @Test("nobody else gets to the socket of a command")
  func isPrivate() async throws {
    try await Workbench.with(.helm4) { bench in
      try await bench.installReady(.appLabel)
      // As /tmp is, and so is the way to it.
      var bench = bench
      let folder = bench.folder + "/everybody"
      bench.variables["TMPDIR"] = folder
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      for (path, mode) in [(bench.folder, 0o755), (folder, 0o1777)] {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      }
      let held = try HeldHelm(in: bench, on: "template")
      let program = try RunningProgram(
        in: bench, ["plan", "web", "--namespace", bench.namespace, "--helm", held.helm])
      try await held.untilHeld()
      let conversation = try await Conversation.begun(in: folder)
      let socket = conversation.folder + "/s"
      let modes = try FileManager.default.attributesOfItem(atPath: conversation.folder)
      #expect(modes[.posixPermissions] as? Int == 0o700)

      // Nobody could run a python that is in the home folder of somebody else.
      let asUser = """
        import os, socket, sys
        place, user = sys.argv[1], int(sys.argv[2])
        if user: os.setgroups([]); os.setgid(user); os.setuid(user)

        """
      let look = asUser + "print(os.listdir(place))"
      let ask =
        asUser + """
          s = socket.socket(socket.AF_UNIX); s.connect(place)
          s.sendall(b"GET /version HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n"); print(s.recv(99))
          """
      for (script, place) in [(look, conversation.folder), (ask, socket)] {
        _ = try await bench.run("python3", ["-c", script, place, "0"]).succeeded()
        let other = try await bench.run("python3", ["-c", script, place, "65534"])
        #expect(other.status == 1 && other.errorText.contains("\nPermissionError: "), "\(place)")
      }
      // It is the folder itself that keeps others out.
      let around = try await bench.run("python3", ["-c", look, folder, "65534"]).succeeded()
      #expect(around.text.contains("bm-"))
      held.letGo()
      #expect(try await program.end().status == 0)
    }
  }

  /// How a command ends.
  enum Ending: CaseIterable {
    case byItself, interruptedTwice, terminated, killed
  }

  @Test("the conversation ends with the command, however that ends")
  func endsWithTheCommand() async throws {
    try await Workbench.with(.helm3) { bench in
      try await bench.installReady(.appLabel)
      let folder = bench.temporaryFolder
      func expectOver(_ conversation: Conversation, _ about: Comment) async throws {
        #expect(try await conversation.processes(within: 5) == [], about)
        #expect(!FileManager.default.fileExists(atPath: conversation.folder), about)
      }
      for ending in Ending.allCases {
        let about: Comment = "\(ending)"
        let held = try HeldHelm(in: bench, on: "template")
        let program = try RunningProgram(
          in: bench, ["plan", "web", "--namespace", bench.namespace, "--helm", held.helm])
        try await held.untilHeld()
        let conversation = try await Conversation.begun(in: folder)
        switch ending {
        case .byItself: held.letGo()
        case .interruptedTwice: for _ in 0..<2 { program.send(SIGINT) }
        case .terminated: program.send(SIGTERM)
        case .killed: program.send(SIGKILL)
        }
        #expect((try await program.end().status == 0) == (ending == .byItself), about)
        try await expectOver(conversation, about)
        held.letGo()
        // The folder with the chart is not removed by a program that is killed.
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(ending == .byItself ? left == [] : left.count <= 1, "\(left), \(ending)")
        for name in left { try FileManager.default.removeItem(atPath: folder + "/" + name) }
      }

      // A run ends in an orderly way.
      let plan = try await bench.plan("web")
      let held = try HeldHelm(in: bench, on: "upgrade")
      let program = try RunningProgram(
        in: bench,
        ["apply", plan.id, "--namespace", bench.namespace, "--yes", "--helm", held.helm]
          + plan.acceptances)
      try await held.untilHeld()
      let conversation = try await Conversation.begun(in: folder)
      program.send(SIGINT)
      try await program.waitUntil("once more also ends")
      program.send(SIGINT)
      #expect(try await program.end().status == 130)
      try await expectOver(conversation, "apply")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
      held.letGo()
    }
  }

  // MARK: Ways to the cluster

  /// A way to the cluster that a kubeconfig, or its absence, may describe.
  enum Way: String, CaseIterable, Sendable {
    case environmentProxy = "HTTPS_PROXY"
    case proxyURL = "proxy-url"
    case context = "--kube-context"
    case inCluster = "in-cluster configuration"
    case severalFiles = "KUBECONFIG with several files"
    case environmentContext = "HELM_KUBECONTEXT"

    /// Whether it leads through a proxy.
    var isProxied: Bool { self == .environmentProxy || self == .proxyURL }
  }

  @Test("every way to a cluster that kubectl knows", arguments: HelmVersion.only(.helm4))
  func ways(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      let before = try await bench.state()
      try await ConnectProxy.with(bench) { proxy in
        // Each change of the release goes another way.
        for (index, way) in Way.allCases.enumerated() {
          let (there, options) = try bench.going(way, proxy)
          let isApply = index % 2 == 0
          let look = try await there.migrate(
            [isApply ? "plan" : "status", "web", "--output", "json"] + options)
          try #require(look.status == 0, "\(way): \(look.errorText)")
          let plan = try PlanReport(look.output)
          // The namespace is the one of that way, too.
          #expect(plan.json["release"]?["namespace"]?.string == bench.namespace, "\(way)")
          let run =
            try await isApply
            ? there.change("apply", [plan.id, "--no-wait"] + plan.acceptances + options)
            : there.rollback(["--no-wait"] + options)
          #expect(run.ended(0, "done"), "\(way): \(run)")
          #expect(try proxy.takeConnections().isEmpty != way.isProxied, "\(way)")
        }
      }
      #expect(try await bench.state().differences(from: before) == [])
    }
  }

  @Test("a user who is impersonated has that user's rights")
  func impersonates() async throws {
    try await Workbench.with(.helm3) { bench in
      try await bench.installReady(.appLabel)
      var config = try Kubeconfig(of: bench)
      config.user["as"] = "limited"
      let other = try bench.with(config.document())
      let refused = try await other.migrate("plan", "web", "--namespace", bench.namespace)
      #expect(refused.status == 1 && refused.output.isEmpty)
      #expect(refused.errorText.contains(#"User "limited" cannot list resource "secrets""#))
      #expect(refused.errorText.split(separator: "\n").count == 1, "\(refused.errorText)")
      _ = try await bench.limited(to: ServerTests.reading)
      let plan = try await other.plan("web")
      #expect(plan.unchecked["server-rejects"]?.contains("patch deployments") == true)
    }
  }

  // MARK: Credentials that end

  /// Whose credentials end when helm is about to upgrade.
  enum Expired: CaseIterable {
    /// A login for helm fails; what the conversation has is still good.
    case forHelm
    /// Nobody can log in for a while.
    case forAll
  }

  @Test("credentials that end half-way leave nothing held", arguments: Expired.allCases)
  func credentialsEnd(expired: Expired) async throws {
    try await Workbench.with(.helm4) { plain in
      try await plain.installConfigured()
      let before = try await plain.state()
      let login = try CountingLogin(in: plain, lasting: expired == .forAll ? 2 : nil)
      let bench = login.bench
      let plan = try await bench.plan("web")
      _ = try login.logins()
      // Helm is tried twice within the time, then the way back begins.
      let failures = expired == .forAll ? 3 : 2
      let applied = try await bench.apply(
        plan, "--no-wait", "--request-timeout", "5s", "--helm",
        try bench.wrapHelm(on: "upgrade", login.failing(failures)))
      #expect(applied.ended(1, "rolled-back"), "\(applied)")
      #expect(applied.run?.message.contains(" cannot log in to the cluster; log in again") == true)
      let own = applied.errorText.split(separator: "\n").filter { $0 == CountingLogin.refusal }
      #expect(own.count == failures - 2, "\(applied)")
      let logins = try login.logins()
      #expect(logins.filter { $0 == "helm upgrade" }.count == 2, "\(logins)")
      #expect(try await plain.state().differences(from: before) == [])
      let status = try await bench.status()
      #expect(status.state == "rolled-back" && status.message == applied.run?.message)
      #expect(status.json["now"]?["heldStill"]?.elements == [], "\(status.json.canonical)")
    }
  }

  @Test("a login that fails is tried once, and told once")
  func loginFails() async throws {
    try await Workbench.with(.helm3) { plain in
      let login = try CountingLogin(in: plain)
      _ = try await plain.shell(login.failing(1_000)).succeeded()
      for command in ["plan", "export", "status", "doctor", "rollback"] {
        let outcome = try await login.bench.migrate(
          command, "web", "--namespace", plain.namespace)
        #expect(outcome.status == 1, "\(command)")
        #expect(try login.logins() == ["kubectl proxy"], "\(command)")
        let lines = outcome.errorText.split(separator: "\n")
        #expect(lines.first ?? "" == CountingLogin.refusal, "\(outcome.errorText)")
        let sentences = command == "doctor" ? outcome.text : String(lines.last ?? "")
        #expect(sentences.contains("log in again"), "\(outcome.errorText)")
        #expect(lines.count == (command == "doctor" ? 1 : 2), "\(outcome.errorText)")
      }
    }
  }
}

/// A helm that stops before one of its commands until it may go on.
private struct HeldHelm {
  /// The program.
  let helm: String
  private let marks: String

  init(in bench: Workbench, on command: String) throws {
    marks = bench.folder + "/held-\(UUID().uuidString.prefix(8))"
    helm = try bench.wrapHelm(
      on: command,
      """
      touch '\(marks).held'; n=0
      while [ ! -e '\(marks).go' ] && [ $n -lt 600 ]; do n=$((n + 1)); sleep 0.05; done
      """)
  }

  /// Waits until it stopped.
  func untilHeld() async throws {
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: marks + ".held") {
      try await Task.sleep(for: .milliseconds(50))
    }
    try #require(FileManager.default.fileExists(atPath: marks + ".held"))
  }

  func letGo() { _ = FileManager.default.createFile(atPath: marks + ".go", contents: nil) }
}

/// What a command's conversation is made of, as others on the machine see it.
private struct Conversation {
  /// The folder of its socket.
  let folder: String

  /// Waits until there is one, with its kubectl, its keeper and its socket.
  static func begun(in temporary: String) async throws -> Conversation {
    for _ in 0..<200 {
      let names = try FileManager.default.contentsOfDirectory(atPath: temporary)
      if let name = names.first(where: { $0.hasPrefix("bm-") }) {
        let begun = Conversation(folder: temporary + "/" + name)
        if begun.processes().count == 2,
          FileManager.default.fileExists(atPath: begun.folder + "/s")
        {
          return begun
        }
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw NotBegun(left: try FileManager.default.contentsOfDirectory(atPath: temporary))
  }

  private struct NotBegun: Error { let left: [String] }

  /// Its processes, by their command lines; for a while, until there are none.
  func processes(within seconds: Double) async throws -> [String] {
    let end = Date(timeIntervalSinceNow: seconds)
    while !processes().isEmpty, Date() < end { try await Task.sleep(for: .milliseconds(50)) }
    return processes()
  }

  func processes() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.filter { Int32($0) != nil }.compactMap { name in
      let file = FileHandle(forReadingAtPath: "/proc/\(name)/cmdline")
      guard let bytes = try? file?.readToEnd() else { return nil }
      let line = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        .joined(separator: " ")
      return line.contains(folder) ? line : nil
    }
  }
}

/// An HTTP proxy that knows the cluster by a name that nothing else does.
private struct ConnectProxy {
  static let name = "kubernetes.default.svc"

  let url: String
  private let log: String
  private let process: Int32

  static func with(
    _ bench: Workbench, _ work: nonisolated(nonsending) (ConnectProxy) async throws -> Void
  ) async throws {
    let proxy = try await ConnectProxy(bench)
    defer { kill(proxy.process, SIGKILL) }
    try await work(proxy)
  }

  private init(_ bench: Workbench) async throws {
    log = bench.folder + "/connections"
    let ready = bench.folder + "/connect-proxy"
    let program = Process()
    program.executableURL = URL(filePath: "/usr/bin/env")
    program.arguments = ["python3", "-c", Self.script, ready, log]
    program.standardInput = FileHandle.nullDevice
    try program.run()
    process = program.processIdentifier
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: ready) {
      try await Task.sleep(for: .milliseconds(50))
    }
    url = "http://127.0.0.1:" + (try String(contentsOfFile: ready, encoding: .utf8))
  }

  private static let script = """
    import os, socket, sys, threading
    ready, log = sys.argv[1:]
    def pass_on(source, target):
        try:
            while data := source.recv(65536): target.sendall(data)
        except OSError: pass
        try: target.shutdown(socket.SHUT_WR)
        except OSError: pass
    def serve(client):
        head = b""
        while b"\\r\\n\\r\\n" not in head:
            data = client.recv(4096)
            if not data: return
            head += data
        place = head.split()[1].decode()
        with open(log, "a") as file: print(place, file=file)
        server = socket.create_connection(("127.0.0.1", int(place.rsplit(":", 1)[1])))
        client.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
        threading.Thread(target=pass_on, args=(client, server), daemon=True).start()
        pass_on(server, client)
    listener = socket.create_server(("127.0.0.1", 0))
    with open(ready + ".new", "w") as file: file.write(str(listener.getsockname()[1]))
    os.rename(ready + ".new", ready)
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
    """

  /// Where it connected to since this was asked last.
  func takeConnections() throws -> [String] {
    guard let data = FileManager.default.contents(atPath: log) else { return [] }
    try FileManager.default.removeItem(atPath: log)
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

extension Workbench {
  /// The same place, reached in one of many ways, with the options that belong to it.
  fileprivate func going(
    _ way: ConversationTests.Way, _ proxy: ConnectProxy
  ) throws -> (Workbench, [String]) {
    var config = try Kubeconfig(of: self)
    let dead: [String: JSON] = ["server": "https://127.0.0.1:1"]
    let contexts = [
      "elsewhere": Kubeconfig.context(cluster: "dead"),
      "there": Kubeconfig.context(namespace: namespace),
    ]
    switch way {
    case .environmentProxy, .proxyURL:
      config.cluster["server"] = .string(
        config.server.replacing("127.0.0.1", with: ConnectProxy.name))
      if way == .proxyURL { config.cluster["proxy-url"] = .string(proxy.url) }
      var bench = try with(config.document(namespace: namespace))
      if way == .environmentProxy { bench.variables["HTTPS_PROXY"] = proxy.url }
      return (bench, [])
    case .context, .environmentContext:
      var bench = try with(
        Kubeconfig.document(
          clusters: ["c": config.cluster, "dead": dead], users: ["u": config.user],
          contexts: contexts, current: "elsewhere"))
      if way == .context { return (bench, ["--kube-context", "there"]) }
      bench.variables["HELM_KUBECONTEXT"] = "there"
      return (bench, [])
    case .severalFiles:
      let bench = try with(
        Kubeconfig.document(clusters: ["c": config.cluster], current: "there"),
        Kubeconfig.document(
          clusters: ["c": dead, "dead": dead], users: ["u": config.user], contexts: contexts,
          current: "elsewhere"))
      return (bench, [])
    case .inCluster: return (try inCluster(config), [])
    }
  }

  /// The same place as a Pod sees it: without a kubeconfig, and with a token in a file. That has
  /// its place in a file system that nobody else sees.
  private func inCluster(_ config: Kubeconfig) throws -> Workbench {
    let account = folder + "/serviceaccount"
    try FileManager.default.createDirectory(atPath: account, withIntermediateDirectories: false)
    for (name, data) in [
      ("token", Data(config.token.utf8)), ("ca.crt", config.authority),
      ("namespace", Data(namespace.utf8)),
    ] {
      try data.write(to: URL(filePath: account + "/" + name))
    }
    let script = """
      #!/bin/sh
      exec unshare --mount sh -ec '
        mount -t tmpfs none "$(readlink -f /var/run)"
        mkdir -p /var/run/secrets/kubernetes.io
        cp -R "$0" /var/run/secrets/kubernetes.io/serviceaccount
        exec "$@"' '\(account)' '\(sandbox.binary)' "$@"

      """
    let program = folder + "/pod/backbone-migrate"
    try FileManager.default.createDirectory(
      atPath: folder + "/pod", withIntermediateDirectories: false)
    try script.write(toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let port = config.server.split(separator: ":").last.map(String.init) ?? ""
    var bench = self
    bench.variables.merge(
      [
        "KUBECONFIG": nil, "KUBERNETES_SERVICE_HOST": "127.0.0.1",
        "KUBERNETES_SERVICE_PORT": port,
        "PATH": "\(folder)/pod:" + (environment["PATH"].flatMap { $0 } ?? ""),
      ]
    ) { _, new in new }
    return bench
  }
}

extension RecordingPrograms {
  /// Every call that was written down, a word after the other, with the name of the program first;
  /// they are forgotten then.
  fileprivate func takeCalls() throws -> [[String]] {
    let folder = URL(filePath: helm).deletingLastPathComponent().path() + "children"
    let files = FileManager.default
    let names = try files.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".arguments") }
    let calls = try names.map { name in
      let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
      var words = text.split(separator: "\n").map(String.init)
      words[0] = URL(filePath: words[0]).lastPathComponent
      return words
    }
    for name in try files.contentsOfDirectory(atPath: folder) {
      try files.removeItem(atPath: folder + "/" + name)
    }
    return calls
  }
}

extension [String] {
  /// The words up to one, as one text.
  fileprivate func first(while isWanted: (String) -> Bool) -> String {
    prefix(while: isWanted).joined(separator: " ")
  }
}
