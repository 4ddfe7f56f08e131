import ArgumentParser
import MigrateAdapters
import MigrateExecution
import MigratePlanning

/// A command that talks to a cluster.
protocol ConnectedCommand: AsyncParsableCommand {
  var global: GlobalOptions { get set }
}

extension ConnectedCommand {
  /// Runs the command's work, and reports what it throws.
  ///
  /// - Throws: the exit code, for other ends than a good one.
  func perform(
    in context: CommandContext, _ work: (Self) async throws -> ExitStatus
  ) async throws {
    try await context.perform { try await respond(in: context, work) }
  }

  /// Runs the command's work on the cluster that it is to talk to.
  ///
  /// - Throws: what the work throws; for a release that is not there, with the place where one of
  ///   that name is, or the one that may have been meant.
  func respond(
    in context: CommandContext, _ work: (Self) async throws -> ExitStatus
  ) async throws -> ExitStatus {
    let command = try connected(in: context)
    do {
      return try await work(command)
    } catch ClientError.releaseNotFound(let name, let namespace) {
      // An uninstalled one may have left the way back.
      let cluster = command.global.cluster(context, namespace: namespace)
      if let lock = try? await LockKeeper.read(name, with: cluster), lock.journal.backup != nil {
        let status = NextCommand(
          .status, name, options: command.global.in(lock.namespace).place)
        throw CommandFailure(
          status: .failed,
          message: "release \"\(name)\" is gone from namespace \"\(lock.namespace)\", and a run of "
            + "backbone-migrate left a backup of it; see \"\(status)\"")
      }
      let others = (try? await command.global.releases(context, namespace: nil).releases()) ?? []
      throw CommandFailure(
        status: .failed, message: Self.notFound(name, in: namespace, among: others))
    }
  }

  /// That a release is not there, and what may have been meant.
  static func notFound(
    _ name: String, in namespace: String?, among others: [Helm.Listed]
  ) -> String {
    guard let advice = advice(on: name, in: namespace, among: others) else {
      return "\(ClientError.releaseNotFound(name, namespace: namespace))"
    }
    return "release \"\(name)\" was not found in "
      + (namespace.map { "namespace \"\($0)\"" } ?? "the current namespace") + "; \(advice)"
  }

  /// Where a release of the name is that is not there, or which one may have been meant; nil when
  /// there is none of the kind.
  static func advice(
    on name: String, in namespace: String?, among others: [Helm.Listed]
  ) -> String? {
    let here = others.filter { namespace == nil || $0.namespace == namespace }
    let elsewhere = others.filter { $0.name == name }.map(\.namespace).sorted()
    if !elsewhere.isEmpty {
      // Somebody else's release may have the name as well.
      return "there is one in namespace "
        + elsewhere.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ")
        + (namespace == nil || elsewhere.count == 1 ? ": add --namespace \(elsewhere[0])" : "")
    }
    let near = Suggestions.near(name, among: here.map(\.name).sorted())
    return Suggestions.question(near)
      ?? others.first { !Suggestions.near(name, among: [$0.name]).isEmpty }.map {
        "did you mean \"\($0.name)\" in namespace \"\($0.namespace)\"?"
      }
  }

  /// The command with what the environment says of the cluster.
  ///
  /// - Throws: ``CommandFailure``, as ``GlobalOptions/completed(by:)``.
  func connected(in context: CommandContext) throws(CommandFailure) -> Self {
    var connected = self
    connected.global = try global.completed(by: context.environment)
    return connected
  }
}

extension GlobalOptions {
  /// The same options for a namespace.
  func `in`(_ namespace: String) -> GlobalOptions {
    var options = self
    options.namespace = namespace
    return options
  }

  /// These options, with the context and the namespace that helm takes from the environment where
  /// they are not given. Helm hands its own flags to a plugin in the same variables; kubectl reads
  /// none of them, so that without this the two could talk to different clusters.
  ///
  /// - Throws: ``CommandFailure`` when the environment tells helm something about the cluster that
  ///   kubectl cannot be told without its being seen by others.
  func completed(by environment: [String: String]) throws(CommandFailure) -> GlobalOptions {
    let told = Self.forHelmAlone.first { name in
      environment.nonEmpty(name).map { !Self.isFalse($0) } ?? false
    }
    if let told {
      throw CommandFailure(
        status: .wrongUsage,
        message:
          "\(told) is set, which helm heeds and kubectl does not; unset it, and put the same "
          + "into a context of a kubeconfig")
    }
    var completed = self
    completed.kubeContext = kubeContext ?? environment.nonEmpty("HELM_KUBECONTEXT")
    if namespace == nil, let named = environment.nonEmpty("HELM_NAMESPACE") {
      guard Self.isNamespace(named) else {
        throw CommandFailure(
          status: .wrongUsage, message: "HELM_NAMESPACE is \"\(named)\", which is no namespace")
      }
      completed.namespace = named
    }
    return completed
  }

  /// Requires that the namespace that was named, if any, is the one of a plan or run. The
  /// environment may name another one: helm tells its plugins of one in any case.
  ///
  /// - Throws: ``CommandFailure`` when it is another one.
  func require(
    _ namespace: String, of what: String, in context: CommandContext
  ) throws(CommandFailure) {
    guard let named = self.namespace, named != namespace,
      named != context.environment["HELM_NAMESPACE"]
    else { return }
    throw CommandFailure(
      status: .wrongUsage,
      message: "\(what) is of namespace \"\(namespace)\", not \"\(named)\"; leave --namespace out")
  }

  /// Helm's variables about the cluster, beyond context and namespace: pkg/cli/environment.go.
  private static let forHelmAlone = [
    "HELM_KUBEAPISERVER", "HELM_KUBETOKEN", "HELM_KUBECAFILE", "HELM_KUBEASUSER",
    "HELM_KUBEASGROUPS", "HELM_KUBETLS_SERVER_NAME", "HELM_KUBEINSECURE_SKIP_TLS_VERIFY",
  ]

  /// Helm reads this variable as Go's ParseBool does.
  private static func isFalse(_ text: String) -> Bool {
    ["0", "f", "F", "false", "FALSE", "False"].contains(text)
  }
}
