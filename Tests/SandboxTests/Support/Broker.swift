/// What the broker makes of its environment: flags are on for exactly `true`, numbers are read by
/// JavaScript's parseInt, and what is not set has a default.
enum Broker {
  private enum Reading {
    case flag
    case number(Int)
    case text(String)
  }

  private static let known: [String: Reading] = [
    "ADMIN_TOKEN": .text(""), "JWT_SECRET": .text(""), "TZ": .text(""),
    "K8S_ENABLED": .flag, "WS_ENABLED": .flag, "API_ENABLED": .flag, "TCP_ENABLED": .flag,
    "HTTP_PORT": .number(8883), "TCP_PORT": .number(1883),
    "OIDC_ENABLED": .flag, "OIDC_DISCOVERY": .text(""), "OIDC_CLIENT_ID": .text(""),
    "OIDC_CLIENT_SECRET": .text(""), "OIDC_GROUP_FIELD": .text("groups"),
    "OIDC_ADMIN_GROUP": .text(""), "OIDC_WRITER_GROUP": .text(""), "OIDC_READER_GROUP": .text(""),
    "REDIS_ENABLED": .flag, "REDIS_HOST": .text("localhost"), "REDIS_PORT": .number(6379),
    "REDIS_PASSWORD": .text(""), "REDIS_DB": .number(0),
  ]

  /// What each setting comes to, and every other variable as it is.
  static func reading(of environment: ProcessEnvironment) -> [String: ExactText] {
    var values = environment.values
    if let discovery = values.removeValue(forKey: "OIDC_DISCOVERY_URL"),
      values["OIDC_DISCOVERY"] == nil
    {
      values["OIDC_DISCOVERY"] = discovery
    }
    var result = values
    for (name, reading) in known {
      let value = values[name]
      switch reading {
      case .flag: result[name] = value == "true" ? "on" : "off"
      case .number(let fallback):
        let number = value.map { parseInt($0.text).map(String.init) ?? "NaN" }
        result[name] = ExactText(number ?? String(fallback))
      case .text(let fallback): result[name] = value ?? ExactText(fallback)
      }
    }
    return result
  }

  private static func parseInt(_ text: String) -> Int? {
    let trimmed = text.drop(while: \.isWhitespace)
    if let match = trimmed.prefixMatch(of: /([-+]?)0[xX]([0-9a-fA-F]{1,12})/) {
      return Int(match.2, radix: 16).map { match.1 == "-" ? -$0 : $0 }
    }
    guard let match = trimmed.prefixMatch(of: /[-+]?[0-9]{1,15}/) else { return nil }
    return Int(match.0)
  }
}
