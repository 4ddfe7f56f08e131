/// What the API server fills in where an object says nothing, by the field's place.
///
/// Source: the defaults of Kubernetes' API reference (`zz_generated.defaults` of its groups).
package enum ServerDefaults {
  /// The last members of a path, and what stands there by default.
  private static let table: [(place: [String], values: [JSON])] = [
    // Pods
    (["restartPolicy"], ["Always"]), (["dnsPolicy"], ["ClusterFirst"]),
    (["schedulerName"], ["default-scheduler"]), (["terminationGracePeriodSeconds"], [30]),
    (["enableServiceLinks"], [true]), (["shareProcessNamespace"], [false]),
    (["securityContext"], [[:]]), (["serviceAccountName"], ["default"]),
    // Containers
    (["terminationMessagePath"], ["/dev/termination-log"]),
    (["terminationMessagePolicy"], ["File"]), (["imagePullPolicy"], ["IfNotPresent", "Always"]),
    (["resources"], [[:]]), (["protocol"], ["TCP"]), (["timeoutSeconds"], [1]),
    (["periodSeconds"], [10]), (["successThreshold"], [1]), (["failureThreshold"], [3]),
    (["httpGet", "scheme"], ["HTTP"]), (["httpGet", "path"], ["/"]), (["grpc", "service"], [""]),
    (["fieldRef", "apiVersion"], ["v1"]), (["resourceFieldRef", "divisor"], ["0"]),
    // Volumes
    (["defaultMode"], [420]), (["hostPath", "type"], [""]), (["volumeMode"], ["Filesystem"]),
    (["serviceAccountToken", "expirationSeconds"], [3600]),
    // Workloads
    (["spec", "replicas"], [1]), (["revisionHistoryLimit"], [10]),
    (["progressDeadlineSeconds"], [600]), (["strategy", "type"], ["RollingUpdate"]),
    (["rollingUpdate", "maxSurge"], ["25%"]), (["rollingUpdate", "maxUnavailable"], ["25%"]),
    (["rollingUpdate"], [["maxSurge": "25%", "maxUnavailable": "25%"]]),
    (
      ["strategy"],
      [
        ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"]]
      ]
    ),
    // Services
    (["spec", "type"], ["ClusterIP"]), (["sessionAffinity"], ["None"]),
    (["internalTrafficPolicy"], ["Cluster"]), (["externalTrafficPolicy"], ["Cluster"]),
    (["ipFamilyPolicy"], ["SingleStack"]), (["ipFamilies"], [["IPv4"], ["IPv6"]]),
    (["allocateLoadBalancerNodePorts"], [true]),
    (["clientIP", "timeoutSeconds"], [10800]),
  ]

  /// Whether a value is what the API server fills in by itself at a place.
  static func has(_ value: JSON, at path: [FieldDifference.Key]) -> Bool {
    let names = path.map(\.name)
    return table.contains { place, values in
      names.suffix(place.count).elementsEqual(place) && values.contains(value)
    }
  }

  /// Members whose values the API server draws: others each time, and none that anybody chose.
  private static let drawn: Set<String> = [
    "clusterIP", "clusterIPs", "nodePort", "healthCheckNodePort",
  ]

  /// Whether a Service's field is drawn by the API server: an address that nobody asked for.
  static func isDrawn(_ difference: FieldDifference) -> Bool {
    guard let name = difference.path.last(where: { !$0.isIndex })?.name, drawn.contains(name)
    else { return false }
    let chosen: [JSON] = ["None", ["None"]]
    return !chosen.contains(difference.before) && !chosen.contains(difference.after)
  }
}

extension FieldDifference.Key {
  /// Whether it is a place in a list rather than a name.
  fileprivate var isIndex: Bool {
    if case .entry(let name) = self { return Int(name) != nil }
    return false
  }
}
