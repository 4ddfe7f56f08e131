import Foundation
import MigrateAdapters
import MigratePlanning

/// The parts of a kubeconfig with one context, to be put together in other ways.
struct Kubeconfig: Sendable {
  var cluster: [String: JSON]
  var user: [String: JSON]

  /// Reads the one that the programs are given.
  ///
  /// - Throws: when it cannot be read.
  init(of bench: Workbench) throws {
    let text = try String(contentsOfFile: bench.kubeconfig, encoding: .utf8)
    let config = try YAMLReader().document(text)
    cluster = config["clusters"]?.elements.first?["cluster"]?.members ?? [:]
    user = config["users"]?.elements.first?["user"]?.members ?? [:]
  }

  var server: String { cluster["server"]?.string ?? "" }
  var token: String { user["token"]?.string ?? "" }

  /// The certificate authority, in PEM.
  var authority: Data {
    Data(base64Encoded: cluster["certificate-authority-data"]?.string ?? "") ?? Data()
  }

  /// A whole kubeconfig of it, whose context may name a namespace.
  func document(namespace: String? = nil) -> JSON {
    Self.document(
      clusters: ["c": cluster], users: ["u": user],
      contexts: ["x": Self.context(namespace: namespace)], current: "x")
  }

  /// A context of cluster `c` and a user.
  static func context(
    cluster: String = "c", user: String = "u", namespace: String? = nil
  ) -> [String: JSON] {
    var context: [String: JSON] = ["cluster": .string(cluster), "user": .string(user)]
    context["namespace"] = namespace.map(JSON.string)
    return context
  }

  /// A kubeconfig, or a part of one.
  static func document(
    clusters: [String: [String: JSON]] = [:], users: [String: [String: JSON]] = [:],
    contexts: [String: [String: JSON]] = [:], current: String? = nil
  ) -> JSON {
    func list(_ entries: [String: [String: JSON]], _ kind: String) -> JSON {
      .array(
        entries.sorted { $0.key < $1.key }.map { name, content in
          ["name": .string(name), kind: .object(content)]
        })
    }
    var document: [String: JSON] = ["apiVersion": "v1", "kind": "Config"]
    document["clusters"] = clusters.isEmpty ? nil : list(clusters, "cluster")
    document["users"] = users.isEmpty ? nil : list(users, "user")
    document["contexts"] = contexts.isEmpty ? nil : list(contexts, "context")
    document["current-context"] = current.map(JSON.string)
    return .object(document)
  }
}

extension Workbench {
  /// The same place with kubeconfigs of its own, one after the other in `KUBECONFIG`.
  func with(_ kubeconfigs: JSON...) throws -> Workbench {
    var bench = self
    bench.kubeconfig = try kubeconfigs.map { document in
      let path = folder + "/kubeconfig-\(UUID().uuidString.prefix(8))"
      try document.canonical.write(toFile: path, atomically: true, encoding: .utf8)
      return path
    }.joined(separator: ":")
    return bench
  }
}

/// A way to the sandbox on which one has to log in, as to a cloud: a program gives the token, and
/// each time that it is run is written down.
struct CountingLogin: Sendable {
  /// The same place, where every program has to log in.
  let bench: Workbench
  private let folder: String

  /// What the program says when it cannot log in.
  static let refusal = "the session is over: run 'cloud login'"

  /// Makes one in the words of a version of `client.authentication.k8s.io`; its token is good
  /// for some seconds, or for ever.
  init(in bench: Workbench, version: String = "v1", lasting seconds: Int? = nil) throws {
    let folder = bench.folder + "/login-\(UUID().uuidString.prefix(8))"
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    var config = try Kubeconfig(of: bench)
    let api = "client.authentication.k8s.io/\(version)"
    let expiry = seconds.map {
      #""expirationTimestamp": "'$(date --utc --date '+\#($0) seconds' +%FT%TZ)'", "#
    }
    let script = """
      #!/bin/sh
      tr '\\0' ' ' < "/proc/$PPID/cmdline" >> '\(folder)/logins'
      echo >> '\(folder)/logins'
      read -r failures < '\(folder)/failures'
      if [ "$failures" -gt 0 ]; then
        echo $((failures - 1)) > '\(folder)/failures'; echo "\(Self.refusal)" >&2; exit 1
      fi
      echo '{"apiVersion": "\(api)", "kind": "ExecCredential", "status": {\(expiry ?? "")
        "token": "\(config.token)"}}'

      """
    try "0\n".write(toFile: folder + "/failures", atomically: true, encoding: .utf8)
    try script.write(toFile: folder + "/login", atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o700], ofItemAtPath: folder + "/login")
    config.user = [
      "exec": [
        "apiVersion": .string(api), "command": .string(folder + "/login"),
        "interactiveMode": "Never",
      ]
    ]
    self.bench = try bench.with(config.document())
  }

  /// A line of a shell, after which so many logins fail; only the first of them all counts.
  func failing(_ logins: Int) -> String {
    "[ -e '\(folder)/failed' ] || { echo \(logins) > '\(folder)/failures'; "
      + "touch '\(folder)/failed'; sleep 2.1; }"
  }

  /// Who logged in since this was asked last, sorted, such as `helm upgrade`.
  func logins() throws -> [String] {
    let path = folder + "/logins"
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    try FileManager.default.removeItem(atPath: path)
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map { line in
      let words = line.split(separator: " ").prefix(2)
      let program = words.first?.split(separator: "/").last ?? ""
      return ([program] + words.dropFirst()).joined(separator: " ")
    }.sorted()
  }
}
