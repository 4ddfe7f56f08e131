import MigratePlanning
import Testing

@testable import MigrateAdapters

@Suite struct ServerReviewTests {
  private static func forbidden(_ message: String) -> ClusterError {
    ClusterError(
      "create Service/web", .refused(.init(code: 403, reason: .forbidden, message: message)))
  }

  @Test(arguments: [
    (
      #"services is forbidden: User "ann" cannot create resource "services" in API group """#,
      "create services"
    ),
    (
      #"deployments.apps "web" is forbidden: User "a \"b\"" cannot patch resource "#
        + #""deployments" in"#,
      "patch deployments"
    ),
    (
      #"services "web" is forbidden: User "ann" cannot patch resource "services": requires one of"#,
      "patch services"
    ),
  ])
  func aMissingPermissionIsTold(refusal: String, permission: String) {
    let error = Self.forbidden(refusal)
    #expect(error.missingPermission == permission)
    #expect(ClientError(error).reason == .forbidden(missing: permission))
    #expect("\(ClientError(error))".contains("403: Error from server (Forbidden): \(refusal)"))
  }

  @Test func aSecretThatMayNotBeReadStaysOpen() {
    func secret(_ name: String) -> EnvironmentSource.Identity {
      EnvironmentSource.Identity(kind: .secret, name: name)
    }
    let unchecked = ServerReview.unreadable([
      secret("here"): .keys(["token"]), secret("gone"): .missing,
      secret("hidden"): .unreadable("secrets is forbidden"),
    ])
    #expect(unchecked.map(\.code) == ["variable-read-from-secret"])
    #expect(unchecked.first?.reason.contains("Secret \"hidden\"") == true)
  }

  @Test(arguments: [
    #"services "web-tcp" is forbidden: exceeded quota: few, requested: services=1"#,
    #"admission webhook "policy" denied the request: User "ann" cannot create resource "services""#,
    #"admission webhook "p" denied the request: pods is forbidden: "#
      + #"User "p" cannot list resource "pods""#,
    #"roles "r" is forbidden: user "ann" (groups=["g"]) is attempting to grant RBAC permissions"#,
    #"deployments "web" is forbidden: cannot set blockOwnerDeletion in this case"#,
    #"The Deployment "web" is invalid: spec.strategy.rollingUpdate: Forbidden: may not be"#,
  ])
  func otherRefusalsAreNoMissingPermission(refusal: String) {
    #expect(Self.forbidden(refusal).missingPermission == nil)
    let reason = ClientError.Reason(in: "Error from server: " + refusal, isConnected: true)
    #expect(reason.missingPermission == nil)
  }
}
