import MigratePlanning

/// The step from chart 0.1.0 to 0.2.0 as a recipe, without the file's YAML.
enum SampleRecipe {
  /// The recipe's content as its reader takes it.
  static let json: JSON = [
    "recipe": "backbone-0.1.0-to-0.2.0",
    "from": ["chart": "backbone", "versions": ["0.1.0"]],
    "to": ["chart": "backbone", "versions": ["0.2.0"]],
    "sink": ["variables": "extraEnv", "sources": "extraEnvFrom"],
    "observedValues": ["env", "extraEnv", "image"],
    "variables": .array(variables),
    "listeners": [
      [
        "name": "http", "port": "HTTP_PORT", "enabledBy": ["API_ENABLED", "WS_ENABLED"],
        "paths": ["/health": "API_ENABLED"], "service": "service.http",
      ],
      [
        "name": "mqtt", "port": "TCP_PORT", "enabledBy": ["TCP_ENABLED"], "service": "service.tcp",
      ],
    ],
    "settings": .array(settings),
  ]

  /// The recipe, changed where a test needs another one.
  static func recipe(_ change: (inout Recipe) throws -> Void = { _ in }) throws -> Recipe {
    var recipe = try Recipe(json: json)
    try change(&recipe)
    return recipe
  }

  private static let variables: [JSON] = [
    secret("ADMIN_TOKEN", "config.adminToken"), secret("JWT_SECRET", "config.jwtSecret"),
    plain("K8S_ENABLED", "k8s.enabled", "flag", "false"),
    plain("WS_ENABLED", "ws.enabled", "flag", "false"),
    plain("API_ENABLED", "api.enabled", "flag", "false"),
    plain("HTTP_PORT", "config.httpPort", "port", "8883"),
    plain("TCP_ENABLED", "tcp.enabled", "flag", "false"),
    plain("TCP_PORT", "config.tcpPort", "port", "1883"),
    plain("OIDC_ENABLED", "oidc.enabled", "flag", "false"),
    [
      "name": "OIDC_DISCOVERY", "aliases": ["OIDC_DISCOVERY_URL"], "home": "oidc.discovery",
      "codec": "text", "whenAbsent": "",
    ],
    plain("OIDC_CLIENT_ID", "oidc.clientId", "text", ""),
    secret("OIDC_CLIENT_SECRET", "oidc.clientSecret"),
    plain("OIDC_GROUP_FIELD", "oidc.groupField", "text", "groups"),
    plain("OIDC_ADMIN_GROUP", "oidc.adminGroup", "text", ""),
    plain("OIDC_WRITER_GROUP", "oidc.writerGroup", "text", ""),
    plain("OIDC_READER_GROUP", "oidc.readerGroup", "text", ""),
    plain("REDIS_ENABLED", "redis.enabled", "flag", "false"),
    plain("REDIS_HOST", "redis.host", "text", "localhost"),
    plain("REDIS_PORT", "redis.port", "port", "6379"), secret("REDIS_PASSWORD", "redis.password"),
    plain("REDIS_DB", "redis.db", "integer", "0"), plain("TZ", "timezone", "text", ""),
  ]

  private static let settings: [JSON] = [
    setting("ownership", "workload-name", "fullnameOverride", "workload-renamed"),
    setting("ownership", "container-name", "containerName", "workload-renamed"),
    setting("ownership", "selector", "selectorLabels", "selector-immutable"),
    setting("image", "repository", "image.repository", "image-changed"),
    setting("image", "tag", "image.tag", "image-changed", whenAbsent: ""),
    setting("image", "digest", "image.digest", "image-changed", whenAbsent: ""),
    setting("image", "pull-policy", "image.pullPolicy", "image-changed"),
    setting("identity", "service-account-name", "serviceAccount.name", "service-account-renamed"),
    setting(
      "identity", "service-account-in-release", "serviceAccount.create", "service-account-unowned"),
    setting("storage", "data-persistent", "persistence.enabled", "persistence-disabled"),
    setting(
      "storage", "data-claim", "persistence.existingClaim", "persistence-disabled", whenAbsent: ""),
    setting("storage", "data-volume", "persistence.volume", "volume-lost", whenAbsent: [:]),
    setting("storage", "data-volume-name", "persistence.volumeName", "volume-lost"),
    setting("storage", "data-sub-path", "persistence.subPath", "volume-lost", whenAbsent: ""),
    setting("scheduling", "strategy", "strategy", "strategy-changed"),
    [
      "dimension": "identity", "fact": "service-account-annotations",
      "home": "serviceAccount.annotations", "onlyIfNeeded": true,
      "code": "service-account-annotations-lost",
    ],
    setting(
      "identity", "automount-token", "serviceAccount.automountServiceAccountToken",
      "pod-settings-lost"),
    setting("storage", "other-volumes", "extraVolumes", "volume-lost"),
    setting("storage", "other-mounts", "extraVolumeMounts", "volume-lost"),
    setting("security", "security-context", "securityContext", "runs-as-non-root"),
    setting(
      "security", "container-security-context", "containerSecurityContext", "runs-as-non-root"),
    [
      "dimension": "health", "fact": "liveness-probe-enabled", "home": "livenessProbe.enabled",
      "switchedBy": ["api.enabled", "tcp.enabled", "ws.enabled"], "code": "probe-introduced",
    ],
    [
      "dimension": "health", "fact": "liveness-probe", "home": "livenessProbe.custom",
      "onlyWhenPresent": true, "code": "probe-introduced",
    ],
    [
      "dimension": "health", "fact": "readiness-probe-enabled", "home": "readinessProbe.enabled",
      "switchedBy": ["api.enabled", "tcp.enabled", "ws.enabled"], "code": "probe-introduced",
    ],
    [
      "dimension": "health", "fact": "readiness-probe", "home": "readinessProbe.custom",
      "onlyWhenPresent": true, "code": "probe-introduced",
    ],
    setting("health", "startup-probe-enabled", "startupProbe.enabled", "probe-introduced"),
    [
      "dimension": "health", "fact": "startup-probe", "home": "startupProbe.custom",
      "onlyWhenPresent": true, "code": "probe-introduced",
    ],
    setting("scheduling", "replicas", "replicaCount", "replicas-changed"),
    setting("scheduling", "node-selector", "nodeSelector", "scheduling-lost"),
    setting("scheduling", "tolerations", "tolerations", "scheduling-lost"),
    setting("scheduling", "affinity", "affinity", "scheduling-lost"),
    setting(
      "scheduling", "topology-spread-constraints", "topologySpreadConstraints", "scheduling-lost"),
    setting("scheduling", "priority-class-name", "priorityClassName", "scheduling-lost"),
    setting("scheduling", "runtime-class-name", "runtimeClassName", "scheduling-lost"),
    setting("scheduling", "scheduler-name", "schedulerName", "scheduling-lost"),
    setting("scheduling", "resources", "resources", "resources-lost"),
    setting("scheduling", "image-pull-secrets", "imagePullSecrets", "image-pull-secrets-lost"),
    setting("scheduling", "command", "command", "container-lost"),
    setting("scheduling", "args", "args", "container-lost"),
    setting("scheduling", "extra-containers", "extraContainers", "container-lost"),
    setting("scheduling", "init-containers", "initContainers", "container-lost"),
    setting("scheduling", "pod-labels", "podLabels", "pod-settings-lost"),
    setting("scheduling", "pod-annotations", "podAnnotations", "pod-settings-lost"),
    [
      "dimension": "scheduling", "fact": "deployment-labels", "home": "deploymentLabels",
      "onlyIfNeeded": true, "code": "pod-settings-lost",
    ],
    setting(
      "scheduling", "deployment-annotations", "deploymentAnnotations", "pod-settings-lost"),
    setting("scheduling", "container-ports", "extraContainerPorts", "pod-settings-lost"),
    setting("scheduling", "lifecycle", "lifecycle", "pod-settings-lost"),
    setting(
      "scheduling", "termination-grace-period-seconds", "terminationGracePeriodSeconds",
      "pod-settings-lost"),
    setting("scheduling", "host-network", "hostNetwork", "pod-settings-lost"),
    setting("scheduling", "dns-policy", "dnsPolicy", "pod-settings-lost"),
    setting("scheduling", "dns-config", "dnsConfig", "pod-settings-lost"),
    setting("scheduling", "host-aliases", "hostAliases", "pod-settings-lost"),
    setting("scheduling", "revision-history-limit", "revisionHistoryLimit", "strategy-changed"),
    setting("scheduling", "min-ready-seconds", "minReadySeconds", "strategy-changed"),
    setting(
      "scheduling", "progress-deadline-seconds", "progressDeadlineSeconds", "strategy-changed"),
  ]

  private static func plain(
    _ name: String, _ home: String, _ codec: String, _ whenAbsent: String
  ) -> JSON {
    [
      "name": .string(name), "home": .string(home), "codec": .string(codec),
      "whenAbsent": .string(whenAbsent),
    ]
  }

  private static func secret(_ name: String, _ home: String) -> JSON {
    [
      "name": .string(name), "home": .string(home), "reference": .string(home + "From"),
      "codec": "text", "sensitive": true, "whenAbsent": "",
    ]
  }

  private static func setting(
    _ dimension: String, _ fact: String, _ home: String, _ code: String, whenAbsent: JSON? = nil
  ) -> JSON {
    var members: [String: JSON] = [
      "dimension": .string(dimension), "fact": .string(fact), "home": .string(home),
      "code": .string(code),
    ]
    members["whenAbsent"] = whenAbsent
    return .object(members)
  }
}
