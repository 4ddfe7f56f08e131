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
          ["op": "remove", "path": "/spec/externalTrafficPolicy"],
          ["op": "remove", "path": "/spec/healthCheckNodePort"],
          ["op": "remove", "path": "/spec/loadBalancerSourceRanges"],
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
          [
            "op": "add", "path": "/metadata/annotations",
            "value": ["meta.helm.sh/release-name": "web"],
          ], ["op": "add", "path": "/spec/ports", "value": [["port": 80]]],
        ]
      ),
      // The same number for UDP is another port.
      (
        ["spec": ["ports": [["port": 80, "protocol": "TCP"], ["port": 80, "protocol": "UDP"]]]],
        manifest,
        [["op": "add", "path": "/spec/ports", "value": [["port": 80, "protocol": "TCP"]]]]
      ),
      // A selector that would find no Pod.
      (
        ["spec": ["selector": ["app": "web", "tier": "front"], "ports": [["port": 80]]]],
        ["spec": ["selector": ["app": "web"], "ports": [["port": 80]]]],
        [["op": "add", "path": "/spec/selector", "value": ["app": "web"]]]
      ),
      // The last port cannot go.
      (["spec": ["ports": [["port": 8080]]]], manifest, nil),
    ] as [(JSON, JSON, JSON?)])
  func whatNoManifestHasIsTakenAway(live: JSON, wanted: JSON, patch: JSON?) {
    let service = live.replacing(["kind"], with: "Service")
    #expect(ServiceLeftovers.patch(of: service, from: Self.manifest, to: wanted) == patch)
  }
}
