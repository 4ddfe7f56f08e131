import MigratePlanning
import Testing

@testable import MigrateAdapters

/// What helm's words mean, found out in one place: its own words, as they were printed, and what it
/// passes on of the API server's.
@Suite struct ReasonTests {
  typealias Reason = ClientError.Reason

  /// What the API server says, and the libraries by which helm and kubectl reach it.
  static let server: [(words: String, reason: Reason)] = [
    ("Error: leases.coordination.k8s.io \"web\" already exists", .alreadyExists),
    (
      "Error: Operation cannot be fulfilled on deployments.apps \"words\": the object has been "
        + "modified; please apply your changes to the latest version and try again", .conflict
    ),
    (
      "Error: the server rejected our request due to an error in our request", .conflict
    ),
    (
      "Error: deployments.apps \"web\" is forbidden: User \"ann\" cannot patch resource "
        + "\"deployments\" in API group \"apps\" in the namespace \"mqtt\"",
      .forbidden(missing: "patch deployments")
    ),
    (
      "Error: failed to create ClusterIP service: services \"extra\" is forbidden: exceeded quota: "
        + "few, requested: services=1, used: services=3, limited: services=3",
      .forbidden(missing: nil)
    ),
    (
      "error: couldn't get current server API group list: forbidden: User \"ann\" cannot get path "
        + "\"/api\"", .forbidden(missing: nil)
    ),
    ("Error: Unauthorized", .unauthorized),
    (
      "Error: The Deployment \"web\" is invalid: spec.selector: Invalid value: "
        + "v1.LabelSelector{}: field is immutable", .invalid(kind: "Deployment")
    ),
    (
      "Error: Service \"web\" is invalid: spec.clusterIP: Invalid value: \"10.0.0.170\": provided "
        + "IP is already allocated", .addressTaken
    ),
    (
      "Error: Service \"web\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided "
        + "port is already allocated", .addressTaken
    ),
    (
      "Error: the server has received too many requests and has asked us to try again later",
      .tooManyRequests
    ),
    ("Error: the server is currently unable to handle the request", .serviceUnavailable),
    (
      "Error: Internal error occurred: failed calling webhook \"x\": service \"x\" not found",
      .internalError
    ),
    ("Error: etcdserver: request timed out", .timeout),
    ("Error: etcdserver: leader changed", .internalError),
    ("Error: Post \"https://10.0.0.1/apis\": unexpected EOF", .connectionLost),
    ("Error: the server closed the connection", .connectionLost),
    ("Error: Get \"https://127.0.0.1:1/version\": context deadline exceeded", .connectionLost),
    (
      "Unable to connect to the server: dial tcp: lookup nowhere: no such host",
      .noConnection(mayHaveArrived: false, lacksCredentials: false)
    ),
    (
      "Unable to connect to the server: net/http: TLS handshake timeout",
      .noConnection(mayHaveArrived: true, lacksCredentials: false)
    ),
    (
      "Unable to connect to the server: getting credentials: exec: executable aws failed with exit "
        + "code 255", .noConnection(mayHaveArrived: true, lacksCredentials: true)
    ),
    (
      "Unable to connect to the server: x509: certificate has expired or is not yet valid",
      .noConnection(mayHaveArrived: true, lacksCredentials: true)
    ),
    ("Error: timed out waiting for the condition", .timedOut),
    ("Error: EOF", .timedOut),
    ("error: current-context must exist in order to minify", .other),
    ("error: context \"nope\" does not exist", .other),
    ("", .other),
  ]

  static let helm: [(words: String, reason: Reason)] = [
    ("Error: release: not found", .releaseNotFound),
    ("Error: no Deployment with the name \"moved\" found", .notInRelease),
    (
      "Error: UPGRADE FAILED: Kubernetes cluster unreachable: Get \"https://x\": connection "
        + "refused",
      .noConnection(mayHaveArrived: false, lacksCredentials: false)
    ),
    (
      "Error: Kubernetes cluster unreachable: the server has asked for the client to provide "
        + "credentials", .noConnection(mayHaveArrived: false, lacksCredentials: true)
    ),
    (
      "Error: query: failed to query with labels: secrets is forbidden: User \"reader\" cannot "
        + "list "
        + "resource \"secrets\" in API group \"\" in the namespace \"mqtt\"",
      .forbidden(missing: "list secrets")
    ),
    (
      "Error: UPGRADE FAILED: cannot patch \"ranges\" with kind Service: Service \"ranges\" is "
        + "invalid: "
        + "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is "
        + "'LoadBalancer'",
      .invalid(kind: nil)
    ),
    (
      "Error: UPGRADE FAILED: conflict occurred while applying object default/hand4 /v1, "
        + "Kind=Service: Apply failed with 1 conflict: conflict with \"kubectl-patch\" using v1: "
        + ".spec.type", .other
    ),
    (
      "Error: UPGRADE FAILED: Unable to continue with update: ServiceAccount \"owner\" in "
        + "namespace "
        + "\"default\" exists and cannot be imported into the current release", .other
    ),
    ("Error: the token has expired", .noCredentials),
  ]

  private func error(
    _ words: String, of program: String, isConnected: Bool = true, _ redactor: Redactor = Redactor()
  ) -> ClientError {
    let result = CommandResult(status: 1, output: [], errorText: words)
    return ClientError(
      program, Command(program, []), result, redactor: redactor, connected: isConnected)
  }

  @Test(arguments: server)
  func whatTheServerSaysIsUnderstood(words: String, reason: Reason) {
    #expect(error(words, of: "helm").reason == reason)
  }

  @Test(arguments: helm)
  func helmSaysWhy(words: String, reason: Reason) {
    #expect(error(words, of: "helm").reason == reason)
  }

  /// One that renders, or fetches a chart, has no cluster to miss.
  @Test(arguments: [
    (
      "Error: values don't meet the specifications of the schema(s) in the following chart(s):\n"
        + "backbone:\n- (root): Additional property log is not allowed", Reason.schemaRefused
    ),
    ("Error: Get \"https://charts.example/index.yaml\": dial tcp: no such host", .other),
    ("Error: Get \"https://charts.example/index.yaml\": dial tcp: i/o timeout", .timedOut),
  ])
  func helmAloneSaysWhy(words: String, reason: Reason) {
    let error = error(words, of: "helm", isConnected: false)
    #expect(error.reason == reason)
    guard case .failed = error else {
      Issue.record("\(error)")
      return
    }
  }

  /// A password may be a word of the API server's.
  @Test func noSecretChangesTheReasonAndNoneIsInIt() {
    let redactor = Redactor()
    redactor.learn(["modified", "deployments"])
    let conflict = error("Error: the object has been modified", of: "helm", redactor)
    #expect(conflict.reason == .conflict)
    #expect("\(conflict)".contains("the object has been <redacted>"))
    let forbidden = error(
      "x is forbidden: User \"a\" cannot patch resource \"deployments\"", of: "kubectl", redactor)
    #expect(forbidden.reason == .forbidden(missing: "patch <redacted>"))
  }

  @Test func whoeverAsksIsToldByTheReason() {
    #expect(error("Error: no Pod with the name \"x\" found", of: "helm").isNotInRelease)
    #expect(error("Error: x is forbidden: no", of: "helm").hidesLiveObjects)
    #expect(ClientError.command(.notFound(executable: "kubectl")).hidesLiveObjects)
    #expect(!ClientError.command(.notFound(executable: "/bin/kubectl")).hidesLiveObjects)
    #expect(ClientError.command(.notFound(executable: "kubectl")).reason == nil)
    #expect(ClientError.releaseNotFound("web", namespace: nil).reason == .releaseNotFound)
  }
}
