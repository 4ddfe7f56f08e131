import MigratePlanning

/// Texts, numbers and trees that readers, terminals, shells and Kubernetes treat specially.
enum Hostile {
  static let fragments: [String] = [
    "", " ", "  ", "\t", "\n", "\r", "\r\n", "\n\n", "\u{0}", "\u{7}", "\u{8}", "\u{1B}[31m",
    "\u{1B}]0;x\u{7}", "\u{7F}", "\u{80}", "\u{85}", "\u{9B}2J", "\u{A0}", "\u{2028}", "\u{2029}",
    "\u{FEFF}", "\u{FFFE}", "\u{FFFF}", "\u{200B}", "\u{202E}", "\u{2066}", "\u{E0041}", "é",
    "e\u{301}", "\u{301}", "👨‍👩‍👧", "\u{10FFFF}", "\u{1FFFE}", "\u{D7FF}", "\u{E000}", "y", "no",
    "on", "null", "~", "true", "false", "1:30", "0123", "0x1F", "1e3", "1_000", ".inf", ".nan",
    "<<", "=", "'", "\"", "\\", "\\u0041", "/", "#", " #", ": ", ":", "-", "- ", "? ", "[", "]",
    "{", "}", ",", "&a", "*a", "&a ", "*a ", "!", "!!str", "!!binary ", "|", ">", "%", "@", "`",
    "---", "...", "\n---\n", "$", "$$", "$(", "$(A)", "$(ADMIN_TOKEN)", "$$(A)", "$(A", ")", "(",
    "{{ .x }}", "${x}", "a", "B", "_", "0", ".", "..", "../", "name", "value", "<redacted>",
    "<redacted: another than live>", "http://u:p@h/", "-----BEGIN KEY-----", "eyJ.a.b", "::set",
    "|", "<b>", "&#96;", "@x", "#1", "www.x", "--set", "=x", ";", "`id`", "$(id)", "%s",
  ]

  /// Texts of numbers at the edges; not all of them are JSON.
  static let numbers: [String] = [
    "0", "-0", "1", "-1", "1e400", "-1e400", "1e-400", "1e300", "1.50", "0.1", "1E5", "1e+21",
    "9007199254740993", "2147483648", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
    "18446744073709551616", "123456789012345678901234567890123456789012345", "0x10", "1_000",
    ".inf", "-.inf", ".nan", "1:30", "00", "007", "0o17", "0b11", "1.", ".5", "+1", "1e", "65535",
    "65536",
  ]

  /// Names that a release's variables have, or could.
  static let names: [String] = [
    "ADMIN_TOKEN", "JWT_SECRET", "HTTP_PORT", "TCP_PORT", "K8S_ENABLED", "WS_ENABLED",
    "API_ENABLED", "TCP_ENABLED", "OIDC_ENABLED", "OIDC_DISCOVERY", "OIDC_DISCOVERY_URL",
    "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_GROUP_FIELD", "REDIS_ENABLED", "REDIS_HOST",
    "REDIS_PORT", "REDIS_PASSWORD", "REDIS_DB", "TZ", "LOG_LEVEL", "NODE_OPTIONS", "A", "B", "C",
    "app.name", "API_KEY", "DB_PASSWORD",
  ]

  /// The words of the formats that are read.
  static let words: [String] = [
    "apiVersion", "kind", "metadata", "name", "namespace", "annotations", "labels", "uid",
    "generation", "managedFields", "manager", "operation", "time", "fieldsV1", "f:spec",
    "f:template", "f:containers", "f:env", "k:{\"name\":\"A\"}", "f:value", "spec", "template",
    "containers", "env", "envFrom", "value", "valueFrom", "secretKeyRef", "configMapKeyRef",
    "fieldRef", "resourceFieldRef", "secretRef", "configMapRef", "optional", "prefix", "key",
    "image", "imagePullPolicy", "volumeMounts", "mountPath", "subPath", "volumes",
    "persistentVolumeClaim", "claimName", "emptyDir", "hostPath", "serviceAccountName", "strategy",
    "type", "rollingUpdate", "maxSurge", "maxUnavailable", "selector", "matchLabels", "replicas",
    "ports", "port", "targetPort", "data", "stringData", "items", "List", "Deployment", "Service",
    "ServiceAccount", "Secret", "ConfigMap", "StatefulSet", "Recreate", "resources", "divisor",
    "securityContext", "livenessProbe", "readinessProbe", "command", "args", "nodeSelector",
    "schema", "release", "revision", "status", "chart", "version", "clusterID", "applyMethod",
    "values", "manifest", "live", "related", "sources", "keys", "templates", "revisions",
    "storedBytes", "hidden", "code", "reason", "verdict", "settings", "findings", "environment",
    "overrides", "unchecked", "objects", "interruption", "commands", "options", "state", "steps",
    "changes", "differences", "before", "after", "byDefault", "carrier", "path", "dimension",
    "subject", "severity", "recipe", "from", "to", "sink", "variables", "aliases", "home",
    "reference", "codec", "whenAbsent", "sensitive", "fact", "observedValues",
    "helm.sh/resource-policy",
    "holderIdentity", "renewTime", "leaseTransitions",
  ]

  /// A short text.
  static func text(_ random: inout FuzzRandom) -> String {
    switch random.below(24) {
    case 0: return String(repeating: random.one(of: fragments) ?? "", count: random.below(3000))
    case 1: return random.one(of: numbers) ?? ""
    case 2, 3: return random.one(of: names) ?? ""
    case 4, 5: return random.one(of: words) ?? ""
    default:
      return (0..<random.below(5)).map { _ in
        random.happens(oneIn: 6) ? String(scalar(&random)) : random.one(of: fragments) ?? ""
      }.joined()
    }
  }

  private static func scalar(_ random: inout FuzzRandom) -> Unicode.Scalar {
    let limit = Bool.random(using: &random) ? 0x300 : 0x110000
    return Unicode.Scalar(UInt32(random.below(limit))) ?? "\u{FFFD}"
  }

  /// A number that is JSON.
  static func number(_ random: inout FuzzRandom) -> JSON {
    let text = random.one(of: numbers) ?? "0"
    let isJSON =
      text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil
    return isJSON ? .number(text) : .string(text)
  }

  /// A tree of any kind.
  static func tree(_ random: inout FuzzRandom, depth: Int = 3) -> JSON {
    switch random.below(depth > 0 ? 12 : 7) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return number(&random)
    case 3: return .string(random.one(of: numbers) ?? "")
    case 4...6: return .string(text(&random))
    case 7, 8: return .array((0..<random.below(4)).map { _ in tree(&random, depth: depth - 1) })
    case 9 where random.happens(oneIn: 40): return nest("x", random.below(700), &random)
    default:
      var members: [String: JSON] = [:]
      for _ in 0..<random.below(5) {
        let key = random.happens(oneIn: 3) ? text(&random) : random.one(of: words) ?? ""
        members[key] = tree(&random, depth: depth - 1)
      }
      return .object(members)
    }
  }

  /// A value below many levels.
  static func nest(_ value: JSON, _ levels: Int, _ random: inout FuzzRandom) -> JSON {
    var nested = value
    let isObject = Bool.random(using: &random)
    for _ in 0..<levels { nested = isObject ? ["a": nested] : [nested] }
    return nested
  }
}
