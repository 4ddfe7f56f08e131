/// A chart that cannot be used.
package enum ChartError: Error, Hashable, CustomStringConvertible {
  case unreadable(String, reason: String)
  case unwritable(String, reason: String)
  /// A path that leads nowhere.
  case noSuchPath(String)
  /// A bare name that is neither a path nor goes with a repository.
  case noRepository(String)
  /// A folder or file that holds no chart helm would take.
  case notAChart(String, reason: String)
  case notFetched(String, reason: String, remedy: String)
  case otherVersion(String, found: String, wanted: String)
  /// Only packaged charts carry a signature.
  case folderCannotBeVerified(String)
  case notVerified(String, reason: String)
  /// `--repo` with something that lies on disk.
  case repositoryForPath(String)
  case helm(ClientError)

  package var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file) of the chart cannot be used: \(reason)"
    case .unwritable(let folder, let reason):
      "the chart cannot be written to \"\(folder)\": \(reason)"
    case .noSuchPath(let path):
      "chart \"\(path)\" does not exist; name a folder with a Chart.yaml, or a .tgz"
    case .noRepository(let name):
      "chart \"\(name)\" is no folder or .tgz here; name a path, REPOSITORY/NAME, oci://…, "
        + "or add --repo URL"
    case .notAChart(let path, let reason):
      "\"\(path)\" is no chart that helm takes: \(reason); put it right, "
        + "or name another with --chart"
    case .notFetched(let chart, let reason, let remedy):
      "chart \"\(chart)\" cannot be fetched: \(reason); \(remedy)"
    case .otherVersion(let path, let found, let wanted):
      "chart \"\(path)\" is version \(found), not \(wanted); "
        + "leave out --chart-version, or name another chart"
    case .folderCannotBeVerified(let path):
      "\"\(path)\" is a folder, and only packaged charts are signed; "
        + "leave out --verify, or name a .tgz"
    case .notVerified(let path, let reason):
      "chart \"\(path)\" cannot be verified: \(reason); "
        + "name the keys with --keyring, or leave out --verify"
    case .repositoryForPath(let path):
      "\"\(path)\" is on disk, which helm takes before any repository; leave out --repo, "
        + "or run this elsewhere"
    case .helm(let error): error.description
    }
  }
}
