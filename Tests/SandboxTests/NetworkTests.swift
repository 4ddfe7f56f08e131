import Foundation
import MigratePlanning
import Testing

@Suite("The ways to the broker")
struct NetworkTests {
  @Test(
    "one Service stays one, with all that was set on it by hand",
    arguments: HelmVersion.only(.helm3))
  func oneServiceStays(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("TCP_ENABLED=true", on: "web")
      try await bench.patchService(
        "web",
        [
          "metadata": ["annotations": ["cloud.example/internal": "true"]],
          "spec": [
            "type": "NodePort", "sessionAffinity": "ClientIP", "externalTrafficPolicy": "Local",
          ],
        ])
      let before = try await bench.live("service", "web")
      let plan = try await bench.plan("web")
      #expect(plan.verdict == "ready")
      #expect(plan.acceptances == [])
      for code in ["service-removed", "service-port-moved", "service-type-changed"] {
        #expect(plan.finding(code)?.isResolved == true, "\(code)")
      }
      #expect(plan.finding("load-balancer-settings-lost")?.isResolved == true)
      #expect(plan.value("service", "http", "type") == "NodePort")

      try await bench.follow(plan)
      let after = try await bench.live("service", "web")
      #expect(try await bench.names(of: "services") == ["web"])
      for field in ["type", "clusterIP", "sessionAffinity", "externalTrafficPolicy", "selector"] {
        #expect(after["spec"]?[field] == before["spec"]?[field], "\(field)")
      }
      #expect(after.portsAndNodePorts == before.portsAndNodePorts)
      #expect(after["metadata"]?["annotations"]?["cloud.example/internal"] == "true")
    }
  }

  /// Two brokers side by side, of which the Service finds one.
  @Test("a selector that was set by hand is named, or kept", arguments: HelmVersion.only(.helm4))
  func selectorByHand(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let labels: JSON = ["metadata": ["labels": ["color": "blue"]]]
      let patch: JSON = ["spec": ["template": labels]]
      _ = try await bench.kubectl("patch", "deployment", "web", "--patch", patch.canonical)
      try await bench.patchService("web", ["spec": ["selector": ["color": "blue"]]])
      let plan = try await bench.plan("web")
      #expect(plan.acceptances == ["--accept", "service-selector-changed"])
      let finding = try #require(plan.finding("service-selector-changed"))
      let keep = "kubectl annotate service web -n \(bench.namespace) helm.sh/resource-policy=keep"
      let option = "--set service.http.enabled=false"
      #expect(finding.remedy?.contains("\(keep), then plan with \(option)") == true, "\(finding)")

      _ = try await bench.shell(keep).succeeded()
      let kept = try await bench.plan("web", "--set", "service.http.enabled=false")
      #expect(kept.verdict == "ready", "\(kept.findings)")
      #expect(try await bench.apply(kept).ended(0, "done"))
      let selector = try await bench.live("service", "web")["spec"]?["selector"]
      #expect(selector == ["app": "web", "color": "blue"])
    }
  }

  @Test("two Services stay as they are", arguments: HelmVersion.only(.helm4))
  func twoServicesStay(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.twoServices)
      let before = try await bench.names(of: "services")
      let plan = try await bench.plan("web")
      #expect(plan.verdict == "ready")
      #expect(plan.findings("service-type-changed").isEmpty)
      #expect(plan.findings("load-balancer-settings-lost").isEmpty)
      #expect(plan.findings("service-port-moved").isEmpty)
      try await bench.follow(plan)
      #expect(try await bench.names(of: "services") == before)
    }
  }

  @Test("what points at a port that goes is named", arguments: HelmVersion.only(.helm3))
  func ingressIsOrphaned(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("TCP_ENABLED=true", "API_ENABLED=true", on: "web")
      try await bench.create([
        Self.ingress("stays", "web", 80), Self.ingress("goes", "web", 1883),
        Self.ingress("other", "other", 1883),
      ])
      #expect(try await bench.plan("web").findings("ingress-orphaned").isEmpty)

      let moved = try await bench.plan("web", "--adopt", "service-port-moved")
      let finding = try #require(moved.finding("ingress-orphaned"))
      #expect(finding.message.contains("\"goes\""))
      #expect(finding.severity == "breaking" && finding.isOpen)
      #expect(
        moved.findings("service-port-moved").contains {
          $0.acceptedBy == "--adopt service-port-moved" && $0.message.contains("web:1883 goes")
        })

      let renamed = try await bench.plan(
        "web", "--adopt", "service-removed", "--adopt", "fullnameOverride")
      #expect(renamed.findings("ingress-orphaned").count == 2)
      #expect(
        renamed.finding("service-removed")?.message.contains("Service \"web\" goes") == true)
    }
  }

  @Test(
    "somebody's own Service that leads to nothing then is named",
    arguments: HelmVersion.only(.helm4))
  func ownServiceLosesItsPort(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("API_ENABLED=true", on: "web")
      try await bench.patchContainer(
        of: "web", with: ["ports": [["containerPort": 8883, "name": "web-api"]]])
      try await bench.create([
        Self.service("by-name", "web-api"), Self.service("by-number", 8883),
        Self.service("of-others", "web-api", selector: ["app": "other"]),
      ])
      let plan = try await bench.plan("web")
      let finding = try #require(plan.finding("service-target-unreachable"))
      #expect(finding.message.contains("by-name:8080 leads to port \"web-api\""))
      #expect(finding.severity == "breaking" && finding.isOpen)
    }
  }

  @Test(
    "what helm would leave on a Service goes when it is given up, and comes back",
    arguments: ReleaseMode.one(.helm4, of: .helm3, .helm4))
  func leftovers(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
      try await bench.patchService(
        "web",
        [
          "spec": [
            "type": "LoadBalancer", "externalTrafficPolicy": "Local",
            "loadBalancerSourceRanges": ["10.0.0.0/8"],
            "ports": [["name": "metrics", "port": 9102, "protocol": "TCP"]],
          ]
        ])
    } _: { bench in
      let before = try await bench.state()
      let plan = try await bench.plan(
        "web", "--adopt", "service-type-changed", "--adopt", "load-balancer-settings-lost",
        "--adopt", "service-port-moved")
      let applied = try await bench.apply(plan)
      #expect(applied.ended(0, "done"), "\(mode): \(applied)")
      let spec = try await bench.live("service", "web")["spec"]
      #expect(spec?["type"] == "ClusterIP" && spec?["loadBalancerSourceRanges"] == nil)
      #expect(spec?["ports"]?.elements.map { $0["port"] } == [80], "\(mode)")

      // Set by hand since, and in the way of what helm goes back to.
      try await bench.patchService(
        "web", ["spec": ["type": "LoadBalancer", "loadBalancerSourceRanges": ["192.0.2.0/24"]]])
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test("a port that was changed by hand is helm's afterwards", arguments: ReleaseMode.only(.helm4))
  func changedPort(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
      try await bench.patchService(
        "web",
        [
          "spec": [
            "ports": [
              ["port": 80, "$patch": "delete"],
              ["name": "http", "port": 8080, "targetPort": 8883, "protocol": "TCP"],
            ]
          ]
        ])
    } _: { bench in
      let before = try await bench.state()
      let plan = try await bench.plan("web")
      #expect(plan.verdict == "ready")
      let applied = try await bench.apply(plan)
      #expect(applied.ended(0, "done"), "\(mode): \(applied)")
      let service = try await bench.managed("service", "web")
      #expect(service["spec"]?["ports"]?.elements.map { $0["port"] } == [8080, 1883])
      let managers = service["metadata"]?["managedFields"]?.elements.compactMap {
        $0["manager"]?.string
      }
      #expect(managers == ["helm"], "\(mode)")
      #expect(try await bench.rollback().ended(0, "done"), "\(mode)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test("defects of another chart are named", arguments: HelmVersion.only(.helm3))
  func defectsOfATarget(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("API_ENABLED=true", on: "web")
      let chart = bench.folder + "/fork"
      _ = try await bench.migrate("chart", chart).succeeded()
      let sound = try await bench.plan(
        "web", "--chart", chart, "--set", "ingress.enabled=true", "--set",
        "ingress.hosts=[{host: mqtt.example.com}]")
      #expect(sound.findings("ingress-backend-missing").isEmpty)
      #expect(sound.findings("service-target-unreachable").isEmpty)

      try bench.replace(
        "include \"backbone.httpServiceName\" $ | quote", with: "\"nobody\"",
        in: "fork/templates/ingress.yaml")
      try bench.replace(
        "targetPort: {{ get $targets .target }}", with: "targetPort: nowhere",
        in: "fork/templates/_helpers.tpl")
      let plan = try await bench.plan(
        "web", "--chart", chart, "--set", "ingress.enabled=true", "--set",
        "ingress.hosts=[{host: mqtt.example.com}]")
      let backend = try #require(plan.finding("ingress-backend-missing"))
      #expect(backend.message.contains("leads to nobody:80, and there is no such Service"))
      let target = try #require(plan.finding("service-target-unreachable"))
      #expect(target.message.contains("port \"nowhere\", which no container has"))
    }
  }

  private static func ingress(_ name: String, _ service: String, _ port: Int) -> JSON {
    [
      "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": ["name": .string(name)],
      "spec": [
        "rules": [
          [
            "http": [
              "paths": [
                [
                  "path": "/", "pathType": "Prefix",
                  "backend": [
                    "service": ["name": .string(service), "port": ["number": .integer(port)]]
                  ],
                ]
              ]
            ]
          ]
        ]
      ],
    ]
  }

  private static func service(
    _ name: String, _ target: JSON, selector: JSON = ["app": "web"]
  ) -> JSON {
    [
      "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)],
      "spec": ["selector": selector, "ports": [["port": 8080, "targetPort": target]]],
    ]
  }
}

extension Workbench {
  /// Changes a live Service with `kubectl patch`.
  fileprivate func patchService(_ name: String, _ patch: JSON) async throws {
    _ = try await kubectl(
      ["patch", "service", name, "--patch-file", "/dev/stdin"], input: patch.canonical)
  }

  /// Replaces a text in a file below the folder, once.
  fileprivate func replace(_ text: String, with other: String, in file: String) throws {
    let url = URL(filePath: folder).appending(path: file)
    let content = try String(contentsOf: url, encoding: .utf8)
    try #require(content.contains(text))
    try Data(content.replacing(text, with: other, maxReplacements: 1).utf8).write(to: url)
  }
}

extension JSON {
  /// A Service's ports by number, with their node ports.
  fileprivate var portsAndNodePorts: [String] {
    (self["spec"]?["ports"]?.elements ?? []).map {
      "\($0["name"]?.string ?? "") \($0["port"]?.canonical ?? "") "
        + "\($0["nodePort"]?.canonical ?? "")"
    }.sorted()
  }
}
