/// Judges the surroundings: one line for each, and what to do about what does not work.
package struct Diagnosis: Sendable {
  private typealias Check = DoctorDocument.Check

  private let found: Surroundings
  /// The options by which a next command reaches the same place, such as ` --namespace mqtt`.
  private let place: String
  private let now: Timestamp

  package init(_ found: Surroundings, place: String, now: Timestamp) {
    self.found = found
    self.place = place
    self.now = now
  }

  package var document: DoctorDocument {
    DoctorDocument(
      namespace: found.namespace, release: found.release?.name,
      checks: [helm, kubectl, kubeconfig, cluster, namespace]
        + ShippedRole.allCases.map(permissions) + [history, temporaryFolder]
        + (found.release.map(checks) ?? []))
  }

  // MARK: Programs

  private var helm: Check {
    let version: String
    switch found.helm {
    case .success(let text): version = text
    case .failure(let failure):
      return Check(
        .helm, .failed, failure.words,
        remedy: "install helm 3.17 or 4, or name it with --helm")
    }
    guard let number = Version(version) else {
      return Check(.helm, .warning, "helm \(version), which is no version that is known")
    }
    let tested = "tested are 3.17, 4.1 and 4.3"
    if number < Version(3, 17) {
      return Check(
        .helm, .warning, "helm \(version) is older than any that was tested",
        remedy: "take helm 3.17 or later; \(tested)")
    }
    if number.major > 4 {
      return Check(
        .helm, .warning, "helm \(version) is newer than any that was tested",
        remedy: "try it with --dry-run first; \(tested)")
    }
    return Check(.helm, .ok, "helm \(version)")
  }

  private var kubectl: Check {
    switch found.kubectl {
    case .success(let version): Check(.kubectl, .ok, "kubectl \(version)")
    case .failure(let failure):
      Check(
        .kubectl, .failed, failure.words, remedy: "install kubectl, or name it with --kubectl")
    }
  }

  // MARK: The cluster

  private var kubeconfig: Check {
    switch (found.context, found.server) {
    case (.success(let context), _):
      return Check(.kubeconfig, .ok, "context \"\(context.name)\"")
    case (.failure(.notAsked), _), (.failure(.noProgram), _):
      return skipped(.kubeconfig, because: "kubectl does not run")
    case (.failure, .success):
      return Check(.kubeconfig, .ok, "no context; kubectl reaches a cluster without one")
    case (.failure(let failure), .failure):
      return Check(
        .kubeconfig, .failed, failure.words,
        remedy: "name a file with --kubeconfig or KUBECONFIG, and a context with --kube-context; "
          + "see \"kubectl config get-contexts\"")
    }
  }

  private var cluster: Check {
    switch found.server {
    case .success(let version):
      guard let server = Version(version),
        let kubectl = (try? found.kubectl.get()).flatMap(Version.init)
      else { return Check(.cluster, .ok, "Kubernetes \(version)") }
      guard server.major == kubectl.major, abs(server.minor - kubectl.minor) <= 1 else {
        return Check(
          .cluster, .warning,
          "Kubernetes \(version), with a kubectl of \(kubectl.major).\(kubectl.minor)",
          remedy: "Kubernetes supports a kubectl one minor version away at most; name another with "
            + "--kubectl if something fails oddly")
      }
      return Check(.cluster, .ok, "Kubernetes \(version)")
    case .failure(.notAsked), .failure(.noProgram):
      return skipped(.cluster, because: "kubectl does not run")
    case .failure(.unauthorized(let detail)):
      return Check(
        .cluster, .failed, "the cluster does not take the credentials: \(detail)",
        remedy: "log in again; \"kubectl config view --minify\" shows how this user does")
    case .failure(.unreachable(let detail)):
      return Check(
        .cluster, .failed, "the cluster does not answer: \(detail)",
        remedy: "check the network, --kubeconfig and --kube-context, then \"kubectl version\"")
    case .failure(let failure):
      return Check(
        .cluster, .failed, failure.words,
        remedy: "check --kubeconfig and --kube-context, then \"kubectl version\"")
    }
  }

  private var reachesCluster: Bool { (try? found.server.get()) != nil }

  private var namespace: Check {
    let name = "\"\(found.namespace)\""
    switch found.phase {
    case .success("Terminating"):
      return Check(
        .namespace, .failed, "namespace \(name) is being deleted: nothing can be made in it",
        remedy: "name another with --namespace; \"helm list --all-namespaces\" shows what is there")
    case .success: return Check(.namespace, .ok, "namespace \(name)")
    case .failure(.notFound):
      return Check(
        .namespace, .failed, "namespace \(name) does not exist",
        remedy: "name another with --namespace; \"helm list --all-namespaces\" shows what is there")
    case .failure(.forbidden):
      return Check(
        .namespace, .ok, "namespace \(name); whether it exists is not told to this user")
    case .failure(let failure):
      return reachesCluster
        ? Check(
          .namespace, .failed, failure.words,
          remedy: "look at it with \"kubectl get namespace \(found.namespace)\"")
        : skipped(.namespace, because: "the cluster was not reached")
    }
  }

  // MARK: Permissions

  private func permissions(_ role: ShippedRole) -> Check {
    let name: DoctorDocument.CheckName = role == .plan ? .plan : .apply
    let (what, whole) =
      role == .plan ? ("plan", "plan") : ("apply and roll back", "apply")
    switch found.permissions {
    case .success(let granted):
      let place = found.namespace
      let missing = role.permissions(in: place).filter { granted[$0] != true }
      let needed = missing.filter(Set(role.needs(in: place)).contains)
      guard !missing.isEmpty else {
        return Check(name, .ok, "may \(what) in namespace \"\(place)\"")
      }
      let isUsable = needed.isEmpty
      return Check(
        name, isUsable ? .warning : .failed,
        isUsable
          ? "may \(what), and is not told everything: lacks \(words(missing))"
          : "may not \(what): lacks \(words(missing))",
        remedy: remedy(role, isUsable: isUsable), missing: missing.sorted())
    case .failure(let failure):
      return reachesCluster
        ? Check(
          name, .warning, "whether the user may \(whole) cannot be told: \(failure.words)",
          remedy: "see \"kubectl auth can-i --list --namespace \(found.namespace)\"")
        : skipped(name, because: "the cluster was not reached")
    }
  }

  private func remedy(_ role: ShippedRole, isUsable: Bool) -> String {
    let purpose =
      isUsable && role == .plan
      ? "a plan then says under NOT JUDGED what was not asked; for all of it, " : ""
    return purpose + "let an administrator apply examples/roles.yaml, then: kubectl create "
      + "rolebinding \(role.rawValue) --namespace \(found.namespace) --role \(role.rawValue) "
      + "--user USER"
  }

  /// Permissions, resources with the same verbs together.
  private func words(_ permissions: [Permission]) -> String {
    var verbs: [(resource: String, verbs: [String])] = []
    for permission in permissions {
      if let index = verbs.firstIndex(where: { $0.resource == permission.resource }) {
        if !verbs[index].verbs.contains(permission.verb) {
          verbs[index].verbs.append(permission.verb)
        }
      } else {
        verbs.append((permission.resource, [permission.verb]))
      }
    }
    var groups: [(verbs: [String], resources: [String])] = []
    for (resource, verbs) in verbs {
      if let index = groups.firstIndex(where: { $0.verbs == verbs }) {
        groups[index].resources.append(resource)
      } else {
        groups.append((verbs, [resource]))
      }
    }
    return groups.map {
      "\($0.verbs.joined(separator: ", ")) of \($0.resources.joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  // MARK: This machine

  private var history: Check {
    let path = found.historyPath
    switch found.history {
    case .absent: return Check(.history, .ok, "history \"\(path)\" is made by the first plan")
    case .present(let problems, let isOpen):
      guard problems.isEmpty else {
        return Check(
          .history, .failed, "history \"\(path)\" is damaged: \(problems.joined(separator: "; "))",
          remedy: "move it away, and restore a copy or begin a new one; status and rollback work "
            + "without it")
      }
      guard !isOpen else {
        return Check(
          .history, .warning, "history \"\(path)\" could be read or written by others",
          remedy: "chmod 600 \(path.shellQuoted)")
      }
      return Check(.history, .ok, "history \"\(path)\"")
    case .readOnly(let words):
      return Check(
        .history, .failed, words,
        remedy: "make it writable, or name another file with --history: a plan and an apply are "
          + "recorded before they begin")
    case .unusable(let words):
      // Its own words say what to do.
      let parts = words.split(separator: "; ", maxSplits: 1).map(String.init)
      return Check(
        .history, .failed, parts.first ?? words,
        remedy: parts.count > 1 ? parts[1] : "name another file with --history")
    }
  }

  private var temporaryFolder: Check {
    switch found.temporaryFolder {
    case .success(let path):
      Check(.temporaryFolder, .ok, "temporary files go to \"\(path)\"")
    case .failure(let failure):
      Check(
        .temporaryFolder, .failed, failure.words,
        remedy: "set TMPDIR to a folder that can be written to")
    }
  }

  // MARK: A release

  private func checks(_ release: Surroundings.Release) -> [Check] {
    [state(of: release), kinds(of: release), lock(of: release), backups(of: release)]
  }

  /// The command that looks further into a release.
  private func next(_ verb: NextCommand.Verb, _ release: Surroundings.Release) -> String {
    NextCommand(verb, release.name, options: place).text
  }

  private func state(of release: Surroundings.Release) -> Check {
    let name = "release \"\(release.name)\""
    switch release.state {
    case .success(let state):
      let chart = state.chart.map { "chart \($0), " } ?? ""
      let words = "\(name): \(chart)revision \(state.revision), \(state.status)"
      if state.status.hasPrefix("pending-") {
        return Check(
          .release, .failed, "\(words): helm is at it, or was stopped half-way",
          remedy: next(.status, release))
      }
      if state.status == "uninstalled" {
        return Check(
          .release, .failed, words, remedy: next(.status, release))
      }
      if state.status != "deployed" {
        return Check(
          .release, .warning, words, remedy: next(.plan, release))
      }
      return Check(.release, .ok, words)
    case .failure(.notFound):
      return Check(
        .release, .failed, "\(name) was not found in namespace \"\(found.namespace)\"",
        remedy: release.advice ?? "see what is there with \"helm list --all-namespaces\"")
    case .failure(.notAsked), .failure(.noProgram), .failure(.unreachable),
      .failure(.unauthorized):
      return skipped(.release, because: "helm was not asked")
    case .failure(let failure):
      return Check(
        .release, .failed, "\(name) cannot be read: \(failure.words)",
        remedy: "helm reads Secrets of the namespace: get Role \"\(ShippedRole.plan.rawValue)\"")
    }
  }

  private func kinds(of release: Surroundings.Release) -> Check {
    guard case .success(let state) = release.state else {
      return skipped(.kinds, because: "the release was not read")
    }
    let further = state.kinds.filter { !$0.isOfRoles }
    let unknown = state.unknownKinds.joined(separator: ", ")
    guard !further.isEmpty || !unknown.isEmpty else {
      return Check(.kinds, .ok, "the Roles have every kind of the release")
    }
    let missing: [Permission]
    switch release.further {
    case .success(let granted): missing = granted.filter { !$0.value }.keys.sorted()
    case .failure(let failure):
      return Check(
        .kinds, .warning,
        "whether the user may change its further kinds cannot be told: \(failure.words)")
    }
    guard missing.isEmpty else {
      let rules = further.map { name in
        "{apiGroups: [\"\(name.group)\"], resources: [\(name.resource)], verbs: ["
          + "\(ResourceName.verbs.joined(separator: ", "))]}"
      }
      return Check(
        .kinds, .failed, "the release has kinds beyond the Roles: lacks \(words(missing))",
        remedy: "add to the Role: \(rules.joined(separator: ", "))", missing: missing)
    }
    guard unknown.isEmpty else {
      return Check(
        .kinds, .warning, "whether the user may change \(unknown) was not asked",
        remedy: "give the user these as well: \(ResourceName.verbs.joined(separator: ", "))")
    }
    return Check(
      .kinds, .ok, "may also change \(further.map(\.resource).joined(separator: ", "))")
  }

  private func lock(of release: Surroundings.Release) -> Check {
    let status = next(.status, release)
    switch release.lock {
    case .success(nil): return Check(.lock, .ok, "no run has touched the release")
    case .success(let lock?):
      let journal = lock.journal
      let step = journal.step.map { " at step \($0.rawValue)" } ?? ""
      if let holder = lock.holder, lock.isHeld(at: now) {
        return Check(.lock, .warning, "\(holder) is at it\(step)", remedy: status)
      }
      if journal.state.needsHelp, journal.backup != nil {
        return Check(
          .lock, .warning, "\(journal.run) (\(journal.kind.rawValue)) was left half-way\(step)",
          remedy: status)
      }
      return Check(
        .lock, .ok,
        "nobody is at it; last was \(journal.run), \(journal.kind.rawValue), "
          + journal.state.rawValue)
    case .failure(let failure):
      return reachesCluster
        ? Check(
          .lock, .failed, "the lock cannot be read: \(failure.words)",
          remedy: "get Role \"\(ShippedRole.plan.rawValue)\"")
        : skipped(.lock, because: "the cluster was not reached")
    }
  }

  private func backups(of release: Surroundings.Release) -> Check {
    switch release.backups {
    case .success(let backups):
      let broken = backups.filter { $0.parts != $0.expectedParts }
      if let first = broken.first {
        return Check(
          .backups, .warning,
          "the backup of \(first.run) has \(first.parts) of \(first.expectedParts) Secrets",
          remedy:
            "nobody can go back to it; delete what is left: kubectl delete secrets --namespace "
            + "\(found.namespace) --selector \(BackupLabels.run)=\(first.run)")
      }
      guard let newest = backups.max(by: { $0.createdAt.text < $1.createdAt.text }) else {
        return Check(.backups, .ok, "no backups; an apply makes one")
      }
      return Check(
        .backups, .ok,
        "\(backups.count) backup\(backups.count == 1 ? "" : "s"), the newest of \(newest.run), "
          + newest.createdAt.minute)
    case .failure(let failure):
      return reachesCluster
        ? Check(
          .backups, .failed, "backups cannot be read: \(failure.words)",
          remedy: "get Role \"\(ShippedRole.plan.rawValue)\"")
        : skipped(.backups, because: "the cluster was not reached")
    }
  }

  private func skipped(_ name: DoctorDocument.CheckName, because reason: String) -> Check {
    Check(name, .skipped, "not asked: \(reason)")
  }
}
