import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

/// The Roles that are shipped, that doctor asks for and that the manual shows are the same.
@Suite struct RolesFileTests {
  private static let root = ReleaseFixture.tests.deletingLastPathComponent()

  private func roles() throws -> String {
    try String(contentsOf: Self.root.appending(path: "examples/roles.yaml"), encoding: .utf8)
  }

  private func permissions(_ role: JSON) -> Set<Permission> {
    func texts(_ json: JSON?) -> [String] { (json?.elements ?? []).compactMap(\.string) }
    return Set(
      (role["rules"]?.elements ?? []).flatMap { rule in
        texts(rule["apiGroups"]).flatMap { group in
          texts(rule["resources"]).flatMap { resource in
            texts(rule["verbs"]).map { Permission($0, resource, group: group, in: nil) }
          }
        }
      })
  }

  @Test(arguments: ShippedRole.allCases)
  func doctorAsksForWhatTheFileGrants(_ role: ShippedRole) throws {
    let file = Objects(try YAMLReader().manifestDocuments(try roles()))
    #expect(file.all.map(\.objectName) == ShippedRole.allCases.map(\.rawValue))
    let granted = permissions(try #require(file.object(kind: "Role", name: role.rawValue)))
    #expect(granted == Set(role.permissions(in: nil)))
  }

  @Test func theManualShowsTheFile() throws {
    let manual = try String(
      contentsOf: Self.root.appending(path: "docs/operations.md"), encoding: .utf8)
    let text = try roles()
    let begin = try #require(text.firstRange(of: "apiVersion:")?.lowerBound)
    #expect(manual.contains("```yaml\n\(text[begin...])```\n"))
  }
}
