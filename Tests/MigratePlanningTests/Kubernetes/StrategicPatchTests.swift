import MigratePlanning
import Testing

@Suite struct StrategicPatchTests {
  @Test(
    arguments: [
      // What the new manifest has is set, also where it is the same.
      (["spec": ["a": 1]], ["spec": ["a": 1]], ["spec": ["a": 1]]),
      (["spec": ["a": 1]], ["spec": ["a": 2]], ["spec": ["a": 2]]),
      ([:], ["spec": ["a": 2]], ["spec": ["a": 2]]),
      // What only the old one has is deleted; what neither has is not mentioned.
      (["spec": ["a": 1, "b": 2]], ["spec": ["a": 1]], ["spec": ["a": 1, "b": .null]]),
      (["spec": ["b": .null]], ["spec": [:]], ["spec": [:]]),
      (["metadata": ["labels": ["a": "1"]]], ["kind": "x"], ["kind": "x", "metadata": .null]),
      // Ports go by their number, other lists are replaced.
      (
        ["ports": [["port": 80, "name": "http"], ["port": 1883]]], ["ports": [["port": 80]]],
        ["ports": [["port": 80], ["$patch": "delete", "port": 1883]]]
      ),
      (["ports": [["port": 80]]], ["ports": [["port": 80]]], ["ports": [["port": 80]]]),
      (["rules": [1, 2]], ["rules": [3]], ["rules": [3]]),
      // Another kind of value replaces the old one.
      (["a": ["b": 1]], ["a": "text"], ["a": "text"]),
      (["a": "text"], ["a": ["b": 1]], ["a": ["b": 1]]),
    ] as [(JSON, JSON, JSON)])
  func helmsMerge(manifest: JSON, rendered: JSON, patch: JSON) {
    #expect(StrategicPatch.patch(from: manifest, to: rendered) == patch)
  }
}
