/// A release as it was read: what helm says it is, and what is really there.
package struct Snapshot: Sendable {
  package var release: ReleaseIdentity
  /// The values that the operator gave helm.
  package var supplied: JSON
  /// The objects as the release's manifest has them.
  package var manifest: Objects
  /// The same objects as the cluster has them.
  package var live: Objects
  /// Further live objects that the release depends on but does not hold, such as a hand-made
  /// ServiceAccount.
  package var related: Objects
  package var sourceKeys: SourceKeys
  /// The templates that the manifest says it was made from, such as
  /// `umbrella/charts/backbone/templates/deployment.yaml`.
  package var templates: [String]
  /// The dependencies of the release's chart that have another name there, which is the one that
  /// ``templates`` have.
  package var aliases: [ChartAlias]
  /// The numbers of the revisions that helm still has; empty when not known.
  package var revisions: [Int]
  /// The size of the Secret that holds the release's current revision, in bytes; nil when not
  /// known.
  package var storedBytes: Int?
  /// The objects of the manifest whose kind the cluster does not serve in the version in which the
  /// manifest has them: version, kind and name.
  package var unserved: [JSON]
  /// What could not be read, and what it may hide.
  package var hidden: [Unchecked]

  package init(
    release: ReleaseIdentity, supplied: JSON, manifest: Objects, live: Objects, related: Objects,
    sourceKeys: SourceKeys, templates: [String] = [], aliases: [ChartAlias] = [],
    revisions: [Int] = [],
    storedBytes: Int? = nil, unserved: [JSON] = [], hidden: [Unchecked] = []
  ) {
    self.templates = templates
    self.aliases = aliases
    self.revisions = revisions
    self.storedBytes = storedBytes
    self.unserved = unserved
    self.hidden = hidden
    self.release = release
    self.supplied = supplied
    self.manifest = manifest
    self.live = live
    self.related = related
    self.sourceKeys = sourceKeys
  }
}

extension Snapshot {
  /// Whether the live objects were read; else the release's manifest stands in for them.
  package var showsLiveObjects: Bool {
    !hidden.contains { $0.code == FindingCode.drift.rawValue }
  }
}

/// A dependency of a chart under another name than its own.
package struct ChartAlias: Hashable, Sendable {
  package var alias: String
  /// The chart's own name; nil where nobody knows it any more, for helm writes the alias over it.
  package var name: String?
  /// The version, or the range that the chart around it asks for.
  package var version: String

  package init(alias: String, name: String?, version: String) {
    self.alias = alias
    self.name = name
    self.version = version
  }
}

/// What names a release and its state.
package struct ReleaseIdentity: Hashable, Sendable {
  package var name: String
  /// What the chart's templates know as `.Release.Name`. An Application of Argo CD can give helm
  /// another name than its own: `spec.source.helm.releaseName`.
  package var nameInChart: String
  package var namespace: String
  /// Helm's number of this state of the release; 0 when helm keeps none.
  package var revision: Int
  /// The revision that runs: the last one that helm finished.
  package var deployedRevision: Int
  /// Helm's status, such as `deployed` or `pending-upgrade`.
  package var status: String
  package var chartName: String
  package var chartVersion: String
  /// The kubeconfig context it was read through; nil when none was named or it came from a file.
  package var context: String?
  /// The uid of the namespace kube-system; nil when it could not be read.
  package var clusterID: String?
  /// How helm writes objects of this release.
  package var applyMethod: ApplyMethod

  /// Whether helm keeps the release. It keeps none of what Argo CD renders and applies.
  package var isKeptByHelm: Bool { revision > 0 }

  /// Helm's ways of writing objects.
  package enum ApplyMethod: String, Sendable, Codable {
    case clientSide = "client-side"
    case serverSide = "server-side"
  }

  package init(
    name: String, namespace: String, revision: Int, status: String, chartName: String,
    chartVersion: String, context: String? = nil, clusterID: String? = nil,
    applyMethod: ApplyMethod = .clientSide, deployedRevision: Int? = nil,
    nameInChart: String? = nil
  ) {
    self.deployedRevision = deployedRevision ?? revision
    self.name = name
    self.nameInChart = nameInChart ?? name
    self.namespace = namespace
    self.revision = revision
    self.status = status
    self.chartName = chartName
    self.chartVersion = chartVersion
    self.context = context
    self.clusterID = clusterID
    self.applyMethod = applyMethod
  }
}

/// The chart that the release moves to.
package struct Target: Sendable {
  package var chartName: String
  package var chartVersion: String
  /// Where the chart comes from: `embedded`, a folder, an archive or a reference.
  package var source: String
  /// SHA-256 of the chart's content, as `sha256:…`.
  package var digest: String
  /// The chart's own values.yaml: which value paths exist, and their defaults.
  package var defaults: JSON
  /// What its templates ask beyond the values.
  package var questions: ChartQuestions

  package init(
    chartName: String, chartVersion: String, source: String, digest: String, defaults: JSON,
    questions: ChartQuestions = ChartQuestions()
  ) {
    self.chartName = chartName
    self.chartVersion = chartVersion
    self.source = source
    self.digest = digest
    self.defaults = defaults
    self.questions = questions
  }

  /// Whether the chart knows a value.
  package func has(_ path: ValuePath) -> Bool { defaults.value(at: path) != nil }
}
