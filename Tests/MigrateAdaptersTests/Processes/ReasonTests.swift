import MigratePlanning
import Testing

@testable import MigrateAdapters

/// What helm's and kubectl's words mean, found out in one place: their own words, as they were
/// printed.
@Suite struct ReasonTests {
  typealias Reason = ClientError.Reason

  static let kubectl: [(words: String, reason: Reason)] = [
    (
      "Error from server (AlreadyExists): error when creating \"STDIN\": "
        + "leases.coordination.k8s.io "
        + "\"web\" already exists", .alreadyExists
    ),
    (
      "Error from server (Conflict): Operation cannot be fulfilled on deployments.apps \"words\": "
        + "the "
        + "object has been modified; please apply your changes to the latest version and try again",
      .conflict
    ),
    ("Error from server (Conflict): Precondition failed: UID", .conflict),
    (
      "The request is invalid: the server rejected our request due to an error in our request",
      .conflict
    ),
    ("Error from server (NotFound): deployments.apps \"back\" not found", .notFound),
    (
      "Error from server (Forbidden): deployments.apps \"web\" is forbidden: User \"ann\" cannot "
        + "patch resource \"deployments\" in API group \"apps\" in the namespace \"mqtt\"",
      .forbidden(missing: "patch deployments")
    ),
    (
      "error: failed to create ClusterIP service: services \"extra\" is forbidden: exceeded quota: "
        + "few, requested: services=1, used: services=3, limited: services=3",
      .forbidden(missing: nil)
    ),
    (
      "error: couldn't get current server API group list: forbidden: User \"ann\" cannot get path "
        + "\"/api\"", .forbidden(missing: nil)
    ),
    ("error: You must be logged in to the server (Unauthorized)", .unauthorized),
    (
      "error: You must be logged in to the server (the server has asked for the client to provide "
        + "credentials)", .unauthorized
    ),
    (
      "The Deployment \"web\" is invalid: spec.selector: Invalid value: v1.LabelSelector{}: field "
        + "is "
        + "immutable", .invalid(kind: "Deployment")
    ),
    (
      "The Service \"web\" is invalid: spec.ports[0].port: Invalid value: 0: must be between 1 and "
        + "65535, inclusive", .invalid(kind: "Service")
    ),
    (
      "The Service \"web\" is invalid: spec.clusterIP: Invalid value: \"10.0.0.170\": provided IP "
        + "is "
        + "already allocated", .addressTaken
    ),
    (
      "The Service \"web\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided "
        + "port is "
        + "already allocated", .addressTaken
    ),
    (
      "Error from server (BadRequest): error when creating \"STDIN\": Lease in version \"v1\" "
        + "cannot be "
        + "handled as a Lease", .unknown
    ),
    ("Error from server: admission webhook \"x\" denied the request: no", .unknown),
    ("Error from server: admission webhook \"x\" denied the request: forbidden here", .unknown),
    ("Error from server (TooManyRequests): too many requests", .tooManyRequests),
    (
      "Error from server (ServiceUnavailable): the server is currently unable to handle the "
        + "request",
      .serviceUnavailable
    ),
    ("Error from server (InternalError): an error on the server", .internalError),
    (
      "Error from server (InternalError): Internal error occurred: failed calling webhook \"x\": "
        + "service \"x\" not found", .internalError
    ),
    ("Error from server (Timeout): the request timed out", .timeout),
    ("Error from server: etcdserver: request timed out", .timeout),
    ("Error from server: etcdserver: leader changed", .internalError),
    ("Error from server (ServerTimeout): try again", .serverTimeout),
    ("error: Post \"https://10.0.0.1/apis\": unexpected EOF", .connectionLost),
    ("error: the server closed the connection", .connectionLost),
    ("Error: Get \"https://127.0.0.1:1/version\": context deadline exceeded", .connectionLost),
    (
      "The connection to the server 10.0.0.1:6443 was refused - did you specify the right host?",
      .noConnection(mayHaveArrived: false, lacksCredentials: false)
    ),
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
    ("error: timed out waiting for the condition on deployments/web", .timedOut),
    ("error: EOF", .timedOut),
    ("error: current-context must exist in order to minify", .other),
    ("Error in configuration: context was not found for specified context: nope", .other),
    ("error: Apply failed with 1 conflict: conflict with \"x\" using v1: .spec.type", .other),
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

  @Test(arguments: kubectl)
  func kubectlSaysWhy(words: String, reason: Reason) {
    #expect(error(words, of: "kubectl").reason == reason)
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
    redactor.learn(["server", "Conflict", "deployments"])
    let conflict = error("Error from server (Conflict): no", of: "kubectl", redactor)
    #expect(conflict.isConflict)
    #expect("\(conflict)".contains("Error from <redacted> (<redacted>): no"))
    let forbidden = error(
      "x is forbidden: User \"a\" cannot patch resource \"deployments\"", of: "kubectl", redactor)
    #expect(forbidden.reason == .forbidden(missing: "patch <redacted>"))
  }

  @Test func whoeverAsksIsToldByTheReason() {
    func kubectl(_ words: String) -> ClientError { error(words, of: "kubectl") }
    #expect(kubectl("The Deployment \"web\" is invalid: no").isInvalidDeployment)
    #expect(!kubectl("The Service \"web\" is invalid: no").isInvalidDeployment)
    #expect(
      !kubectl("Error from server: admission webhook \"x\" denied the request: no")
        .isInvalidDeployment)
    #expect(kubectl("The Service \"web\" is invalid: x: provided IP is taken").isAddressTaken)
    #expect(error("Error: no Pod with the name \"x\" found", of: "helm").isNotInRelease)
    #expect(kubectl("Error from server (Forbidden): no").hidesLiveObjects)
    #expect(ClientError.command(.notFound(executable: "kubectl")).hidesLiveObjects)
    #expect(!ClientError.command(.notFound(executable: "/bin/kubectl")).hidesLiveObjects)
    #expect(ClientError.command(.notFound(executable: "kubectl")).reason == nil)
    #expect(ClientError.releaseNotFound("web", namespace: nil).reason == .releaseNotFound)
  }
}
