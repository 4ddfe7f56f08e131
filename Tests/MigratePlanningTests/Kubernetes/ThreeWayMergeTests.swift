import MigratePlanning
import Testing

@Suite struct ThreeWayMergeTests {
  private static func service(_ ports: [JSON], _ more: [String: JSON] = [:]) -> JSON {
    [
      "apiVersion": "v1", "kind": "Service",
      "spec": .object(more.merging(["ports": .array(ports)]) { _, ports in ports }),
    ]
  }

  private static func pod(_ container: [String: JSON]) -> JSON {
    let container = JSON.object(container.merging(["name": "a"]) { own, _ in own })
    return [
      "apiVersion": "apps/v1", "kind": "StatefulSet",
      "spec": ["template": ["spec": ["containers": [container]]]],
    ]
  }

  @Test(
    arguments: [
      // What the old one has and the new one lacks goes, what neither has stays.
      (
        service([], ["type": "NodePort"]), service([]), service([], ["type": "NodePort", "x": 1]),
        service([], ["x": 1])
      ),
      // A port goes by its number; one that somebody added stays.
      (
        service([["port": 80], ["port": 1883]]), service([["port": 80, "name": "http"]]),
        service([
          ["port": 80, "nodePort": 30080], ["port": 1883], ["port": 9102],
        ]),
        service([["port": 80, "name": "http", "nodePort": 30080], ["port": 9102]])
      ),
      // Two ports of one number: the one of which the new one says nothing stays.
      (
        service([["port": 1883], ["port": 1883, "protocol": "UDP"]]),
        service([["port": 1883, "name": "mqtt"]]),
        service([
          ["port": 1883, "protocol": "TCP", "nodePort": 30001],
          ["port": 1883, "protocol": "UDP"],
        ]),
        service([
          ["port": 1883, "protocol": "TCP", "nodePort": 30001, "name": "mqtt"],
          ["port": 1883, "protocol": "UDP"],
        ])
      ),
      // Variables go by name, arguments as a whole.
      (
        pod(["env": [["name": "A", "value": "1"]], "args": ["a", "b"]]),
        pod(["env": [["name": "B", "value": "2"]], "args": ["c"]]),
        pod([
          "env": [["name": "A", "value": "1"], ["name": "C", "value": "3"]], "args": ["a", "b"],
          "tty": true,
        ]),
        pod([
          "env": [["name": "B", "value": "2"], ["name": "C", "value": "3"]], "args": ["c"],
          "tty": true,
        ])
      ),
      // Null takes away.
      (service([]), service([], ["x": .null]), service([], ["x": 1]), service([])),
      // Of a strategy, only the new one's fields are kept.
      (
        ["apiVersion": "apps/v1", "spec": ["strategy": ["type": "RollingUpdate"]]],
        ["apiVersion": "apps/v1", "spec": ["strategy": ["type": "Recreate"]]],
        [
          "apiVersion": "apps/v1",
          "spec": ["strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 1]]],
        ],
        ["apiVersion": "apps/v1", "spec": ["strategy": ["type": "Recreate"]]]
      ),
      // A custom resource has no merge keys, whatever its group is called.
      (
        ["apiVersion": "gateway.networking.k8s.io/v1", "spec": ["ports": [["port": 1]]]],
        ["apiVersion": "gateway.networking.k8s.io/v1", "spec": ["ports": [["port": 2]]]],
        [
          "apiVersion": "gateway.networking.k8s.io/v1",
          "spec": ["ports": [["port": 1], ["port": 3]]],
        ],
        ["apiVersion": "gateway.networking.k8s.io/v1", "spec": ["ports": [["port": 2]]]]
      ),
    ] as [(JSON, JSON, JSON, JSON)])
  func helmsMerge(manifest: JSON, rendered: JSON, live: JSON, merged: JSON) {
    #expect(ThreeWayMerge.merged(from: manifest, to: rendered, live: live) == merged)
  }
}
