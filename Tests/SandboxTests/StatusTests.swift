import MigratePlanning
import Testing

/// What `status` says of a release some time after a run.
@Suite("Since a run")
struct StatusTests {
  @Test("what somebody changed since is named, without secrets", arguments: ReleaseMode.allCases)
  func changesSince(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("ADMIN_TOKEN=s3cr3t-of-before", "LOG_LEVEL=debug", on: "web")
    } _: { bench in
      #expect(try await bench.apply("web").ended(0, "done"))
      #expect(try await bench.differences() == [])

      _ = try await bench.kubectl("scale", "deployment/web", "--replicas=2")
      try await bench.setByHand("ADMIN_TOKEN=s3cr3t-of-after", on: "web")
      _ = try await bench.kubectl("delete", "service", "web")
      #expect(
        try await bench.differences() == [
          "Deployment/web spec.replicas: 1 → 2",
          "Deployment/web spec.template.spec.containers[backbone].env[ADMIN_TOKEN].value: "
            + "\"<redacted>\" → \"<redacted>\"",
          "Service/web metadata.name: \"web\" → null",
        ])
      let table = try await bench.migrate("status", "web", "--namespace", bench.namespace)
      #expect(table.text.contains("SINCE THEN  what is otherwise than the apply left it"))
      #expect(!table.text.contains("s3cr3t"))

      #expect(try await bench.rollback().ended(0, "done"))
      #expect(try await bench.differences() == [])
      try await bench.setByHand("LOG_LEVEL=trace", on: "web")
      #expect(
        try await bench.differences() == [
          "Deployment/web spec.template.spec.containers[backbone].env[LOG_LEVEL].value: "
            + "\"debug\" → \"trace\""
        ])
    }
  }
}

extension Workbench {
  /// What `status` finds to be otherwise than a run left it, a line each.
  fileprivate func differences() async throws -> [String]? {
    try await status().json["now"]?["differences"]?.elements.map { difference in
      let object = difference["object"]
      return "\(object?["kind"]?.string ?? "")/\(object?["name"]?.string ?? "") "
        + "\(difference["path"]?.string ?? ""): \(difference["expected"]?.canonical ?? "") → "
        + "\(difference["found"]?.canonical ?? "")"
    }.sorted()
  }
}
