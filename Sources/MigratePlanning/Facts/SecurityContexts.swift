/// The security contexts of a Pod and of the broker's container in it.
struct SecurityContexts: Hashable, Sendable {
  let pod: [String: JSON]
  let container: [String: JSON]

  /// Fields that only a container's security context has.
  private static let onlyContainer: Set<String> = [
    "allowPrivilegeEscalation", "capabilities", "privileged", "procMount",
    "readOnlyRootFilesystem",
  ]
  /// What Kubernetes does when a field is left out.
  private static let defaults: [String: JSON] = [
    "readOnlyRootFilesystem": false, "privileged": false, "runAsNonRoot": false,
    "procMount": "Default", "capabilities": [:], "seLinuxOptions": [:], "supplementalGroups": [],
    "sysctls": [],
  ]

  init(_ workload: Workload) {
    func said(_ context: JSON?) -> [String: JSON] {
      (context?.members ?? [:]).filter { $0.value != .null && Self.defaults[$0.key] != $0.value }
    }
    pod = said(workload.podSpec["securityContext"])
    container = said(workload.container["securityContext"])
  }

  /// Both contexts as one, each field at the level where a chart puts it: at the Pod when it can be
  /// there.
  var structured: JSON {
    .object(pod.merging(container.filter { Self.onlyContainer.contains($0.key) }) { pod, _ in pod })
  }

  /// What the container says of fields that could be at the Pod.
  var beyondStructure: JSON {
    .object(container.filter { !Self.onlyContainer.contains($0.key) })
  }

  /// What counts for the container: its own fields before the Pod's.
  var effective: [String: JSON] { pod.merging(container) { _, container in container } }

  /// The user that the contexts name; nil when the image decides.
  var user: Int? { effective["runAsUser"]?.integer }
  var group: Int? { effective["runAsGroup"]?.integer }
  var fileSystemGroup: Int? { pod["fsGroup"]?.integer }
  /// Whether the contexts see to it that the broker does not run as root.
  var excludesRoot: Bool { (user ?? 0) != 0 || effective["runAsNonRoot"] == true }
  var hasReadOnlyRoot: Bool { container["readOnlyRootFilesystem"] == true }

  /// The fields that say as whom the broker runs.
  static let identity: Set<String> = [
    "runAsUser", "runAsGroup", "runAsNonRoot", "fsGroup", "fsGroupChangePolicy",
    "supplementalGroups", "supplementalGroupsPolicy",
  ]
}
