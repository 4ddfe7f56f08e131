import MigratePlanning

extension ReleaseShape {
  /// Installs the release and does by hand what was done to it.
  func install(in bench: Workbench) async throws {
    var random = SplitMix64(seed: ~seed)
    try await bench.create(ownObjects(random: &random))
    // Server-side apply refuses a name that stands twice.
    let isDuplicated = Set(supplied.map(\.name)).count < supplied.count
    let flags = isDuplicated && bench.helmVersion == .helm4 ? ["--server-side=false"] : []
    try await bench.install(chart, as: release, values: values, flags: flags)
    for step in steps {
      switch step {
      case .setEnv(let entries):
        let assignments = entries.compactMap { entry -> String? in
          guard case .literal(let text) = entry.source else { return nil }
          return "\(entry.name)=\(text)"
        }
        _ = try await bench.kubectl(["set", "env", "deployment/\(workload)"] + assignments)
      case .patchEnv(let entries):
        try await bench.patchContainer(of: workload, with: ["env": .array(entries.map(\.patch))])
      case .patchEnvFrom(let sources):
        try await bench.patchContainer(
          of: workload, with: ["envFrom": .array(sources.map(\.json))])
      }
    }
  }

  /// The values of the old chart; nil when none are given.
  private var values: JSON? {
    guard !supplied.isEmpty else { return nil }
    if chart == .envList { return ["env": .array(supplied.map(\.json))] }
    return [
      "env": .object(
        Dictionary(
          supplied.compactMap { entry in
            guard case .literal(let text) = entry.source else { return nil }
            return (entry.name, .string(text))
          }, uniquingKeysWith: { _, last in last }))
    ]
  }
}
