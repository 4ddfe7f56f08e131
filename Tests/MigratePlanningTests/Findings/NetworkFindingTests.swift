import MigratePlanning
import Testing

@testable import PlanSamples

/// What becomes of the ways to the broker.
@Suite struct NetworkFindingTests {
  private static let listening: [JSON] = [
    .variable("TCP_ENABLED", "true"), .variable("API_ENABLED", "true"),
  ]

  private static func ingress(
    _ service: String, _ port: JSON, name: String = "outside"
  ) -> JSON {
    [
      "kind": "Ingress", "metadata": ["name": .string(name), "namespace": "mqtt"],
      "spec": [
        "rules": [
          [
            "http": [
              "paths": [
                [
                  "path": "/",
                  "backend": ["service": ["name": .string(service), "port": port]],
                ]
              ]
            ]
          ]
        ]
      ],
    ]
  }

  private static func extern(_ target: JSON, selector: JSON = ["app": "web"]) -> JSON {
    [
      "kind": "Service", "metadata": ["name": "extern", "namespace": "mqtt"],
      "spec": ["selector": selector, "ports": [["port": 8080, "targetPort": target]]],
    ]
  }

  /// A chart whose Services lead to another port.
  private static func leading(to target: JSON) -> FakeChart {
    FakeChart(defect: { object in
      guard object["kind"] == "Service" else { return object }
      let ports = (object["spec"]?["ports"]?.elements ?? []).map {
        $0["name"] == "http" ? $0.replacing(["targetPort"], with: target) : $0
      }
      return object.replacing(["spec", "ports"], with: .array(ports))
    })
  }

  static func cases() throws -> [FindingCase] {
    try removed() + moved() + typed() + selected() + unreachable() + ingresses() + balancers()
  }

  private static func removed() throws -> [FindingCase] {
    try [
      .due(.serviceRemoved, "named otherwise by default", .breaking, "\"web\" stays") {
        $0.isResolved = true
      },
      .due(.serviceRemoved, "adopted", .breaking, "Service \"web\" goes, with port 80, 1883") {
        $0.choices.adopt = ["service-removed", "fullnameOverride"]
        $0.acceptedBy = "--adopt service-removed"
      },
      .due(
        .serviceRemoved, "a third one", .breaking, "Service \"web-metrics\" goes, with port 9100"
      ) {
        $0.release.name = "my-backbone"
        $0.release.deploymentName = "my-backbone"
        $0.release.services = [
          $0.release.service(),
          $0.release.service("web-metrics", ports: [["port": 9100, "targetPort": 9100]]),
        ]
      },
      .nearMiss(.serviceRemoved, "a third one that is marked to stay") {
        $0.release.name = "my-backbone"
        $0.release.deploymentName = "my-backbone"
        $0.release.services = [
          $0.release.service(),
          $0.release.service(
            "web-metrics", ports: [["port": 9100, "targetPort": 9100]],
            annotations: ["helm.sh/resource-policy": "keep"]),
        ]
      },
      .nearMiss(.serviceRemoved, "the chart's own names") {
        $0.release.name = "my-backbone"
        $0.release.deploymentName = "my-backbone"
      },
    ]
  }

  private static func moved() throws -> [FindingCase] {
    try [
      .due(.servicePortMoved, "one Service for both", .breaking, "every port of the Services stays")
      {
        $0.isResolved = true
      },
      .due(
        .servicePortMoved, "adopted", .breaking,
        "port web:1883 goes; web-tcp:1883 leads there instead"
      ) {
        $0.release.env = listening
        $0.choices.adopt = ["service-port-moved"]
        $0.acceptedBy = "--adopt service-port-moved"
      },
      .due(.servicePortMoved, "other numbers", .breaking, "service.tcp.port") {
        $0.release.services = [
          $0.release.service(ports: [["name": "api", "port": 8080, "targetPort": 8883]]),
          $0.release.service(
            "web-tcp", ports: [["name": "mqtt", "port": 11883, "targetPort": 1883]]),
        ]
        $0.isResolved = true
      },
      .due(
        .servicePortMoved, "where nothing listened", .warning,
        "port web:80 led to port 8883, where nothing listens; it leads to port 9000 then"
      ) {
        $0.release.env = listening + [.variable("HTTP_PORT", "9000")]
        $0.count = 2
      },
      .due(
        .servicePortMoved, "to another listener", .breaking,
        "port web:80 led to port 8883; it leads to port 1883 then"
      ) {
        $0.release.env = listening
        $0.chart = leading(to: "mqtt")
      },
      .nearMiss(.servicePortMoved, "two Services as the chart has them") {
        $0.release.services = [
          $0.release.service(ports: [["name": "http", "port": 80, "targetPort": 8883]]),
          $0.release.service(
            "web-tcp", ports: [["name": "mqtt", "port": 1883, "targetPort": 1883]]),
        ]
      },
      .nearMiss(.servicePortMoved, "the listener moves and the Service follows") {
        $0.release.env = listening
        $0.release.services = [
          $0.release.service(ports: [["name": "http", "port": 80, "targetPort": 8883]]),
          $0.release.service(
            "web-tcp", ports: [["name": "mqtt", "port": 1883, "targetPort": 1883]]),
        ]
        $0.choices.set = [try ValuePath("config.httpPort"): 9000]
      },
    ]
  }

  private static func selected() throws -> [FindingCase] {
    func byHand(_ finding: inout FindingCase) {
      finding.release.template = ["labels": ["app": "web", "color": "blue"]]
      finding.release.declaredServices = [finding.release.service()]
      finding.release.services = [
        finding.release.service(spec: ["selector": ["app": "web", "color": "blue"]])
      ]
    }
    return try [
      .due(
        .serviceSelectorChanged, "by hand", .breaking,
        "finds Pods by {\"app\":\"web\",\"color\":\"blue\"}, which was set by hand, and by "
          + "{\"app\":\"web\"}",
        change: byHand),
      .due(.serviceSelectorChanged, "let go", .breaking) {
        byHand(&$0)
        $0.choices.adopt = ["service-selector-changed"]
        $0.acceptedBy = "--adopt service-selector-changed"
      },
      .nearMiss(.serviceSelectorChanged, "as the chart has it"),
      .nearMiss(.serviceSelectorChanged, "otherwise, by the old chart") {
        byHand(&$0)
        $0.release.declaredServices = nil
      },
    ]
  }

  private static func typed() throws -> [FindingCase] {
    try [
      .due(.serviceTypeChanged, "a load balancer by hand", .breaking, "stays a LoadBalancer") {
        $0.release.services = [$0.release.service(spec: ["type": "LoadBalancer"])]
        $0.isResolved = true
      },
      .due(.serviceTypeChanged, "adopted", .breaking, "becomes a ClusterIP, where it was a") {
        $0.release.services = [
          $0.release.service(
            ports: [
              ["name": "http", "port": 80, "targetPort": 8883, "nodePort": 30080],
              ["name": "mqtt", "port": 1883, "targetPort": 1883, "nodePort": 31883],
            ], spec: ["type": "LoadBalancer"])
        ]
        $0.choices.adopt = ["service-type-changed"]
        $0.acceptedBy = "--adopt service-type-changed"
      },
      .due(.serviceTypeChanged, "chosen", .breaking, "becomes a NodePort") {
        $0.choices.set = [try ValuePath("service.http.type"): "NodePort"]
        $0.acceptedBy = "--set service.http.type"
      },
      .due(
        .serviceTypeChanged, "for one of two Services", .breaking,
        "makes it a LoadBalancer by default; Service \"web-tcp\" stays a ClusterIP"
      ) {
        $0.release.services = [
          $0.release.service(ports: [["name": "http", "port": 80, "targetPort": 8883]]),
          $0.release.service(
            "web-tcp", ports: [["name": "mqtt", "port": 1883, "targetPort": 1883]]),
        ]
        $0.chart.otherDefaults = ["service": ["tcp": ["type": "LoadBalancer"]]]
        $0.isResolved = true
      },
      .due(
        .loadBalancerSettingsLost, "the type that it has, set again", .breaking,
        "service.http.nodePort"
      ) {
        $0.release.services = [
          $0.release.service(
            ports: [["name": "http", "port": 80, "targetPort": 8883, "nodePort": 30080]],
            spec: ["type": "NodePort"])
        ]
        $0.choices.set = [try ValuePath("service.http.type"): "NodePort"]
        $0.isResolved = true
      },
      .nearMiss(.serviceTypeChanged, "written out") {
        $0.release.services = [$0.release.service(spec: ["type": "ClusterIP"])]
      },
    ]
  }

  private static func unreachable() throws -> [FindingCase] {
    try [
      .due(
        .serviceTargetUnreachable, "a name that no container has", .breaking,
        "port web:80 leads to port \"web\", which no container has"
      ) {
        $0.release.env = listening
        $0.chart = leading(to: "web")
      },
      .due(
        .serviceTargetUnreachable, "a fixed number where the listener moves", .breaking,
        "leads to port 8883, where nothing listens"
      ) {
        $0.release.env = listening
        $0.chart = leading(to: 8883)
        $0.choices.set = [try ValuePath("config.httpPort"): 9000]
        $0.acceptedBy = nil
      },
      .due(
        .serviceTargetUnreachable, "a number that nobody declares", .breaking,
        "leads to port 7000, which no container declares"
      ) {
        $0.release.env = listening
        $0.chart = leading(to: 7000)
      },
      .due(.serviceTargetUnreachable, "as it was", .warning, "as it does now") {
        $0.release.env = listening + [.variable("HTTP_PORT", "9000")]
        $0.chart = leading(to: 8883)
      },
      .due(
        .serviceTargetUnreachable, "somebody's Service by a name that goes", .breaking,
        "port extern:8080 leads to port \"web\", which no container has"
      ) {
        $0.release.container["ports"] = [
          ["name": "web", "containerPort": 8883], ["name": "mqtt", "containerPort": 1883],
        ]
        $0.answers.neighbours = Objects([extern("web")])
      },
      .nearMiss(.serviceTargetUnreachable, "somebody's Service by a number") {
        $0.release.container["ports"] = [
          ["name": "web", "containerPort": 8883], ["name": "mqtt", "containerPort": 1883],
        ]
        $0.answers.neighbours = Objects([
          extern(8883), extern("nothing", selector: ["app": "other"]),
        ])
      },
      .nearMiss(.serviceTargetUnreachable, "a listener that is off") { $0.release.env = [] },
      .nearMiss(.serviceTargetUnreachable, "a port of a sidecar") {
        $0.release.moreContainers = [["name": "proxy", "ports": [["containerPort": 8443]]]]
        $0.release.services = [
          $0.release.service(
            ports: [
              ["name": "http", "port": 80, "targetPort": 8883],
              ["name": "tls", "port": 443, "targetPort": 8443],
            ])
        ]
      },
    ]
  }

  private static func ingresses() throws -> [FindingCase] {
    try [
      .due(
        .ingressBackendMissing, "another Service", .breaking,
        "Ingress \"outside\" leads to api:80, and there is no such Service"
      ) {
        $0.chart.moreObjects = [ingress("api", ["number": 80])]
      },
      .due(
        .ingressBackendMissing, "another port", .breaking,
        "leads to web:8080, and there is no such port"
      ) {
        $0.chart.moreObjects = [ingress("web", ["number": 8080])]
      },
      .nearMiss(.ingressBackendMissing, "there it is") {
        $0.chart.moreObjects = [
          ingress("web", ["number": 80]), ingress("web", ["name": "http"], name: "by-name"),
        ]
      },
      .nearMiss(.ingressBackendMissing, "a Service of somebody else's") {
        $0.chart.moreObjects = [ingress("extern", ["number": 8080])]
        $0.answers.neighbours = Objects([extern(1)])
      },
      .due(
        .ingressOrphaned, "the Service goes", .breaking,
        "which is not of the release, leads to web:80, which goes"
      ) {
        $0.choices.adopt = ["service-removed", "fullnameOverride"]
        $0.answers.neighbours = Objects([ingress("web", ["number": 80])])
      },
      .due(.ingressOrphaned, "the port goes, by name", .breaking, "leads to web:mqtt") {
        $0.choices.adopt = ["service-port-moved"]
        $0.answers.neighbours = Objects([ingress("web", ["name": "mqtt"])])
      },
      .nearMiss(.ingressOrphaned, "it stays") {
        $0.choices.adopt = ["service-port-moved"]
        $0.answers.neighbours = Objects([
          ingress("web", ["number": 80]), ingress("web", ["number": 8080]),
          ingress("other", ["number": 80]),
        ])
      },
    ]
  }

  private static func balancers() throws -> [FindingCase] {
    try [
      .nearMiss(.loadBalancerSettingsLost, "with their Service") {
        $0.release.services = [$0.release.service(spec: ["type": "NodePort"])]
        $0.choices.set = [try ValuePath("service.http.enabled"): false]
      },
      .due(
        .loadBalancerSettingsLost, "annotations and ranges by hand", .breaking,
        "kept: service.http.annotations, service.http.loadBalancerSourceRanges"
      ) {
        $0.release.services = [
          $0.release.service(
            spec: ["type": "LoadBalancer", "loadBalancerSourceRanges": ["10.0.0.0/8"]],
            annotations: ["cloud/internal": "true"])
        ]
        $0.isResolved = true
      },
      .due(
        .loadBalancerSettingsLost, "no value for it", .breaking,
        "service.http.clusterIP changes from \"None\" to \"\""
      ) {
        $0.release.services = [$0.release.service(spec: ["clusterIP": "None"])]
      },
      .due(
        .loadBalancerSettingsLost, "no value for an address that was asked for", .breaking,
        "service.http.clusterIP changes from \"10.43.7.21\" to \"\""
      ) {
        let record: JSON = [["manager": "helm", "fieldsV1": ["f:spec": ["f:clusterIP": [:]]]]]
        $0.release.services = [
          $0.release.service().replacing(["metadata", "managedFields"], with: record)
        ]
      },
      .nearMiss(.loadBalancerSettingsLost, "as Kubernetes has them") {
        $0.release.services = [
          $0.release.service(
            spec: [
              "sessionAffinity": "None", "ipFamilyPolicy": "SingleStack", "ipFamilies": ["IPv4"],
              "internalTrafficPolicy": "Cluster", "clusterIPs": ["10.43.7.21"],
            ])
        ]
      },
      .nearMiss(.loadBalancerSettingsLost, "helm's and kubectl's own records") {
        $0.release.services = [
          $0.release.service(
            annotations: [
              "meta.helm.sh/release-name": "web",
              "kubectl.kubernetes.io/last-applied-configuration": "{}",
            ])
        ]
      },
    ]
  }

  @Test(arguments: try cases())
  func findingsAreMadeWhereTheyAreDue(_ finding: FindingCase) async throws {
    try await finding.check()
  }

  @Test func oneServiceStaysOne() async throws {
    let plan = try await Planning.plan(.with([("TCP_ENABLED", "true")]))
    #expect(plan.verdict == .ready)
    #expect(try plan.value("service.tcp.enabled") == false)
    #expect(
      try plan.value("service.http.extraPorts") == [
        ["name": "mqtt", "port": 1883, "protocol": "TCP", "targetPort": "mqtt"]
      ])
    let services = plan.comparison.rendered.all(kind: "Service").map(\.objectName)
    #expect(services == ["web"])
  }

  /// Both types have node ports, and Kubernetes leaves those of a Service that becomes the other.
  @Test(arguments: [nil, "NodePort", "LoadBalancer"] as [JSON?])
  func nodePortsStayWithTheirService(chosenType: JSON?) async throws {
    let set = try chosenType.map { [try ValuePath("service.http.type"): $0] } ?? [:]
    var release = SampleRelease()
    release.services = [
      release.service(
        ports: [
          ["name": "http", "port": 80, "targetPort": 8883, "nodePort": 30080],
          ["name": "mqtt", "port": 1883, "targetPort": 1883, "nodePort": 31883],
        ], spec: ["type": "NodePort", "externalTrafficPolicy": "Local"])
    ]
    let plan = try await Planning.plan(release, choices: Choices(set: set))
    #expect(try plan.value("service.http.type") == chosenType ?? "NodePort")
    #expect(try plan.value("service.http.nodePort") == 30080)
    #expect(try plan.value("service.http.externalTrafficPolicy") == "Local")
    #expect(try plan.value("service.http.extraPorts")?.elements.first?["nodePort"] == 31883)
    #expect(plan.verdict == .ready)
  }

  @Test func aServiceOfMQTTAloneIsTheOneForMQTT() async throws {
    var release = SampleRelease()
    release.services = [
      release.service(ports: [["name": "mqtt", "port": 1883, "targetPort": 1883]])
    ]
    let plan = try await Planning.plan(release)
    #expect(try plan.value("service.http.enabled") == false)
    #expect(try plan.value("service.tcp.name") == "web")
    #expect(plan.comparison.rendered.all(kind: "Service").map(\.objectName) == ["web"])
  }

  @Test func whatMattersAndMayNotBeReadIsUnchecked() async throws {
    func unchecked(_ choices: Choices) async throws -> [String] {
      let chart = FakeChart()
      let situation = try Planning.situation(SampleRelease(), choices: choices)
      let answers = ServerAnswers.nothingAmiss(
        unread: Dictionary(
          uniqueKeysWithValues: Neighbour.allCases.map { ($0, "forbidden") }))
      return try await Planning.plan(situation, reply: .answered(answers)) { chart.render($0) }
        .unchecked.map(\.code)
    }
    #expect(try await unchecked(Choices()) == [])
    #expect(
      try await unchecked(Choices(adopt: ["service-port-moved"])) == ["ingress-orphaned"])
    #expect(
      try await unchecked(Choices(set: [try ValuePath("persistence.enabled"): true]))
        == ["storage-class-missing"])
    #expect(
      try await unchecked(Choices(adopt: ["fullnameOverride", "service-removed"]))
        == ["ingress-orphaned", "scheduling-lost"])
  }
}
