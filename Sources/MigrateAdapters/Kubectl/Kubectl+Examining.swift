package import MigratePlanning

extension Kubectl {
  /// The program's own version without the leading `v`, such as `1.32.3`.
  ///
  /// - Throws: ``ClientError``.
  package func version() async throws(ClientError) -> String {
    try await version("clientVersion", ["--client"])
  }

  /// The API server's version without the leading `v`.
  ///
  /// - Throws: ``ClientError``.
  package func serverVersion() async throws(ClientError) -> String {
    try await version("serverVersion", [Self.shortWait])
  }

  private func version(_ side: String, _ flags: [String]) async throws(ClientError) -> String {
    let action = "kubectl version"
    let output = try await output(action, ["version", "--output", "json"] + flags)
    guard let version = (try? JSONReader().value(output))?[side]?["gitVersion"]?.string else {
      throw unreadable(action, "\(side) is missing")
    }
    return String(version.trimmingPrefix("v"))
  }

  /// The kubeconfig's context. kubectl shows no credentials here.
  ///
  /// - Throws: ``ClientError``, also where there is no context.
  package func context() async throws(ClientError) -> Surroundings.Context {
    let action = "kubectl config view"
    let output = try await output(action, ["config", "view", "--minify", "--output", "json"])
    guard let config = try? JSONReader().value(output),
      let context = config["contexts"]?.elements.first, let name = context["name"]?.string
    else { throw unreadable(action, "it has no context") }
    return Surroundings.Context(
      name: name,
      namespace: context["context"]?["namespace"]?.string.flatMap { $0.isEmpty ? nil : $0 })
  }

  /// The phase of a namespace, such as `Active`.
  ///
  /// - Throws: ``ClientError``.
  package func phase(ofNamespace name: String) async throws(ClientError) -> String {
    let output = try await output(
      "kubectl get namespace",
      ["get", "namespace", name, "--output", "jsonpath={.status.phase}", Self.shortWait])
    return String(decoding: output, as: UTF8.self)
  }

  /// The backups of a release. What is in them stays in the cluster: kubectl prints labels and
  /// annotations only.
  ///
  /// - Throws: ``ClientError``.
  package func backups(of release: String) async throws(ClientError) -> [Surroundings.KeptBackup] {
    func annotation(_ name: String) -> String { "{.metadata.annotations.backbone-migrate/\(name)}" }
    let run = #"{.metadata.labels.backbone-migrate/run}"#
    let output = try await output(
      "kubectl get secrets",
      [
        "get", "secrets", "--selector", "\(BackupLabels.release)=\(release)", "--output",
        "jsonpath={range .items[*]}\(run)|\(annotation("created-at"))|"
          + "\(annotation("parts")){\"\\n\"}{end}",
        Self.shortWait,
      ])
    var backups: [Surroundings.KeptBackup] = []
    for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 3, !fields[0].isEmpty else { continue }
      if let index = backups.firstIndex(where: { $0.run == fields[0] }) {
        backups[index].parts += 1
      } else {
        backups.append(
          Surroundings.KeptBackup(
            run: fields[0], createdAt: DocumentTime(text: fields[1]), parts: 1,
            expectedParts: Int(fields[2]) ?? 1))
      }
    }
    return backups
  }

  /// The lock of a release; nil when no run ever took it.
  ///
  /// - Throws: ``ClientError``.
  func lock(of release: String) async throws(ClientError) -> ReleaseLock? {
    try await get(ObjectReference(kind: "Lease", name: ReleaseLock.name(of: release)))
      .flatMap(ReleaseLock.init(lease:))
  }

  /// Whoever asks how things are wants to know it soon.
  private static let shortWait = "--request-timeout=10s"
}
