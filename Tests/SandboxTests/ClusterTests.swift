import Foundation
import MigratePlanning
import SystemPackage
import Testing

@testable import MigrateAdapters

@Suite("The conversation with the cluster")
struct ClusterTests {
  private static let config: JSON = [
    "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "notes"], "data": ["a": "1"],
  ]
  private static let notes = ObjectReference(kind: "ConfigMap", name: "notes")

  private static func deployment(_ values: [String: JSON], replicas: Int = 1) -> JSON {
    let environment = values.sorted { $0.key < $1.key }.map { name, value -> JSON in
      ["name": .string(name), "value": value]
    }
    return [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
      "spec": [
        "replicas": .integer(replicas), "selector": ["matchLabels": ["app": "web"]],
        "template": [
          "metadata": ["labels": ["app": "web"]],
          "spec": [
            "containers": [
              ["name": "backbone", "image": "backbone:1", "env": .array(environment)]
            ]
          ],
        ],
      ],
    ]
  }

  @Test("finds every kind by what the server says of it")
  func discovers() async throws {
    try await Workbench.withCluster { _, cluster in
      let deployments = try await cluster.resource(kind: "Deployment")
      #expect(deployments.apiVersion == "apps/v1" && deployments.isNamespaced)
      #expect(try await cluster.resource(kind: "Secret") == .secrets)
      #expect(try await cluster.resource(kind: "Event").apiVersion == "v1")
      let roles = try await cluster.resource(
        kind: "ClusterRole", apiVersion: "rbac.authorization.k8s.io/v1")
      #expect(roles.plural == "clusterroles" && !roles.isNamespaced)
      let ingresses = try await cluster.resource(plural: "ingresses.networking.k8s.io")
      #expect(ingresses.kind == "Ingress")
      for kind in Neighbour.allCases { _ = try await cluster.resource(plural: kind.resource) }

      func isNotServed(_ kind: String, _ apiVersion: String? = nil) async -> Bool {
        do {
          if let apiVersion {
            _ = try await cluster.resource(kind: kind, apiVersion: apiVersion)
          } else if kind.contains(".") {
            _ = try await cluster.resource(plural: kind)
          } else {
            _ = try await cluster.resource(kind: kind)
          }
          return false
        } catch {
          return error.isNotServed && error.isNotFound && !error.isRefusal
        }
      }
      #expect(await isNotServed("Lantern"))
      #expect(await isNotServed("Deployment", "apps/v9"))
      #expect(await isNotServed("Lamp", "apps/v1"))
      #expect(await isNotServed("lanterns.example.org"))
    }
  }

  @Test("reads objects as kubectl does")
  func reads() async throws {
    try await Workbench.withCluster { bench, cluster in
      try await bench.create([Self.config])
      let live = try #require(try await cluster.get(Self.notes))
      #expect(live["data"] == ["a": "1"] && live["metadata"]?["managedFields"] != nil)
      #expect(try await cluster.get(ObjectReference(kind: "ConfigMap", name: "none")) == nil)

      let kubectl = try await bench.kubectl(
        "get", "configmap", "notes", "--output", "json", "--show-managed-fields")
      #expect(try JSONReader().value(kubectl.output) == live)

      let looks = try await cluster.look(for: [
        Self.config, ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "none"]],
        ["apiVersion": "example.org/v1", "kind": "Lantern", "metadata": ["name": "a"]],
        [
          "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(bench.namespace)],
        ],
      ])
      #expect(looks.prefix(3) == [.live(live), .absent, .notServed])
      guard case .live = looks[3] else {
        Issue.record("the namespace is \(looks[3])")
        return
      }
      let manifest = "# a comment\n---\n" + Self.config.valuesText + "\n---\n"
      #expect(try await cluster.get(manifests: [manifest]).all == [live])
      #expect(try await cluster.keys(of: .init(kind: .configMap, name: "notes")) == .keys(["a"]))
      #expect(try await cluster.keys(of: .init(kind: .secret, name: "none")) == .missing)
      #expect(try await cluster.phase(ofNamespace: bench.namespace) == "Active")
      let version = try await bench.kubectl("version", "--output", "json")
      #expect(
        try JSONReader().value(version.output)["serverVersion"]?["gitVersion"]?.string
          == "v\(try await cluster.serverVersion())")
    }
  }

  @Test("lists page by page, and by selector")
  func lists() async throws {
    try await Workbench.withCluster { bench, cluster in
      try await bench.create(
        (1...7).map { number in
          [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": [
              "name": .string("n\(number)"), "labels": ["odd": .bool(number % 2 == 1).text],
            ],
          ]
        })
      for size in [1, 3, 500] {
        let (items, version) = try await cluster.list(
          .configMaps, .init(labels: "odd in (true, false)"), pageSize: size)
        #expect(items.map(\.objectName) == (1...7).map { "n\($0)" } && !version.isEmpty)
        #expect(items.allSatisfy { $0["kind"] == "ConfigMap" && $0["apiVersion"] == "v1" })
      }
      let odd = try await cluster.list("configmaps", .init(labels: "odd=true"))
      #expect(odd.all.map(\.objectName) == ["n1", "n3", "n5", "n7"])
      let one = try await cluster.list("configmaps", .init(fields: "metadata.name=n2"))
      #expect(one.all.map(\.objectName) == ["n2"])
      #expect(!(try await cluster.roleBindings()).all.isEmpty)
      #expect(try await cluster.all(of: .ingress).unread == nil)
    }
  }

  @Test("writes, and a dry run writes nothing")
  func writes() async throws {
    try await Workbench.withCluster { _, cluster in
      _ = try await cluster.create(Self.config, dryRun: true)
      #expect(try await cluster.get(Self.notes) == nil)
      let made = try await cluster.create(Self.config)
      #expect(
        made["metadata"]?["managedFields"]?.elements.first?["manager"] == "backbone-migrate")
      await #expect { _ = try await cluster.create(Self.config) } throws: {
        ($0 as? ClusterError)?.isAlreadyExists == true
      }

      for (type, patch, value): (Cluster.PatchType, JSON, JSON) in [
        (.json, [["op": "replace", "path": "/data/a", "value": "2"]], "2"),
        (.merge, ["data": ["a": "3"]], "3"), (.strategic, ["data": ["a": "4"]], "4"),
      ] {
        let foretold = try await cluster.patch(Self.notes, with: patch, as: type, dryRun: true)
        #expect(foretold["data"]?["a"] == value)
        #expect(try await cluster.get(Self.notes)?["data"]?["a"] != value)
        _ = try await cluster.patch(Self.notes, with: patch, as: type)
        #expect(try await cluster.get(Self.notes)?["data"]?["a"] == value)
      }
      // Somebody was faster, in three ways.
      let stale: JSON = .object(
        made.members.merging(["data": ["a": "5"]]) { _, new in new })
      await #expect { _ = try await cluster.replace(stale) } throws: {
        ($0 as? ClusterError)?.isConflict == true
      }
      for word in ["test", "replace"] {
        let patch: JSON = [
          ["op": .string(word), "path": "/metadata/resourceVersion", "value": "1"]
        ]
        await #expect { _ = try await cluster.patch(Self.notes, with: patch) } throws: {
          ($0 as? ClusterError)?.isConflict == true
        }
      }
      _ = try await cluster.replace(Self.config)
      #expect(try await cluster.get(Self.notes)?["data"]?["a"] == "1")

      try await cluster.remove(Self.notes, dryRun: true)
      #expect(try await cluster.get(Self.notes) != nil)
      try await cluster.remove(Self.notes)
      #expect(try await cluster.get(Self.notes) == nil)
      try await cluster.remove(Self.notes)
      try await cluster.delete(Self.notes, timeout: 5)
    }
  }

  @Test("names the fields of others, and why an object is refused")
  func asks() async throws {
    try await Workbench.withCluster { bench, cluster in
      _ = try await cluster.apply(
        Self.deployment(["A": "1"]), manager: "helm", force: false, dryRun: false)
      try await bench.setByHand("A=2", on: "web")
      let refusal = try #require(
        try await cluster.replyToApply(
          Self.deployment(["A": "3"], replicas: 2), checksFields: true
        ).refusal)
      #expect(
        refusal.fieldConflicts.map { "\($0.manager) \($0.field)" } == [
          "kubectl-set .spec.template.spec.containers[name=\"backbone\"].env[name=\"A\"].value"
        ])
      #expect(!refusal.isConflict && refusal.isRefusal && !refusal.leavesOpen)
      let forced = try await cluster.replyToApply(
        Self.deployment(["A": "3"]), force: true, checksFields: true)
      guard case .taken(let applied) = forced else {
        Issue.record("\(forced)")
        return
      }
      #expect(Workbench.container(of: applied)["env"] == [["name": "A", "value": "3"]])
      #expect(
        try await bench.liveContainer("web")["env"] == [["name": "A", "value": "2"]])

      let wrong = Self.deployment(["A": true])
      let invalid = Self.deployment([:], replicas: -1)
      var answers: [ClusterError?] = []
      for object in [Self.config, wrong, Self.deployment([:]), invalid] {
        answers.append(
          try await cluster.replyToCreate(object, checksFields: true).refusal)
      }
      #expect(answers[0] == nil)
      #expect(answers[1]?.reason == .badRequest)
      #expect(answers[2]?.isAlreadyExists == true)
      #expect(answers[3]?.causes.map(\.field) == ["spec.replicas"])
      func refused(template: JSON) async throws -> ClusterError? {
        try await cluster.replyToPatch(
          Self.deployment([:]),
          [["op": "replace", "path": "/spec/template", "value": template]]
        ).refusal
      }
      let template = Self.deployment(["B": "1"])["spec"]?["template"] ?? [:]
      let taken = try await refused(template: template)
      #expect(taken == nil)
      let other = try await refused(template: ["metadata": ["labels": ["app": "other"]]])
      #expect(other?.reason == .invalid && other?.causes.isEmpty == false)
    }
  }

  @Test("deletes with all that is owned, and waits for it by a watch")
  func deletes() async throws {
    try await Workbench.withCluster { bench, cluster in
      _ = try await cluster.create(Self.deployment([:]))
      let web = ObjectReference(kind: "Deployment", name: "web")
      while try await bench.names(of: "replicasets").isEmpty {
        try await Task.sleep(for: .milliseconds(100))
      }
      try await cluster.delete(web, timeout: 60)
      #expect(try await cluster.get(web) == nil)
      #expect(try await bench.names(of: "replicasets").isEmpty)

      var held = Self.config.members
      held["metadata"] = ["name": "notes", "finalizers": ["example.org/held"]]
      try await bench.create([.object(held)])
      await #expect { try await cluster.delete(Self.notes, timeout: 1) } throws: {
        ($0 as? ClusterError)?.problem == .notGone(seconds: 1)
      }
      async let gone: Void = cluster.delete(Self.notes, timeout: 60)
      _ = try await cluster.patch(
        Self.notes, with: ["metadata": ["finalizers": .null]], as: .merge)
      try await gone
    }
  }

  @Test("sees what happens as it happens")
  func watches() async throws {
    try await Workbench.withCluster { bench, cluster in
      let selection = Cluster.Selection(fields: "metadata.name=notes")
      let (_, version) = try await cluster.list(.configMaps, selection)
      let events = try await cluster.watch(
        .configMaps, selection, in: bench.namespace, from: version, timeout: 60)
      var seen: [WatchEvent.Kind] = []
      _ = try await cluster.create(Self.config)
      for try await event in events where event.kind != .bookmark {
        seen.append(event.kind)
        switch event.kind {
        case .added: _ = try await cluster.patch(Self.notes, with: ["data": ["a": "9"]], as: .merge)
        case .modified:
          #expect(event.object["data"]?["a"] == "9")
          try await cluster.remove(Self.notes)
        case .deleted, .bookmark: break
        }
        if event.kind == .deleted { break }
      }
      #expect(seen == [.added, .modified, .deleted])

      // The server ends a watch by itself.
      var count = 0
      for try await _ in try await cluster.watch(
        .configMaps, selection, in: bench.namespace, from: version, timeout: 1)
      {
        count += 1
      }
      #expect(count >= 3)
    }
  }

  @Test("asks about permissions, and tells what may not be done")
  func asksAboutPermissions() async throws {
    try await Workbench.withCluster { bench, everything in
      let limited = try await bench.limited(to: [
        Rule(groups: [""], resources: ["configmaps"], verbs: ["get", "create", "delete"])
      ])
      let cluster = limited.cluster()
      let permissions = [
        Permission("get", "configmaps", in: bench.namespace),
        Permission("get", "secrets", in: bench.namespace),
        Permission("patch", "deployments", group: "apps", in: bench.namespace),
      ]
      #expect(
        try await cluster.granted(permissions)
          == Dictionary(uniqueKeysWithValues: zip(permissions, [true, false, false])))
      #expect(try await everything.granted(permissions).values.allSatisfy { $0 })
      #expect(try await cluster.granted([]).isEmpty)
      let refusal = try await cluster.replyToPatch(
        Self.deployment([:]), [["op": "remove", "path": "/spec/paused"]]
      ).refusal
      #expect(refusal?.missingPermission == "patch deployments")
      let hidden = try await cluster.look(for: [Self.deployment([:])])
      guard case .hidden(let error)? = hidden.first else {
        Issue.record("\(hidden)")
        return
      }
      #expect(error.isForbidden && error.missingPermission == "get deployments")
      let content = try await cluster.keys(of: .init(kind: .secret, name: "x"))
      guard case .unreadable = content else {
        Issue.record("\(content)")
        return
      }
      // Without a watch, it looks again and again.
      _ = try await cluster.create(Self.config)
      try await cluster.delete(Self.notes, timeout: 10)
      await cluster.end()
    }
  }

  // MARK: Releases

  static let helms = [
    "BACKBONE_SANDBOX_HELM3", "BACKBONE_SANDBOX_HELM41", "BACKBONE_SANDBOX_HELM4",
  ]

  @Test(
    "reads a release as helm itself does", arguments: helms,
    [Cluster.ReleaseStorage.secret, .configMap])
  func readsReleases(helm variable: String, storage: Cluster.ReleaseStorage) async throws {
    let program = try #require(ProcessInfo.processInfo.environment[variable])
    try await Workbench.withCluster(variable.hasSuffix("3") ? .helm3 : .helm4) { bench, cluster in
      var bench = bench
      try bench.link("bin/helm", to: program)
      bench.variables["HELM_DRIVER"] = storage == .secret ? "secret" : "configmap"
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      let values: JSON = [
        "image": ["tag": "1"], "odd": ["é": "\u{2028}", "big": .number("12345678901")],
        "nothing": .null,
      ]
      try await bench.install(.appLabel, as: "web", values: values)
      _ = try await bench.helm(
        ["upgrade", "web", FixtureChart.appLabel.path, "--values", "-"],
        input: #"{"image": {"tag": "2"}}"#)
      _ = try await bench.helm("rollback", "web", "1")
      _ = try await bench.helm("install", "webb", FixtureChart.appLabel.path)

      let history = try JSONReader().value(
        try await bench.helm("history", "web", "--output", "json").output)
      let releases = try await cluster.releases(of: "web", in: storage)
      #expect(releases.map(\.revision) == [1, 2, 3])
      for (release, entry) in zip(releases, history.elements) {
        #expect(entry["revision"]?.integer == release.revision)
        #expect(entry["status"]?.string == release.status)
        #expect(entry["description"]?.string == release.description)
        #expect(entry["chart"]?.string == "\(release.chartName)-\(release.chartVersion)")
        #expect((entry["app_version"]?.string ?? "") == release.appVersion)
        let status = try JSONReader().value(
          try await bench.helm(
            "status", "web", "--revision", "\(release.revision)", "--output", "json"
          ).output)
        #expect(status["name"]?.string == release.name)
        #expect(status["namespace"]?.string == release.namespace)
        #expect(status["version"]?.integer == release.revision)
        #expect(status["info"]?["status"]?.string == release.status)
        #expect((status["config"] ?? [:]) == release.config)
        #expect(status["manifest"]?.string == release.manifest)
        #expect((status["apply_method"] == "ssa") == (release.applyMethod == .serverSide))
      }
      let second = try await cluster.release("web", revision: 2, in: storage)
      #expect(second == releases[1])
      #expect(try await cluster.release("web", revision: 9, in: storage) == nil)
      #expect(try await cluster.releases(of: "nobody", in: storage).isEmpty)
    }
  }

  // MARK: The proxy

  private func process(of cluster: Cluster) async throws -> (kubectl: Int32, socket: String) {
    let proxy = try #require(cluster.proxy)
    return try await proxy.process()
  }

  @Test("starts a proxy again that was killed, kubectl or its keeper")
  func survivesKills() async throws {
    try await Workbench.withCluster { bench, cluster in
      _ = try await cluster.create(Self.config)
      let first = try await process(of: cluster)
      kill(first.kubectl, SIGKILL)
      #expect(try await cluster.get(Self.notes) != nil)
      let second = try await process(of: cluster)
      #expect(second.kubectl != first.kubectl && second.socket != first.socket)
      #expect(!FileManager.default.fileExists(atPath: Self.folder(of: first.socket)))

      // A change goes on, too, when nobody had it.
      let keeper = try #require(Self.parent(of: second.kubectl))
      kill(keeper, SIGKILL)
      await Self.untilGone(second.kubectl)
      _ = try await cluster.patch(Self.notes, with: ["data": ["a": "2"]], as: .merge)
      #expect(try await cluster.get(Self.notes)?["data"]?["a"] == "2")
      #expect(!FileManager.default.fileExists(atPath: Self.folder(of: second.socket)))
    }
  }

  @Test("logs in once, where its user sees it, and does not hear Ctrl-C")
  func logsInOnce() async throws {
    try await Workbench.withCluster { bench, _ in
      let config = try JSONReader().value(
        try await bench.kubectl("config", "view", "--raw", "--output", "json").output)
      let users = config["users"]?.elements ?? []
      let tokens = users.compactMap { $0["user"]?["token"]?.string }
      let token = try #require(tokens.first)
      // What a cloud's program does, with a word to its user.
      let login = """
        #!/bin/sh
        echo once >> \(bench.folder)/logins
        printf 'Enter code 17: ' >&2
        echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",\
        "status":{"token":"\(token)"}}'
        """
      let program = bench.folder + "/login"
      try Data(login.utf8).write(to: URL(filePath: program))
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o700], ofItemAtPath: program)
      let exec: JSON = [
        "apiVersion": "client.authentication.k8s.io/v1", "command": .string(program),
        "interactiveMode": "IfAvailable",
      ]
      var members = config.members
      members["users"] = .array(
        users.map { ["name": $0["name"] ?? .null, "user": ["exec": exec]] })
      let path = bench.folder + "/with-login"
      try Data(JSON.object(members).canonical.utf8).write(to: URL(filePath: path))
      let words = bench.folder + "/words"
      _ = FileManager.default.createFile(atPath: words, contents: nil)
      let errors = try #require(FileHandle(forWritingAtPath: words))

      let cluster = bench.cluster(kubeconfig: path, errorOutput: errors.fileDescriptor)
      let permissions = (0..<20).map { Permission("get", "pods", in: "n\($0)") }
      #expect(try await cluster.granted(permissions).count == 20)
      let (kubectl, _) = try await process(of: cluster)
      for _ in 0..<3 {
        kill(kubectl, SIGINT)
        _ = try await cluster.serverVersion()
      }
      let same = try await process(of: cluster).kubectl
      #expect(same == kubectl)
      #expect(try String(contentsOfFile: bench.folder + "/logins", encoding: .utf8) == "once\n")
      #expect(try String(contentsOfFile: words, encoding: .utf8) == "Enter code 17: ")
      await cluster.end()
    }
  }

  @Test("leaves nothing behind")
  func leavesNothing() async throws {
    try await Workbench.withCluster { bench, cluster in
      _ = try await cluster.serverVersion()
      let (kubectl, socket) = try await process(of: cluster)
      let environment = try #require(
        FileManager.default.contents(atPath: "/proc/\(kubectl)/environ"))
      #expect(!String(decoding: environment, as: UTF8.self).contains(RunningChild.mark))
      await cluster.end()
      #expect(kill(kubectl, 0) == -1)
      #expect(!FileManager.default.fileExists(atPath: Self.folder(of: socket)))
      // Whoever still asks begins no other one.
      let late = await #expect(throws: ClusterError.self) { try await cluster.serverVersion() }
      #expect(late?.problem == .cancelled)
    }
  }

  @Test("is reached by nobody else")
  func isPrivate() async throws {
    try await Workbench.withCluster { bench, cluster in
      let (_, socket) = try await process(of: cluster)
      let mode = try FileManager.default.attributesOfItem(atPath: Self.folder(of: socket))
      #expect(mode[.posixPermissions] as? Int == 0o700)
      #expect(socket.utf8.count <= KubectlProxy.longestPath)
      let ask = """
        import socket, sys
        s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
        s.sendall(b"GET /version HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n"); print(s.recv(99))
        """
      let own = try await bench.run("python3", ["-c", ask, socket]).succeeded()
      #expect(own.text.contains("200 OK"))
    }
  }

  @Test("ends its proxy also when this program is killed")
  func endsWithThisProgram() async throws {
    try await Workbench.withCluster { bench, _ in
      let folder = try ProxyFolder.make()
      // Stands for this program: it has the other end of the keeper's line.
      let holder = """
        import os, signal, socket, subprocess, sys
        ours, theirs = socket.socketpair()
        binary, folder, kubectl, config = sys.argv[1:]
        subprocess.Popen([binary, "__kubectl-proxy", folder, kubectl, "proxy",
          "--unix-socket=" + folder + "/s", "--kubeconfig", config], stdout=theirs.fileno())
        theirs.close()
        said = b""
        while b"ready" not in said: said += ours.recv(99)
        print(said.split()[1].decode(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        """
      let outcome = try await bench.run(
        "python3",
        ["-c", holder, bench.sandbox.binary, folder, bench.sandbox.kubectl, bench.kubeconfig])
      let kubectl = try #require(Int32(outcome.text.trimmingCharacters(in: .newlines)))
      await Self.untilGone(kubectl)
      while FileManager.default.fileExists(atPath: folder) {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  @Test("says what is wrong with a cluster that it cannot reach")
  func saysWhatIsWrong() async throws {
    try await Workbench.withCluster { bench, _ in
      func problem(_ cluster: Cluster) async -> String {
        do {
          return try await cluster.serverVersion()
        } catch {
          return "\(error)"
        }
      }
      let errors = try #require(FileHandle(forWritingAtPath: "/dev/null"))
      func cluster(
        kubectl: String? = nil, context: String? = nil, kubeconfig: String? = nil
      ) -> Cluster {
        bench.cluster(
          kubectl: kubectl, context: context, kubeconfig: kubeconfig,
          errorOutput: errors.fileDescriptor)
      }
      #expect(await problem(cluster(kubectl: "no-such-kubectl")).contains("was not found"))
      let context = await problem(cluster(context: "none"))
      #expect(context.contains("context \"none\" does not exist"), "\(context)")
      let config = try await bench.kubectl("config", "view", "--raw", "--output", "json")
      let dead = config.text.replacing(
        /"server": "[^"]*"/, with: #""server": "https://127.0.0.1:1""#)
      let path = bench.folder + "/dead"
      try Data(dead.utf8).write(to: URL(filePath: path))
      let away = await problem(cluster(kubeconfig: path))
      for words in ["cannot reach the cluster", "connection refused"] {
        #expect(away.contains(words), "\(away)")
      }
    }
  }

  private static func folder(of socket: String) -> String {
    URL(filePath: socket).deletingLastPathComponent().path()
  }

  private static func parent(of process: Int32) -> Int32? {
    let status = FileManager.default.contents(atPath: "/proc/\(process)/status")
    return status.flatMap { String(decoding: $0, as: UTF8.self).firstMatch(of: /PPid:\s*(\d+)/) }
      .flatMap { Int32($0.1) }
  }

  /// Waits until a process has ended; a zombie has.
  private static func untilGone(_ process: Int32) async {
    while let status = FileManager.default.contents(atPath: "/proc/\(process)/status"),
      !String(decoding: status, as: UTF8.self).contains("State:\tZ")
    {
      try? await Task.sleep(for: .milliseconds(20))
    }
  }
}

extension JSON {
  /// A boolean as the value of a label.
  fileprivate var text: JSON { .string(canonical) }
}

extension Workbench {
  /// A conversation with the sandbox's API server, in the namespace of the test.
  fileprivate func cluster(
    kubectl: String? = nil, context: String? = nil, kubeconfig: String? = nil,
    errorOutput: Int32 = 2
  ) -> Cluster {
    let connection = ClusterConnection(
      namespace: namespace, context: context, kubeconfig: kubeconfig ?? self.kubeconfig,
      requestTimeout: .seconds(60))
    return Cluster(
      transport: KubectlProxy(
        executable: kubectl ?? sandbox.kubectl, connection: connection, keeper: sandbox.binary,
        errorOutput: FileDescriptor(rawValue: errorOutput)),
      connection: connection,
      currentNamespace: CurrentNamespace { () throws(ClusterError) in
        throw ClusterError("namespace", .noProxy("not asked for"))
      }, redactor: Redactor())
  }

  /// Does a test's work in a namespace of its own, with a conversation.
  fileprivate static func withCluster(
    _ helm: HelmVersion = .helm4,
    _ work: nonisolated(nonsending) (Workbench, Cluster) async throws -> Void
  ) async throws {
    try await with(helm) { bench in
      let cluster = bench.cluster()
      do {
        try await work(bench, cluster)
      } catch {
        await cluster.end()
        throw error
      }
      await cluster.end()
    }
  }
}

extension Cluster.Reply {
  /// The refusal; nil when it was taken.
  fileprivate var refusal: ClusterError? {
    guard case .refused(let error) = self else { return nil }
    return error
  }
}
