import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning

/// Which chart a plan leads to, and how helm gets it.
struct ChartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The chart to move to: a folder, a .tgz, REPOSITORY/NAME, oci://…, or a name with --repo.",
      discussion: """
        Default: the 0.2.0 chart that this program carries. What the chart is called, which values \
        it has and what they do is asked of the chart itself; .helmignore counts, and so do \
        subcharts.
        """,
      valueName: "ref"))
  var chart: String?

  @Option(help: "The chart's version; default: the latest.")
  var chartVersion: String?

  @Option(help: ArgumentHelp("The repository to find the chart in.", valueName: "url"))
  var repo: String?

  @Flag(help: "Take development versions of the chart, too.")
  var devel = false

  @Flag(help: "Check the chart's signature.")
  var verify = false

  @Option(help: ArgumentHelp("The public keys for --verify.", valueName: "file"))
  var keyring: String?

  @Option(
    help: ArgumentHelp("Certificates that the repository's is checked by.", valueName: "file"))
  var caFile: String?

  @Option(help: ArgumentHelp("The certificate to show to the repository.", valueName: "file"))
  var certFile: String?

  @Option(help: ArgumentHelp("The key of --cert-file.", valueName: "file"))
  var keyFile: String?

  @Flag(help: "Do not check the repository's certificate.")
  var insecureSkipTlsVerify = false

  @Flag(help: "Speak plain HTTP with an OCI registry.")
  var plainHttp = false

  @Option(help: .hidden)
  var username: String?

  @Option(help: .hidden)
  var password: String?

  mutating func validate() throws {
    if username != nil || password != nil {
      throw ValidationError(
        "credentials on the command line are seen by every process; leave them out, and log in "
          + "with \"helm registry login\", or \"helm repo add --password-stdin\"")
    }
    for text in [chart, repo].compactMap({ $0 }) {
      if let authority = text.split(separator: "://", maxSplits: 1).dropFirst().first,
        authority.prefix(while: { $0 != "/" }).contains("@")
      {
        throw ValidationError(
          "credentials in a URL are seen by every process; leave them out, and log in "
            + "with \"helm registry login\", or \"helm repo add --password-stdin\"")
      }
      if text.isEmpty || text.hasPrefix("-") {
        throw ValidationError("\"\(text)\" is no chart or repository")
      }
    }
    guard chart == nil else { return }
    let alone: [(name: String, isGiven: Bool)] = [
      ("--chart-version", chartVersion != nil), ("--repo", repo != nil), ("--devel", devel),
      ("--verify", verify), ("--keyring", keyring != nil), ("--ca-file", caFile != nil),
      ("--cert-file", certFile != nil), ("--key-file", keyFile != nil),
      ("--insecure-skip-tls-verify", insecureSkipTlsVerify), ("--plain-http", plainHttp),
    ]
    if let option = alone.first(where: \.isGiven) {
      throw ValidationError("\(option.name) goes with --chart only")
    }
  }

  /// The chart that was named; nil for the embedded one.
  func reference() throws(ChartError) -> ChartReference? {
    guard let chart else { return nil }
    var flags = ChartFlags()
    flags.repository = repo
    flags.devel = devel
    flags.verify = verify
    flags.keyring = keyring
    flags.caFile = caFile
    flags.certFile = certFile
    flags.keyFile = keyFile
    flags.insecureSkipTLSVerify = insecureSkipTlsVerify
    flags.plainHTTP = plainHttp
    return try ChartReference(chart, version: chartVersion, flags: flags)
  }

  /// The chart itself: read where it lies, fetched into the given folder, or unpacked there.
  func chart(
    _ reference: ChartReference?, with helm: Helm, into folder: String
  ) async throws(ChartError) -> Chart {
    guard let reference else { return try Chart.unpackEmbedded(into: folder) }
    return try await Chart.fetch(reference, with: helm, into: folder)
  }
}

extension ChartReference {
  /// The options that name this chart in the version that was found.
  func typed(version: String) -> [String] {
    let pinned = place == .remote ? ["--chart-version", version] : []
    return ["--chart", text] + pinned + flags.arguments
  }

  /// The options that name this chart from any folder.
  func kept(version: String) -> [String] {
    guard place != .remote else { return typed(version: version) }
    let path = URL(filePath: text).standardizedFileURL.path(percentEncoded: false)
    return ["--chart", path] + flags.arguments
  }
}
