/// The Pod Security Standards, as far as they decide whether a Deployment's Pods are let in.
///
/// Source: <https://kubernetes.io/docs/concepts/security/pod-security-standards/>.
enum PodSecurity {
  enum Level: String, CaseIterable, Sendable {
    case baseline, restricted
  }

  /// The namespace label that refuses Pods.
  static let label = "pod-security.kubernetes.io/enforce"

  /// The fields of a Pod that a level forbids.
  static func violations(of workload: Workload, _ level: Level) -> [String] {
    let spec = workload.podSpec
    let containers =
      (spec["containers"]?.elements ?? []) + (spec["initContainers"]?.elements ?? [])
    let pod = spec["securityContext"]
    var found: [String] = []
    func forbid(_ isForbidden: Bool, _ field: String) {
      if isForbidden, !found.contains(field) { found.append(field) }
    }
    for field in ["hostNetwork", "hostPID", "hostIPC"] { forbid(spec[field] == true, field) }
    let volumes = spec["volumes"]?.elements ?? []
    forbid(volumes.contains { $0["hostPath"] != nil }, "hostPath volumes")
    for container in containers {
      let own = container["securityContext"]
      forbid(own?["privileged"] == true, "privileged")
      forbid(
        (container["ports"]?.elements ?? []).contains { ($0["hostPort"]?.integer ?? 0) != 0 },
        "hostPort")
      let added = (own?["capabilities"]?["add"]?.elements ?? []).compactMap(\.string)
      let allowed = level == .restricted ? ["NET_BIND_SERVICE"] : baselineCapabilities
      forbid(!Set(added).isSubset(of: allowed), "capabilities.add")
      forbid((own?["procMount"]?.string ?? "Default") != "Default", "procMount")
      let seccomp = own?["seccompProfile"]?["type"] ?? pod?["seccompProfile"]?["type"]
      forbid(seccomp == "Unconfined", "seccompProfile")
      guard level == .restricted else { continue }
      forbid(own?["allowPrivilegeEscalation"] != false, "allowPrivilegeEscalation")
      forbid((own?["runAsNonRoot"] ?? pod?["runAsNonRoot"]) != true, "runAsNonRoot")
      forbid((own?["runAsUser"] ?? pod?["runAsUser"]) == 0, "runAsUser")
      forbid(seccomp == nil, "seccompProfile")
      let dropped = (own?["capabilities"]?["drop"]?.elements ?? []).compactMap(\.string)
      forbid(!dropped.contains("ALL"), "capabilities.drop")
    }
    guard level == .restricted else { return found }
    let kinds: Set<String> = [
      "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim",
      "projected", "secret", "hostPath",
    ]
    forbid(
      volumes.contains { !Set($0.members.keys).subtracting(["name"]).isSubset(of: kinds) },
      "volumes of other kinds")
    return found
  }

  /// Whether the Pods would break a level that they keep today.
  static func isTightened(in comparison: Comparison) -> Bool {
    Level.allCases.contains { level in
      let before = Set(violations(of: comparison.situation.live, level))
      return !Set(violations(of: comparison.target, level)).isSubset(of: before)
    }
  }

  private static let baselineCapabilities: Set<String> = [
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
    "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
  ]
}
