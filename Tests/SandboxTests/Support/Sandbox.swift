import Foundation
import MigrateAdapters

/// The helm programs that the tests run with.
enum HelmVersion: String, CaseIterable, Sendable, CustomStringConvertible {
  case helm3 = "Helm 3"
  case helm4 = "Helm 4"

  var description: String { rawValue }

  /// One of the two, for what does not hang on it; both when `BACKBONE_SANDBOX_EVERY_HELM` is set,
  /// as by `.ci/run`. The tests take turns.
  static func only(_ version: HelmVersion) -> [HelmVersion] { isEvery ? allCases : [version] }

  static let isEvery =
    ProcessInfo.processInfo.environment["BACKBONE_SANDBOX_EVERY_HELM"]?.isEmpty == false

  /// The variable that names the program.
  fileprivate var variable: String {
    switch self {
    case .helm3: "BACKBONE_SANDBOX_HELM3"
    case .helm4: "BACKBONE_SANDBOX_HELM4"
    }
  }
}

/// The control plane that `sandbox/control-plane run` gives, with its programs, and the binary that
/// is tested.
struct Sandbox: Sendable {
  /// The kubeconfig of the user who may do everything.
  let kubeconfig: String
  private let limited: String?
  private let audit: String?
  let kubectl: String
  /// The API server, for what the tests look at.
  let api: KubernetesAPI
  /// The `backbone-migrate` that is tested.
  let binary: String
  private let helms: [HelmVersion: String]

  /// Two cores: some wait for Pods meanwhile, and more than this at once only makes everybody wait.
  /// `BACKBONE_SANDBOX_WIDTH` is another number for another machine.
  static let turnstile = Turnstile(
    width: ProcessInfo.processInfo.environment["BACKBONE_SANDBOX_WIDTH"].flatMap(Int.init) ?? 5)

  /// The sandbox that the environment names.
  ///
  /// - Throws: ``Missing``; a test without its sandbox fails, it is never skipped.
  static func current() throws -> Sandbox {
    let environment = ProcessInfo.processInfo.environment
    func path(_ variable: String) throws -> String {
      guard let path = environment[variable], !path.isEmpty else {
        throw Missing.variable(variable)
      }
      return path
    }
    return Sandbox(
      kubeconfig: try path("KUBECONFIG"),
      limited: environment[limitedVariable], audit: environment[auditVariable],
      kubectl: try path("BACKBONE_SANDBOX_KUBECTL"),
      api: KubernetesAPI(proxy: try proxy(in: environment)), binary: try testedBinary(),
      helms: Dictionary(
        uniqueKeysWithValues: try HelmVersion.allCases.map { ($0, try path($0.variable)) }))
  }

  private static func proxy(in environment: [String: String]) throws -> URL {
    guard let url = environment["BACKBONE_SANDBOX_PROXY"].flatMap(URL.init(string:)) else {
      throw Missing.proxy
    }
    return url
  }

  private static let limitedVariable = "BACKBONE_SANDBOX_LIMITED_KUBECONFIG"
  private static let auditVariable = "BACKBONE_SANDBOX_AUDIT_LOG"

  /// The kubeconfig of the user who may do nothing until a Role says so. A cluster that was brought
  /// along has none.
  var limitedKubeconfig: String {
    get throws {
      guard let limited else { throw Missing.variable(Self.limitedVariable) }
      return limited
    }
  }

  /// The API server's record of what that user did.
  var auditLog: String {
    get throws {
      guard let audit else { throw Missing.variable(Self.auditVariable) }
      return audit
    }
  }

  func helm(_ version: HelmVersion) -> String { helms[version] ?? "" }

  /// What keeps the tests from running.
  enum Missing: Error, CustomStringConvertible {
    case variable(String)
    case proxy
    case binary(folders: [String])

    var description: String {
      switch self {
      case .variable(let name): "\(name) is not set: there is no sandbox; run \"make test\""
      case .proxy:
        "BACKBONE_SANDBOX_PROXY is no URL: run \"make test\"; for a cluster of yours run "
          + "\"kubectl proxy\" before, and set it to http://127.0.0.1:8001"
      case .binary(let folders):
        "backbone-migrate is in none of \(folders.joined(separator: ", ")); run \"make test\""
      }
    }
  }

  /// `BACKBONE_SANDBOX_BINARY`, as `make test` sets it to the optimised one; else what was built
  /// with these tests, which lies beside the test bundle.
  private static func testedBinary() throws -> String {
    let named = ProcessInfo.processInfo.environment["BACKBONE_SANDBOX_BINARY"] ?? ""
    if !named.isEmpty { return named }
    let program = URL(filePath: CommandLine.arguments.first ?? "")
    let bundles =
      [program, Bundle.main.bundleURL, Bundle.main.executableURL].compactMap { $0 }
      + Bundle.allBundles.map(\.bundleURL)
    let folders = bundles.flatMap { [$0, $0.deletingLastPathComponent()] }.map {
      $0.standardizedFileURL.path()
    }
    for folder in folders {
      let binary = URL(filePath: folder).appending(path: "backbone-migrate").path()
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: binary, isDirectory: &isFolder),
        !isFolder.boolValue,
        FileManager.default.isExecutableFile(atPath: binary)
      {
        return binary
      }
    }
    throw Missing.binary(folders: folders)
  }
}
