import Foundation
import MigratePlanning

/// Surroundings as `doctor` finds them.
struct SampleSurroundings: Sendable {
  let name: String
  let found: Surroundings

  static let now = Timestamp(Date(timeIntervalSince1970: 1_772_359_200))

  /// All is well; what a closure changes is not.
  static func make(
    release: Bool = false, _ change: (inout Surroundings) -> Void = { _ in }
  ) -> Surroundings {
    var found = Surroundings(
      helm: .success("4.3.1"), kubectl: .success("1.32.3"), server: .success("1.32.1"),
      context: .success(Surroundings.Context(name: "kind", namespace: nil)), namespace: "mqtt",
      phase: .success("Active"), permissions: .success(granted()),
      historyPath: "/home/ada/.local/state/backbone-migrate/history.sqlite",
      history: .present(problems: [], isOpenToOthers: false), temporaryFolder: .success("/tmp/"))
    if release {
      found.release = Surroundings.Release(
        name: "web",
        state: .success(state()), further: .success([:]), lock: .success(nil), backups: .success([])
      )
    }
    change(&found)
    return found
  }

  static func state(
    status: String = "deployed", kinds: [ResourceName] = [], unknown: [String] = []
  ) -> Surroundings.ReleaseState {
    Surroundings.ReleaseState(
      revision: 3, status: status, chart: "backbone 0.1.0", kinds: kinds, unknownKinds: unknown)
  }

  /// Everything that the Roles have, but for what is named, such as `delete secrets`.
  static func granted(but missing: String...) -> [Permission: Bool] {
    var granted: [Permission: Bool] = [:]
    for permission in ShippedRole.allCases.flatMap({ $0.permissions(in: "mqtt") }) {
      granted[permission] = !missing.contains(permission.description)
    }
    return granted
  }

  static let ingresses = ResourceName(of: [
    "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
  ])

  static func lock(
    _ state: RunDocument.State, holder: String? = nil, backup: String? = "run-k3m8p2vd"
  ) -> ReleaseLock {
    ReleaseLock(
      release: "web", namespace: "mqtt", holder: holder, renewedAt: now,
      journal: ReleaseLock.Journal(
        run: "run-k3m8p2vd", kind: .apply, state: state, step: .helm, backup: backup,
        startedAt: "2026-03-01T09:59:00.000Z"))
  }

  /// The ones whose table is recorded.
  static let all = [
    SampleSurroundings(name: "well", found: make()),
    SampleSurroundings(
      name: "release",
      found: make(release: true) { found in
        found.release?.lock = .success(lock(.interrupted))
        found.release?.backups = .success([
          Surroundings.KeptBackup(
            run: "run-k3m8p2vd", createdAt: "2026-03-01T09:59:00.000Z", parts: 1, expectedParts: 1)
        ])
      }),
    SampleSurroundings(
      name: "limited",
      found: make(release: true) { found in
        found.server = .success("1.28.4")
        found.permissions = .success(
          granted(but: "delete deployments", "patch services", "list pods"))
        found.phase = .failure(.forbidden("namespaces \"mqtt\" is forbidden"))
        found.release?.state = .success(state(kinds: [ingresses].compactMap { $0 }))
        found.release?.further = .success(
          Dictionary(
            uniqueKeysWithValues: (ingresses?.permissions(in: "mqtt") ?? []).map {
              ($0, $0.verb == "get")
            }))
      }),
    SampleSurroundings(
      name: "bare",
      found: make(release: true) { found in
        found.helm = .failure(.noProgram("helm"))
        found.kubectl = .failure(.noProgram("kubectl"))
        found.server = .failure(.noProgram("kubectl"))
        found.context = .failure(.noProgram("kubectl"))
        found.phase = .failure(.noProgram("kubectl"))
        found.permissions = .failure(.noProgram("kubectl"))
        found.history = .absent
        found.release?.state = .failure(.noProgram("helm"))
        found.release?.further = .failure(.notAsked)
        found.release?.lock = .failure(.noProgram("kubectl"))
        found.release?.backups = .failure(.noProgram("kubectl"))
      }),
    SampleSurroundings(
      name: "expired",
      found: make { found in
        found.server = .failure(.unauthorized("You must be logged in to the server"))
        found.phase = .failure(.unauthorized("You must be logged in to the server"))
        found.permissions = .failure(.unauthorized("You must be logged in to the server"))
        found.history = .present(
          problems: ["database disk image is malformed"], isOpenToOthers: false)
      }),
  ]

  var document: DoctorDocument {
    Diagnosis(found, place: " --namespace mqtt", now: Self.now).document
  }
}

extension SampleSurroundings: CustomStringConvertible {
  var description: String { name }
}
