// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "backbone-migrate",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "backbone-migrate", targets: ["backbone-migrate"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .executableTarget(
      name: "backbone-migrate",
      dependencies: [
        "MigrateAdapters", "MigrateCLI",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(
      name: "MigrateCLI",
      dependencies: [
        "MigrateAdapters", "MigrateExecution", "MigratePlanning",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: strict),
    .target(
      name: "MigrateExecution",
      dependencies: ["MigrateAdapters", "MigratePlanning"],
      swiftSettings: strict),
    .target(
      name: "MigrateAdapters",
      dependencies: [
        "MigratePlanning",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .target(
      name: "MigratePlanning",
      dependencies: [
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: strict),
    .target(
      name: "PlanSamples",
      dependencies: ["MigratePlanning"],
      path: "Tests/PlanSamples",
      swiftSettings: strict),
    .testTarget(
      name: "MigratePlanningTests",
      dependencies: ["MigratePlanning", "PlanSamples"],
      swiftSettings: strict),
    .testTarget(
      name: "MigrateAdaptersTests",
      dependencies: [
        "MigrateAdapters", "MigratePlanning",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "MigrateExecutionTests",
      dependencies: ["MigrateExecution", "MigrateAdapters", "MigratePlanning", "PlanSamples"],
      swiftSettings: strict),
    .testTarget(
      name: "MigrateCLITests",
      dependencies: [
        "MigrateCLI", "MigrateAdapters", "MigratePlanning",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(
      name: "Fuzzing",
      dependencies: ["MigrateCLI", "MigrateExecution", "MigrateAdapters", "MigratePlanning"],
      path: "Tests/Fuzz/Fuzzing",
      swiftSettings: strict),
    .executableTarget(
      name: "fuzz",
      dependencies: ["Fuzzing"],
      path: "Tests/Fuzz/Worker",
      swiftSettings: strict),
    .testTarget(
      name: "FuzzTests",
      dependencies: ["fuzz", "backbone-migrate", "MigratePlanning", "MigrateAdapters"],
      swiftSettings: strict),
    .testTarget(
      name: "SandboxTests",
      dependencies: [
        "backbone-migrate", "MigratePlanning", "MigrateAdapters",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
  ]
)
