import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct EnvironmentFindingTests {
  private static func variables(_ pairs: [(String, String)]) -> (inout FindingCase) -> Void {
    { $0.release.env = pairs.map(JSON.variable) }
  }

  /// Mounts a volume at /data.
  private static func mount(_ source: [String: JSON], _ finding: inout FindingCase) {
    finding.release.container["volumeMounts"] = [["name": "data", "mountPath": "/data"]]
    finding.release.pod["volumes"] = [
      .object(source.merging(["name": "data"]) { given, _ in given })
    ]
  }

  /// Has the token read from a Secret.
  private static func moved(_ finding: inout FindingCase) throws {
    finding.release.env = [.variable("ADMIN_TOKEN", "t0ken-one")]
    finding.choices.set = [
      try ValuePath("config.adminTokenFrom"): ["secretKeyRef": ["name": "creds", "key": "token"]]
    ]
  }

  private static let creds = EnvironmentSource.Identity(kind: .secret, name: "creds")

  static func cases() throws -> [FindingCase] {
    try [
      .due(.variableUnmapped, "no place", .blocker, "\"LOG_LEVEL\" has no place in chart 7.1.0") {
        $0.chart = .foreign
        $0.release.env = [.variable("LOG_LEVEL", "debug")]
      },
      .due(.variableUnmapped, "dropped", .breaking, "\"LOG_LEVEL\" has no place") {
        $0.chart = .foreign
        $0.release.env = [.variable("LOG_LEVEL", "debug")]
        $0.choices.unmapped = .drop
        $0.acceptedBy = "--unmapped drop"
      },
      .due(.variableUnmapped, "a recipe without a sink", .blocker, "\"LOG_LEVEL\"") {
        $0.release.env = [.variable("LOG_LEVEL", "debug")]
        $0.sink = false
      },
      .due(.variableUnmapped, "kept on the live Deployment", .warning, "\"LOG_LEVEL\"") {
        $0.release.env = [.variable("LOG_LEVEL", "debug")]
        $0.sink = false
        $0.choices.unmapped = .keep
        $0.acceptedBy = "--unmapped keep"
      },
      .due(
        .variableUnmapped, "kept on a Deployment that is replaced", .blocker, "made anew"
      ) {
        $0.chart = .foreign
        $0.release.env = [.variable("LOG_LEVEL", "debug")]
        $0.choices.unmapped = .keep
      },
      .nearMiss(.variableUnmapped, "a sink takes it", change: variables([("LOG_LEVEL", "debug")])),
      .nearMiss(.variableUnmapped, "an empty text means the same as none") {
        $0.chart = .foreign
        $0.release.env = [.variable("TZ", "")]
      },

      .due(
        .variableInvalid, "a name for a port", .warning, "\"HTTP_PORT\" is no port from 1 to 65535"
      ) {
        $0.release.env = [.variable("HTTP_PORT", "http")]
        $0.isResolved = true
      },
      .due(.variableInvalid, "a number out of range", .warning, "\"TCP_PORT\" is no port") {
        $0.release.env = [.variable("TCP_PORT", "70000")]
        $0.isResolved = true
      },
      .due(.variableInvalid, "a negative number", .warning, "\"REDIS_DB\" is no number from 0 up") {
        $0.release.env = [.variable("REDIS_DB", "-1")]
        $0.isResolved = true
      },
      .nearMiss(.variableInvalid, "leading zeros", change: variables([("HTTP_PORT", "08883")])),
      .nearMiss(.variableInvalid, "text after digits", change: variables([("HTTP_PORT", "9000x")])),
      .nearMiss(.variableInvalid, "a flag", change: variables([("WS_ENABLED", "maybe")])),
      .nearMiss(.variableInvalid, "a text", change: variables([("OIDC_CLIENT_ID", "http")])),

      .due(.flagNotTrue, "1", .warning, "\"WS_ENABLED\" is \"1\", which the broker reads as off") {
        $0.release.env = [.variable("WS_ENABLED", "1")]
        $0.isResolved = true
      },
      .due(.flagNotTrue, "True", .warning, "\"K8S_ENABLED\" is \"True\"") {
        $0.release.env = [.variable("K8S_ENABLED", "True")]
        $0.isResolved = true
      },
      .nearMiss(.flagNotTrue, "true", change: variables([("WS_ENABLED", "true")])),
      .nearMiss(.flagNotTrue, "false", change: variables([("WS_ENABLED", "false")])),
      .nearMiss(.flagNotTrue, "empty", change: variables([("WS_ENABLED", "")])),
      .nearMiss(.flagNotTrue, "no flag of the broker", change: variables([("MY_ENABLED", "1")])),

      .due(
        .defaultChanged, "operator mode", .breaking,
        "\"K8S_ENABLED\" is \"true\" in chart 0.2.0 by default; it was not set"
      ) {
        $0.isResolved = true
        $0.count = 2
      },
      .due(.defaultChanged, "what does no harm", .info, "sets what the broker does anyway") {
        $0.isResolved = true
        $0.count = 2
      },
      .due(.defaultChanged, "adopted", .breaking, "\"K8S_ENABLED\" changes from not set") {
        $0.choices.adopt = ["k8s.enabled"]
        $0.acceptedBy = "--adopt k8s.enabled"
        $0.count = 2
      },
      .due(
        .defaultChanged, "set otherwise", .breaking,
        "\"HTTP_PORT\" changes from \"9000\" to \"7000\""
      ) {
        $0.release.env = [.variable("HTTP_PORT", "9000"), .variable("K8S_ENABLED", "true")]
        $0.choices.set = [try ValuePath("config.httpPort"): 7000]
        $0.acceptedBy = "--set config.httpPort"
        $0.count = 2
      },
      .due(.defaultChanged, "that nothing leaves out", .breaking, "\"EXTRA\" changes from not set")
      {
        $0.chart.fixed = ["EXTRA": "1"]
        $0.count = 3
      },
      .nearMiss(.defaultChanged, "every variable was set") {
        $0.release.env = Self.everyDefault
      },

      .due(
        .variableRenamed, "an old spelling", .warning,
        "\"OIDC_DISCOVERY_URL\" is written as \"OIDC_DISCOVERY\""
      ) {
        $0.release.env = [.variable("OIDC_DISCOVERY_URL", "https://id")]
        $0.isResolved = true
      },
      .due(.variableRenamed, "whose text the chart spoils", .blocker, "\"OIDC_DISCOVERY_URL\"") {
        $0.release.env = [.variable("OIDC_DISCOVERY_URL", "https://id")]
        $0.chart.rewrites = { _, text in text + "/" }
        $0.chart.hasSink = false
      },
      .nearMiss(
        .variableRenamed, "the usual spelling", change: variables([("OIDC_DISCOVERY", "x")])),
      .nearMiss(
        .variableRenamed, "both spellings",
        change: variables([("OIDC_DISCOVERY_URL", "x"), ("OIDC_DISCOVERY", "y")])),

      .due(
        .variableReadFromSecret, "a reference", .info,
        "\"ADMIN_TOKEN\" is read from Secret \"creds\", which stays"
      ) {
        $0.release.env = [.variable("ADMIN_TOKEN", secret: "creds", key: "token")]
        $0.isResolved = true
      },
      .due(
        .variableReadFromSecret, "moved there", .breaking,
        "is read from Secret \"creds\" from now on"
      ) {
        try moved(&$0)
        $0.acceptedBy = "--set config.adminTokenFrom"
      },
      .due(
        .variableReadFromSecret, "moved to where nothing is", .blocker,
        "Secret \"creds\" does not exist, from which variable \"ADMIN_TOKEN\" would be read"
      ) {
        try moved(&$0)
        $0.answers.sourceKeys = [creds: .missing]
      },
      .due(
        .variableReadFromSecret, "moved to a key that is not there", .blocker,
        "Secret \"creds\" has no key \"token\""
      ) {
        try moved(&$0)
        $0.answers.sourceKeys = [
          creds: .keys(["Token"])
        ]
      },
      .due(
        .variableReadFromSecret, "moved to a key that is there", .breaking,
        "is read from Secret \"creds\" from now on"
      ) {
        try moved(&$0)
        $0.acceptedBy = "--set config.adminTokenFrom"
        $0.answers.sourceKeys = [
          creds: .keys(["token"])
        ]
      },
      .nearMiss(.variableReadFromSecret, "a ConfigMap") {
        $0.release.env = [
          [
            "name": "LOG_LEVEL",
            "valueFrom": ["configMapKeyRef": ["name": "creds", "key": "level"]],
          ]
        ]
      },
      .nearMiss(.variableReadFromSecret, "a whole Secret") {
        $0.release.envFrom = [["secretRef": ["name": "creds"]]]
        $0.release.sourceKeys = [Self.creds: .keys(["VENDOR"])]
      },

      .due(.secretInPlainText, "of the recipe", .warning, "\"ADMIN_TOKEN\" holds a secret") {
        $0.release.env = [.variable("ADMIN_TOKEN", "t0ken")]
      },
      .due(.secretInPlainText, "by its name", .warning, "\"VENDOR_KEY\" holds a secret") {
        $0.release.env = [.variable("VENDOR_KEY", "k3y")]
      },
      .due(.secretInPlainText, "by its value", .warning, "\"BACKEND\" holds a secret") {
        $0.release.env = [.variable("BACKEND", "redis://:pw@r/0")]
      },
      .nearMiss(.secretInPlainText, "a reference") {
        $0.release.env = [.variable("ADMIN_TOKEN", secret: "creds", key: "token")]
      },
      .nearMiss(.secretInPlainText, "empty", change: variables([("ADMIN_TOKEN", "")])),
      .nearMiss(
        .secretInPlainText, "near misses",
        change: variables([("OIDC_GROUP_FIELD", "teams"), ("REDIS_HOST", "redis")])),

      .due(.variableDuplicated, "twice", .warning, "\"TZ\" is set 2 times; the last one counts") {
        $0.release.env = [.variable("TZ", "UTC"), .variable("TZ", "CET")]
        $0.isResolved = true
      },
      .due(.variableDuplicated, "by the chart", .warning, "\"LOG\" is written 2 times by chart") {
        $0.chart.fixed = ["LOG": "1"]
        $0.release.env = [.variable("LOG", "2")]
      },
      .nearMiss(.variableDuplicated, "once", change: variables([("TZ", "UTC"), ("TZ2", "CET")])),

      .due(.expansionOrder, "nothing to write it to", .blocker, "\"OIDC_ADMIN_GROUP\" refers") {
        $0.chart.hasSink = false
        $0.release.env = [.variable("OIDC_ADMIN_GROUP", "$(TCP_PORT)")]
      },
      .nearMiss(
        .expansionOrder, "written out", change: variables([("OIDC_ADMIN_GROUP", "$(TCP_PORT)")])),
      .nearMiss(
        .expansionOrder, "in the order of before",
        change: variables([("A", "1"), ("B", "$(A)"), ("C", "$$(A)")])),

      .due(.environmentFromSource, "fills others", .info, "Secret \"creds\" fills variables") {
        $0.release.envFrom = [["secretRef": ["name": "creds"]]]
        $0.release.sourceKeys = [Self.creds: .keys(["VENDOR"])]
        $0.isResolved = true
      },
      .due(
        .environmentFromSource, "fills what the chart sets", .breaking,
        "Secret \"creds\" fills HTTP_PORT, which chart 0.2.0 sets by itself"
      ) {
        $0.release.envFrom = [["secretRef": ["name": "creds"]]]
        $0.release.sourceKeys = [Self.creds: .keys(["HTTP_PORT", "VENDOR"])]
        $0.isResolved = true
      },
      .due(.environmentFromSource, "missing", .warning, "Secret \"creds\", an envFrom source, does")
      {
        $0.release.envFrom = [["secretRef": ["name": "creds"]]]
        $0.release.sourceKeys = [Self.creds: .missing]
      },
      .due(.environmentFromSource, "missing and optional", .info, "does not exist") {
        $0.release.envFrom = [["secretRef": ["name": "creds", "optional": true]]]
        $0.release.sourceKeys = [Self.creds: .missing]
        $0.isResolved = true
      },
      .nearMiss(.environmentFromSource, "a single key") {
        $0.release.env = [.variable("HTTP_PORT", secret: "creds", key: "port")]
      },

      .due(.valueNotExact, "leading zeros", .info, "\"HTTP_PORT\" is \"09000\" before and \"9000\"")
      {
        $0.release.env = [.variable("HTTP_PORT", "09000")]
        $0.isResolved = true
      },
      .due(
        .valueNotExact, "a chart that spoils texts", .blocker, "\"utc\" before and \"UTC\" after"
      ) {
        $0.release.env = [.variable("TZ", "utc")]
        $0.chart = .foreign
        $0.chart.rewrites = { _, text in text.uppercased() }
      },
      .nearMiss(.valueNotExact, "the same text", change: variables([("HTTP_PORT", "9000")])),
      .nearMiss(.valueNotExact, "a flag", change: variables([("WS_ENABLED", "1")])),

      .due(.valueUnsupported, "an old value", .breaking, "value \"affinityPreset\" was given") {
        $0.release.supplied = ["affinityPreset": "soft"]
      },
      .due(.valueUnsupported, "an old value that is let go", .breaking, "\"affinityPreset\"") {
        $0.release.supplied = ["affinityPreset": "soft"]
        $0.choices.adopt = ["value-unsupported"]
        $0.acceptedBy = "--adopt value-unsupported"
      },
      .due(.valueUnsupported, "a value of the same name", .breaking, "value \"redis.host\"") {
        $0.release.supplied = ["redis": ["host": "elsewhere"]]
      },
      .nearMiss(.valueUnsupported, "what the facts account for") {
        $0.release.supplied = ["env": ["TZ": "UTC"], "image": ["tag": "0.1.0", "odd": 1]]
      },
      .nearMiss(.valueUnsupported, "the target's own default") {
        $0.release.supplied = ["redis": ["host": "localhost"], "gone": .null]
      },
      .due(.valueUnsupported, "a claim that is not at /data", .breaking, "claimName\" was given") {
        mount(["persistentVolumeClaim": ["claimName": "broker-data"]], &$0)
        $0.release.supplied = ["data": ["persistentVolumeClaim": ["claimName": "other"]]]
      },
      .due(.valueUnsupported, "more than the volume", .breaking, "value \"data.shared\"") {
        mount(["emptyDir": [:]], &$0)
        $0.release.supplied = ["data": ["shared": true, "emptyDir": [:]]]
      },
      .nearMiss(.valueUnsupported, "the claim at /data") {
        mount(["persistentVolumeClaim": ["claimName": "broker-data"]], &$0)
        $0.release.supplied = ["data": ["persistentVolumeClaim": ["claimName": "broker-data"]]]
      },
      .nearMiss(.valueUnsupported, "the claim by its name alone") {
        mount(["persistentVolumeClaim": ["claimName": "broker-data"]], &$0)
        $0.release.supplied = ["storage": ["existingClaim": "broker-data"]]
      },
      .nearMiss(.valueUnsupported, "another volume at /data") {
        mount(["hostPath": ["path": "/srv/broker"]], &$0)
        $0.release.supplied = ["data": ["hostPath": ["path": "/srv/broker"]]]
      },
      .nearMiss(.valueUnsupported, "what the operator sets") {
        $0.release.supplied = ["redis": ["host": "elsewhere"]]
        $0.choices.set = [try ValuePath("redis.host"): "here"]
      },
    ]
  }

  private static let everyDefault: [JSON] = [
    ("HTTP_PORT", "8883"), ("TCP_PORT", "1883"), ("K8S_ENABLED", "true"), ("WS_ENABLED", "false"),
    ("API_ENABLED", "false"), ("TCP_ENABLED", "false"), ("OIDC_ENABLED", "false"),
    ("OIDC_GROUP_FIELD", "groups"), ("REDIS_ENABLED", "false"), ("REDIS_HOST", "localhost"),
    ("REDIS_PORT", "6379"), ("REDIS_DB", "0"),
  ].map(JSON.variable)

  @Test(arguments: try cases())
  func findingsAreMadeWhereTheyAreDue(_ finding: FindingCase) async throws {
    try await finding.check()
  }
}
