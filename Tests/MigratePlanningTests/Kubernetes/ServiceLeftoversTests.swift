import MigratePlanning
import Testing

@Suite struct ServiceLeftoversTests {
  private static let manifest: JSON = ["spec": ["ports": [["name": "http", "port": 80]]]]

  @Test(
    arguments: [
      // What Kubernetes puts there by itself is nobody's.
      (
        [
          "metadata": ["labels": ["app.kubernetes.io/managed-by": "Helm"]],
          "spec": [
            "type": "ClusterIP", "clusterIP": "10.0.0.1", "sessionAffinity": "None",
            "ports": [["name": "http", "port": 80, "protocol": "TCP", "targetPort": 80]],
          ],
        ], manifest, nil
      ),
      // A load balancer's own fields.
      (
        [
          "spec": [
            "type": "LoadBalancer", "loadBalancerSourceRanges": ["10.0.0.0/8"],
            "externalTrafficPolicy": "Local", "healthCheckNodePort": 32000,
            "ports": [["port": 80, "nodePort": 31000]],
          ]
        ], manifest,
        [
          "spec": [
            "loadBalancerSourceRanges": .null, "externalTrafficPolicy": .null,
            "healthCheckNodePort": .null,
          ]
        ]
      ),
      // What the new manifest has stays, whoever set it.
      (
        ["spec": ["sessionAffinity": "ClientIP", "ports": [["port": 80]]]],
        ["spec": ["sessionAffinity": "ClientIP", "ports": [["port": 80]]]], nil
      ),
      // Ports and annotations.
      (
        [
          "metadata": ["annotations": ["own": "1", "meta.helm.sh/release-name": "web"]],
          "spec": ["ports": [["port": 80], ["port": 9102]]],
        ], manifest,
        [
          "metadata": ["annotations": ["own": .null]],
          "spec": ["ports": [["$patch": "delete", "port": 9102]]],
        ]
      ),
      // A selector that would find no Pod.
      (
        ["spec": ["selector": ["app": "web", "tier": "front"], "ports": [["port": 80]]]],
        ["spec": ["selector": ["app": "web"], "ports": [["port": 80]]]],
        ["spec": ["selector": ["tier": .null]]]
      ),
      // The last port cannot go.
      (["spec": ["ports": [["port": 8080]]]], manifest, nil),
    ] as [(JSON, JSON, JSON?)])
  func whatNoManifestHasIsTakenAway(live: JSON, wanted: JSON, patch: JSON?) {
    #expect(ServiceLeftovers.patch(of: live, from: Self.manifest, to: wanted) == patch)
  }

  @Test func itGoesTogetherWithHelmsOwnPatch() {
    let leftovers: JSON = [
      "metadata": ["labels": ["own": .null]],
      "spec": ["externalIPs": .null, "ports": [["$patch": "delete", "port": 9102]]],
    ]
    let helms: JSON = ["spec": ["type": "ClusterIP", "ports": [["port": 80]]]]
    #expect(
      ServiceLeftovers.adding(leftovers, to: helms) == [
        "metadata": ["labels": ["own": .null]],
        "spec": [
          "type": "ClusterIP", "externalIPs": .null,
          "ports": [["port": 80], ["$patch": "delete", "port": 9102]],
        ],
      ])
  }
}
