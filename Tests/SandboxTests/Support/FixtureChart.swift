import Foundation

/// The charts in Tests/Fixtures/charts: what chart 0.1.0 may look like.
enum FixtureChart: String, CaseIterable, Sendable {
  case appLabel = "app-label"
  case recommendedLabels = "recommended-labels"
  case twoServices = "two-services"
  case envList = "env-list"
  case envMap = "env-map"
  case dataVolume = "data-volume"

  /// The chart's folder.
  var path: String { Self.path(of: "backbone-0.1.0-\(rawValue)") }

  /// The folder of a target that has no list for further variables.
  static let withoutSink = path(of: "backbone-0.2.0-no-sink")

  private static func path(of chart: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/charts/\(chart)").path()
  }

  /// The environment that the chart writes without any values.
  var environment: [EnvironmentEntry] {
    switch self {
    case .appLabel, .envList: []
    case .recommendedLabels, .twoServices, .envMap, .dataVolume:
      [EnvironmentEntry("K8S_ENABLED", "true")]
    }
  }

  /// The Deployment's name in a release.
  func workloadName(in release: String) -> String {
    self == .recommendedLabels && !release.contains("backbone") ? "\(release)-backbone" : release
  }
}
