import MigrateAdapters
import MigratePlanning
import Testing

@Suite struct FieldsInConflictTests {
  private static let container = "k:{\"name\":\"backbone\"}"

  private func deployment(_ env: [String: String], image: String = "a", type: String? = nil) -> JSON
  {
    let entries = env.sorted { $0.key < $1.key }.map { name, value -> JSON in
      ["name": .string(name), "value": .string(value)]
    }
    let container: JSON = [
      "name": "backbone", "image": .string(image), "env": .array(entries),
    ]
    let owned = Dictionary(
      uniqueKeysWithValues: env.keys.map { name -> (String, JSON) in
        ("k:{\"name\":\"\(name)\"}", [".": [:], "f:name": [:], "f:value": [:]])
      })
    let fields: JSON = ["f:image": [:], "f:env": .object(owned)]
    return [
      "kind": "Deployment",
      "metadata": [
        "name": "web",
        "managedFields": [
          [
            "manager": "kubectl-set",
            "fieldsV1": [
              "f:spec": [
                "f:template": ["f:spec": ["f:containers": .object([Self.container: fields])]]
              ]
            ],
          ]
        ],
      ],
      "spec": ["template": ["spec": ["containers": [container]]]],
    ]
  }

  private static let place = ".spec.template.spec.containers[name=\"backbone\"]"

  private func conflicts(_ fields: [String]) -> [FieldsInConflict.Conflict] {
    fields.map { ("kubectl-set", $0) }
  }

  @Test func fieldsThatAreNamedAreTakenAsTheyAre() {
    let named =
      conflicts([Self.place + ".image", Self.place + ".imagePullPolicy"])
      + [("kubectl-patch", ".spec.type")]
    let found = FieldsInConflict.found(named, of: .null, live: .null)
    #expect(found.all.map(\.manager) == ["kubectl-set", "kubectl-set", "kubectl-patch"])
    #expect(
      found.all.map(\.field) == [
        Self.place + ".image", Self.place + ".imagePullPolicy", ".spec.type",
      ])
    #expect(found.unnamed == 0)
  }

  @Test func oneThatIsNamedForOthersGivesThemAll() {
    let field = Self.place + ".env[name=\"C\"].value"
    let found = FieldsInConflict.found(
      self.conflicts([field, field]),
      of: deployment(["A": "x", "B": "2", "C": "z"]),
      live: deployment(["A": "1", "B": "2", "C": "3"])
    )
    #expect(
      found.all.map(\.field) == ["A", "C"].map { Self.place + ".env[name=\"\($0)\"].value" })
    #expect(found.unnamed == 0)
  }

  @Test func whatCannotBeToldIsCounted() {
    let field = Self.place + ".env[name=\"C\"].value"
    let found = FieldsInConflict.found(
      self.conflicts([field, field, field]), of: .null, live: deployment(["C": "3"]))
    #expect(found.all.map(\.field) == [field])
    #expect(found.unnamed == 2)
  }
}
