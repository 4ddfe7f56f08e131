import MigratePlanning
import Testing

@Suite("The image")
struct ImageTests {
  private static let digest = "sha256:" + String(repeating: "0a", count: 32)

  @Test(
    "a tag that moves is named", arguments: HelmVersion.only(.helm4), ["latest", "main", "Stable"])
  func mutableTag(helm: HelmVersion, tag: String) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel, values: ["image": ["tag": .string(tag)]])
      let plan = try await bench.plan("web")
      let finding = try #require(plan.finding("image-tag-mutable"))
      #expect(finding.severity == "warning")
      #expect(finding.isOpen)
      #expect(finding.message.contains("\"\(tag)\""))

      let pinned = try await bench.plan("web", "--set", "image.digest=\(Self.digest)")
      #expect(pinned.findings("image-tag-mutable").isEmpty)
    }
  }

  @Test("a tag that stays, or a digest, is not", arguments: HelmVersion.only(.helm3))
  func fixedImage(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel, values: ["image": ["tag": "1.5.0-latest"]])
      #expect(try await bench.plan("web").findings("image-tag-mutable").isEmpty)

      let image = "registry.example:5000/latest/backbone:latest@\(Self.digest)"
      try await bench.setImage(image)
      let plan = try await bench.plan("web")
      #expect(plan.findings("image-tag-mutable").isEmpty)
      try await bench.follow(plan)
      #expect(try await bench.liveContainer("web")["image"]?.string == image)
    }
  }

  @Test("an image that was set by hand stays", arguments: HelmVersion.only(.helm4))
  func handSetImageStays(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setImage("registry.example/backbone:0.9.1")
      let plan = try await bench.plan("web")
      let finding = try #require(plan.finding("image-changed"))
      #expect(finding.severity == "breaking")
      #expect(finding.isResolved)
      #expect(plan.findings("field-conflict").isEmpty)
      #expect(plan.value("image", "repository") == "registry.example/backbone")
      #expect(plan.value("image", "tag") == "0.9.1")

      try await bench.follow(plan)
      let image = try await bench.liveContainer("web")["image"]
      #expect(image == "registry.example/backbone:0.9.1")
    }
  }

  /// What an operator chooses, and the image that it comes to.
  static let choices = [
    ["--adopt", "image.tag", "registry.example/backbone:0.2.0"],
    ["--adopt", "image-changed", "backbone:0.2.0"],
    ["--set", "image.tag=1.5.0", "registry.example/backbone:1.5.0"],
  ]

  @Test(
    "an image that was set by hand gives way when that is chosen",
    arguments: HelmVersion.allCases, choices)
  func handSetImageGivesWay(helm: HelmVersion, choice: [String]) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setImage("registry.example/backbone:0.9.1")
      let (outcome, plan) = try await bench.planned("web", Array(choice[..<2]))
      let finding = try #require(plan.finding("image-changed"))
      #expect(!finding.isResolved)
      let path = choice[1].prefix { $0 != "=" }
      #expect(finding.acceptedBy == "\(choice[0]) \(path)")
      #expect(finding.message.contains(choice[2]))
      #expect(plan.findings("field-conflict").map(\.isResolved) == (helm == .helm3 ? [] : [true]))
      #expect(outcome.status == 0)

      try await bench.follow(plan)
      #expect(try await bench.liveContainer("web")["image"]?.string == choice[2])
    }
  }

  @Test("the chart's own image is no change", arguments: HelmVersion.only(.helm4))
  func chartsOwnImage(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel, values: ["image": ["tag": "0.2.0"]])
      #expect(try await bench.plan("web").findings("image-changed").isEmpty)
    }
  }
}

extension Workbench {
  /// Sets the broker's image as operators do.
  fileprivate func setImage(_ image: String) async throws {
    _ = try await kubectl("set", "image", "deployment/web", "backbone=\(image)")
  }
}
